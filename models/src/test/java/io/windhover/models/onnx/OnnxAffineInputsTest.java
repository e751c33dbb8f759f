// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.ModelException;
import io.windhover.models.graph.FloatOperator;
import io.windhover.models.graph.Graph;
import io.windhover.models.reference.ReferenceExecutor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Layers over codes times a factor plus an offset, and over codes that each frame scales anew. */
class OnnxAffineInputsTest {
    private static final double STEP = 1.0 / 16;
    private static final double RESULT_STEP = 0.25;
    private static final int CHANNELS = 3;
    private static final int SIDE = 6;

    private static String coded(OnnxNetwork network, String x, double step, int zeroPoint) {
        String scale = network.constant(new int[0], step);
        String zero = network.constant(new OnnxNetwork.Tensor(3, new int[0], new double[] {zeroPoint}));
        return network.node(
                "DequantizeLinear", List.of(network.node("QuantizeLinear", List.of(x, scale, zero)), scale, zero));
    }

    private static OnnxNetwork.Tensor codes(Random random, int... dimensions) {
        double[] codes = new double[NchwValues.count(dimensions)];
        Arrays.setAll(codes, i -> random.nextInt(255) - 127);
        return new OnnxNetwork.Tensor(3, dimensions, codes);
    }

    private static OnnxNetwork network(long seed, boolean bordered, boolean onCode) {
        Random random = new Random(seed);
        OnnxNetwork network = new OnnxNetwork().input("input", 1, CHANNELS, SIDE, SIDE);
        int zeroPoint = random.nextInt(40) - 20;
        double factor = new double[] {2, 0.5, -1, 1.5}[random.nextInt(4)];
        double zero = random.nextInt(60) - 30 + (onCode ? 0 : 0.5);
        String x = coded(network, "input", STEP, zeroPoint);
        x = network.node("Mul", List.of(x, network.constant(new int[0], factor)));
        x = network.node("Sub", List.of(x, network.constant(new int[0], factor * zero * STEP)));
        String scale = network.constant(new int[0], 1.0 / 256);
        String none = network.constant(new OnnxNetwork.Tensor(3, new int[0], new double[1]));
        int groups = random.nextBoolean() ? 1 : CHANNELS;
        String weights = network.constant(codes(random, 6, CHANNELS / groups, 3, 3));
        long pad = bordered ? 1 : 0;
        String sums = network.node(
                "Conv",
                List.of(x, network.node("DequantizeLinear", List.of(weights, scale, none))),
                "pads",
                new long[] {pad, 0, pad, pad},
                "group",
                groups);
        return network.output(coded(network, sums, RESULT_STEP, 0));
    }

    private static double[] inputs(long seed, int count) {
        Random random = new Random(seed);
        double[] values = new double[count];
        Arrays.setAll(values, i -> (random.nextInt(200) - 100) * STEP);
        return values;
    }

    private static ByteBuffer run(OnnxNetwork network, double... channelsLast) {
        Graph graph = OnnxImporter.read("affine", ByteBuffer.wrap(network.file()));
        ByteBuffer bytes =
                ByteBuffer.allocate(channelsLast.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(channelsLast).forEach(value -> bytes.putFloat((float) value));
        return ByteBuffer.wrap(new ReferenceExecutor(graph).infer(bytes.array()).get(0))
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void a_layer_takes_in_the_factor_and_the_offset_before_it() {
        int different = 0;
        int count = 0;
        for (long seed = 0; seed < 60; seed++) {
            boolean bordered = seed % 2 == 0;
            OnnxNetwork network = network(seed, bordered, bordered || seed % 3 == 0);
            NchwValues.Array input =
                    new NchwValues.Array(new int[] {1, CHANNELS, SIDE, SIDE}, inputs(seed, CHANNELS * SIDE * SIDE));
            double[] wanted = NchwMoves.transposed(NchwOracle.run(network, Map.of("input", input)), 0, 2, 3, 1)
                    .values();
            ByteBuffer made =
                    run(network, NchwMoves.transposed(input, 0, 2, 3, 1).values());
            for (int i = 0; i < wanted.length; i++) {
                double actual = made.getFloat(i * Float.BYTES);
                assertEquals(wanted[i], actual, RESULT_STEP * 1.001, "seed " + seed + ", element " + i);
                different += actual == wanted[i] ? 0 : 1;
                count++;
            }
            Graph graph = OnnxImporter.read("affine", ByteBuffer.wrap(network.file()));
            assertTrue(
                    graph.operators().stream().noneMatch(FloatOperator.class::isInstance),
                    graph.operators().toString());
        }
        assertTrue(different * 1000 < count, different + " of " + count + " differ");
    }

    @Test
    void a_layer_over_a_border_that_no_code_holds_is_of_real_numbers() {
        OnnxNetwork network = network(2, true, false);
        int[] shape = {1, CHANNELS, SIDE, SIDE};
        NchwValues.Array input = new NchwValues.Array(shape, inputs(2, NchwValues.count(shape)));
        double[] wanted = NchwMoves.transposed(NchwOracle.run(network, Map.of("input", input)), 0, 2, 3, 1)
                .values();
        ByteBuffer made = run(network, NchwMoves.transposed(input, 0, 2, 3, 1).values());
        for (int i = 0; i < wanted.length; i++) {
            assertEquals(wanted[i], made.getFloat(i * Float.BYTES), RESULT_STEP * 1.001, "element " + i);
        }
    }

    /** A layer of dynamic quantisation. */
    private static OnnxNetwork dynamic(boolean convolution, String use) {
        Random random = new Random(5);
        OnnxNetwork network = convolution
                ? new OnnxNetwork().input("input", 1, CHANNELS, SIDE, SIDE)
                : new OnnxNetwork().input("input", 1, 8);
        network.add("", "DynamicQuantizeLinear", List.of("input"), List.of("codes", "scale", "zero"));
        int[] shape = convolution ? new int[] {4, CHANNELS, 3, 3} : new int[] {8, 5};
        String weights = network.constant(codes(random, shape));
        String zeroPoint = network.constant(new OnnxNetwork.Tensor(3, new int[0], new double[] {convolution ? 0 : 3}));
        String sums = network.node(
                convolution ? "ConvInteger" : "MatMulInteger", List.of("codes", weights, "zero", zeroPoint));
        double[] scales = convolution ? new double[] {0.125} : new double[] {0.5, 0.25, 0.125, 1, 2};
        String both = network.node(
                "Mul", List.of("scale", network.constant(convolution ? new int[0] : new int[] {5}, scales)));
        String real = network.node("Cast", List.of(sums), "to", 1);
        String scaled = network.node(use, List.of(real, both));
        return network.output(scaled);
    }

    @Test
    void dynamic_quantisation_is_read_as_the_real_layer() {
        for (boolean convolution : new boolean[] {true, false}) {
            OnnxNetwork network = dynamic(convolution, "Mul");
            OnnxNetwork.Tensor weights = network.constants.get("constant0");
            double zeroPoint = network.constants.get("constant1").values()[0];
            double[] reals = Arrays.stream(weights.values())
                    .map(code -> code - zeroPoint)
                    .toArray();
            OnnxNetwork real = new OnnxNetwork();
            real.inputs.putAll(network.inputs);
            String sums = real.node(
                    convolution ? "Conv" : "MatMul", List.of("input", real.constant(weights.dimensions(), reals)));
            OnnxNetwork.Tensor scales = network.constants.get("constant2");
            real.output(real.node("Mul", List.of(sums, real.constant(scales.dimensions(), scales.values()))));
            int[] shape = convolution ? new int[] {1, CHANNELS, SIDE, SIDE} : new int[] {1, 8};
            NchwValues.Array input = new NchwValues.Array(shape, inputs(7, NchwValues.count(shape)));
            NchwValues.Array expected = NchwOracle.run(real, Map.of("input", input));
            double[] wanted =
                    convolution ? NchwMoves.transposed(expected, 0, 2, 3, 1).values() : expected.values();
            ByteBuffer made = run(
                    network,
                    convolution ? NchwMoves.transposed(input, 0, 2, 3, 1).values() : input.values());
            for (int i = 0; i < wanted.length; i++) {
                assertEquals(wanted[i], made.getFloat(i * Float.BYTES), 1e-3 * Math.max(1, Math.abs(wanted[i])));
            }
        }
    }

    @Test
    void a_scale_of_each_frame_that_does_anything_else_is_refused() {
        OnnxNetwork network = dynamic(false, "Add");
        ModelException problem =
                assertThrows(ModelException.class, () -> OnnxImporter.read("dynamic", ByteBuffer.wrap(network.file())));
        assertTrue(
                problem.getMessage().contains("is used for something other than an integer product"),
                problem.getMessage());
    }
}
