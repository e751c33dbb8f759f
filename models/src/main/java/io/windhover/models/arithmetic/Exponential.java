package io.windhover.models.arithmetic;

import static io.windhover.models.arithmetic.FixedPoint.roundingDivideByPowerOfTwo;
import static io.windhover.models.arithmetic.FixedPoint.saturatingRoundingDoublingHighMultiply;
import static io.windhover.models.arithmetic.FixedPoint.saturatingShiftLeft;

/** gemmlowp's fixed-point exponential and reciprocal, which softmax is defined by. Qm.n has m integer bits and n fraction bits. */
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
}
