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
 * 1 / sqrt(x) in TFLite's 32-bit fixed point: five steps of Newton's method with 3 integer bits; of int8 codes kept
 * with 20 fraction bits. The real function rounds differently.
 */
public final class InverseSquareRoot {
    private static final int FRACTION_BITS = 20;
    private static final int STEPS = 5;
    private static final int INPUT_END = 1 << 29;

    /** Of 2^27..2^29 as they are. */
    private static final int LARGEST_SHIFT = 11;

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
        Rescale factor = factor(value);
        return multiplyByQuantizedMultiplier(1, factor.multiplier(), factor.shift() + FRACTION_BITS);
    }

    /** 1 / sqrt(value) of a value that is not negative, 0 counting as 1; its shift is 0 or less. */
    public static Rescale factor(int value) {
        if (value <= 1) {
            return new Rescale(Integer.MAX_VALUE, 0);
        }
        int right = LARGEST_SHIFT;
        int input = value;
        while (input >= INPUT_END) {
            input /= 4;
            right++;
        }
        int pairs = (Integer.numberOfLeadingZeros(input) - 1) / 2 - 1;
        right -= pairs;
        int multiplier = saturatingRoundingDoublingHighMultiply(newton(input << (2 * pairs)), ROOT_OF_HALF);
        return new Rescale(multiplier << Math.max(0, -right), -Math.max(0, right));
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
