// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

/**
 * Transposed convolution over 8-bit activations: input pixel (y, x) adds (x - inputZeroPoint) * w to output pixel (y *
 * strideY + ky - padding.top, x * strideX + kx - padding.left) for every kernel position; bias is added once.
 *
 * @param window kernel, strides and the rows and columns cut from each side of the full result; not dilated
 * @param outputChannels O
 * @param weights order O, kernel height, kernel width, I
 * @param weightZeroPoint 0 for int8 weights
 * @param bias one per output channel
 */
public record TransposedConvolution(
        String name,
        int[] inputs,
        int[] outputs,
        Window window,
        int outputChannels,
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
        Checks.transposed(this, window, input.shape(), output, outputChannels);
        Checks.length(
                this,
                "weights",
                weights.length,
                (long) outputChannels
                        * window.kernelHeight()
                        * window.kernelWidth()
                        * input.shape().channels());
        Checks.length(this, "biases", bias.length, outputChannels);
        Checks.zeroPoint(this, inputZeroPoint, input);
        require(post instanceof PostProcess.Requantize, "TransposedConvolution '%s' must requantise.", name);
        post.check(name, outputChannels, output.type());
    }

    @Override
    public long macs(Tensors tensors) {
        Shape input = tensors.tensor(input()).shape();
        return (long) input.height() * input.width() * weights.length;
    }

    @Override
    public long parameters(Tensors tensors) {
        return (long) weights.length + bias.length;
    }
}
