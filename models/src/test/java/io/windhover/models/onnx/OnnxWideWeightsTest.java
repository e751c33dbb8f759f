// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.FloatOperator;
import io.windhover.models.graph.Graph;
import io.windhover.models.reference.ReferenceExecutor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights of codes stay what the file says where zero points or negative factors take them beyond 8 bits. */
class OnnxWideWeightsTest {
    private static final int CHANNELS = 6;
    private static final int SIDE = 9;
    private static final double STEP = 1.0 / 32;
    private static final double SCALE = 1.0 / 512;
    /** A few hundredths of what the sums span, so that weights rounded once more would show. */
    private static final double RESULT_STEP = 1.0 / 32;

    private final OnnxNetwork network = new OnnxNetwork().input("input", 1, CHANNELS, SIDE, SIDE);
    private final Random random = new Random(11);

    private String number(double value) {
        return network.constant(new int[0], value);
    }

    private String signed(double... codes) {
        return network.constant(
                new OnnxNetwork.Tensor(3, codes.length == 1 ? new int[0] : new int[] {codes.length}, codes));
    }

    private String coded(String value, double step) {
        String codes = network.node("QuantizeLinear", List.of(value, number(step), signed(3)));
        return network.node("DequantizeLinear", List.of(codes, number(step), signed(3)));
    }

    /** Codes over all of their type, its ends among them. */
    private String codes(boolean unsigned, int... shape) {
        double[] codes = new double[NchwValues.count(shape)];
        int low = unsigned ? 0 : -128;
        Arrays.setAll(codes, i -> i % 7 == 0 ? low : i % 11 == 0 ? low + 255 : low + random.nextInt(256));
        return network.constant(new OnnxNetwork.Tensor(unsigned ? 2 : 3, shape, codes));
    }

    private String weights(int... shape) {
        return network.node("DequantizeLinear", List.of(codes(false, shape), number(SCALE), signed(0)));
    }

    private Graph read() {
        return OnnxImporter.read("wide", ByteBuffer.wrap(network.file()));
    }

    /** The only output's codes are those of the definition, but for what lies between two of them. */
    private Graph assertKept() {
        Graph graph = read();
        ReferenceExecutor executor = new ReferenceExecutor(graph);
        int different = 0;
        int count = 0;
        for (int frame = 0; frame < 4; frame++) {
            double[] values = new double[CHANNELS * SIDE * SIDE];
            Arrays.setAll(values, i -> (random.nextInt(256) - 131) * STEP);
            NchwValues.Array input = new NchwValues.Array(new int[] {1, CHANNELS, SIDE, SIDE}, values);
            NchwValues.Array defined = NchwOracle.run(network, Map.of("input", input));
            double[] expected = defined.shape().length == 4
                    ? NchwMoves.transposed(defined, 0, 2, 3, 1).values()
                    : defined.values();
            ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            Arrays.stream(NchwMoves.transposed(input, 0, 2, 3, 1).values())
                    .forEach(value -> bytes.putFloat((float) value));
            ByteBuffer made =
                    ByteBuffer.wrap(executor.infer(bytes.array()).get(0)).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < expected.length; i++) {
                double actual = made.getFloat(i * Float.BYTES);
                assertEquals(expected[i], actual, RESULT_STEP * 1.001, "frame " + frame + ", element " + i);
                different += Math.abs(actual - expected[i]) < 1e-5 ? 0 : 1;
                count++;
            }
        }
        assertTrue(different * 200 <= count, different + " of " + count + " differ");
        return graph;
    }

    private static void assertOnAccelerator(Graph graph) {
        assertTrue(
                graph.operators().stream().noneMatch(FloatOperator.class::isInstance),
                graph.operators().toString());
    }

    private enum Zeros {
        NEAR(126, 130),
        FAR(60, 199),
        ENDS(0, 255);

        final int low;
        final int high;

        Zeros(int low, int high) {
            this.low = low;
            this.high = high;
        }
    }

    @ParameterizedTest
    @EnumSource(Zeros.class)
    void zero_points_of_channels(Zeros zeros) {
        int outputs = 8;
        double[] points = IntStream.range(0, outputs)
                .mapToDouble(o -> zeros.low + (zeros.high - zeros.low) * o / (outputs - 1))
                .toArray();
        String zero = network.constant(new OnnxNetwork.Tensor(2, new int[] {outputs}, points));
        double[] scales = new double[outputs];
        Arrays.setAll(scales, o -> SCALE * (o + 1) / outputs);
        String weights = network.node(
                "DequantizeLinear",
                List.of(codes(true, outputs, CHANNELS, 3, 3), network.constant(new int[] {outputs}, scales), zero),
                "axis",
                0);
        network.output(coded(network.node("Conv", List.of(coded("input", STEP), weights)), RESULT_STEP));
        assertTrue(assertKept().operators().stream().anyMatch(Convolution.class::isInstance));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, CHANNELS})
    void all_channels_negated(int groups) {
        String y = network.node(
                "Conv", List.of(coded("input", STEP), weights(CHANNELS, CHANNELS / groups, 3, 3)), "group", groups);
        network.output(coded(network.node("Mul", List.of(y, number(-0.75))), RESULT_STEP));
        assertOnAccelerator(assertKept());
    }

    @Test
    void all_weights_around_a_zero_point_negated() {
        String zero = network.constant(new OnnxNetwork.Tensor(2, new int[0], new double[] {97}));
        String weights = network.node("DequantizeLinear", List.of(codes(true, 4, CHANNELS, 3, 3), number(SCALE), zero));
        String y = network.node("Conv", List.of(coded("input", STEP), weights));
        network.output(coded(network.node("Mul", List.of(y, number(-1))), RESULT_STEP));
        assertOnAccelerator(assertKept());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Relu", "Sigmoid"})
    void some_channels_negated(String function) {
        String y = network.node(
                "BatchNormalization",
                List.of(
                        network.node("Conv", List.of(coded("input", STEP), weights(3, CHANNELS, 3, 3))),
                        network.constant(new int[] {3}, 1, -0.5, 2),
                        network.constant(new int[] {3}, 0.25, 0, -1),
                        network.constant(new int[] {3}, 0, 0.5, 0),
                        network.constant(new int[] {3}, 1, 1, 2)));
        String last = function.isEmpty() ? y : network.node(function, List.of(y));
        String x = coded(last, function.equals("Sigmoid") ? 1.0 / 200 : RESULT_STEP);
        network.output(x);
        assertKept();
    }

    @Test
    void a_negative_factor_before_a_layer() {
        String x = network.node("Mul", List.of(coded("input", STEP), number(-0.37)));
        network.output(coded(network.node("Conv", List.of(x, weights(4, CHANNELS, 1, 1))), RESULT_STEP));
        assertOnAccelerator(assertKept());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void a_transposed_layer_some_of_whose_channels_are_negated(int groups) {
        String y = network.node(
                "ConvTranspose", List.of(coded("input", STEP), weights(CHANNELS, 4 / groups, 3, 3)), "group", groups);
        String factors = network.constant(new int[] {1, 4, 1, 1}, 1, -1, 0.5, -2);
        network.output(coded(network.node("Mul", List.of(y, factors)), RESULT_STEP));
        assertKept();
    }

    @Test
    void a_transposed_layer_with_scales_of_a_groups_channels() {
        String weights = network.node(
                "DequantizeLinear",
                List.of(
                        codes(false, CHANNELS, 2, 3, 3),
                        network.constant(new int[] {2}, SCALE, SCALE / 3),
                        signed(0, 0)),
                "axis",
                1);
        String y = network.node("ConvTranspose", List.of(coded("input", STEP), weights), "group", 3);
        network.output(coded(y, RESULT_STEP));
        assertOnAccelerator(assertKept());
    }

    /** Codes of 32 bits, as biases have, are real numbers as weights. */
    @Test
    void codes_of_32_bits_are_no_codes_of_weights() {
        double[] codes = new double[4 * CHANNELS];
        Arrays.setAll(codes, i -> (random.nextInt(5) - 2) * 1e9);
        String wide = network.constant(new OnnxNetwork.Tensor(6, new int[] {4, CHANNELS, 1, 1}, codes));
        String weights = network.node("DequantizeLinear", List.of(wide, number(1e-10)));
        network.output(coded(network.node("Conv", List.of(coded("input", STEP), weights)), RESULT_STEP));
        assertOnAccelerator(read());
    }
}
