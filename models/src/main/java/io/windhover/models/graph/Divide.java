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
        Checks.clamp(this, clampMin, clampMax, output);
        HostChecks.broadcast(this, tensors);
        require(
                result.shift() <= LARGEST_SHIFT,
                "Divide '%s' shifts its quotient left by %d, more than %d.",
                name,
                result.shift(),
                LARGEST_SHIFT);
    }
}
