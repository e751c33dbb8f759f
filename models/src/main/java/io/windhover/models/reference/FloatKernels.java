// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.reference;

import io.windhover.models.arithmetic.RealFunction;
import io.windhover.models.graph.Broadcast;
import io.windhover.models.graph.FloatActivation;
import io.windhover.models.graph.FloatElementwise;
import io.windhover.models.graph.FloatLocalResponseNormalization;
import io.windhover.models.graph.FloatLogSoftmax;
import io.windhover.models.graph.FloatPRelu;
import io.windhover.models.graph.FloatSoftmax;
import java.util.function.DoubleUnaryOperator;

/** Float operators over elements or channels. Intermediate results are double unless a kernel says otherwise. */
final class FloatKernels {
    private FloatKernels() {}

    static void activate(FloatActivation operator, Values values) {
        DoubleUnaryOperator function = RealFunction.of(operator);
        float[] map = values.floats(operator.input());
        for (int i = 0; i < map.length; i++) {
            map[i] = (float) function.applyAsDouble(map[i]);
        }
        values.setFloats(operator.output(), map);
    }

    static void prelu(FloatPRelu operator, Values values) {
        float[] slope = operator.slope();
        float[] map = values.floats(operator.input());
        for (int i = 0; i < map.length; i++) {
            map[i] = map[i] < 0 ? map[i] * slope[i % slope.length] : map[i];
        }
        values.setFloats(operator.output(), map);
    }

    static void combine(FloatElementwise operator, Values values) {
        int firstIndex = operator.inputs()[0];
        int secondIndex = operator.inputs()[1];
        float[] first = values.floats(firstIndex);
        float[] second = values.floats(secondIndex);
        Broadcast broadcast = Broadcast.of(operator, values.tensor(firstIndex), values.tensor(secondIndex));
        int channels = values.shape(firstIndex).channels();
        for (int i = 0; i < first.length; i++) {
            float other = second[broadcast.partner(i, channels)];
            first[i] = operator.reversed() ? combine(operator, other, first[i]) : combine(operator, first[i], other);
        }
        values.setFloats(operator.output(), first);
    }

    private static float combine(FloatElementwise operator, float a, float b) {
        return switch (operator.function()) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / b;
            case MAXIMUM -> Math.max(a, b);
            case MINIMUM -> Math.min(a, b);
        };
    }

    static void softmax(FloatSoftmax operator, Values values) {
        float[] map = values.floats(operator.input());
        int channels = values.shape(operator.input()).channels();
        double[] exponentials = new double[channels];
        for (int row = 0; row < map.length; row += channels) {
            float maximum = Float.NEGATIVE_INFINITY;
            for (int c = 0; c < channels; c++) {
                maximum = Math.max(maximum, map[row + c]);
            }
            double sum = 0;
            for (int c = 0; c < channels; c++) {
                exponentials[c] = StrictMath.exp((double) operator.beta() * (map[row + c] - maximum));
                sum += exponentials[c];
            }
            for (int c = 0; c < channels; c++) {
                map[row + c] = (float) (exponentials[c] / sum);
            }
        }
        values.setFloats(operator.output(), map);
    }

    /** In single precision throughout. */
    static void logSoftmax(FloatLogSoftmax operator, Values values) {
        float[] map = values.floats(operator.input());
        int channels = values.shape(operator.input()).channels();
        for (int row = 0; row < map.length; row += channels) {
            float maximum = Float.NEGATIVE_INFINITY;
            for (int c = 0; c < channels; c++) {
                maximum = Math.max(maximum, map[row + c]);
            }
            float sum = 0;
            for (int c = 0; c < channels; c++) {
                sum += (float) StrictMath.exp(map[row + c] - maximum);
            }
            float logarithm = (float) StrictMath.log(sum);
            for (int c = 0; c < channels; c++) {
                map[row + c] = map[row + c] - maximum - logarithm;
            }
        }
        values.setFloats(operator.output(), map);
    }

    static void normalize(FloatLocalResponseNormalization operator, Values values) {
        float[] input = values.floats(operator.input());
        float[] output = new float[input.length];
        int channels = values.shape(operator.input()).channels();
        for (int i = 0; i < input.length; i++) {
            Cancellation.check();
            int c = i % channels;
            double sum = 0;
            int last = (int) Math.min(channels - 1L, (long) c + operator.radius());
            for (int other = Math.max(0, c - operator.radius()); other <= last; other++) {
                double x = input[i - c + other];
                sum += x * x;
            }
            output[i] = (float) (input[i] / StrictMath.pow(operator.bias() + operator.alpha() * sum, operator.beta()));
        }
        values.setFloats(operator.output(), output);
    }
}
