// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.quantize;

import io.windhover.models.ModelException;
import io.windhover.models.graph.FloatFullyConnected;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.models.reference.Values;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What calibration saw of a float network's activations. */
final class Statistics {
    private final Map<Integer, Histogram> histograms = new TreeMap<>();
    private final Map<Integer, Moments> moments = new TreeMap<>();

    Statistics(Graph graph) {
        for (Tensor tensor : graph.activations()) {
            if (tensor.type() == TensorType.FLOAT32) {
                histograms.put(tensor.index(), new Histogram());
            }
        }
        for (Operator operator : graph.operators()) {
            if (WeightedFloatLayer.isWeighted(operator)) {
                Tensor input = graph.tensor(operator.input());
                boolean perElement = operator instanceof FloatFullyConnected;
                moments.merge(
                        input.index(),
                        new Moments(
                                perElement
                                        ? input.shape().elements()
                                        : input.shape().channels()),
                        (first, second) -> first.sums.length >= second.sums.length ? first : second);
            }
        }
    }

    /** Mean and largest magnitude of each channel, or of each element of what a fully-connected layer reads. */
    private static final class Moments {
        private final double[] sums;
        private final float[] largest;
        private long rows;

        Moments(int count) {
            sums = new double[count];
            largest = new float[count];
        }

        void add(float[] values) {
            for (int i = 0; i < values.length; i++) {
                sums[i % sums.length] += values[i];
                largest[i % sums.length] = Math.max(largest[i % sums.length], Math.abs(values[i]));
            }
            rows += values.length / sums.length;
        }
    }

    /** Adds one inference. */
    void add(Values values) {
        histograms.forEach((tensor, histogram) -> {
            float[] floats = values.floats(tensor);
            for (float value : floats) {
                if (!Float.isFinite(value)) {
                    throw new ModelException(String.format(
                            "Tensor %d of the float network became %s for a calibration input; check the model and its inputs.",
                            tensor, value));
                }
                histogram.add(value);
            }
            Moments of = moments.get(tensor);
            if (of != null) {
                of.add(floats);
            }
        });
    }

    /** What a tensor held; null when that is no activation of real numbers. */
    @Nullable
    Histogram histogram(int tensor) {
        return histograms.get(tensor);
    }

    /** Mean over the positions {@code first}, {@code first + period}, ... of the input of a layer with weights. */
    double mean(int tensor, int first, int period) {
        Moments of = Objects.requireNonNull(moments.get(tensor));
        double sum = 0;
        int positions = 0;
        for (int p = first; p < of.sums.length; p += period) {
            sum += of.sums[p];
            positions++;
        }
        return sum / positions / of.rows;
    }

    /** Largest magnitude in a channel of the input of a layer with weights. */
    float largest(int tensor, int channel, int channels) {
        Moments of = Objects.requireNonNull(moments.get(tensor));
        float largest = 0;
        for (int p = channel; p < of.largest.length; p += channels) {
            largest = Math.max(largest, of.largest[p]);
        }
        return largest;
    }
}
