// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/** Element-wise product: (x1 - zero point) * (x2 - zero point) rescaled, plus the output zero point, clamped. */
public record Multiply(
        String name,
        int[] inputs,
        int[] outputs,
        int firstZeroPoint,
        int secondZeroPoint,
        Rescale rescale,
        int outputZeroPoint,
        int clampMin,
        int clampMax)
        implements Elementwise {
    @Override
    public Function function() {
        return Function.MULTIPLY;
    }

    @Override
    public void check(Tensors tensors) {
        Checks.arithmetic(this, tensors, firstZeroPoint, secondZeroPoint, outputZeroPoint, clampMin, clampMax);
    }
}
