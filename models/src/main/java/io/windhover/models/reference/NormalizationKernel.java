// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.reference;

import static io.windhover.models.arithmetic.FixedPoint.clamp;
import static io.windhover.models.arithmetic.FixedPoint.multiplyByQuantizedMultiplier;

import io.windhover.models.arithmetic.InverseSquareRoot;
import io.windhover.models.graph.L2Normalization;
import io.windhover.models.graph.Rescale;
import io.windhover.models.graph.TensorType;

/** Rows of codes divided by their length. */
final class NormalizationKernel {
    /** Of the output's scale, 2^-7. */
    private static final int FRACTION_BITS = 7;

    private NormalizationKernel() {}

    static void run(L2Normalization operator, Values values) {
        int[] input = values.centred(operator.input(), operator.inputZeroPoint());
        Elements output = new Elements(values, operator.output());
        int channels = values.shape(operator.input()).channels();
        for (int row = 0; row < input.length; row += channels) {
            Cancellation.check();
            int sum = 0;
            for (int i = row; i < row + channels; i++) {
                sum += input[i] * input[i];
            }
            Rescale factor = InverseSquareRoot.factor(sum);
            for (int i = row; i < row + channels; i++) {
                output.set(i, code(output.type(), input[i], factor));
            }
        }
    }

    /** The two types round differently: the factor 2^7 is part of a signed code's shift, and of an unsigned code. */
    private static long code(TensorType type, int x, Rescale factor) {
        int code = type == TensorType.UINT8
                ? multiplyByQuantizedMultiplier(x << FRACTION_BITS, factor.multiplier(), factor.shift())
                        + (1 << FRACTION_BITS)
                : multiplyByQuantizedMultiplier(x, factor.multiplier(), factor.shift() + FRACTION_BITS);
        return clamp(code, type.minimum(), type.maximum());
    }
}
