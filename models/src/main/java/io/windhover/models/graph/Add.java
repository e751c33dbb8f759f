package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

/**
 * Element-wise sum: both inputs as (x - zero point) << leftShift, each rescaled, their sum rescaled to the output,
 * plus the output zero point, clamped. The second input may be one value per channel or one value.
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
        implements Operator {
    @Override
    public void check(Tensors tensors) {
        Checks.operands(this, 2, 1);
        Tensor left = tensors.tensor(inputs[0]);
        Tensor right = tensors.tensor(inputs[1]);
        Tensor output = tensors.tensor(output());
        Checks.bytes(this, left, right, output);
        Checks.sameMap(this, left, output);
        Broadcast.of(this, left, right);
        require(leftShift >= 0 && leftShift <= 22, "Add '%s' has left shift %d outside 0..22.", name, leftShift);
        Checks.zeroPoint(this, firstZeroPoint, left);
        Checks.zeroPoint(this, secondZeroPoint, right);
        Checks.zeroPoint(this, outputZeroPoint, output);
        Checks.clamp(this, clampMin, clampMax, output);
    }
}
