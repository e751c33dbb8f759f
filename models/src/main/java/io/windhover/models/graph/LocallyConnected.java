// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/**
 * A convolution whose every output position has its own filters.
 *
 * @param outputChannels O
 * @param weights int8, order output row, output column, O, kernel height, kernel width, I
 * @param bias order output row, output column, O
 */
public record LocallyConnected(
        String name,
        int[] inputs,
        int[] outputs,
        Window window,
        int outputChannels,
        byte[] weights,
        int[] bias,
        int inputZeroPoint,
        PostProcess post)
        implements Operator {
    @Override
    public void check(Tensors tensors) {
        Checks.operands(this, 1, 1);
        Tensor input = tensors.tensor(input());
        Tensor output = tensors.tensor(output());
        Checks.bytes(this, input);
        Checks.windowed(this, window, input.shape(), output, outputChannels);
        long positions = (long) output.shape().height() * output.shape().width();
        Checks.length(
                this,
                "weights",
                weights.length,
                positions
                        * outputChannels
                        * window.kernelHeight()
                        * window.kernelWidth()
                        * input.shape().channels());
        Checks.length(this, "biases", bias.length, positions * outputChannels);
        Checks.zeroPoint(this, inputZeroPoint, input);
        post.check(name, outputChannels, output.type());
    }

    @Override
    public long macs(Tensors tensors) {
        return weights.length;
    }

    @Override
    public long parameters(Tensors tensors) {
        return (long) weights.length + bias.length;
    }
}
