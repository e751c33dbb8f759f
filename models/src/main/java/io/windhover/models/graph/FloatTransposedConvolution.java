// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/**
 * Transposed convolution, placed as in {@link TransposedConvolution}.
 *
 * @param outputChannels O
 * @param weights order O, kernel height, kernel width, I
 * @param bias one per output channel
 */
public record FloatTransposedConvolution(
        String name, int[] inputs, int[] outputs, Window window, int outputChannels, float[] weights, float[] bias)
        implements FloatOperator {
    @Override
    public void check(Tensors tensors) {
        Checks.floats(this, tensors, 1);
        Tensor input = tensors.tensor(input());
        Checks.transposed(this, window, input.shape(), tensors.tensor(output()), outputChannels);
        Checks.length(
                this,
                "weights",
                weights.length,
                (long) outputChannels
                        * window.kernelHeight()
                        * window.kernelWidth()
                        * input.shape().channels());
        Checks.length(this, "biases", bias.length, outputChannels);
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
