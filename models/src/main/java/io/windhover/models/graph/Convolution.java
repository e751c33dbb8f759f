// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

/**
 * Dense or grouped convolution over 8-bit activations: accumulator[o] = bias[o] + sum (x - inputZeroPoint) * (w -
 * weightZeroPoint); positions outside the map count as 0.
 *
 * @param outputChannels O
 * @param groups divides input channels and O; group g's filters are o = g * O / groups ...
 * @param weights order O, kernel height, kernel width, I / groups
 * @param weightZeroPoint 0 for int8 weights
 * @param bias one per output channel
 */
public record Convolution(
        String name,
        int[] inputs,
        int[] outputs,
        Window window,
        int outputChannels,
        int groups,
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
        int channels = input.shape().channels();
        Checks.bytes(this, input);
        require(
                groups > 0 && channels % groups == 0 && outputChannels % groups == 0,
                "Convolution '%s' splits %d input and %d output channels into %d groups.",
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
