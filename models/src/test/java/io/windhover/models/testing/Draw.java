// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.testing;

import io.windhover.models.arithmetic.Rescaling;
import io.windhover.models.graph.BitPlanes;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Rescale;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Window;
import java.util.Arrays;
import java.util.Random;

/** Random parameters. A quarter of the graphs are drawn at the extremes of every range. */
final class Draw {
    private static final int[][] KERNELS = {
        {1, 1}, {2, 2}, {3, 3}, {3, 3}, {3, 3}, {5, 5}, {7, 7}, {1, 3}, {3, 1}, {1, 7}, {5, 1}, {2, 3}, {4, 4}
    };
    private static final int[][] STRIDES = {{1, 1}, {1, 1}, {2, 2}, {1, 2}, {2, 1}};
    private static final int[] CHANNELS = {
        1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 20, 24, 31, 32, 33, 40, 48, 64, 65, 72
    };

    private final Random random;
    private final boolean extreme;

    Draw(long seed) {
        random = new Random(seed * 0x9E3779B97F4A7C15L + 1);
        extreme = random.nextInt(4) == 0;
    }

    int between(int low, int high) {
        return low + random.nextInt(high - low + 1);
    }

    boolean oneIn(int count) {
        return random.nextInt(count) == 0;
    }

    int channels(int most) {
        int channels = CHANNELS[random.nextInt(CHANNELS.length)];
        return Math.min(channels, most);
    }

    /** A map of at most 20 x 20 pixels and 72 channels; now and then a single pixel. */
    Shape map() {
        return oneIn(12) ? Shape.map(1, 1, channels(72)) : Shape.map(between(1, 20), between(1, 20), channels(72));
    }

    /** A window that fits the map at least once. Padding differs from side to side. */
    Window window(Shape map, boolean dilated) {
        int[] kernel = KERNELS[random.nextInt(KERNELS.length)];
        int[] stride = STRIDES[random.nextInt(STRIDES.length)];
        int dilation = dilated && oneIn(8) ? 2 : 1;
        int padY = kernel[0] - 1;
        int padX = kernel[1] - 1;
        Padding padding = oneIn(3)
                ? Padding.NONE
                : new Padding(between(0, padY), between(0, padX), between(0, padY), between(0, padX));
        Window window = new Window(kernel[0], kernel[1], stride[0], stride[1], dilation, dilation, padding);
        boolean fits = window.outputHeight(map.height()) > 0 && window.outputWidth(map.width()) > 0;
        return fits ? window : Window.square(1, 1, 0);
    }

    Quantization quantization() {
        int zeroPoint = extreme ? (random.nextBoolean() ? -128 : 127) : between(-128, 127);
        return Quantization.of((float) StrictMath.pow(2, -8 + 7 * random.nextDouble()), zeroPoint);
    }

    /** INT8, now and then UINT8. */
    TensorType byteType() {
        return oneIn(4) ? TensorType.UINT8 : TensorType.INT8;
    }

    Quantization quantization(TensorType type) {
        Quantization signed = quantization();
        return type == TensorType.UINT8 ? Quantization.of(signed.scale(), signed.zeroPoint() + 128) : signed;
    }

    /** The factor itself; at the extremes, now and then, with the smallest or largest multiplier. */
    Rescale rescale(Rescale factor) {
        if (!extreme || !oneIn(3)) {
            return factor;
        }
        return new Rescale(random.nextBoolean() ? Integer.MAX_VALUE : 1 << 30, factor.shift());
    }

    /** The numbers below {@code count} in random order, but the first few in place. */
    int[] permutation(int count, int kept) {
        int[] permutation = new int[count];
        for (int i = 0; i < count; i++) {
            permutation[i] = i;
        }
        for (int i = count - 1; i > kept; i--) {
            int other = between(kept, i);
            int moved = permutation[i];
            permutation[i] = permutation[other];
            permutation[other] = moved;
        }
        return permutation;
    }

    byte[] weights(int count) {
        byte[] weights = new byte[count];
        if (extreme) {
            for (int i = 0; i < count; i++) {
                weights[i] = (byte) (random.nextBoolean() ? 127 : -128);
            }
        } else {
            random.nextBytes(weights);
        }
        return weights;
    }

    /** Rows of packed bits, spare bits 0. */
    byte[] bits(int rows, int bitsPerRow) {
        int rowBytes = (bitsPerRow + 7) / 8;
        byte[] packed = new byte[rows * rowBytes];
        random.nextBytes(packed);
        if (bitsPerRow % 8 != 0) {
            for (int row = 1; row <= rows; row++) {
                packed[row * rowBytes - 1] &= (byte) ((1 << (bitsPerRow % 8)) - 1);
            }
        }
        return packed;
    }

    int[] biases(int count, int largest) {
        int limit = extreme ? Math.max(largest, 1 << 24) : largest;
        int[] biases = new int[count];
        for (int i = 0; i < count; i++) {
            biases[i] = extreme && oneIn(2) ? (random.nextBoolean() ? limit : -limit) : between(-limit, limit);
        }
        return biases;
    }

    byte[] table() {
        byte[] table = new byte[256];
        random.nextBytes(table);
        return table;
    }

    PostProcess.Bits thresholds(int channels, int largest) {
        boolean[] invert = new boolean[channels];
        for (int c = 0; c < channels; c++) {
            invert[c] = random.nextBoolean();
        }
        int[] thresholds = new int[channels];
        for (int c = 0; c < channels; c++) {
            thresholds[c] = between(-largest, largest);
        }
        return new PostProcess.Bits(thresholds, invert);
    }

    /** Levels of each channel's own thresholds, rising or falling. */
    PostProcess.Bits levels(int channels, int planes, int largest) {
        int[][] thresholds = new int[channels][planes];
        boolean[] falling = new boolean[channels];
        for (int c = 0; c < channels; c++) {
            Arrays.setAll(thresholds[c], k -> between(-largest, largest));
            Arrays.sort(thresholds[c]);
            falling[c] = random.nextBoolean();
        }
        return BitPlanes.levels(thresholds, falling);
    }

    /**
     * Factors that bring accumulators of this deviation to about 50 codes; at the extremes any factor from 2^-20 to 4.
     */
    PostProcess.Requantize requantize(int channels, double deviation, int zeroPoint) {
        return requantize(channels, deviation, zeroPoint, TensorType.INT8);
    }

    PostProcess.Requantize requantize(int channels, double deviation, int zeroPoint, TensorType type) {
        int[] multiplier = new int[channels];
        int[] shift = new int[channels];
        for (int c = 0; c < channels; c++) {
            double real = extreme
                    ? StrictMath.pow(2, -20 + 22 * random.nextDouble())
                    : 50 * (0.5 + random.nextDouble()) / deviation;
            Rescale rescale = Rescaling.quantizeMultiplier(real);
            boolean limit = extreme && oneIn(3);
            multiplier[c] = limit ? (random.nextBoolean() ? Integer.MAX_VALUE : 1 << 30) : rescale.multiplier();
            shift[c] = rescale.shift();
        }
        int low = oneIn(2) ? -128 : between(-128, 0);
        int high = oneIn(2) ? 127 : between(low, 127);
        int offset = type.minimum() + 128;
        return new PostProcess.Requantize(multiplier, shift, zeroPoint, low + offset, high + offset);
    }
}
