// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.ModelException;
import io.windhover.models.graph.FloatConvolution;
import io.windhover.models.graph.FloatFullyConnected;
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

/** What reads values that nothing quantises equals ONNX's definition, or is refused in the file's own words. */
class OnnxRealReadersTest {
    private static final double STEP = 1.0 / 16;
    private static final int[] SHAPE = {1, 4, 6, 6};

    private final OnnxNetwork network = new OnnxNetwork().input("input", 1, 4, 6, 6);
    private final Random random = new Random(7);

    private String number(double value) {
        return network.constant(new int[0], value);
    }

    private String coded(String value, double scale) {
        String zero = network.constant(new OnnxNetwork.Tensor(3, new int[0], new double[] {3}));
        String codes = network.node("QuantizeLinear", List.of(value, number(scale), zero));
        return network.node("DequantizeLinear", List.of(codes, number(scale), zero));
    }

    private String weights(int... shape) {
        double[] codes = new double[NchwValues.count(shape)];
        Arrays.setAll(codes, i -> random.nextInt(255) - 127);
        String zero = network.constant(new OnnxNetwork.Tensor(3, new int[0], new double[1]));
        return network.node(
                "DequantizeLinear",
                List.of(network.constant(new OnnxNetwork.Tensor(3, shape, codes)), number(1.0 / 512), zero));
    }

    private String realWeights(int... shape) {
        double[] reals = new double[NchwValues.count(shape)];
        Arrays.setAll(reals, i -> (float) (random.nextDouble() - 0.5));
        return network.constant(shape, reals);
    }

    private Graph read() {
        return OnnxImporter.read("readers", ByteBuffer.wrap(network.file()));
    }

    /** The largest distance of the only output from the definition. */
    private void assertWithin(double tolerance) {
        double[] values = new double[NchwValues.count(SHAPE)];
        Arrays.setAll(values, i -> (float) (random.nextDouble() * 4 - 2));
        NchwValues.Array input = new NchwValues.Array(SHAPE, values);
        NchwValues.Array defined = NchwOracle.run(network, Map.of("input", input));
        double[] expected = defined.shape().length == 4
                ? NchwMoves.transposed(defined, 0, 2, 3, 1).values()
                : defined.values();
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(NchwMoves.transposed(input, 0, 2, 3, 1).values()).forEach(value -> bytes.putFloat((float) value));
        ByteBuffer made = ByteBuffer.wrap(
                        new ReferenceExecutor(read()).infer(bytes.array()).get(0))
                .order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(expected.length, made.capacity() / Float.BYTES);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], made.getFloat(i * Float.BYTES), tolerance, "element " + i);
        }
    }

    private String refusal() {
        return assertThrows(ModelException.class, this::read).getMessage();
    }

    private void assertSays(String... words) {
        String why = refusal();
        for (String word : words) {
            assertTrue(why.contains(word), why);
        }
        for (String foreign : List.of("Float", "float operator", " sums'", " as codes", " scaled", "unrounded")) {
            assertFalse(why.contains(foreign), why);
        }
    }

    /** As the head of a classifier stands in many files: an average, then a layer whose scores nothing quantises. */
    @ParameterizedTest
    @ValueSource(strings = {"Sigmoid", "LeakyRelu", "Add", "GlobalAveragePool", "ReduceMean"})
    void a_layer_of_real_numbers_may_end_in_real_numbers(String function) {
        String x = coded("input", STEP);
        String real = switch (function) {
            case "Add" -> network.node("Add", List.of(x, coded("input", 0.07)));
            case "ReduceMean" -> network.node("ReduceMean", List.of(x), "axes", new long[] {2, 3});
            default -> network.node(function, List.of(x));
        };
        String scores = network.node("Conv", List.of(real, weights(3, 4, 1, 1)));
        network.output(scores).output(network.node("Relu", List.of(scores)));
        assertWithin(1e-4);
    }

    /** What lies between two codes is compared as it is. */
    @ParameterizedTest
    @ValueSource(strings = {"AveragePool", "GlobalAveragePool", "Resize", "Add", "the input"})
    void thresholds_of_values_that_nothing_quantises_are_exact(String function) {
        String x = coded("input", STEP);
        String real = switch (function) {
            case "Add" -> network.node("Add", List.of(x, coded("input", 0.07)));
            case "AveragePool" ->
                network.node(
                        "AveragePool", List.of(x), "kernel_shape", new long[] {2, 2}, "strides", new long[] {2, 2});
            case "Resize" ->
                network.node("Resize", List.of(x, "", network.constant(new int[] {4}, 1, 1, 2, 2)), "mode", "linear");
            case "the input" -> "input";
            default -> network.node(function, List.of(x));
        };
        for (double[] at : new double[][] {{0.0391}, {-0.21, 0.022, 0.0361}}) {
            String thresholds = network.constant(new int[] {1, at.length}, at);
            network.output(network.node("qonnx.custom_op.general", "MultiThreshold", List.of(real, thresholds)));
            assertWithin(0);
            network.outputs.clear();
        }
    }

    /** FINN writes weights of few bits as real numbers. */
    @Test
    void weights_that_are_integers_are_exact() {
        double[] integers = new double[3 * 4 * 3 * 3];
        Arrays.setAll(integers, i -> random.nextInt(15) - 7);
        String sums =
                network.node("Conv", List.of(coded("input", STEP), network.constant(new int[] {3, 4, 3, 3}, integers)));
        network.output(coded(sums, 0.37));
        assertWithin(1e-4);
        network.outputs.clear();
        String thresholds = network.constant(new int[] {1, 3}, -2.97, 1.03, 7.91);
        network.output(network.node("qonnx.custom_op.general", "MultiThreshold", List.of(sums, thresholds)));
        assertWithin(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Relu", "Clip", "MaxPool"})
    void a_clamp_before_a_layer_at_a_real_end_keeps_its_codes(String function) {
        String x = coded("input", STEP);
        String clamped = function.equals("Clip")
                ? network.node("Clip", List.of(x, number(-0.5), number(1)))
                : network.node("Relu", List.of(x));
        if (function.equals("MaxPool")) {
            clamped = network.node("MaxPool", List.of(clamped), "kernel_shape", new long[] {2, 2});
        }
        network.output(network.node("Conv", List.of(clamped, weights(3, 4, 3, 3))));
        assertWithin(1e-4);
    }

    @Test
    void a_clamp_before_a_last_fully_connected_layer_keeps_its_codes() {
        String flat = network.node(
                "Reshape", List.of(coded("input", STEP), network.ints(1, 144)), OnnxNetwork.SHAPE, new long[] {1, 144});
        network.output(network.node("MatMul", List.of(network.node("Relu", List.of(flat)), weights(144, 5))));
        assertWithin(1e-4);
    }

    @Test
    void a_layer_over_a_clamp_to_no_code_is_of_real_numbers() {
        String clamped = network.node("Clip", List.of(coded("input", STEP), number(0), number(0.03)));
        network.output(network.node("Conv", List.of(clamped, weights(3, 4, 1, 1))));
        assertWithin(1e-4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Pad", "MaxPool", "Concat", "Transpose"})
    void a_reduction_before_what_a_quantiser_follows_is_rounded_once(String operator) {
        String x = coded("input", STEP);
        String most = network.node("ReduceMax", List.of(x), "axes", new long[] {1}, "keepdims", 1);
        String least = network.node("ReduceMin", List.of(x), "axes", new long[] {1}, "keepdims", 1);
        String moved = switch (operator) {
            case "Pad" -> network.node("Pad", List.of(most, network.ints(0, 0, 1, 0, 0, 0, 0, 1), number(0.25)));
            case "MaxPool" -> network.node("MaxPool", List.of(most), "kernel_shape", new long[] {2, 2});
            case "Concat" -> network.node("Concat", List.of(most, least), "axis", 1);
            default -> network.node("Transpose", List.of(most), "perm", new long[] {0, 1, 3, 2});
        };
        network.output(coded(moved, 1.0 / 20));
        assertWithin(1e-6);
    }

    @Test
    void a_softmax_times_a_value_in_mid_network_is_rounded_once() {
        for (boolean followed : new boolean[] {false, true}) {
            OnnxRealReadersTest fresh = new OnnxRealReadersTest();
            String x = fresh.coded("input", STEP);
            String shares = fresh.network.node("Softmax", List.of(x), "axis", 1);
            String y = fresh.coded(fresh.network.node("Mul", List.of(shares, x)), 1.0 / 64);
            fresh.network.output(followed ? fresh.network.node("Conv", List.of(y, fresh.weights(3, 4, 1, 1))) : y);
            fresh.assertWithin(followed ? 1.0 / 64 : 1.0 / 64 + 1e-6);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_layer_over_a_softmax_is_of_real_numbers(boolean rounded) {
        String shares = network.node("Softmax", List.of(coded("input", STEP)), "axis", 1);
        String y = network.node("Conv", List.of(shares, weights(3, 4, 1, 1)));
        network.output(rounded ? coded(y, 1.0 / 64) : y);
        assertWithin(rounded ? 1.0 / 64 + 1e-6 : 1e-4);
    }

    /** As exporters leave a classifier's end whose pool has no quantiser. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void layers_over_a_mean_that_nothing_quantises_are_of_real_numbers(boolean rounded) {
        String x = coded(network.node("Conv", List.of(coded("input", STEP), weights(4, 4, 3, 3))), STEP);
        String mean = reshaped(network.node("GlobalAveragePool", List.of(x)), 1, 4);
        String hidden = network.node("Relu", List.of(network.node("MatMul", List.of(mean, weights(4, 8)))));
        String y = network.node("MatMul", List.of(hidden, weights(8, 5)));
        network.output(rounded ? coded(y, 1.0 / 64) : y);
        assertTrue(read().operators().stream().anyMatch(FloatFullyConnected.class::isInstance));
        assertWithin(STEP);
    }

    /** As the boxes of a detector are made of distributions over distances. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_small_layer_of_real_weights_between_real_parts_is_one_of_them(boolean rounded) {
        String x = coded(network.node("Conv", List.of(coded("input", STEP), weights(4, 4, 1, 1))), STEP);
        String shares = network.node("Softmax", List.of(x), "axis", 1);
        String expectation =
                network.node("Conv", List.of(shares, network.constant(new int[] {1, 4, 1, 1}, 0, 1, 2, 3)));
        String ends = network.node("Mul", List.of(expectation, number(8)));
        network.output(rounded ? coded(ends, 0.25) : ends);
        assertTrue(read().operators().stream().anyMatch(FloatConvolution.class::isInstance));
        assertWithin(rounded ? 0.3 : 0.02);
    }

    @Test
    void a_layer_of_real_weights_over_codes_at_a_real_end_is_computed_with_these() {
        network.output(network.node("Conv", List.of(coded("input", STEP), realWeights(3, 4, 1, 1))));
        assertWithin(1e-4);
    }

    @Test
    void a_sign_of_a_layer_over_joined_signs_of_two_scales_is_refused_by_the_join() {
        String qonnx = "qonnx.custom_op.general";
        String first = network.node(qonnx, "BipolarQuant", List.of("input", number(1.3)));
        String second = network.node(qonnx, "BipolarQuant", List.of("input", number(1)));
        String joined = network.node("Concat", List.of(first, second), "axis", 1);
        network.output(network.node(
                qonnx, "BipolarQuant", List.of(network.node("Conv", List.of(joined, weights(3, 8, 1, 1))), number(1))));
        assertSays(
                "'" + joined + "'",
                "(Concat",
                "put a quantiser behind it (QuantizeLinear and DequantizeLinear, or Quant)");
    }

    @Test
    void a_quantised_layer_over_one_of_real_weights_is_of_real_numbers() {
        String real = network.node("Conv", List.of(coded("input", STEP), realWeights(4, 4, 1, 1)));
        network.output(network.node("Conv", List.of(real, weights(3, 4, 1, 1))));
        assertWithin(1e-4);
    }

    @Test
    void a_layer_over_a_sum_that_nothing_quantises_is_of_real_numbers() {
        String sum = network.node("ReduceSum", List.of(coded("input", STEP), network.ints(2)), "keepdims", 1);
        network.output(coded(network.node("Conv", List.of(sum, weights(3, 4, 1, 1))), STEP));
        assertWithin(STEP + 1e-6);
    }

    @Test
    void a_layer_over_a_factor_and_an_offset_with_a_border_is_of_real_numbers() {
        String scaled = network.node("Mul", List.of(coded("input", STEP), number(3)));
        String shifted = network.node("Add", List.of(scaled, number(0.01)));
        String y = network.node("Conv", List.of(shifted, weights(3, 4, 1, 1)), "pads", new long[] {1, 1, 1, 1});
        network.output(coded(y, STEP));
        assertWithin(STEP + 1e-6);
    }

    @Test
    void a_layer_over_factors_and_offsets_of_channels_is_of_real_numbers() {
        String x = coded("input", STEP);
        String scaled = network.node("Mul", List.of(x, network.constant(new int[] {1, 4, 1, 1}, 1, 2, 3, 4)));
        String shifted = network.node("Add", List.of(scaled, network.constant(new int[] {1, 4, 1, 1}, 1, 2, 3, 4)));
        network.output(coded(network.node("Conv", List.of(shifted, weights(3, 4, 1, 1))), STEP));
        assertWithin(STEP + 1e-6);
    }

    /** A detector's head as exporters leave it, with distances of 4 values on 36 places and 2 classes. */
    @Test
    void boxes_of_distributions_and_scores_are_joined_as_the_file_says() {
        String x = coded(network.node("Relu", List.of(coded("input", STEP))), STEP);
        String sides = coded(network.node("Conv", List.of(x, weights(16, 4, 1, 1))), 0.0703);
        String classes = coded(network.node("Conv", List.of(x, weights(2, 4, 1, 1))), 0.0703);
        String rows = reshaped(sides, 1, 4, 4, 36);
        String turned = network.node("Transpose", List.of(rows), "perm", new long[] {0, 2, 1, 3});
        String shares = network.node("Softmax", List.of(turned), "axis", 1);
        String mean = network.node("Conv", List.of(shares, network.constant(new int[] {1, 4, 1, 1}, 0, 1, 2, 3)));
        String distances = reshaped(mean, 1, 4, 36);
        double[] places = new double[72];
        Arrays.setAll(places, i -> i % 6 + 0.5);
        String anchors = network.constant(new int[] {1, 2, 36}, places);
        String least = network.node("Sub", List.of(anchors, part(distances, 0, 2)));
        String most = network.node("Add", List.of(anchors, part(distances, 2, 4)));
        String boxes = network.node("Mul", List.of(network.node("Concat", List.of(least, most), "axis", 1), number(8)));
        String scores = network.node("Sigmoid", List.of(reshaped(classes, 1, 2, 36)));
        network.output(network.node("Concat", List.of(boxes, scores), "axis", 1));
        assertWithin(2e-3);
    }

    private String reshaped(String value, long... shape) {
        return network.node("Reshape", List.of(value, network.ints(shape)), OnnxNetwork.SHAPE, shape);
    }

    private String part(String value, int from, int to) {
        return network.node(
                "Slice", List.of(value, network.ints(from), network.ints(to), network.ints(1), network.ints(1)));
    }

    @Test
    void a_first_layer_of_real_weights_reads_the_input_as_it_is() {
        String first = network.node("Conv", List.of("input", realWeights(4, 4, 3, 3)));
        String y = coded(network.node("Relu", List.of(first)), 1.0 / 64);
        network.output(network.node("Conv", List.of(y, weights(3, 4, 1, 1))));
        assertWithin(1.0 / 64);
    }

    @Test
    void a_logarithm_of_shares_is_rounded_to_its_codes() {
        String shares = network.node("LogSoftmax", List.of(coded("input", STEP)), "axis", 1);
        network.output(coded(shares, 0.5));
        for (byte[] made : new ReferenceExecutor(read()).infer(new byte[576])) {
            assertEquals(
                    -1.5f, ByteBuffer.wrap(made).order(ByteOrder.LITTLE_ENDIAN).getFloat());
        }
    }
}
