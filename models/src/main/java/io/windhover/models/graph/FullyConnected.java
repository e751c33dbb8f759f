// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/**
 * Fully-connected layer over all elements of the input, in height, width, channel order.
 *
 * @param weights order output channel, input element
 * @param weightZeroPoint 0 for int8 weights
 * @param bias one per output channel
 */
public record FullyConnected(
        String name,
        int[] inputs,
        int[] outputs,
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
        Checks.length(this, "output elements", output.shape().elements(), outputChannels);
        Checks.length(this, "output channels", output.shape().channels(), outputChannels);
        Checks.length(
                this,
                "weights",
                weights.length,
                (long) outputChannels * input.shape().elements());
        Checks.length(this, "biases", bias.length, outputChannels);
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
