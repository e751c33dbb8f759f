// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.arithmetic;

import static io.windhover.models.arithmetic.FixedPoint.roundingDivideByPowerOfTwo;
import static io.windhover.models.arithmetic.FixedPoint.saturatingRoundingDoublingHighMultiply;
import static io.windhover.models.arithmetic.FixedPoint.saturatingShiftLeft;

/**
 * The fixed-point exponential, reciprocal and logarithm that softmax and its logarithm are defined by. Qm.n has m
 * integer bits and n fraction bits.
 */
public final class Exponential {
    private static final int ONE_QUARTER_Q5_26 = 1 << 24;
    private static final int ONE_EIGHTH_Q0_31 = 1 << 28;
    private static final int EXP_MINUS_ONE_EIGHTH = 1895147668;
    private static final int ONE_THIRD = 715827883;
    private static final int FORTY_EIGHT_SEVENTEENTHS_Q2_29 = 1515870810;
    private static final int MINUS_THIRTY_TWO_SEVENTEENTHS_Q2_29 = -1010580540;
    private static final int ONE_Q2_29 = 1 << 29;

    /** exp(-2^k) in Q0.31 for k = -2..4. */
    private static final int[] EXP_MINUS_POWER = {1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242};

    private static final int SUM_INTEGER_BITS = 12;
    private static final int POWER_FRACTION_BITS = 25;
    private static final int QUARTER_POWER = 1 << 23;
    private static final int LOG_2 = 1488522236;
    private static final int ROOT_HALF = 1518500250;
    private static final int FOURTH_ROOT_HALF = 1805811301;

    /** 11 / 240, 1 / 20 and 1 / 4 times the fourth root of two, and 2 over that root minus it. */
    private static final int CUBIC = 117049297;

    private static final int SQUARE = 127690142;
    private static final int LINEAR = 638450708;
    private static final int CONSTANT = 1057819769;

    private Exponential() {}

    /** exp(a) in Q0.31 for a not above 0 in Q5.26. */
    public static int ofNegative(int a) {
        if (a == 0) {
            return Integer.MAX_VALUE;
        }
        int fraction = (a & (ONE_QUARTER_Q5_26 - 1)) - ONE_QUARTER_Q5_26;
        int result = ofLastQuarter(fraction << 5);
        int remainder = fraction - a;
        for (int k = 0; k < EXP_MINUS_POWER.length; k++) {
            if ((remainder & (1 << (24 + k))) != 0) {
                result = saturatingRoundingDoublingHighMultiply(result, EXP_MINUS_POWER[k]);
            }
        }
        return result;
    }

    /** exp(a) for a in -1/4..0, both in Q0.31: a Taylor series around -1/8. */
    private static int ofLastQuarter(int a) {
        int x = a + ONE_EIGHTH_Q0_31;
        int x2 = saturatingRoundingDoublingHighMultiply(x, x);
        int x3 = saturatingRoundingDoublingHighMultiply(x2, x);
        int x4 = saturatingRoundingDoublingHighMultiply(x2, x2);
        int quarter = roundingDivideByPowerOfTwo(x4, 2);
        int third = saturatingRoundingDoublingHighMultiply(quarter + x3, ONE_THIRD);
        int tail = roundingDivideByPowerOfTwo(third + x2, 1);
        return EXP_MINUS_ONE_EIGHTH + saturatingRoundingDoublingHighMultiply(EXP_MINUS_ONE_EIGHTH, x + tail);
    }

    /** 1 / (1 + a) in Q0.31 for a in 0..1 in Q0.31: three Newton steps. */
    public static int reciprocalOfOnePlus(int a) {
        int halfDenominator = (int) (((long) a + Integer.MAX_VALUE + 1) / 2);
        int x = FORTY_EIGHT_SEVENTEENTHS_Q2_29
                + saturatingRoundingDoublingHighMultiply(halfDenominator, MINUS_THIRTY_TWO_SEVENTEENTHS_Q2_29);
        for (int step = 0; step < 3; step++) {
            int error = ONE_Q2_29 - saturatingRoundingDoublingHighMultiply(halfDenominator, x);
            x += saturatingShiftLeft(saturatingRoundingDoublingHighMultiply(x, error), 2);
        }
        return saturatingShiftLeft(x, 1);
    }

    /**
     * Natural logarithm in Q5.26 of a number of 1 or more in Q12.19: the power of two nearest in two steps of a half,
     * and a rational approximation for the rest, around the fourth root of one half.
     */
    public static int logarithm(int x) {
        int leading = Integer.numberOfLeadingZeros(x);
        int scaled = saturatingShiftLeft(x, leading - 1);
        int whole = saturatingShiftLeft(saturatingRoundingDoublingHighMultiply(scaled, ROOT_HALF), 1);
        int wholePower = saturatingShiftLeft(SUM_INTEGER_BITS - leading, POWER_FRACTION_BITS) + QUARTER_POWER;
        int halfLeading = Integer.numberOfLeadingZeros(saturatingRoundingDoublingHighMultiply(x, ROOT_HALF)) - 1;
        int half = saturatingShiftLeft(x, halfLeading);
        int halfPower = saturatingShiftLeft(SUM_INTEGER_BITS - halfLeading, POWER_FRACTION_BITS) - QUARTER_POWER;
        int fraction = logarithmNearRoot(Math.min(whole, half));
        int power = saturatingRoundingDoublingHighMultiply(Math.max(wholePower, halfPower), LOG_2);
        return saturatingShiftLeft(power + fraction, 1);
    }

    /** Logarithm, in Q6.25, of r over the fourth root of one half, r in Q0.31. */
    private static int logarithmNearRoot(int r) {
        int middle = (int) (((long) r + FOURTH_ROOT_HALF + 1) / 2);
        int difference = 2 * (r - FOURTH_ROOT_HALF);
        int square = saturatingRoundingDoublingHighMultiply(difference, difference);
        int cubic = saturatingRoundingDoublingHighMultiply(
                saturatingRoundingDoublingHighMultiply(difference, square), CUBIC);
        int numerator = saturatingRoundingDoublingHighMultiply(difference, r) + cubic;
        int inner = CONSTANT + difference + saturatingRoundingDoublingHighMultiply(SQUARE, square);
        int denominator = saturatingRoundingDoublingHighMultiply(middle, inner)
                + saturatingRoundingDoublingHighMultiply(LINEAR, difference);
        return saturatingRoundingDoublingHighMultiply(
                roundingDivideByPowerOfTwo(numerator, 6), reciprocalOfOnePlus(denominator));
    }
}
