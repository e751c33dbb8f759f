// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.reference;

import static io.windhover.models.arithmetic.FixedPoint.clamp;

import io.windhover.models.arithmetic.FixedPoint;
import io.windhover.models.graph.Reduce;
import io.windhover.models.graph.Rescale;
import java.util.Arrays;

/** One element out of all along some dimensions. */
final class ReduceKernel {
    private final Reduce operator;
    private final Elements input;
    private final Elements output;
    private final int[] targets;

    private ReduceKernel(Reduce operator, Values values) {
        this.operator = operator;
        input = new Elements(values, operator.input());
        output = new Elements(values, operator.output());
        targets = targets();
    }

    static void run(Reduce operator, Values values) {
        ReduceKernel kernel = new ReduceKernel(operator, values);
        if (kernel.input.isReal()) {
            kernel.reals();
        } else if (operator.codes() != null) {
            kernel.codes(operator.codes());
        } else {
            kernel.integers();
        }
    }

    /** Which output element each input element goes into. */
    private int[] targets() {
        int[] dimensions = input.shape().toArray();
        int[] strides = new int[dimensions.length];
        int stride = 1;
        for (int d = dimensions.length - 1; d >= 0; d--) {
            boolean reduced = Arrays.binarySearch(operator.axes(), d) >= 0;
            strides[d] = reduced ? 0 : stride;
            stride *= reduced ? 1 : dimensions[d];
        }
        int[] result = new int[input.count()];
        for (int i = 0; i < result.length; i++) {
            int rest = i;
            for (int d = dimensions.length - 1; d >= 0; d--) {
                result[i] += rest % dimensions[d] * strides[d];
                rest /= dimensions[d];
            }
        }
        return result;
    }

    private void reals() {
        float[] results = new float[output.count()];
        boolean[] begun = new boolean[results.length];
        for (int i = 0; i < targets.length; i++) {
            int to = targets[i];
            float x = input.real(i);
            results[to] = begun[to] ? combine(results[to], x) : x;
            begun[to] = true;
        }
        for (int i = 0; i < results.length; i++) {
            output.set(i, results[i]);
        }
    }

    private float combine(float sum, float x) {
        return switch (operator.function()) {
            case MAXIMUM -> Math.max(sum, x);
            case MINIMUM -> Math.min(sum, x);
            case PRODUCT -> sum * x;
            case SUM -> sum + x;
        };
    }

    private void integers() {
        long[] results = new long[output.count()];
        boolean[] begun = new boolean[results.length];
        for (int i = 0; i < targets.length; i++) {
            int to = targets[i];
            long x = input.integer(i);
            results[to] = begun[to] ? combine(results[to], x) : x;
            begun[to] = true;
        }
        for (int i = 0; i < results.length; i++) {
            output.set(i, results[i]);
        }
    }

    private long combine(long sum, long x) {
        return switch (operator.function()) {
            case MAXIMUM -> Math.max(sum, x);
            case MINIMUM -> Math.min(sum, x);
            case PRODUCT -> sum * x;
            case SUM -> sum + x;
        };
    }

    private void codes(Reduce.Codes codes) {
        boolean product = operator.function() == Reduce.Function.PRODUCT;
        int[] results = new int[output.count()];
        boolean[] begun = new boolean[results.length];
        for (int i = 0; i < targets.length; i++) {
            int to = targets[i];
            int x = (int) input.integer(i) - codes.inputZeroPoint();
            results[to] =
                    !begun[to] ? x : product ? rescaled(codes.rescale(), (long) results[to] * x) : results[to] + x;
            begun[to] = true;
        }
        for (int i = 0; i < results.length; i++) {
            int scaled = product
                    ? rescaled(codes.rescale(), results[i])
                    : FixedPoint.multiplyByQuantizedMultiplier(
                            results[i],
                            codes.rescale().multiplier(),
                            codes.rescale().shift());
            int code = scaled + codes.outputZeroPoint();
            output.set(
                    i, (long) clamp(code, output.type().minimum(), output.type().maximum()));
        }
    }

    /** TFLite's product with a 64-bit number: a multiplier of 15 bits, rounded once, half upwards. */
    private static int rescaled(Rescale rescale, long x) {
        int multiplier = rescale.multiplier() < 0x7FFF0000 ? (rescale.multiplier() + (1 << 15)) >> 16 : 0x7FFF;
        int shift = 15 - rescale.shift();
        return (int) ((x * multiplier + (1L << (shift - 1))) >> shift);
    }
}
