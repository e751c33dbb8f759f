package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

/**
 * Element-wise difference, first minus second, with the arithmetic of {@link Add}. The second input may broadcast.
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
        implements Operator {
    @Override
    public void check(Tensors tensors) {
        Checks.elementwise(this, tensors);
        require(leftShift >= 0 && leftShift <= 22, "Subtract '%s' has left shift %d outside 0..22.", name, leftShift);
        Checks.zeroPoint(this, firstZeroPoint, tensors.tensor(inputs[0]));
        Checks.zeroPoint(this, secondZeroPoint, tensors.tensor(inputs[1]));
        Checks.zeroPoint(this, outputZeroPoint, tensors.tensor(output()));
        Checks.clamp(this, clampMin, clampMax, tensors.tensor(output()));
    }
}
