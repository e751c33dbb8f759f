// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/**
 * Fully-connected layer over all elements of the input, in height, width, channel order.
 *
 * @param weights order output channel, input element
 * @param bias one per output channel
 */
public record FloatFullyConnected(
        String name, int[] inputs, int[] outputs, int outputChannels, float[] weights, float[] bias)
        implements FloatOperator {
    @Override
    public void check(Tensors tensors) {
        Checks.floats(this, tensors, 1);
        Tensor output = tensors.tensor(output());
        Checks.length(this, "output elements", output.shape().elements(), outputChannels);
        Checks.length(this, "output channels", output.shape().channels(), outputChannels);
        Checks.length(
                this,
                "weights",
                weights.length,
                (long) outputChannels * tensors.tensor(input()).shape().elements());
        Checks.length(this, "biases", bias.length, outputChannels);
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
