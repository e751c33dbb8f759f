// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/**
 * Surrounds a map with a constant code.
 *
 * @param padding rows and columns added per side
 * @param channelsBefore channels added before the first
 * @param channelsAfter channels added after the last
 * @param value the code written there (the zero point, unless the model says otherwise)
 */
public record Pad(
        String name, int[] inputs, int[] outputs, Padding padding, int channelsBefore, int channelsAfter, int value)
        implements Operator {
    @Override
    public void check(Tensors tensors) {
        Checks.operands(this, 1, 1);
        Tensor input = tensors.tensor(input());
        Tensor output = tensors.tensor(output());
        Checks.bytes(this, input);
        Checks.type(this, output, input.type());
        Checks.zeroPoint(this, value, output);
        Checks.padded(this, padding, channelsBefore, channelsAfter, input.shape(), output.shape());
    }
}
