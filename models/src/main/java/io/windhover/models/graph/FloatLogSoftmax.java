// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/**
 * Logarithm of the softmax over the channels of a FLOAT32 tensor: single precision, exponential and logarithm correctly
 * rounded.
 */
public record FloatLogSoftmax(String name, int[] inputs, int[] outputs) implements Operator {
    @Override
    public void check(Tensors tensors) {
        Checks.operands(this, 1, 1);
        Tensor input = tensors.tensor(input());
        Tensor output = tensors.tensor(output());
        Checks.type(this, input, TensorType.FLOAT32);
        Checks.type(this, output, TensorType.FLOAT32);
        Checks.sameMap(this, input, output);
    }
}
