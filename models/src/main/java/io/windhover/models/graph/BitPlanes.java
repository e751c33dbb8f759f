// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

/**
 * Activations of more than one bit for layers with one-bit weights. Levels 0..n become n bits a channel: bit k of
 * channel c, at channel c * n + k, says that the level is above k. As +1 and -1 they sum to 2 * level - n, so weights
 * repeated for every bit give exactly dot = 2 * sum(weight * level) - n * sum(weight).
 *
 * <p>A position outside the map of level 0 is {@link BinaryConvolution.Outside#MINUS_ONE}. Levels -m..m are n = 2 * m
 * bits of level + m; then dot = 2 * sum(weight * level) without a bias, and level 0 outside the map is
 * {@link BinaryConvolution.Outside#NOTHING}. Maximum pooling of the bits is maximum pooling of the levels.
 */
public final class BitPlanes {
    private BitPlanes() {}

    /**
     * One-bit weights for inputs of {@code planes} bits a channel.
     *
     * @param weights rows of {@code channels} bits, each row starting on a byte: the kernel positions of a convolution,
     *     or the outputs of a fully-connected layer
     * @param channels of a pixel, or all elements in front of a fully-connected layer
     */
    public static byte[] overInputs(byte[] weights, int channels, int planes) {
        int from = (channels + 7) / 8;
        int to = (channels * planes + 7) / 8;
        require(weights.length % from == 0, "%d bytes of weights are not rows of %d bits.", weights.length, channels);
        int rows = weights.length / from;
        byte[] repeated = new byte[Math.multiplyExact(rows, to)];
        for (int row = 0; row < rows; row++) {
            for (int bit = 0; bit < channels * planes; bit++) {
                if (bit(weights, row * from, bit / planes)) {
                    repeated[row * to + bit / 8] |= (byte) (1 << (bit % 8));
                }
            }
        }
        return repeated;
    }

    /**
     * Weights of a layer that makes {@code planes} bits a channel: those of every output repeated. Any layout that runs
     * output by output.
     */
    public static byte[] perOutput(byte[] weights, int outputs, int planes) {
        require(
                weights.length % outputs == 0,
                "%d bytes of weights are not those of %d outputs.",
                weights.length,
                outputs);
        int length = weights.length / outputs;
        byte[] repeated = new byte[Math.multiplyExact(weights.length, planes)];
        for (int output = 0; output < outputs * planes; output++) {
            System.arraycopy(weights, output / planes * length, repeated, output * length, length);
        }
        return repeated;
    }

    /** Biases of the layer that makes them: those of every output repeated. */
    public static int[] perOutput(int[] biases, int planes) {
        int[] repeated = new int[Math.multiplyExact(biases.length, planes)];
        for (int output = 0; output < repeated.length; output++) {
            repeated[output] = biases[output / planes];
        }
        return repeated;
    }

    /**
     * Biases with which the accumulator over inputs of {@code planes} bits is twice sum(weight * level).
     *
     * @param weights as of {@link #overInputs}, before they are repeated
     */
    public static int[] doublingBias(byte[] weights, int outputs, int channels, int planes) {
        int rowBytes = (channels + 7) / 8;
        int rows = weights.length / rowBytes / outputs;
        require(
                (long) rows * rowBytes * outputs == weights.length,
                "%d bytes of weights are not those of %d outputs.",
                weights.length,
                outputs);
        int[] bias = new int[outputs];
        for (int row = 0; row < outputs * rows; row++) {
            for (int channel = 0; channel < channels; channel++) {
                bias[row / rows] += bit(weights, row * rowBytes, channel) ? planes : -planes;
            }
        }
        return bias;
    }

    /**
     * Levels of an accumulator: how many of its channel's thresholds it reaches, or does not reach where
     * {@code falling}.
     *
     * @param thresholds per channel, the same number for each, ascending
     */
    public static PostProcess.Bits levels(int[][] thresholds, boolean[] falling) {
        int planes = thresholds[0].length;
        int[] flat = new int[thresholds.length * planes];
        boolean[] invert = new boolean[flat.length];
        for (int c = 0; c < thresholds.length; c++) {
            require(
                    thresholds[c].length == planes,
                    "Channel %d has %d thresholds instead of %d.",
                    c,
                    thresholds[c].length,
                    planes);
            for (int k = 0; k < planes; k++) {
                require(
                        k == 0 || thresholds[c][k - 1] <= thresholds[c][k],
                        "Threshold %d of channel %d is below the one before.",
                        k,
                        c);
                flat[c * planes + k] = thresholds[c][falling[c] ? planes - 1 - k : k];
                invert[c * planes + k] = falling[c];
            }
        }
        return new PostProcess.Bits(flat, invert);
    }

    private static boolean bit(byte[] bits, int start, int index) {
        return (bits[start + index / 8] >> (index % 8) & 1) == 1;
    }
}
