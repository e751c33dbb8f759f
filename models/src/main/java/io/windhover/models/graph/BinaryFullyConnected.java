// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

/**
 * Fully-connected layer of BITS with one-bit weights: accumulator[o] = bias[o] + (2 * agreements - inputs) *
 * 2^fraction.
 *
 * @param weights output channel, then all input bits packed eight to a byte, least significant first, each output
 *     channel starting on a byte; a map is read in height, width, channel order
 * @param bias one per output channel
 * @param fraction bits of the bias below one, 0 to 10; more than 0 only where codes are made
 */
public record BinaryFullyConnected(
        String name,
        int[] inputs,
        int[] outputs,
        int outputChannels,
        byte[] weights,
        int[] bias,
        int fraction,
        PostProcess post)
        implements Operator {
    /** With a bias of whole numbers. */
    public BinaryFullyConnected(
            String name,
            int[] inputs,
            int[] outputs,
            int outputChannels,
            byte[] weights,
            int[] bias,
            PostProcess post) {
        this(name, inputs, outputs, outputChannels, weights, bias, 0, post);
    }

    @Override
    public void check(Tensors tensors) {
        Checks.operands(this, 1, 1);
        Tensor input = tensors.tensor(input());
        Tensor output = tensors.tensor(output());
        Checks.type(this, input, TensorType.BITS);
        int elements = input.shape().elements();
        require(
                input.bytes() == (elements + 7) / 8,
                "BinaryFullyConnected '%s' reads %s, whose pixels do not fill whole bytes.",
                name,
                input);
        Checks.length(this, "output elements", output.shape().elements(), outputChannels);
        Checks.length(this, "output channels", output.shape().channels(), outputChannels);
        Checks.length(this, "weight bytes", weights.length, (long) outputChannels * ((elements + 7) / 8));
        Checks.length(this, "biases", bias.length, outputChannels);
        Checks.fraction(this, fraction, post);
        post.check(name, outputChannels, output.type());
    }

    @Override
    public long macs(Tensors tensors) {
        return (long) outputChannels * tensors.tensor(input()).shape().elements();
    }

    @Override
    public long parameters(Tensors tensors) {
        return macs(tensors) + bias.length;
    }
}
