// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/**
 * Mean of the valid positions of each window, rounded half away from zero for INT8 and half up for UINT8, clamped.
 * Output scale and zero point are the input's.
 */
public record AveragePool(String name, int[] inputs, int[] outputs, Window window, int clampMin, int clampMax)
        implements Operator {
    @Override
    public void check(Tensors tensors) {
        Checks.operands(this, 1, 1);
        Tensor input = tensors.tensor(input());
        Tensor output = tensors.tensor(output());
        Checks.bytes(this, input);
        Checks.type(this, output, input.type());
        Checks.notDilated(this, window);
        Checks.windowed(this, window, input.shape(), output, input.shape().channels());
        Checks.windowsReadMap(this, window, input.shape());
        Checks.clamp(this, clampMin, clampMax, output);
    }
}
