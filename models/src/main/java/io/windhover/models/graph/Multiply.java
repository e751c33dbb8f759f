package io.windhover.models.graph;

/**
 * Element-wise product: (x1 - zero point) * (x2 - zero point) rescaled, plus the output zero point, clamped. The
 * second input may broadcast as in {@link Add}.
 */
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
        Checks.zeroPoint(this, firstZeroPoint, left);
        Checks.zeroPoint(this, secondZeroPoint, right);
        Checks.zeroPoint(this, outputZeroPoint, output);
        Checks.clamp(this, clampMin, clampMax, output);
    }
}
