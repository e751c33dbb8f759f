// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.windhover.models.ModelException;
import io.windhover.models.graph.BinaryConvolution.Outside;
import io.windhover.models.reference.ReferenceExecutor;
import io.windhover.models.reference.Values;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Convolutions over bit planes against int8 convolutions over the levels themselves. */
class BitPlanesTest {
    private static final int SIZE = 6;
    private static final int OUTPUTS = 5;
    private static final Window WINDOW = Window.square(3, 1, 1);

    @Test
    void sums_over_planes_are_twice_the_sums_over_levels() {
        for (long seed = 0; seed < 40; seed++) {
            int planes = 1 + (int) (seed % 4);
            int channels = 1 + (int) (seed * 7 % 20);
            assertSums(seed, planes, channels, 0, Outside.MINUS_ONE);
        }
    }

    @Test
    void sums_over_planes_of_levels_around_zero_need_no_bias_and_pad_with_nothing() {
        for (long seed = 0; seed < 20; seed++) {
            assertSums(
                    seed, 2 + 2 * (int) (seed % 2), 1 + (int) (seed * 5 % 20), 1 + (int) (seed % 2), Outside.NOTHING);
        }
    }

    /** Levels {@code -offset..planes - offset}. */
    private static void assertSums(long seed, int planes, int channels, int offset, Outside outside) {
        Random random = new Random(seed);
        byte[] levels = new byte[SIZE * SIZE * channels];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (byte) (random.nextInt(planes + 1) - offset);
        }
        byte[] signs = new byte[OUTPUTS * 9 * channels];
        for (int i = 0; i < signs.length; i++) {
            signs[i] = (byte) (random.nextBoolean() ? 1 : -1);
        }
        GraphBuilder graph = new GraphBuilder("planes");
        int input = graph.input("levels", TensorType.INT8, Shape.map(SIZE, SIZE, channels), Quantization.of(1, 0));
        int right = graph.tensor("sums", TensorType.INT32, Shape.map(SIZE, SIZE, OUTPUTS), null);
        graph.operator(new Convolution(
                "sums",
                new int[] {input},
                new int[] {right},
                WINDOW,
                OUTPUTS,
                1,
                signs,
                0,
                new int[OUTPUTS],
                0,
                new PostProcess.Raw()));
        int bits = split(graph, input, planes, channels, offset);
        byte[] weights = packed(signs, channels);
        int[] bias = offset == 0 ? BitPlanes.doublingBias(weights, OUTPUTS, channels, planes) : new int[OUTPUTS];
        int doubled = graph.tensor("doubled", TensorType.INT32, Shape.map(SIZE, SIZE, OUTPUTS), null);
        graph.operator(new BinaryConvolution(
                "doubled",
                new int[] {bits},
                new int[] {doubled},
                WINDOW,
                OUTPUTS,
                BitPlanes.overInputs(weights, channels, planes),
                outside,
                bias,
                new PostProcess.Raw()));
        Values values = new ReferenceExecutor(graph.build(right, doubled)).run(levels);
        int[] expected = Arrays.stream(words(values, right)).map(sum -> 2 * sum).toArray();
        assertArrayEquals(expected, words(values, doubled), "seed " + seed);
    }

    private static int split(GraphBuilder graph, int input, int planes, int channels, int offset) {
        int[][] thresholds = new int[channels][planes];
        for (int[] channel : thresholds) {
            Arrays.setAll(channel, k -> k + 1 - offset);
        }
        byte[] ones = new byte[channels * planes];
        Arrays.fill(ones, (byte) 1);
        int bits = graph.tensor("bits", TensorType.BITS, Shape.map(SIZE, SIZE, channels * planes), null);
        graph.operator(new DepthwiseConvolution(
                "bits",
                new int[] {input},
                new int[] {bits},
                Window.square(1, 1, 0),
                planes,
                ones,
                0,
                new int[channels * planes],
                0,
                BitPlanes.levels(thresholds, new boolean[channels])));
        return bits;
    }

    private static byte[] packed(byte[] signs, int channels) {
        int rowBytes = (channels + 7) / 8;
        byte[] packed = new byte[signs.length / channels * rowBytes];
        for (int i = 0; i < signs.length; i++) {
            if (signs[i] > 0) {
                packed[i / channels * rowBytes + i % channels / 8] |= (byte) (1 << (i % channels % 8));
            }
        }
        return packed;
    }

    private static int[] words(Values values, int tensor) {
        ByteBuffer bytes = ByteBuffer.wrap(values.bytes(tensor)).order(ByteOrder.LITTLE_ENDIAN);
        int[] words = new int[bytes.capacity() / 4];
        bytes.asIntBuffer().get(words);
        return words;
    }

    @Test
    void levels_that_fall_count_the_thresholds_not_reached() {
        PostProcess.Bits bits = BitPlanes.levels(new int[][] {{-3, 0, 4}}, new boolean[] {true});
        for (int x = -6; x < 8; x++) {
            int level = (x < -3 ? 1 : 0) + (x < 0 ? 1 : 0) + (x < 4 ? 1 : 0);
            for (int k = 0; k < 3; k++) {
                assertEquals(level > k, (x >= bits.threshold()[k]) != bits.invert()[k], "x " + x + ", bit " + k);
            }
        }
    }

    @Test
    void thresholds_that_do_not_ascend_are_refused() {
        assertThrows(ModelException.class, () -> BitPlanes.levels(new int[][] {{1, 0}}, new boolean[1]));
    }
}
