// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.arithmetic;

/**
 * The 32-bit fixed-point primitives that every requantisation is made of. Additions and left shifts wrap, as in C++
 * builds of TFLite.
 */
public final class FixedPoint {
    private FixedPoint() {}

    /**
     * round(a * b / 2^31), ties away from zero for positive and towards zero for negative products, saturating at
     * (-2^31)^2.
     */
    public static int saturatingRoundingDoublingHighMultiply(int a, int b) {
        if (a == Integer.MIN_VALUE && b == Integer.MIN_VALUE) {
            return Integer.MAX_VALUE;
        }
        long product = (long) a * b;
        long nudge = product >= 0 ? 1L << 30 : 1 - (1L << 30);
        return (int) ((product + nudge) / (1L << 31));
    }

    /** round(x / 2^exponent), ties away from zero; exponent 0..31. */
    public static int roundingDivideByPowerOfTwo(int x, int exponent) {
        int mask = (int) ((1L << exponent) - 1);
        int remainder = x & mask;
        int threshold = (mask >> 1) + (x < 0 ? 1 : 0);
        return (x >> exponent) + (remainder > threshold ? 1 : 0);
    }

    /** x * 2^exponent, cut to the int32 range; exponent 0..31. */
    public static int saturatingShiftLeft(int x, int exponent) {
        long shifted = (long) x << exponent;
        return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, shifted));
    }

    /** x * multiplier * 2^(shift - 31), rounded twice; multiplier 0..2^31-1, shift -31..30. */
    public static int multiplyByQuantizedMultiplier(int x, int multiplier, int shift) {
        int left = Math.max(shift, 0);
        int right = Math.max(-shift, 0);
        return roundingDivideByPowerOfTwo(saturatingRoundingDoublingHighMultiply(x << left, multiplier), right);
    }

    /** The value within low..high nearest to x. */
    public static int clamp(int x, int low, int high) {
        return Math.max(low, Math.min(high, x));
    }
}
