// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.ModelException;
import io.windhover.models.graph.FloatOperator;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Resize;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
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

/**
 * Tensors that the file gives no codes do not borrow those of a neighbour that hold other values: outputs keep to the
 * real definition.
 */
class OnnxScalesTest {
    private static final int SEEDS = 10;
    private static final int SIDE = 6;

    /** A QDQ network in the making over an input of 3 channels. */
    private static final class Draw {
        final OnnxNetwork network = new OnnxNetwork().input("input", 1, 3, SIDE, SIDE);
        final Random random;
        final String x;

        Draw(long seed) {
            random = new Random(seed);
            x = represented("input", 1 / 127.0, 0);
        }

        String number(double value) {
            return network.constant(new int[0], value);
        }

        String code(int code) {
            return network.constant(new OnnxNetwork.Tensor(3, new int[0], new double[] {code}));
        }

        String represented(String value, double scale, int zeroPoint) {
            String zero = code(zeroPoint);
            String codes = network.node("QuantizeLinear", List.of(value, number(scale), zero));
            return network.node("DequantizeLinear", List.of(codes, number(scale), zero));
        }

        /** A 1x1 convolution of sums up to about the gain. */
        String convolution(String from, int inputs, int outputs, double gain) {
            double[] codes = new double[inputs * outputs];
            Arrays.setAll(codes, i -> random.nextInt(255) - 127);
            String weights = network.constant(new OnnxNetwork.Tensor(3, new int[] {outputs, inputs, 1, 1}, codes));
            String zero = network.constant(new OnnxNetwork.Tensor(3, new int[0], new double[1]));
            String real = network.node("DequantizeLinear", List.of(weights, number(gain / (127.0 * inputs)), zero));
            double[] bias = new double[outputs];
            Arrays.setAll(bias, o -> (float) (gain * (random.nextDouble() - 0.5)));
            return network.node("Conv", List.of(from, real, network.constant(new int[] {outputs}, bias)));
        }

        /** Two maps of 3 channels, one of scale 1 and one of scale 1/256, made by tables and therefore exact. */
        String joined() {
            String boxes = represented(network.node("Mul", List.of(x, number(100))), 1, 5);
            String scores = represented(network.node("Sigmoid", List.of(x)), 1 / 256.0, -128);
            return network.node(
                    "Concat", random.nextBoolean() ? List.of(boxes, scores) : List.of(scores, boxes), "axis", 1);
        }
    }

    private static Graph read(OnnxNetwork network) {
        return OnnxImporter.read("scales", ByteBuffer.wrap(network.file()));
    }

    /** Distances to the definition, element by element. */
    private static double[] distances(OnnxNetwork network, Random random) {
        double[] values = new double[3 * SIDE * SIDE];
        Arrays.setAll(values, i -> (float) (random.nextDouble() * 2 - 1));
        NchwValues.Array input = new NchwValues.Array(new int[] {1, 3, SIDE, SIDE}, values);
        NchwValues.Array expected = NchwOracle.run(network, Map.of("input", input));
        Graph graph = read(network);
        Tensor output = graph.tensor(graph.outputs()[0]);
        assertEquals(TensorType.FLOAT32, output.type());
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : NchwMoves.transposed(input, 0, 2, 3, 1).values()) {
            bytes.putFloat((float) value);
        }
        ByteBuffer actual = ByteBuffer.wrap(
                        new ReferenceExecutor(graph).infer(bytes.array()).get(0))
                .order(ByteOrder.LITTLE_ENDIAN);
        double[] wanted = expected.shape().length == 4
                ? NchwMoves.transposed(expected, 0, 2, 3, 1).values()
                : expected.values();
        double[] distances = new double[wanted.length];
        Arrays.setAll(distances, i -> Math.abs(actual.getFloat(i * Float.BYTES) - wanted[i]));
        return distances;
    }

    private static void assertWithin(double step, OnnxNetwork network, long seed) {
        double largest =
                Arrays.stream(distances(network, new Random(seed))).max().orElseThrow();
        assertTrue(largest <= step * 1.001, "seed " + seed + ": off by " + largest + " with a step of " + step);
    }

    private static void assertRefused(OnnxNetwork network, String... words) {
        ModelException problem = assertThrows(ModelException.class, () -> read(network));
        for (String word : words) {
            assertTrue(problem.getMessage().contains(word), problem.getMessage());
        }
    }

    /** Codes that cut the value, and a sum and an output of the value itself. */
    @Test
    void values_that_others_than_a_quantiser_read_stay_what_they_are() {
        for (String function : List.of("", "Relu", "HardSwish", "MaxPool")) {
            for (long seed = 0; seed < SEEDS; seed++) {
                Draw draw = new Draw(seed);
                OnnxNetwork network = draw.network;
                String layer = draw.convolution(draw.x, 3, 3, 4);
                String value = function.isEmpty()
                        ? layer
                        : function.equals("MaxPool")
                                ? network.node(function, List.of(layer), "kernel_shape", new long[] {1, 1})
                                : network.node(function, List.of(layer));
                String cut = draw.represented(value, 1 / 256.0, 3);
                String sum = network.node("Add", List.of(draw.convolution(cut, 3, 3, 1), value));
                assertWithin(0.02, network.output(sum), seed);
                network.outputs.clear();
                assertWithin(1e-5, network.output(value).output(sum), seed);
                network.outputs.clear();
                assertWithin(0.07, network.output(draw.represented(sum, 1 / 16.0, 0)), seed);
            }
        }
    }

    @Test
    void joined_values_keep_their_own_scales_to_a_real_end() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Draw draw = new Draw(seed);
            draw.network.output(draw.joined());
            assertWithin(1e-5, draw.network, seed);
        }
    }

    @Test
    void what_moves_joined_values_and_a_softmax_stay_behind_them() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Draw draw = new Draw(seed);
            String flat = draw.network.node(
                    "Reshape",
                    List.of(draw.joined(), draw.network.ints(1, 6, SIDE * SIDE)),
                    OnnxNetwork.SHAPE,
                    new long[] {1, 6, SIDE * SIDE});
            String turned = draw.network.node("Transpose", List.of(flat), "perm", new long[] {0, 2, 1});
            draw.network.output(seed % 2 == 0 ? turned : draw.network.node("Softmax", List.of(turned), "axis", 2));
            assertWithin(1e-4, draw.network, seed);
        }
    }

    @Test
    void scores_that_nothing_quantises_are_joined_as_real_numbers() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Draw draw = new Draw(seed);
            String all = draw.network.node(
                    "Concat",
                    List.of(draw.convolution(draw.x, 3, 2, 500), draw.convolution(draw.x, 3, 3, 0.01)),
                    "axis",
                    1);
            assertWithin(0.002, draw.network.output(all), seed);
        }
    }

    @Test
    void a_layer_over_joined_values_of_other_scales_is_within_one_code() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Draw draw = new Draw(seed);
            String sums = draw.convolution(draw.joined(), 6, 3, 8);
            String after = seed % 2 == 0 ? sums : draw.network.node("Relu", List.of(sums));
            assertWithin(0.05, draw.network.output(draw.represented(after, 0.05, 3)), seed);
        }
    }

    @Test
    void joined_values_too_different_for_a_layer_are_refused() {
        Draw draw = new Draw(1);
        String sums = draw.convolution(draw.joined(), 6, 3, 8);
        assertRefused(
                draw.network.output(draw.represented(sums, 1e-4, 3)), "joined values", "scales", "QuantizeLinear");
    }

    @Test
    void what_selects_from_joined_values_takes_the_codes_that_follow() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Draw draw = new Draw(seed);
            String selected = seed % 2 == 0
                    ? draw.network.node("Relu", List.of(draw.joined()))
                    : draw.network.node("MaxPool", List.of(draw.joined()), "kernel_shape", new long[] {2, 2});
            assertWithin(0.02, draw.network.output(draw.represented(selected, 0.02, -100)), seed);
        }
    }

    @Test
    void averages_into_other_codes_are_of_the_real_values() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Draw draw = new Draw(seed);
            String wide = draw.represented(draw.convolution(draw.x, 3, 4, 4), 0.05, 0);
            boolean padded = seed % 2 == 0;
            String mean = draw.network.node(
                    "AveragePool",
                    List.of(wide),
                    "kernel_shape",
                    new long[] {3, 2},
                    "pads",
                    new long[] {padded ? 1 : 0, 0, padded ? 1 : 0, 1},
                    "count_include_pad",
                    1);
            double step = seed % 4 < 2 ? 0.004 : 0.07;
            assertWithin(step, draw.network.output(draw.represented(mean, step, 10)), seed);
        }
    }

    @Test
    void a_value_quantised_in_two_ways_is_made_for_each() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Draw draw = new Draw(seed);
            String sums = draw.convolution(draw.x, 3, 4, 10);
            String narrow = draw.represented(sums, 0.001, 0);
            String wide = draw.represented(sums, 0.1, 0);
            assertWithin(0.1, draw.network.output(draw.network.node("Concat", List.of(narrow, wide), "axis", 1)), seed);
        }
    }

    @Test
    void sums_that_are_an_output_are_not_rounded_to_the_codes_of_another_reader() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Draw draw = new Draw(seed);
            String sums = draw.convolution(draw.x, 3, 4, 10);
            draw.network.output(sums).output(draw.represented(sums, 0.01, 0));
            assertWithin(1e-4, draw.network, seed);
            assertEquals(
                    sums,
                    read(draw.network).tensor(read(draw.network).outputs()[0]).name());
        }
    }

    /** The maps before are made by tables, so all that follows is exact. */
    @Test
    void functions_behind_the_last_codes_are_real() {
        for (String function : List.of("Relu", "LeakyRelu", "HardSwish", "Sigmoid", "Tanh", "GlobalAveragePool")) {
            Draw draw = new Draw(3);
            String map = draw.represented(draw.network.node("Mul", List.of(draw.x, draw.number(100))), 1, 5);
            draw.network.output(draw.network.node(function, List.of(map)));
            assertWithin(1e-5, draw.network, 3);
        }
        for (String pair : List.of("Add", "Sub", "Mul", "Max", "Min")) {
            Draw draw = new Draw(3);
            String one = draw.represented(draw.network.node("Mul", List.of(draw.x, draw.number(100))), 1, 5);
            String two = draw.represented(draw.network.node("Sigmoid", List.of(draw.x)), 1 / 256.0, -128);
            String both = draw.network.node(pair, List.of(one, two));
            draw.network.output(draw.network.node("Clip", List.of(both, draw.number(-20), draw.number(30))));
            assertWithin(1e-5, draw.network, 3);
        }
    }

    /** At most one step off, where the definition rounds a number in the middle between two codes, and seldom. */
    private static void assertRoundedOnce(double step, OnnxNetwork network, long seed) {
        double[] distances = distances(network, new Random(seed));
        assertTrue(Arrays.stream(distances).max().orElseThrow() <= step * 1.001, "seed " + seed);
        assertTrue(Arrays.stream(distances).average().orElseThrow() <= step / 50, "seed " + seed);
    }

    @Test
    void functions_between_a_layer_and_its_codes_are_of_the_sums() {
        for (String function : List.of("LeakyRelu", "HardSwish", "Sigmoid", "Tanh", "Elu", "Selu", "Mish", "Gelu")) {
            for (long seed = 0; seed < SEEDS; seed++) {
                Draw draw = new Draw(seed);
                String first = draw.network.node(function, List.of(draw.convolution(draw.x, 3, 4, 9)));
                String codes = draw.represented(first, 0.02, 3);
                draw.network.output(codes);
                assertRoundedOnce(0.02, draw.network, seed);
                draw.network.outputs.clear();
                draw.network.output(draw.represented(draw.convolution(codes, 4, 2, 2), 0.1, 0));
                assertWithin(0.1, draw.network, seed);
            }
        }
    }

    @Test
    void sums_are_added_to_codes_before_they_are_rounded() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Draw draw = new Draw(seed);
            String clamped = draw.network.node("Relu", List.of(draw.convolution(draw.x, 3, 4, 3)));
            String wide = draw.represented(clamped, 0.02, -128);
            String narrow = draw.represented(clamped, 0.013, -128);
            String sum = draw.network.node("Add", List.of(draw.convolution(wide, 4, 4, 3), narrow));
            String end = seed % 2 == 0 ? sum : draw.network.node("Relu", List.of(sum));
            assertRoundedOnce(0.05, draw.network.output(draw.represented(end, 0.05, 1)), seed);
        }
    }

    @Test
    void what_comes_before_the_first_codes_is_of_real_numbers() {
        for (String last : List.of("Sub", "Div", "Relu")) {
            Draw draw = new Draw(5);
            String twice = draw.network.node("Mul", List.of("input", draw.number(2)));
            String shifted = last.equals("Relu")
                    ? draw.network.node(last, List.of(twice))
                    : draw.network.node(last, List.of(twice, draw.number(3)));
            String sums = draw.convolution(draw.represented(shifted, 0.03, 20), 3, 2, 8);
            assertWithin(0.05, draw.network.output(draw.represented(sums, 0.05, 0)), 5);
        }
    }

    @Test
    void a_resize_in_shares_finer_than_sums_of_codes_hold_is_of_real_numbers() {
        for (int[] size : new int[][] {{2 * SIDE, SIDE}, {2 * SIDE - 1, SIDE}, {37, 41}}) {
            Draw draw = new Draw(1);
            String resized = draw.network.node(
                    "Resize",
                    List.of(draw.x, "", "", draw.network.ints(1, 3, size[0], size[1])),
                    "mode",
                    "linear",
                    "coordinate_transformation_mode",
                    "half_pixel");
            Graph graph = read(draw.network.output(draw.represented(resized, 1 / 127.0, 0)));
            boolean real = graph.operators().stream()
                    .anyMatch(operator -> operator instanceof Resize
                            && graph.tensor(operator.output()).type() == TensorType.FLOAT32);
            assertEquals(size[0] == 37, real, size[0] + " rows");
        }
    }

    @Test
    void a_clamp_whose_limits_are_codes_keeps_the_codes_before_it() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Draw draw = new Draw(seed);
            String before = draw.represented(draw.convolution(draw.x, 3, 4, 9), 0.05, 7);
            String clamped = draw.network.node("Relu", List.of(before));
            draw.network.output(draw.represented(draw.convolution(clamped, 4, 2, 2), 0.1, 0));
            assertWithin(0.1, draw.network, seed);
            assertTrue(
                    read(draw.network).operators().stream().noneMatch(operator -> operator instanceof FloatOperator));
        }
    }

    @Test
    void an_input_that_nothing_reads_is_passed_over() {
        Draw draw = new Draw(1);
        draw.network.input("unused", 1, 2);
        draw.network.output(draw.represented(draw.convolution(draw.x, 3, 4, 9), 0.05, 7));
        Graph graph = read(draw.network);
        assertEquals(
                List.of("input", "unused"),
                Arrays.stream(graph.inputs())
                        .mapToObj(input -> graph.tensor(input).name())
                        .toList());
    }

    /** A thousand beside fractions: no 8-bit scale holds both. */
    @Test
    void constants_that_vary_are_not_rounded() {
        for (String operator : List.of("Mul", "Add", "Div", "Sub")) {
            for (int[] shape : new int[][] {{SIDE, SIDE}, {SIDE, 1}, {1, 3, SIDE, SIDE}}) {
                Draw draw = new Draw(1);
                double[] numbers = new double[NchwValues.count(shape)];
                Arrays.setAll(numbers, i -> i == 1 ? 1000 : (float) (0.5 + draw.random.nextDouble()));
                String changed = draw.network.node(operator, List.of(draw.x, draw.network.constant(shape, numbers)));
                assertWithin(1 / 64.0, draw.network.output(draw.represented(changed, 1 / 32.0, 3)), 1);
            }
        }
    }

    @Test
    void a_border_that_is_no_code_is_of_real_numbers() {
        Draw draw = new Draw(1);
        String map = draw.represented(draw.convolution(draw.x, 3, 4, 1), 0.01, 0);
        String bordered =
                draw.network.node("Pad", List.of(map, draw.network.ints(0, 0, 1, 1, 0, 0, 1, 1), draw.number(-7)));
        assertWithin(0.01, draw.network.output(bordered), 1);
    }

    @Test
    void a_layer_over_sums_that_nothing_quantises_is_of_real_numbers() {
        Draw draw = new Draw(1);
        String sums = draw.convolution(draw.x, 3, 4, 1);
        String next = draw.convolution(draw.network.node("Sigmoid", List.of(sums)), 4, 2, 1);
        assertWithin(0.01, draw.network.output(draw.represented(next, 0.01, 0)), 1);
    }

    @Test
    void thresholds_of_a_mean_that_nothing_quantises_are_of_real_numbers() {
        Draw draw = new Draw(1);
        String mean = draw.network.node("GlobalAveragePool", List.of(draw.x));
        String thresholds = draw.network.constant(new int[] {1, 4}, -0.1, -0.05, 0, 0.05);
        String levels = draw.network.node("qonnx.custom_op.general", "MultiThreshold", List.of(mean, thresholds));
        draw.network.output(levels);
        for (long seed = 0; seed < SEEDS; seed++) {
            assertWithin(1e-4, draw.network, seed);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1.0, 0.5, 0.1, 0.01, 2.0, 30.0})
    void a_softmax_has_the_codes_that_the_file_says(double units) {
        for (int zeroPoint : new int[] {-128, 0, -100}) {
            Draw draw = new Draw(1);
            String shares = draw.network.node("Softmax", List.of(draw.x), "axis", 1);
            double scale = units / 255;
            assertWithin(scale / 64, draw.network.output(draw.represented(shares, scale, zeroPoint)), 1);
        }
    }

    /** As Brevitas writes weights and activations of fewer bits, and ONNX Runtime borders. */
    @Test
    void codes_are_cut_and_get_borders_of_codes() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Draw draw = new Draw(seed);
            OnnxNetwork network = draw.network;
            String scale = draw.number(1 / 16.0);
            String zero = draw.code(5);
            double[] numbers = new double[2 * 3 * 3 * 3];
            Arrays.setAll(numbers, i -> draw.random.nextInt(255) - 127);
            String weights = network.node(
                    "Clip",
                    List.of(
                            network.constant(new OnnxNetwork.Tensor(3, new int[] {2, 3, 3, 3}, numbers)),
                            draw.code(-7),
                            draw.code(7)));
            String codes = network.node("QuantizeLinear", List.of(draw.x, scale, zero));
            String bordered = network.node(
                    "Pad", List.of(codes, network.ints(0, 0, 1, 2, 0, 0, 2, 1), draw.code(5 - (int) seed)));
            String positive = network.node("Relu", List.of(bordered));
            network.output(network.node(
                    "Conv",
                    List.of(
                            network.node("DequantizeLinear", List.of(positive, scale, zero)),
                            network.node("DequantizeLinear", List.of(weights, draw.number(1 / 32.0), draw.code(0))))));
            assertWithin(1e-5, network, seed);
        }
    }

    @Test
    void a_border_of_what_a_clip_cuts_off_is_refused() {
        Draw draw = new Draw(1);
        String scale = draw.number(1 / 16.0);
        String codes = draw.network.node("QuantizeLinear", List.of(draw.x, scale, draw.code(0)));
        String cut = draw.network.node("Clip", List.of(codes, draw.code(-7), draw.code(7)));
        String bordered =
                draw.network.node("Pad", List.of(cut, draw.network.ints(0, 0, 1, 1, 0, 0, 1, 1), draw.code(-8)));
        assertRefused(
                draw.network.output(draw.network.node("DequantizeLinear", List.of(bordered, scale, draw.code(0)))),
                "its border of -8.0 is none of the codes -7..7 that a Clip or Relu before it leaves");
    }

    /** One level: no value below its threshold has reached it, however near the numbers are to 0. */
    @Test
    void one_threshold_is_exact_among_small_numbers() {
        Draw draw = new Draw(1);
        OnnxNetwork network = draw.network;
        String small = network.node(
                "qonnx.custom_op.general",
                "Quant",
                List.of(draw.x, draw.number(1 / 1024.0), draw.number(0), draw.number(8)),
                "signed",
                1);
        String thresholds = network.constant(new int[] {1, 1}, 2.5 / 1024);
        network.output(network.node("qonnx.custom_op.general", "MultiThreshold", List.of(small, thresholds)));
        assertWithin(0, network, 1);
    }
}
