// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

/**
 * Dense, grouped or depthwise convolution: output[o] = bias[o] + sum x * w; positions outside the map count as 0.
 *
 * @param outputChannels O
 * @param groups divides input channels and O; depthwise: as many as input channels
 * @param weights order O, kernel height, kernel width, I / groups
 * @param bias one per output channel
 */
public record FloatConvolution(
        String name,
        int[] inputs,
        int[] outputs,
        Window window,
        int outputChannels,
        int groups,
        float[] weights,
        float[] bias)
        implements FloatOperator {
    @Override
    public void check(Tensors tensors) {
        Checks.floats(this, tensors, 1);
        Tensor input = tensors.tensor(input());
        Tensor output = tensors.tensor(output());
        int channels = input.shape().channels();
        require(
                groups > 0 && channels % groups == 0 && outputChannels % groups == 0,
                "FloatConvolution '%s' splits %d input and %d output channels into %d groups.",
                name,
                channels,
                outputChannels,
                groups);
        Checks.windowed(this, window, input.shape(), output, outputChannels);
        Checks.length(
                this,
                "weights",
                weights.length,
                (long) outputChannels * window.kernelHeight() * window.kernelWidth() * (channels / groups));
        Checks.length(this, "biases", bias.length, outputChannels);
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
