// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/**
 * Element-wise difference, first minus second, with the arithmetic of {@link Add}.
 *
 * @param reversed second minus first instead
 */
public record Subtract(
        String name,
        int[] inputs,
        int[] outputs,
        boolean reversed,
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
        return Function.SUBTRACT;
    }

    @Override
    public void check(Tensors tensors) {
        Checks.arithmetic(this, tensors, firstZeroPoint, secondZeroPoint, outputZeroPoint, clampMin, clampMax);
        Checks.leftShift(this, leftShift);
    }
}
