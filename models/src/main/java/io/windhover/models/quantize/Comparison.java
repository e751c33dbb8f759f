// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.quantize;

import static io.windhover.models.ModelException.require;

import io.windhover.models.graph.FloatLogSoftmax;
import io.windhover.models.graph.FloatSoftmax;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Reshape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.TensorUses;
import io.windhover.models.reference.Values;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Signal and noise of an integer network's activations against the float network's, and how often both choose the same
 * class.
 */
final class Comparison {
    /** Reported where no error was seen, and at most. */
    static final double HIGHEST_DECIBELS = 200;

    private final Graph integer;
    private final int scores;
    private final Map<Integer, double[]> power = new TreeMap<>();
    private int agreements;
    private int inputs;

    /** @param everyLayer false: only what the network decides by */
    Comparison(Graph real, Graph integer, boolean everyLayer) {
        this.integer = integer;
        scores = scores(real);
        Set<Integer> common = real.tensors().stream().map(Tensor::index).collect(Collectors.toSet());
        for (Tensor tensor : integer.activations()) {
            if (common.contains(tensor.index()) && (everyLayer || tensor.index() == scores)) {
                power.put(tensor.index(), new double[2]);
            }
        }
    }

    /** The tensor a network decides by: its first output, before a softmax. */
    static int scores(Graph graph) {
        int tensor = graph.outputs()[0];
        TensorUses uses = new TensorUses(graph);
        Operator producer = uses.producer(tensor);
        while (producer instanceof Reshape || producer instanceof FloatSoftmax || producer instanceof FloatLogSoftmax) {
            tensor = producer.input();
            producer = uses.producer(tensor);
        }
        return tensor;
    }

    /** Counts one input that both networks have run. */
    void add(float[] realScores, Values real, Values integerValues) {
        power.forEach((index, sums) -> {
            float[] expected = index == scores ? realScores : real.floats(index);
            float[] actual = real(integerValues, index);
            for (int i = 0; i < expected.length; i++) {
                double error = (double) actual[i] - expected[i];
                sums[0] += (double) expected[i] * expected[i];
                sums[1] += error * error;
            }
        });
        agreements += largest(realScores) == largest(real(integerValues, scores)) ? 1 : 0;
        inputs++;
    }

    private float[] real(Values values, int index) {
        Tensor tensor = integer.tensor(index);
        if (tensor.type() == TensorType.FLOAT32) {
            return values.floats(index);
        }
        Quantization quantization = tensor.requireQuantization();
        byte[] codes = values.bytes(index);
        float[] floats = new float[codes.length];
        for (int i = 0; i < codes.length; i++) {
            int code = tensor.type() == TensorType.UINT8 ? codes[i] & 0xFF : codes[i];
            floats[i] = quantization.scale() * (code - quantization.zeroPoint());
        }
        return floats;
    }

    private static int largest(float[] values) {
        int best = 0;
        for (int i = 0; i < values.length; i++) {
            require(
                    Float.isFinite(values[i]),
                    "Score %d became %s for a calibration input; check the model and its inputs.",
                    i,
                    values[i]);
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }

    /** Ratio of signal to noise of a tensor that both networks have; NaN when it is not among those compared. */
    double decibels(int tensor) {
        double[] sums = power.get(tensor);
        if (sums == null) {
            return Double.NaN;
        }
        return sums[1] == 0 ? HIGHEST_DECIBELS : Math.min(HIGHEST_DECIBELS, 10 * StrictMath.log10(sums[0] / sums[1]));
    }

    /** Ratio of signal to noise of what the network decides by. */
    double decibels() {
        return decibels(scores);
    }

    int agreements() {
        return agreements;
    }

    int inputs() {
        return inputs;
    }
}
