// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.arithmetic;

import static io.windhover.models.ModelException.require;
import static io.windhover.models.arithmetic.FixedPoint.multiplyByQuantizedMultiplier;
import static io.windhover.models.arithmetic.FixedPoint.roundingDivideByPowerOfTwo;
import static io.windhover.models.arithmetic.FixedPoint.saturatingRoundingDoublingHighMultiply;
import static io.windhover.models.arithmetic.FixedPoint.saturatingShiftLeft;

import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Rescale;

/**
 * 1 / sqrt(x) of int8 codes in TFLite's 32-bit fixed point: five steps of Newton's method with 3 integer bits, kept
 * with 20 fraction bits. The real function rounds differently.
 */
public final class InverseSquareRoot {
    private static final int FRACTION_BITS = 20;
    private static final int STEPS = 5;
    private static final int ONE = 1 << 28;
    private static final int THREE_HALVES = (1 << 28) + (1 << 27);
    private static final int ROOT_OF_HALF = 1_518_500_250;

    private final int inputZeroPoint;
    private final int outputZeroPoint;
    private final Rescale result;

    /** Factors between these quantisations; scales too far apart for 32 bits are refused. */
    public InverseSquareRoot(Quantization input, Quantization output) {
        inputZeroPoint = input.zeroPoint();
        outputZeroPoint = output.zeroPoint();
        Rescale factor = Rescaling.quantizeMultiplier(1 / (Math.sqrt(input.scale()) * output.scale()));
        require(
                factor.shift() >= FRACTION_BITS - 31 && factor.shift() <= FRACTION_BITS,
                "The inverse square root from scale %s to scale %s does not fit its fixed-point form.",
                input.scale(),
                output.scale());
        result = new Rescale(factor.multiplier(), factor.shift() - FRACTION_BITS);
    }

    /** The output code before clamping, for codes above the input's zero point. */
    public int apply(int code) {
        return multiplyByQuantizedMultiplier(inverse(code - inputZeroPoint), result.multiplier(), result.shift())
                + outputZeroPoint;
    }

    /** 2^20 / sqrt(value); value 1..255. */
    private static int inverse(int value) {
        if (value == 1) {
            return multiplyByQuantizedMultiplier(1, Integer.MAX_VALUE, FRACTION_BITS);
        }
        int pairs = (Integer.numberOfLeadingZeros(value) - 1) / 2 - 1;
        int right = 11 - pairs;
        int multiplier = saturatingRoundingDoublingHighMultiply(newton(value << (2 * pairs)), ROOT_OF_HALF);
        return multiplyByQuantizedMultiplier(1, multiplier << Math.max(0, -right), FRACTION_BITS - Math.max(0, right));
    }

    /** In 2^-28; the input, 2^27..2^29, in 2^-29. */
    private static int newton(int input) {
        int half = roundingDivideByPowerOfTwo(input >> 1, 1);
        int x = ONE;
        for (int i = 0; i < STEPS; i++) {
            int square = saturatingRoundingDoublingHighMultiply(x, x);
            int cube = saturatingShiftLeft(saturatingRoundingDoublingHighMultiply(square, x), 6);
            int next = saturatingRoundingDoublingHighMultiply(THREE_HALVES, x)
                    - saturatingRoundingDoublingHighMultiply(half, cube);
            x = saturatingShiftLeft(next, 3);
        }
        return x;
    }
}
