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
        Checks.operands(this, 2, 1);
        Tensor left = tensors.tensor(inputs[0]);
        Tensor right = tensors.tensor(inputs[1]);
        Tensor output = tensors.tensor(output());
        Checks.bytes(this, left, right, output);
        Checks.type(this, right, left.type());
        Checks.type(this, output, left.type());
        Checks.zeroPoint(this, firstZeroPoint, left);
        Checks.zeroPoint(this, secondZeroPoint, right);
        Checks.zeroPoint(this, outputZeroPoint, output);
        HostChecks.broadcast(this, tensors);
        require(
                isHalfAtMost(first) && isHalfAtMost(second) && result.shift() <= 0,
                "SquaredDifference '%s' has a factor that overflows its square.",
                name);
    }

    private static boolean isHalfAtMost(Rescale rescale) {
        return rescale.shift() < 0 || (rescale.shift() == 0 && rescale.multiplier() <= 1 << 30);
    }
}
