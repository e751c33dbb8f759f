// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

/**
 * (first - second)^2 of two 8-bit tensors; dimensions of 1 are repeated. Both inputs are (code - zero point) * 2^7,
 * each rescaled; the square of their difference is rescaled to the output, plus the output zero point, clamped. No
 * factor has a left shift, so nothing overflows 32 bits.
 */
public record SquaredDifference(
        String name,
        int[] inputs,
        int[] outputs,
        int firstZeroPoint,
        Rescale first,
        int secondZeroPoint,
        Rescale second,
        int outputZeroPoint,
        Rescale result)
        implements HostOperator {
    /** Fraction bits of the rescaled inputs. */
    public static final int LEFT_SHIFT = 7;

    @Override
    public void check(Tensors tensors) {
        HostChecks.pair(this, tensors, firstZeroPoint, secondZeroPoint, outputZeroPoint);
        require(
                isHalfAtMost(first) && isHalfAtMost(second) && result.shift() <= 0,
                "SquaredDifference '%s' has a factor that overflows its square.",
                name);
    }

    private static boolean isHalfAtMost(Rescale rescale) {
        return rescale.shift() < 0 || (rescale.shift() == 0 && rescale.multiplier() <= 1 << 30);
    }
}
