// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.arithmetic;

import static io.windhover.models.arithmetic.FixedPoint.roundingDivideByPowerOfTwo;
import static io.windhover.models.arithmetic.FixedPoint.saturatingRoundingDoublingHighMultiply;

import io.windhover.models.graph.Rescale;

/** Quotients of codes in TFLite's 32-bit fixed point. */
public final class Reciprocal {
    private static final int LONGEST_SHIFT = 31;

    private Reciprocal() {}

    /**
     * dividend / divisor * factor, neither being beyond 255, the divisor not 0, and the factor's shift 23 or less. What
     * is below 2^-32 of the factor's range is 0, where TFLite shifts by more bits than there are.
     */
    public static int quotient(int dividend, int divisor, Rescale factor) {
        int x = divisor < 0 ? -dividend : dividend;
        int leading = Integer.numberOfLeadingZeros(Math.abs(divisor));
        int inverse = Exponential.reciprocalOfOnePlus((Math.abs(divisor) << leading) & Integer.MAX_VALUE);
        int headroom = Integer.numberOfLeadingZeros(x ^ (x >> 31)) - 1;
        int right = 31 - leading + headroom - factor.shift();
        if (x == 0 || right > LONGEST_SHIFT) {
            return 0;
        }
        int scaled = saturatingRoundingDoublingHighMultiply(x << headroom, inverse);
        return roundingDivideByPowerOfTwo(saturatingRoundingDoublingHighMultiply(scaled, factor.multiplier()), right);
    }
}
