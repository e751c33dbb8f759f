// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.ModelException;
import io.windhover.models.graph.Graph;
import io.windhover.models.reference.ReferenceExecutor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Transposed convolutions of every stride, dilation and padding against ONNX's definition. */
class OnnxTransposedConvolutionTest {
    private static final int SEEDS = 100;
    private static final double STEP = 1 / 64.0;

    private static final class Draw {
        final OnnxNetwork network = new OnnxNetwork();
        final Random random;
        final int[] shape;

        Draw(long seed) {
            random = new Random(seed);
            shape = new int[] {1, 4, 2 + random.nextInt(4), 2 + random.nextInt(4)};
            network.input("input", 1, shape[1], shape[2], shape[3]);
        }

        String represented(String value, double scale) {
            String step = network.constant(new int[0], scale);
            String zero = network.constant(new OnnxNetwork.Tensor(3, new int[0], new double[] {3}));
            String codes = network.node("QuantizeLinear", List.of(value, step, zero));
            return network.node("DequantizeLinear", List.of(codes, step, zero));
        }

        /** Its padding after the map may be less than what is added to the result. */
        String layer(String from, boolean coded) {
            int groups = 1 << random.nextInt(2);
            int[] kernel = {1 + random.nextInt(3), 1 + random.nextInt(3)};
            long[] strides = {1 + random.nextInt(3), 1 + random.nextInt(3)};
            long[] dilations = {1 + random.nextInt(2), 1 + random.nextInt(2)};
            boolean automatic = random.nextInt(4) == 0;
            Object[] attributes = {
                "group",
                groups,
                "strides",
                strides,
                "dilations",
                dilations,
                automatic ? "auto_pad" : "pads",
                automatic
                        ? random.nextBoolean() ? "SAME_UPPER" : "SAME_LOWER"
                        : new long[] {random.nextInt(2), random.nextInt(2), random.nextInt(2), random.nextInt(2)},
                "output_padding",
                new long[] {added(strides[0], dilations[0]), added(strides[1], dilations[1])}
            };
            double[] bias = new double[3 * groups];
            Arrays.setAll(bias, o -> (float) (random.nextDouble() - 0.5));
            return network.node(
                    "ConvTranspose",
                    List.of(
                            from,
                            weights(new int[] {4, 3, kernel[0], kernel[1]}, coded),
                            network.constant(new int[] {bias.length}, bias)),
                    attributes);
        }

        private int added(long stride, long dilation) {
            return random.nextInt((int) Math.max(stride, dilation));
        }

        private String weights(int[] dimensions, boolean coded) {
            double[] codes = new double[NchwValues.count(dimensions)];
            Arrays.setAll(codes, i -> random.nextInt(255) - 127);
            double scale = 1 / 256.0;
            if (!coded) {
                return network.constant(
                        dimensions,
                        Arrays.stream(codes).map(code -> code * scale).toArray());
            }
            String zero = network.constant(new OnnxNetwork.Tensor(3, new int[0], new double[1]));
            return network.node(
                    "DequantizeLinear",
                    List.of(
                            network.constant(new OnnxNetwork.Tensor(3, dimensions, codes)),
                            network.constant(new int[0], scale),
                            zero));
        }
    }

    private static Graph read(OnnxNetwork network) {
        return OnnxImporter.read("transposed", ByteBuffer.wrap(network.file()));
    }

    private static double largestDistance(Draw draw, String what) {
        double[] values = new double[NchwValues.count(draw.shape)];
        Arrays.setAll(values, i -> (float) (draw.random.nextDouble() * 2 - 1));
        NchwValues.Array input = new NchwValues.Array(draw.shape, values);
        double[] wanted = NchwMoves.transposed(NchwOracle.run(draw.network, Map.of("input", input)), 0, 2, 3, 1)
                .values();
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : NchwMoves.transposed(input, 0, 2, 3, 1).values()) {
            bytes.putFloat((float) value);
        }
        ByteBuffer actual = ByteBuffer.wrap(new ReferenceExecutor(read(draw.network))
                        .infer(bytes.array())
                        .get(0))
                .order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(wanted.length, actual.remaining() / Float.BYTES, what);
        double largest = 0;
        for (double value : wanted) {
            largest = Math.max(largest, Math.abs(value - actual.getFloat()));
        }
        return largest;
    }

    /** A result that pads leave nothing of is no network. */
    private static boolean isEmpty(Draw draw) {
        try {
            read(draw.network);
            return false;
        } catch (ModelException problem) {
            assertTrue(problem.getMessage().contains("it makes a map of"), problem.getMessage());
            return true;
        }
    }

    @Test
    void layers_of_real_numbers_are_as_they_are_defined() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Draw draw = new Draw(seed);
            draw.network.output(draw.layer("input", false));
            if (!isEmpty(draw)) {
                assertEquals(0, largestDistance(draw, "seed " + seed), 1e-5, "seed " + seed);
            }
        }
    }

    @Test
    void layers_of_codes_are_within_a_step() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Draw draw = new Draw(seed);
            String from = draw.represented("input", STEP);
            draw.network.output(draw.represented(draw.layer(from, true), STEP));
            if (!isEmpty(draw)) {
                assertTrue(largestDistance(draw, "seed " + seed) < 1.001 * STEP, "seed " + seed);
            }
        }
    }

    @Test
    void sums_of_codes_that_nothing_quantises_are_exact() {
        for (String function : List.of("", "Sigmoid", "LeakyRelu")) {
            for (long seed = 0; seed < SEEDS; seed++) {
                Draw draw = new Draw(seed);
                String layer = draw.layer(draw.represented("input", STEP), true);
                draw.network.output(function.isEmpty() ? layer : draw.network.node(function, List.of(layer)));
                if (!isEmpty(draw)) {
                    assertEquals(0, largestDistance(draw, function + " " + seed), 1e-5, function + ", seed " + seed);
                }
            }
        }
    }

    /** As some quantisers write all transposed convolutions. */
    @Test
    void a_scale_for_each_input_channel_is_exact_where_an_output_reads_but_one() {
        for (long seed = 0; seed < 10; seed++) {
            Draw draw = new Draw(seed);
            double[] codes = new double[4 * 2 * 2 * 2];
            Arrays.setAll(codes, i -> draw.random.nextInt(255) - 127);
            String weights = draw.network.node(
                    "DequantizeLinear",
                    List.of(
                            draw.network.constant(new OnnxNetwork.Tensor(3, new int[] {4, 2, 2, 2}, codes)),
                            draw.network.constant(new int[] {4}, 1 / 256.0, 1 / 300.0, 1 / 77.0, 1 / 1000.0),
                            draw.network.constant(new OnnxNetwork.Tensor(3, new int[] {4}, new double[4]))),
                    "axis",
                    0);
            draw.network.output(
                    draw.network.node("ConvTranspose", List.of(draw.represented("input", STEP), weights), "group", 4));
            assertEquals(0, largestDistance(draw, "seed " + seed), 1e-5, "seed " + seed);
        }
    }

    /** A small file whose sums would be those of a convolution of any size. */
    @Test
    void blocks_of_too_many_pixels_are_refused() {
        for (long stride : new long[] {3000, 50_000}) {
            OnnxNetwork network = new OnnxNetwork().input("input", 1, 4, 1, 1);
            String scale = network.constant(new int[0], STEP);
            String zero = network.constant(new OnnxNetwork.Tensor(3, new int[0], new double[1]));
            String codes = network.node("QuantizeLinear", List.of("input", scale, zero));
            String value = network.node("DequantizeLinear", List.of(codes, scale, zero));
            String kernel = network.constant(new OnnxNetwork.Tensor(3, new int[] {4, 3, 1, 1}, new double[12]));
            String weights = network.node("DequantizeLinear", List.of(kernel, scale, zero));
            network.output(
                    network.node("ConvTranspose", List.of(value, weights), "strides", new long[] {stride, stride}));
            ModelException problem = assertThrows(ModelException.class, () -> read(network));
            assertTrue(problem.getMessage().contains("blocks of"), problem.getMessage());
        }
    }

    @Test
    void an_output_shape_is_refused_with_what_to_use() {
        Draw draw = new Draw(1);
        String weights = draw.weights(new int[] {4, 3, 2, 2}, false);
        draw.network.output(draw.network.node(
                "ConvTranspose", List.of("input", weights), "strides", new long[] {2, 2}, "output_shape", new long[] {
                    8, 8
                }));
        ModelException problem = assertThrows(ModelException.class, () -> read(draw.network));
        assertTrue(problem.getMessage().contains("output_padding"), problem.getMessage());
    }
}
