// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/** Maximum of BITS: a bit is 1 when any valid position of its window is 1. */
public record BinaryMaxPool(String name, int[] inputs, int[] outputs, Window window) implements Operator {
    @Override
    public void check(Tensors tensors) {
        Checks.operands(this, 1, 1);
        Tensor input = tensors.tensor(input());
        Tensor output = tensors.tensor(output());
        Checks.type(this, input, TensorType.BITS);
        Checks.type(this, output, TensorType.BITS);
        Checks.notDilated(this, window);
        Checks.windowed(this, window, input.shape(), output, input.shape().channels());
        Checks.windowsReadMap(this, window, input.shape());
    }
}
