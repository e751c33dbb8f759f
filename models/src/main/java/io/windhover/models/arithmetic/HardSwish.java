// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.arithmetic;

import static io.windhover.models.ModelException.require;
import static io.windhover.models.arithmetic.FixedPoint.roundingDivideByPowerOfTwo;

import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Rescale;

/**
 * Hard-swish, x * clamp(x + 3, 0, 6) / 6, in TFLite's 16-bit fixed point. Codes are worked on with 7 fraction bits; the
 * real function rounds differently, so tables are made from this.
 */
public final class HardSwish {
    private static final int FRACTION_BITS = 7;
    private static final float REAL_3_AT_32768 = 3f / 32768;

    private final int inputZeroPoint;
    private final int outputZeroPoint;
    private final int outputMultiplier;
    private final int outputShift;
    private final int clampMultiplier;
    private final int clampShift;

    /** Factors between these quantisations; scales too far apart for 16 bits are refused. */
    public HardSwish(Quantization input, Quantization output) {
        inputZeroPoint = input.zeroPoint();
        outputZeroPoint = output.zeroPoint();
        float fineScale = input.scale() * (1f / (1 << FRACTION_BITS));
        Rescale toOutput = Rescaling.quantizeMultiplier(fineScale / output.scale());
        Rescale toClamp = Rescaling.quantizeMultiplier(fineScale / REAL_3_AT_32768);
        require(
                toOutput.shift() <= 0 && toOutput.shift() >= -15 && toClamp.shift() >= -15,
                "Hard-swish from scale %s to scale %s does not fit its fixed-point form.",
                input.scale(),
                output.scale());
        outputMultiplier = upperHalf(toOutput.multiplier());
        outputShift = toOutput.shift();
        clampMultiplier = upperHalf(toClamp.multiplier());
        clampShift = toClamp.shift();
    }

    private static int upperHalf(int multiplier) {
        return Math.min((int) ((multiplier + (1L << 15)) >> 16), Short.MAX_VALUE);
    }

    /** The result for an input code, not yet cut to the output's type. */
    public int apply(int code) {
        int fine = (code - inputZeroPoint) << FRACTION_BITS;
        int share = (clamped(fine) + (1 << 15)) >> 1;
        int scaled = doublingHighMultiply(fine, outputMultiplier);
        int product = share * scaled / (1 << 15);
        return roundingDivideByPowerOfTwo(product, -outputShift) + outputZeroPoint;
    }

    /** x from -3..3 as -2^15..2^15 - 1, saturating; the last left shift follows the multiplication. */
    private int clamped(int fine) {
        if (clampShift > 0) {
            int shifted = saturate((long) fine << Math.min(clampShift - 1, 16));
            return saturate((long) doublingHighMultiply(shifted, clampMultiplier) << 1);
        }
        return roundingDivideByPowerOfTwo(doublingHighMultiply(fine, clampMultiplier), -clampShift);
    }

    private static int doublingHighMultiply(int a, int b) {
        int product = a * b;
        return (product + (product >= 0 ? 1 << 14 : 1 - (1 << 14))) / (1 << 15);
    }

    private static int saturate(long value) {
        return (int) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, value));
    }
}
