// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.graph.BinaryConvolution;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.ScaleAccumulators;
import io.windhover.models.reference.ReferenceExecutor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Layers over bits whose sums become 8-bit codes, however coarse a step of these sums is. */
class OnnxBinaryCodesTest {
    private static final String QONNX = "qonnx.custom_op.general";
    private static final int CHANNELS = 16;
    private static final int OUTPUTS = 8;
    private static final int SIDE = 5;

    private static String reals(OnnxNetwork network, Random random, double low, double high, int... dimensions) {
        double[] values = new double[Arrays.stream(dimensions).reduce(1, (a, b) -> a * b)];
        Arrays.setAll(values, i -> (float) (low + random.nextDouble() * (high - low)));
        return network.constant(dimensions, values);
    }

    private static String number(OnnxNetwork network, double value) {
        return network.constant(new int[0], value);
    }

    /** Bits, a one-bit convolution whose sums are {@code unit} apart, and an offset for each channel; no output yet. */
    private static String sums(OnnxNetwork network, Random random, double unit) {
        String bits = network.node(QONNX, "BipolarQuant", List.of("input", number(network, 1)));
        String weights = network.node(
                QONNX,
                "BipolarQuant",
                List.of(
                        reals(network, random, -1, 1, OUTPUTS, CHANNELS, 2, 2),
                        reals(network, random, unit / 2, unit, OUTPUTS, 1, 1, 1)));
        double[] signs = new double[OUTPUTS];
        Arrays.setAll(signs, o -> random.nextBoolean() ? 1 : -1);
        String signed = network.node(
                "Mul",
                List.of(
                        network.node("Conv", List.of(bits, weights)),
                        network.constant(new int[] {OUTPUTS, 1, 1}, signs)));
        return network.node("Add", List.of(signed, reals(network, random, -2, 2, OUTPUTS, 1, 1)));
    }

    private static String codes(OnnxNetwork network, String real, double scale) {
        return network.node(
                QONNX,
                "Quant",
                List.of(real, number(network, scale), number(network, 0), number(network, 8)),
                "signed",
                1);
    }

    /** Reads the network with the one output and compares its codes, of 8 bits, with the other's real numbers. */
    private static Graph assertNear(
            String what, OnnxNetwork network, String real, String quantized, double scale, Random random) {
        double[] values = new double[CHANNELS * SIDE * SIDE];
        Arrays.setAll(values, i -> (float) (random.nextDouble() * 2 - 1));
        NchwValues.Array input = new NchwValues.Array(new int[] {1, CHANNELS, SIDE, SIDE}, values);
        double[] expected = NchwMoves.transposed(
                        NchwOracle.run(network.output(real), Map.of("input", input)), 0, 2, 3, 1)
                .values();
        network.outputs.clear();
        Graph graph = OnnxImporter.read(
                "codes", ByteBuffer.wrap(network.output(quantized).file()));
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(NchwMoves.transposed(input, 0, 2, 3, 1).values()).forEach(value -> bytes.putFloat((float) value));
        ByteBuffer actual = ByteBuffer.wrap(
                        new ReferenceExecutor(graph).infer(bytes.array()).get(0))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < expected.length; i++) {
            double steps = Math.max(-128, Math.min(127, expected[i] / scale));
            long code = Math.round(actual.getFloat(i * Float.BYTES) / scale);
            assertTrue(Math.abs(code - steps) <= 0.5 + 1 / 490.0, what + ": " + steps + " became " + code);
        }
        return graph;
    }

    @Test
    void codes_differ_from_the_definition_only_within_a_500th_of_a_tie() {
        int fractions = 0;
        for (long seed = 0; seed < 24; seed++) {
            Random random = new Random(seed);
            double scale = List.of(0.02, 0.1, 0.5).get((int) (seed % 3));
            OnnxNetwork network = new OnnxNetwork().input("input", 1, CHANNELS, SIDE, SIDE);
            String real = sums(network, random, scale * (0.1 + 3 * random.nextDouble()));
            String quantized = codes(network, real, scale);
            Graph graph = assertNear("seed " + seed, network, real, quantized, scale, random);
            fractions += graph.operators().stream()
                    .filter(BinaryConvolution.class::isInstance)
                    .mapToInt(operator -> ((BinaryConvolution) operator).fraction())
                    .sum();
        }
        assertTrue(fractions > 24, "fraction bits: " + fractions);
    }

    @Test
    void the_host_scales_sums_too_coarse_for_their_bias() {
        for (long seed = 0; seed < 6; seed++) {
            Random random = new Random(seed);
            double scale = seed < 3 ? 1 : 0.003;
            OnnxNetwork network = new OnnxNetwork().input("input", 1, CHANNELS, SIDE, SIDE);
            String real = sums(network, random, seed < 3 ? 3000 : 0.1);
            Graph graph = assertNear("seed " + seed, network, real, codes(network, real, scale), scale, random);
            assertTrue(graph.operators().stream().anyMatch(ScaleAccumulators.class::isInstance));
        }
    }

    /** As training leaves them: channels that batch normalisation all but multiplies by 0. */
    @Test
    void channels_of_a_tiny_factor_are_their_bias() {
        for (double tiny : new double[] {1e-3, 1e-5, 1e-8, 1e-30, 0}) {
            for (double scale : new double[] {0.02, 0.5}) {
                Random random = new Random(7);
                OnnxNetwork network = new OnnxNetwork().input("input", 1, CHANNELS, SIDE, SIDE);
                double[] factors = new double[OUTPUTS];
                Arrays.setAll(factors, o -> o == 2 ? tiny : o == 5 ? -tiny : 0.1);
                String factor = network.constant(new int[] {OUTPUTS, 1, 1}, factors);
                String scaled = network.node("Mul", List.of(sums(network, random, 1), factor));
                String real = network.node("Add", List.of(scaled, reals(network, random, -2, 2, OUTPUTS, 1, 1)));
                assertNear("factor " + tiny, network, real, codes(network, real, scale), scale, random);
            }
        }
    }

    /** Weights of -1, 0 and +1 are no bits, and some channels have none but 0. */
    @Test
    void ternary_layers_over_signs_keep_their_bias() {
        for (long seed = 0; seed < 24; seed++) {
            Random random = new Random(seed);
            OnnxNetwork network = new OnnxNetwork().input("input", 1, CHANNELS, SIDE, SIDE);
            String bits = network.node(QONNX, "BipolarQuant", List.of("input", number(network, 1)));
            double[] weights = new double[OUTPUTS * CHANNELS];
            boolean every = seed % 4 == 0;
            Arrays.setAll(weights, i -> every || i < CHANNELS ? 0 : random.nextInt(3) - 1);
            String ternary = network.node(
                    QONNX,
                    "Quant",
                    List.of(
                            network.constant(new int[] {OUTPUTS, CHANNELS, 1, 1}, weights),
                            number(network, 1),
                            number(network, 0),
                            number(network, 2)),
                    "signed",
                    1);
            String real = network.node("Conv", List.of(bits, ternary, reals(network, random, -2, 2, OUTPUTS)));
            double scale = List.of(0.02, 0.1, 0.5, 4.0).get((int) (seed / 4 % 4));
            assertNear("seed " + seed, network, real, codes(network, real, scale), scale, random);
        }
    }

    @Test
    void whole_biases_need_no_fraction_bits() {
        OnnxNetwork network = new OnnxNetwork().input("input", 1, CHANNELS, SIDE, SIDE);
        Random random = new Random(2);
        String bits = network.node(QONNX, "BipolarQuant", List.of("input", number(network, 1)));
        String weights = network.node(
                QONNX,
                "BipolarQuant",
                List.of(reals(network, random, -1, 1, OUTPUTS, CHANNELS, 2, 2), number(network, 1)));
        String real = network.node(
                "Conv", List.of(bits, weights, network.constant(new int[] {OUTPUTS}, 1, 2, 3, 4, 5, 6, 7, 8)));
        network.output(codes(network, real, 0.5));
        Graph graph = OnnxImporter.read("codes", ByteBuffer.wrap(network.file()));
        graph.operators().stream()
                .filter(BinaryConvolution.class::isInstance)
                .forEach(operator -> assertEquals(0, ((BinaryConvolution) operator).fraction()));
    }

    @Test
    void a_flattened_map_of_bits_has_any_number_of_channels() {
        for (int outputs : new int[] {8, 12}) {
            OnnxNetwork network = new OnnxNetwork().input("input", 1, CHANNELS, SIDE, SIDE);
            Random random = new Random(3);
            String one = number(network, 1);
            String bits = network.node(QONNX, "BipolarQuant", List.of("input", one));
            String kernel = network.node(
                    QONNX, "BipolarQuant", List.of(reals(network, random, -1, 1, outputs, CHANNELS, 1, 1), one));
            String map = network.node(QONNX, "BipolarQuant", List.of(network.node("Conv", List.of(bits, kernel)), one));
            String flat = network.node(
                    "Flatten", List.of(map), OnnxNetwork.SHAPE, new long[] {1, (long) outputs * SIDE * SIDE});
            String weights = network.node(
                    QONNX, "BipolarQuant", List.of(reals(network, random, -1, 1, outputs * SIDE * SIDE, 3), one));
            network.output(network.node("MatMul", List.of(flat, weights)));
            double[] values = new double[CHANNELS * SIDE * SIDE];
            Arrays.setAll(values, i -> (float) (random.nextDouble() * 2 - 1));
            OnnxBinaryGraphsTest.check("channels: " + outputs, network, values);
        }
    }
}
