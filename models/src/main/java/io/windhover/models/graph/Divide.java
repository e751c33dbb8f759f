// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

/**
 * first / second of two 8-bit tensors; dimensions of 1 are repeated. The quotient of the codes less their zero points,
 * rescaled, plus the output zero point, clamped; a divisor of 0 ends the inference with an error.
 *
 * @param result its shift is 23 or less, which is what the quotient of two codes leaves room for
 */
public record Divide(
        String name,
        int[] inputs,
        int[] outputs,
        int firstZeroPoint,
        int secondZeroPoint,
        Rescale result,
        int outputZeroPoint,
        int clampMin,
        int clampMax)
        implements HostOperator {
    private static final int LARGEST_SHIFT = 23;

    @Override
    public void check(Tensors tensors) {
        HostChecks.pair(this, tensors, firstZeroPoint, secondZeroPoint, outputZeroPoint);
        Checks.clamp(this, clampMin, clampMax, tensors.tensor(output()));
        require(
                result.shift() <= LARGEST_SHIFT,
                "Divide '%s' shifts its quotient left by %d, more than %d.",
                name,
                result.shift(),
                LARGEST_SHIFT);
    }
}
