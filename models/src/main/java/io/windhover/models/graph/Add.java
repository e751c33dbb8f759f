// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/**
 * Element-wise sum: both inputs as {@code (x - zero point) << leftShift}, each rescaled, their sum rescaled to the
 * output, plus the output zero point, clamped.
 *
 * @param leftShift 20 for 8-bit tensors
 */
public record Add(
        String name,
        int[] inputs,
        int[] outputs,
        int leftShift,
        int firstZeroPoint,
        Rescale first,
        int secondZeroPoint,
        Rescale second,
        int outputZeroPoint,
        Rescale result,
        int clampMin,
        int clampMax)
        implements Elementwise {
    @Override
    public Function function() {
        return Function.ADD;
    }

    @Override
    public void check(Tensors tensors) {
        Checks.arithmetic(this, tensors, firstZeroPoint, secondZeroPoint, outputZeroPoint, clampMin, clampMax);
        Checks.leftShift(this, leftShift);
    }
}
