package io.windhover.models.synthetic;

import io.windhover.models.graph.PostProcess;
import java.util.Random;

/** Seeded parameters of layers. The same seed gives the same bytes on every machine. */
final class Generator {
    private static final double WEIGHT_DEVIATION = 40;

    private final Random random;

    Generator(long seed) {
        random = new Random(seed);
    }

    /** Int8 weights, roughly normal with a standard deviation of 40 codes, within -127..127. */
    byte[] weights(int count) {
        byte[] weights = new byte[count];
        for (int i = 0; i < count; i++) {
            long code = Math.round(random.nextGaussian() * WEIGHT_DEVIATION);
            weights[i] = (byte) Math.max(-127, Math.min(127, code));
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

    /** Standard deviation of a sum of {@code terms} products of int8 weights and activations of this root mean square. */
    static double weightedDeviation(int terms, double activationRms) {
        return Math.sqrt(terms) * WEIGHT_DEVIATION * activationRms;
    }

    /** One bias per channel, small against accumulators of this deviation. */
    int[] biases(int channels, double accumulatorDeviation) {
        int[] biases = new int[channels];
        for (int c = 0; c < channels; c++) {
            biases[c] = (int) Math.round(random.nextGaussian() * accumulatorDeviation * 0.2);
        }
        return biases;
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

    /** A factor that varies from channel to channel, 0.5..1.5. */
    double jitter() {
        return 0.5 + random.nextDouble();
    }

    int between(int low, int high) {
        return low + random.nextInt(high - low + 1);
    }
}
