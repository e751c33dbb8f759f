// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/**
 * Convolution of BITS with one-bit weights: accumulator[o] = bias[o] + (2 * agreements - length) * 2^fraction.
 *
 * @param weights O, kernel height, kernel width, then the input channels packed as in {@link TensorType#BITS} (each
 *     kernel position starts on a byte; spare bits are 0)
 * @param outside what positions outside the map count as
 * @param bias one per output channel
 * @param fraction bits of the bias below one, 0 to 10; more than 0 only where codes are made
 */
public record BinaryConvolution(
        String name,
        int[] inputs,
        int[] outputs,
        Window window,
        int outputChannels,
        byte[] weights,
        Outside outside,
        int[] bias,
        int fraction,
        PostProcess post)
        implements Operator {
    /** What a position outside the map contributes to the accumulator. */
    public enum Outside {
        /** Nothing: agreements and length count valid positions only. */
        NOTHING,
        /** As if every channel there were -1. */
        MINUS_ONE,
        /** As if every channel there were +1. */
        PLUS_ONE
    }

    /** With a bias of whole numbers. */
    public BinaryConvolution(
            String name,
            int[] inputs,
            int[] outputs,
            Window window,
            int outputChannels,
            byte[] weights,
            Outside outside,
            int[] bias,
            PostProcess post) {
        this(name, inputs, outputs, window, outputChannels, weights, outside, bias, 0, post);
    }

    @Override
    public void check(Tensors tensors) {
        Checks.operands(this, 1, 1);
        Tensor input = tensors.tensor(input());
        Tensor output = tensors.tensor(output());
        Checks.type(this, input, TensorType.BITS);
        Checks.windowed(this, window, input.shape(), output, outputChannels);
        Checks.length(
                this,
                "weight bytes",
                weights.length,
                (long) outputChannels
                        * window.kernelHeight()
                        * window.kernelWidth()
                        * ((input.shape().channels() + 7) / 8));
        Checks.length(this, "biases", bias.length, outputChannels);
        Checks.fraction(this, fraction, post);
        post.check(name, outputChannels, output.type());
    }

    @Override
    public long macs(Tensors tensors) {
        Shape output = tensors.tensor(output()).shape();
        return (long) output.elements()
                * window.kernelHeight()
                * window.kernelWidth()
                * tensors.tensor(input()).shape().channels();
    }

    @Override
    public long parameters(Tensors tensors) {
        long taps = (long) outputChannels * window.kernelHeight() * window.kernelWidth();
        return taps * tensors.tensor(input()).shape().channels() + bias.length;
    }
}
