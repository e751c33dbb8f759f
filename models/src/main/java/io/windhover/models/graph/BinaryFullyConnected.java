package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

/**
 * Fully-connected layer of BITS with one-bit weights: accumulator[o] = bias[o] + 2 * agreements - inputs.
 *
 * @param weights output channel, then all input bits packed eight to a byte, least significant first, each output
 *                channel starting on a byte; a map is read in height, width, channel order
 * @param bias    one per output channel
 */
public record BinaryFullyConnected(
        String name, int[] inputs, int[] outputs, int outputChannels, byte[] weights, int[] bias, PostProcess post)
        implements Operator {
    @Override
    public void check(Tensors tensors) {
        Checks.operands(this, 1, 1);
        Tensor input = tensors.tensor(input());
        Tensor output = tensors.tensor(output());
        Checks.type(this, input, TensorType.BITS);
        int elements = input.shape().elements();
        require(input.bytes() == (elements + 7) / 8,
                "BinaryFullyConnected '%s' reads %s, whose pixels do not fill whole bytes.", name, input);
        Checks.length(this, "output elements", output.shape().elements(), outputChannels);
        Checks.length(this, "output channels", output.shape().channels(), outputChannels);
        Checks.length(this, "weight bytes", weights.length, (long) outputChannels * ((elements + 7) / 8));
        Checks.length(this, "biases", bias.length, outputChannels);
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
