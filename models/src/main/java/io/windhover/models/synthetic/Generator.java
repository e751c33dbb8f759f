// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.synthetic;

import io.windhover.models.graph.BitPlanes;
import io.windhover.models.graph.PostProcess;
import java.util.Random;

/** Seeded parameters of layers. The same seed gives the same bytes on every machine. */
final class Generator {
    private static final double WEIGHT_DEVIATION = 40;

    /** Relative to its accumulators' deviation, the deviation of a layer's biases. */
    private static final double BIAS_DEVIATION = 0.2;

    /** Root mean square of {@link #jitter}, uniform in 0.5..1.5. */
    private static final double JITTER_RMS = Math.sqrt(13.0 / 12);

    /** 2^16 normal weights to draw from: networks of 10^8 weights build in a second. */
    private static final byte[] NORMAL_WEIGHTS = normalWeights();

    private final Random random;

    Generator(long seed) {
        random = new Random(seed);
    }

    private static byte[] normalWeights() {
        Random normal = new Random(0);
        byte[] weights = new byte[1 << 16];
        for (int i = 0; i < weights.length; i++) {
            long code = Math.round(normal.nextGaussian() * WEIGHT_DEVIATION);
            weights[i] = (byte) Math.max(-127, Math.min(127, code));
        }
        return weights;
    }

    /** Int8 weights, roughly normal with a standard deviation of 40 codes, within -127..127. */
    byte[] weights(int count) {
        byte[] weights = new byte[count];
        long state = random.nextLong();
        for (int i = 0; i < count; i++) {
            state = state * 6364136223846793005L + 1442695040888963407L;
            weights[i] = NORMAL_WEIGHTS[(int) (state >>> 48)];
        }
        return weights;
    }

    /** Weights of -1 and +1 as int8. */
    byte[] signs(int count) {
        byte[] weights = new byte[count];
        for (int i = 0; i < count; i++) {
            weights[i] = (byte) (random.nextBoolean() ? 1 : -1);
        }
        return weights;
    }

    /** Rows of bits, each starting on a byte; spare bits are 0. */
    byte[] bits(int rows, int bitsPerRow) {
        int rowBytes = (bitsPerRow + 7) / 8;
        byte[] packed = new byte[rows * rowBytes];
        random.nextBytes(packed);
        if (bitsPerRow % 8 != 0) {
            byte mask = (byte) ((1 << (bitsPerRow % 8)) - 1);
            for (int row = 1; row <= rows; row++) {
                packed[row * rowBytes - 1] &= mask;
            }
        }
        return packed;
    }

    /**
     * Standard deviation of a sum of {@code terms} products of int8 weights and activations of this root mean square.
     */
    static double weightedDeviation(double terms, double activationRms) {
        return Math.sqrt(terms) * WEIGHT_DEVIATION * activationRms;
    }

    /** One bias per channel, small against accumulators of this deviation. */
    int[] biases(int channels, double accumulatorDeviation) {
        int[] biases = new int[channels];
        for (int c = 0; c < channels; c++) {
            biases[c] = (int) Math.round(random.nextGaussian() * accumulatorDeviation * BIAS_DEVIATION);
        }
        return biases;
    }

    /** Thresholds around one near 0 and a direction per channel: levels 0..planes that all occur. */
    PostProcess.Bits levels(int channels, int planes, double accumulatorDeviation) {
        PostProcess.Bits middle = thresholds(channels, accumulatorDeviation);
        int[][] thresholds = new int[channels][planes];
        for (int c = 0; c < channels; c++) {
            for (int k = 0; k < planes; k++) {
                thresholds[c][k] =
                        middle.threshold()[c] + (int) Math.round((k - (planes - 1) / 2.0) * accumulatorDeviation * 0.6);
            }
        }
        return BitPlanes.levels(thresholds, middle.invert());
    }

    /** A threshold near 0 and a direction per channel. */
    PostProcess.Bits thresholds(int channels, double accumulatorDeviation) {
        int[] thresholds = biases(channels, accumulatorDeviation);
        boolean[] invert = new boolean[channels];
        for (int c = 0; c < channels; c++) {
            invert[c] = random.nextInt(4) == 0;
        }
        return new PostProcess.Bits(thresholds, invert);
    }

    /**
     * A factor that varies from channel to channel. Over many channels it leaves the root mean square of biased
     * accumulators as that of accumulators without bias.
     */
    double jitter() {
        return (0.5 + random.nextDouble()) / (JITTER_RMS * Math.sqrt(1 + BIAS_DEVIATION * BIAS_DEVIATION));
    }

    int between(int low, int high) {
        return low + random.nextInt(high - low + 1);
    }
}
