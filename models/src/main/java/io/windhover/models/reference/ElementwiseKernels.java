// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.reference;

import static io.windhover.models.arithmetic.FixedPoint.clamp;
import static io.windhover.models.arithmetic.FixedPoint.multiplyByQuantizedMultiplier;

import io.windhover.models.graph.Add;
import io.windhover.models.graph.Broadcast;
import io.windhover.models.graph.Elementwise;
import io.windhover.models.graph.Maximum;
import io.windhover.models.graph.Minimum;
import io.windhover.models.graph.Multiply;
import io.windhover.models.graph.PRelu;
import io.windhover.models.graph.Rescale;
import io.windhover.models.graph.Subtract;
import java.util.function.IntBinaryOperator;

/** Two codes in, one out, and the rectifier with a slope per channel. */
final class ElementwiseKernels {
    private ElementwiseKernels() {}

    static void add(Add operator, Values values) {
        pairwise(operator, values, operator.firstZeroPoint(), operator.secondZeroPoint(), (first, second) -> {
            int left = apply(operator.first(), first << operator.leftShift());
            int right = apply(operator.second(), second << operator.leftShift());
            int code = apply(operator.result(), left + right) + operator.outputZeroPoint();
            return clamp(code, operator.clampMin(), operator.clampMax());
        });
    }

    static void subtract(Subtract operator, Values values) {
        pairwise(operator, values, operator.firstZeroPoint(), operator.secondZeroPoint(), (first, second) -> {
            int left = apply(operator.first(), first << operator.leftShift());
            int right = apply(operator.second(), second << operator.leftShift());
            int difference = operator.reversed() ? right - left : left - right;
            return clamp(
                    apply(operator.result(), difference) + operator.outputZeroPoint(),
                    operator.clampMin(),
                    operator.clampMax());
        });
    }

    static void multiply(Multiply operator, Values values) {
        pairwise(operator, values, operator.firstZeroPoint(), operator.secondZeroPoint(), (first, second) -> {
            int code = apply(operator.rescale(), first * second) + operator.outputZeroPoint();
            return clamp(code, operator.clampMin(), operator.clampMax());
        });
    }

    static void maximum(Maximum operator, Values values) {
        pairwise(operator, values, 0, 0, Math::max);
    }

    static void minimum(Minimum operator, Values values) {
        pairwise(operator, values, 0, 0, Math::min);
    }

    static void pRelu(PRelu operator, Values values) {
        int[] input = values.centred(operator.input(), operator.inputZeroPoint());
        int[] slope =
                Values.centred(operator.slope(), values.tensor(operator.input()).type(), operator.slopeZeroPoint());
        byte[] output = values.bytes(operator.output());
        int low = values.tensor(operator.output()).type().minimum();
        int high = values.tensor(operator.output()).type().maximum();
        for (int i = 0; i < output.length; i++) {
            int scaled = input[i] >= 0
                    ? apply(operator.positive(), input[i])
                    : apply(operator.negative(), input[i] * slope[i % slope.length]);
            output[i] = (byte) clamp(scaled + operator.outputZeroPoint(), low, high);
        }
    }

    private static int apply(Rescale rescale, int value) {
        return multiplyByQuantizedMultiplier(value, rescale.multiplier(), rescale.shift());
    }

    /** Applies a function to the codes of both inputs, zero points subtracted; the second input broadcasts. */
    private static void pairwise(
            Elementwise operator, Values values, int firstZeroPoint, int secondZeroPoint, IntBinaryOperator function) {
        int firstIndex = operator.inputs()[0];
        int secondIndex = operator.inputs()[1];
        int[] first = values.centred(firstIndex, firstZeroPoint);
        int[] second = values.centred(secondIndex, secondZeroPoint);
        int channels = values.shape(firstIndex).channels();
        Broadcast broadcast = Broadcast.of(operator, values.tensor(firstIndex), values.tensor(secondIndex));
        byte[] output = values.bytes(operator.output());
        for (int i = 0; i < output.length; i++) {
            output[i] = (byte) function.applyAsInt(first[i], second[broadcast.partner(i, channels)]);
        }
    }
}
