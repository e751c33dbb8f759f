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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pools of every padding, rounding of sizes and dilation: ONNX's real values, rounded once where codes follow. */
class OnnxPoolsTest {
    private static final int SEEDS = 150;
    private static final double INPUT_STEP = 1 / 127.0;
    /** Quotients this close to a tie, in steps, may fall on its other side. */
    private static final double TIE = 1.0 / 2048;

    /** A pool over codes of the input, drawn from a seed. */
    private static final class Draw {
        final OnnxNetwork network = new OnnxNetwork();
        final int[] shape;
        final String pool;
        final Object[] attributes;

        Draw(long seed, String operator) {
            Random random = new Random(seed);
            shape = new int[] {1, 1 + random.nextInt(9), 4 + random.nextInt(6), 4 + random.nextInt(6)};
            network.opset = 19;
            network.input("input", 1, shape[1], shape[2], shape[3]);
            attributes = attributes(random, operator.equals("AveragePool"));
            pool = network.node(operator, List.of(represented("input", INPUT_STEP, 0)), attributes);
        }

        private static Object[] attributes(Random random, boolean average) {
            int rows = 1 + random.nextInt(3);
            int columns = 1 + random.nextInt(3);
            long[] pads = {random.nextInt(rows), random.nextInt(columns), random.nextInt(rows), random.nextInt(columns)
            };
            boolean automatic = random.nextInt(5) == 0;
            Object[] attributes = {
                "kernel_shape",
                new long[] {rows, columns},
                "strides",
                new long[] {1 + random.nextInt(3), 1 + random.nextInt(3)},
                "dilations",
                random.nextBoolean() ? new long[] {1, 1} : new long[] {1 + random.nextInt(2), 1 + random.nextInt(2)},
                automatic ? "auto_pad" : "pads",
                automatic ? random.nextBoolean() ? "SAME_UPPER" : "SAME_LOWER" : pads,
                "ceil_mode",
                automatic ? 0 : random.nextInt(2),
                "count_include_pad",
                random.nextInt(2)
            };
            return average ? attributes : Arrays.copyOf(attributes, attributes.length - 2);
        }

        String represented(String value, double scale, int zeroPoint) {
            String step = network.constant(new int[0], scale);
            String zero = network.constant(new OnnxNetwork.Tensor(3, new int[0], new double[] {zeroPoint}));
            String codes = network.node("QuantizeLinear", List.of(value, step, zero));
            return network.node("DequantizeLinear", List.of(codes, step, zero));
        }

        String rectifiedPool() {
            String rectified = network.node("Relu", List.of(represented("input", INPUT_STEP, 0)));
            return network.node("AveragePool", List.of(rectified), attributes);
        }

        String read(String reader, String value) {
            double[] factors = new double[shape[1]];
            Arrays.setAll(factors, channel -> 0.5 + channel / 8.0);
            List<String> inputs = switch (reader) {
                case "Slice" -> List.of(value, network.ints(0), network.ints(1), network.ints(1), network.ints(1));
                case "Mul" -> List.of(value, network.constant(new int[] {1, shape[1], 1, 1}, factors));
                default -> List.of(value);
            };
            return network.node(reader, inputs);
        }

        /** Over so many times the input's channels. */
        String layer(String value, int times) {
            double[] codes = new double[2 * times * shape[1]];
            Arrays.setAll(codes, i -> 40 * (i % 3) - 35);
            int[] dimensions = {2, times * shape[1], 1, 1};
            String zero = network.constant(new OnnxNetwork.Tensor(3, new int[0], new double[1]));
            String weights = network.node(
                    "DequantizeLinear",
                    List.of(
                            network.constant(new OnnxNetwork.Tensor(3, dimensions, codes)),
                            network.constant(new int[0], 1 / 128.0),
                            zero));
            return network.node("Conv", List.of(value, weights));
        }

        NchwValues.Array input(long seed) {
            Random random = new Random(seed);
            double[] values = new double[NchwValues.count(shape)];
            Arrays.setAll(values, i -> (float) (random.nextDouble() * 2 - 1));
            return new NchwValues.Array(shape, values);
        }

        /** What the network is defined to give for this input where it ends with a value. */
        double[] defined(String end, NchwValues.Array input) {
            network.outputs.clear();
            network.output(end);
            return NchwMoves.transposed(NchwOracle.run(network, Map.of("input", input)), 0, 2, 3, 1)
                    .values();
        }

        @Override
        public String toString() {
            return Arrays.toString(shape) + " " + Arrays.deepToString(attributes);
        }
    }

    private static Graph read(OnnxNetwork network) {
        return OnnxImporter.read("pool", ByteBuffer.wrap(network.file()));
    }

    private static float[] run(Graph graph, NchwValues.Array input) {
        ByteBuffer bytes =
                ByteBuffer.allocate(input.values().length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : NchwMoves.transposed(input, 0, 2, 3, 1).values()) {
            bytes.putFloat((float) value);
        }
        ByteBuffer output = ByteBuffer.wrap(
                        new ReferenceExecutor(graph).infer(bytes.array()).get(0))
                .order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[output.remaining() / Float.BYTES];
        output.asFloatBuffer().get(values);
        return values;
    }

    private static void assertRefused(OnnxNetwork network, String... words) {
        ModelException problem = assertThrows(ModelException.class, () -> read(network));
        for (String word : words) {
            assertTrue(problem.getMessage().contains(word), problem.getMessage());
        }
    }

    /** Equal to the definition but where the real average is in the middle between two codes. */
    private static void assertRoundedOnce(
            Draw draw, String value, double step, int zeroPoint, long seed, String... outputs) {
        NchwValues.Array input = draw.input(seed);
        double[] real = draw.defined(value, input);
        double[] wanted = draw.defined(draw.represented(value, step, zeroPoint), input);
        Arrays.stream(outputs).forEach(draw.network::output);
        if (!Arrays.stream(real).allMatch(Double::isFinite)) {
            assertRefused(draw.network, "window", "padding");
            return;
        }
        float[] actual = run(read(draw.network), input);
        assertEquals(wanted.length, actual.length);
        for (int i = 0; i < wanted.length; i++) {
            double quotient = real[i] / step;
            double fromTie = Math.abs(quotient - Math.floor(quotient) - 0.5);
            double off = Math.abs(actual[i] - wanted[i]) / step;
            assertTrue(
                    off < 0.01 || (off < 1.01 && fromTie < TIE),
                    "seed " + seed + ", " + draw + ": " + actual[i] + " for " + real[i] + " in steps of " + step);
        }
    }

    @Test
    void averages_are_real_and_rounded_once_whatever_the_codes_that_follow() {
        for (double step : new double[] {INPUT_STEP, 0.0017, 0.0037, 0.0113, 0.0301}) {
            for (long seed = 0; seed < SEEDS; seed++) {
                Draw draw = new Draw(seed, "AveragePool");
                assertRoundedOnce(draw, draw.pool, step, step == INPUT_STEP ? 0 : 7, seed);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Identity", "Relu", "Tanh", "Slice", "Mul"})
    void averages_that_several_read_are_rounded_once_for_each(String reader) {
        for (boolean rectified : new boolean[] {false, true}) {
            for (long seed = 0; seed < SEEDS / 5; seed++) {
                Draw draw = new Draw(seed, "AveragePool");
                String pool = rectified ? draw.rectifiedPool() : draw.pool;
                String value = draw.read(reader, pool);
                assertRoundedOnce(draw, value, 0.0037, 7, seed);
                assertRoundedOnce(draw, value, 0.0037, 7, seed, draw.represented(pool, 0.0017, 7));
                assertRoundedOnce(draw, value, 0.0037, 7, seed, draw.represented(draw.layer(pool, 1), 0.01, 0));
                String cut = draw.network.node(
                        "Clip",
                        List.of(pool, draw.network.constant(new int[0], -9), draw.network.constant(new int[0], 0.25)));
                assertRoundedOnce(draw, value, 0.0037, 7, seed, draw.represented(draw.layer(cut, 1), 0.01, 0));
                String joined = draw.network.node("Concat", List.of(pool, cut), "axis", 1);
                assertRoundedOnce(draw, value, 0.0037, 7, seed, draw.represented(draw.layer(joined, 2), 0.01, 0));
            }
        }
    }

    /** The constants are not rounded to the codes that they are joined to. */
    @Test
    void constants_joined_to_codes_are_real_where_several_read_them() {
        for (long seed = 0; seed < SEEDS / 5; seed++) {
            Draw draw = new Draw(seed, "MaxPool");
            int[] rows = {1, draw.shape[1], 1, draw.shape[3]};
            double[] numbers =
                    new Random(seed).doubles(NchwValues.count(rows), -1, 1).toArray();
            String joined = draw.network.node(
                    "Concat",
                    List.of(draw.represented("input", INPUT_STEP, 0), draw.network.constant(rows, numbers)),
                    "axis",
                    2);
            String gate = draw.represented(draw.network.node("Sigmoid", List.of(joined)), 1 / 128.0, 0);
            assertRoundedOnce(draw, draw.network.node("Mul", List.of(joined, gate)), 0.001, 0, seed);
            String mean = draw.network.node("GlobalAveragePool", List.of(joined));
            assertRoundedOnce(draw, mean, 0.0003, 0, seed);
        }
    }

    @Test
    void averages_over_few_kinds_of_windows_need_no_real_numbers() {
        Draw draw = new Draw(1, "AveragePool");
        String pool = draw.network.node(
                "AveragePool",
                List.of(draw.represented("input", INPUT_STEP, 0)),
                "kernel_shape",
                new long[] {3, 3},
                "strides",
                new long[] {2, 2},
                "pads",
                new long[] {1, 1, 1, 1});
        String next = draw.represented(pool, 0.001, 0);
        Graph graph = read(draw.network.output(draw.represented(draw.network.node("Relu", List.of(next)), 0.001, 0)));
        assertTrue(
                graph.operators().stream().noneMatch(FloatOperator.class::isInstance),
                () -> graph.operators().toString());
    }

    @Test
    void maxima_of_codes_are_exact() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Draw draw = new Draw(seed, "MaxPool");
            assertRoundedOnce(draw, draw.pool, INPUT_STEP, 0, seed);
        }
    }

    @Test
    void pools_of_real_numbers_are_as_they_are_defined() {
        for (String operator : List.of("AveragePool", "MaxPool")) {
            for (long seed = 0; seed < SEEDS; seed++) {
                Draw draw = new Draw(seed, operator);
                OnnxNetwork network = draw.network;
                network.nodes.clear();
                String pool = network.node(operator, List.of("input"), draw.attributes);
                double[] wanted = draw.defined(pool, draw.input(seed));
                if (!Arrays.stream(wanted).allMatch(Double::isFinite)) {
                    assertRefused(network, "window", "padding");
                    continue;
                }
                float[] actual = run(read(network), draw.input(seed));
                assertEquals(wanted.length, actual.length);
                for (int i = 0; i < wanted.length; i++) {
                    assertEquals(wanted[i], actual[i], 1e-6, "seed " + seed + ", " + draw);
                }
            }
        }
    }

    /** Six columns, one more on either side that counts, and one that the rounding adds and that does not. */
    @Test
    void padding_that_the_file_names_counts_and_what_rounding_the_size_up_adds_does_not() {
        OnnxNetwork network = new OnnxNetwork().input("input", 1, 1, 1, 6);
        network.opset = 19;
        String pool = network.node(
                "AveragePool",
                List.of("input"),
                "kernel_shape",
                new long[] {1, 3},
                "strides",
                new long[] {1, 2},
                "pads",
                new long[] {0, 1, 0, 1},
                "ceil_mode",
                1,
                "count_include_pad",
                1);
        float[] actual = run(
                read(network.output(pool)),
                new NchwValues.Array(new int[] {1, 1, 1, 6}, new double[] {3, 6, 9, 12, 15, 18}));
        assertEquals("[3.0, 9.0, 15.0, 9.0]", Arrays.toString(actual));
    }
}
