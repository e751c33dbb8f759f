// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/**
 * Depthwise convolution over 8-bit activations: output channel o = i * multiplier + m reads input channel i only.
 *
 * @param multiplier output channels per input channel
 * @param weights order kernel height, kernel width, output channel
 * @param weightZeroPoint 0 for int8 weights
 * @param bias one per output channel
 */
public record DepthwiseConvolution(
        String name,
        int[] inputs,
        int[] outputs,
        Window window,
        int multiplier,
        byte[] weights,
        int weightZeroPoint,
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
        Checks.length(
                this,
                "output channels",
                output.shape().channels(),
                (long) input.shape().channels() * multiplier);
        int outputChannels = output.shape().channels();
        Checks.windowed(this, window, input.shape(), output, outputChannels);
        Checks.length(
                this, "weights", weights.length, (long) window.kernelHeight() * window.kernelWidth() * outputChannels);
        Checks.length(this, "biases", bias.length, outputChannels);
        Checks.zeroPoint(this, inputZeroPoint, input);
        post.check(name, outputChannels, output.type());
    }

    @Override
    public long macs(Tensors tensors) {
        Shape output = tensors.tensor(output()).shape();
        return (long) output.height() * output.width() * weights.length;
    }

    @Override
    public long parameters(Tensors tensors) {
        return (long) weights.length + bias.length;
    }
}
