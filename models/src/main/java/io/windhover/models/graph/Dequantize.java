// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/** 8 bits to FLOAT32: scale * (code - zero point). */
public record Dequantize(String name, int[] inputs, int[] outputs, float scale, int zeroPoint) implements Operator {
    @Override
    public void check(Tensors tensors) {
        Checks.operands(this, 1, 1);
        Tensor input = tensors.tensor(input());
        Tensor output = tensors.tensor(output());
        Checks.bytes(this, input);
        Checks.type(this, output, TensorType.FLOAT32);
        Checks.sameMap(this, input, output);
        Checks.scale(this, scale);
        Checks.zeroPoint(this, zeroPoint, input);
    }
}
