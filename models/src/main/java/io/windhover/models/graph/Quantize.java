// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/** FLOAT32 to 8 bits: x / scale in single precision, rounded, plus the zero point, cut to the type. */
public record Quantize(String name, int[] inputs, int[] outputs, float scale, int zeroPoint, Rounding rounding)
        implements Operator {
    @Override
    public void check(Tensors tensors) {
        Checks.operands(this, 1, 1);
        Tensor input = tensors.tensor(input());
        Tensor output = tensors.tensor(output());
        Checks.type(this, input, TensorType.FLOAT32);
        Checks.bytes(this, output);
        Checks.sameMap(this, input, output);
        Checks.scale(this, scale);
        Checks.zeroPoint(this, zeroPoint, output);
    }
}
