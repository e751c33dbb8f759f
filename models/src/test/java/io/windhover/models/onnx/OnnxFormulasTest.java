// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.errorprone.annotations.Immutable;
import io.windhover.models.ModelException;
import io.windhover.models.reference.ReferenceExecutor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Operators that are made of others are what ONNX defines, of real numbers, of codes and up to a quantiser. */
class OnnxFormulasTest {
    private static final int[] SHAPE = {1, 3, 4, 5};
    private static final double STEP = 0.037f;
    private static final String QONNX = "qonnx.custom_op.general";

    @Immutable
    @FunctionalInterface
    private interface Formula {
        String of(OnnxNetwork network, List<String> x);
    }

    /** An operator over x and a map made of x. */
    private enum Kind {
        L1((network, x) -> network.node("ReduceL1", List.of(x.get(0)), "axes", new long[] {1})),
        L2((network, x) -> network.node("ReduceL2", List.of(x.get(0)), "axes", new long[] {2, 3})),
        SQUARES((network, x) -> network.node("ReduceSumSquare", List.of(x.get(0)), "axes", new long[] {3})),
        ALL((network, x) -> network.node(
                "ReduceL2",
                List.of(x.get(0)),
                "axes",
                new long[] {1, 2, 3},
                "keepdims",
                0,
                OnnxNetwork.SHAPE,
                new long[] {1})),
        MEAN_OF_TWO((network, x) -> network.node("Mean", x)),
        MEAN_OF_THREE((network, x) -> network.node("Mean", List.of(x.get(0), x.get(1), x.get(0)))),
        INSTANCES((network, x) -> network.node(
                "InstanceNormalization",
                List.of(
                        x.get(0),
                        network.constant(new int[] {3}, 0.5, -2, 1),
                        network.constant(new int[] {3}, 0, 0.25, -1)),
                "epsilon",
                0.01f)),
        FRAME((network, x) -> network.node(
                "LayerNormalization",
                List.of(
                        x.get(0),
                        network.constant(
                                new int[] {3, 4, 5},
                                new Random(4)
                                        .doubles(60, -2, 2)
                                        .map(v -> (float) v)
                                        .toArray()),
                        network.constant(new int[] {3, 1, 1}, 0, 0.25, -1)),
                "axis",
                1)),
        CHANNELS((network, x) -> {
            String last = network.node("Transpose", List.of(x.get(0)), "perm", new long[] {0, 2, 3, 1});
            String normal =
                    network.node("LayerNormalization", List.of(last, network.constant(new int[] {3}, 0.5, -2, 1), ""));
            return network.node("Transpose", List.of(normal), "perm", new long[] {0, 3, 1, 2});
        }),
        TILED((network, x) -> network.node("Tile", List.of(x.get(0), network.ints(1, 2, 3, 1)))),
        EXPANDED((network, x) -> network.node(
                "Expand",
                List.of(network.node("ReduceMax", List.of(x.get(0)), "axes", new long[] {2}), network.ints(3, 4, 1)),
                OnnxNetwork.SHAPE,
                new long[] {1, 3, 4, 1})),
        JOINED((network, x) -> network.node(
                "Concat",
                List.of(
                        x.get(0),
                        network.constant(
                                new int[] {1, 1, 4, 5},
                                new Random(3)
                                        .doubles(20, -1, 1)
                                        .map(v -> (float) v)
                                        .toArray())),
                "axis",
                1)),
        JOINED_LAST((network, x) -> network.node(
                "Concat", List.of(network.constant(new int[] {1, 3, 4, 1}, new double[12]), x.get(1)), "axis", 3));

        final Formula operator;

        Kind(Formula operator) {
            this.operator = operator;
        }
    }

    private static String rounded(OnnxNetwork network, String x, double step) {
        String scale = network.constant(new int[0], step);
        String zero = network.constant(new OnnxNetwork.Tensor(3, new int[0], new double[] {4}));
        return network.node(
                "DequantizeLinear", List.of(network.node("QuantizeLinear", List.of(x, scale, zero)), scale, zero));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void of_real_numbers(Kind kind) {
        assertWithin(kind, false, false, 1e-4);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void of_codes(Kind kind) {
        assertWithin(kind, true, false, 1e-4);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void between_codes(Kind kind) {
        assertWithin(kind, true, true, 1e-4);
    }

    /** A constant that is no code of what it is joined with leaves a layer over both to real numbers. */
    @Test
    void a_layer_over_joined_constants_is_of_real_numbers() {
        OnnxNetwork network = new OnnxNetwork().input("input", SHAPE[0], SHAPE[1], SHAPE[2], SHAPE[3]);
        String x = rounded(network, "input", 1 / 64.0);
        String border = network.constant(
                new int[] {1, 1, 4, 5}, new Random(3).doubles(20, -9, 9).toArray());
        String both = network.node("Concat", List.of(x, border), "axis", 1);
        String codes = network.constant(new OnnxNetwork.Tensor(3, new int[] {1, 4, 1, 1}, new double[] {5, 9, -7, 90}));
        String zero = network.constant(new OnnxNetwork.Tensor(3, new int[0], new double[1]));
        String weights = network.node("DequantizeLinear", List.of(codes, network.constant(new int[0], 0.01), zero));
        network.output(rounded(network, network.node("Conv", List.of(both, weights)), STEP));
        assertWithin(network, 0, 1e-4, "joined");
    }

    /** As Brevitas exports an average pool: the sum of few-bit codes, then its highest bits. */
    @ParameterizedTest
    @CsvSource({
        "1, FLOOR, 0, 4, 8, 4",
        "1, ROUND, 1, 4, 7, 4",
        "1, CEIL, 1, 6, 9, 6",
        "1, FLOOR, 0, 8, 12, 8",
        "1, FLOOR, 1, 8, 12, 8",
        "2, FLOOR, 0, 4, 8, 5",
        "2, ROUND, 1, 5, 8, 3",
        "2, CEIL, 1, 8, 11, 8",
        "1, ROUND, 0, 4, 4, 2",
        "1, CEIL, 0, 8, 8, 7",
        "1, ROUND, 0, 8, 12, 8",
        "1, CEIL, 1, 4, 4, 2",
        "1, FLOOR, 1, 4, 4, 2",
    })
    void dropped_bits_are_what_qonnx_defines(int version, String mode, int signed, int bits, int inBits, int outBits) {
        for (int seed = 0; seed < 5; seed++) {
            for (boolean layer : new boolean[] {false, true}) {
                OnnxNetwork network = new OnnxNetwork().input("input", SHAPE[0], SHAPE[1], SHAPE[2], SHAPE[3]);
                String scale = network.constant(new int[0], 1.0 / (1 << (bits - 1)));
                String zero = network.constant(new int[0], 0);
                String width = network.constant(new int[0], bits);
                String all = network.node("Mul", List.of("input", network.constant(new int[0], 3)));
                String x = network.node(QONNX, "Quant", List.of(all, scale, zero, width), "signed", signed);
                if (inBits > bits) {
                    x = network.node("AveragePool", List.of(x), "kernel_shape", new long[] {3, 3});
                    x = network.node("Mul", List.of(x, network.constant(new int[0], 9)));
                }
                List<String> inputs = new ArrayList<>(List.of(x, scale, zero, network.constant(new int[0], inBits)));
                List<Object> attributes = new ArrayList<>(List.of("rounding_mode", mode));
                if (version == 2) {
                    inputs.add(network.constant(new int[0], 8.0 / (1 << (bits - 1))));
                    attributes.addAll(List.of("signed", signed));
                }
                inputs.add(network.constant(new int[0], outBits));
                x = network.node(QONNX, "Trunc", inputs, attributes.toArray());
                if (layer) {
                    String weights = network.constant(
                            new int[] {2, 3, 1, 1},
                            new Random(seed).ints(6, -8, 8).asDoubleStream().toArray());
                    String four = network.constant(new int[0], 4);
                    String coded =
                            network.node(QONNX, "Quant", List.of(weights, network.constant(new int[0], 1), zero, four));
                    x = network.node("Conv", List.of(x, coded));
                }
                assertWithin(network.output(x), seed, 1e-6, mode);
            }
        }
    }

    /** Quantisers of activations and of weights round as they say, at ties and on either side of 0. */
    @ParameterizedTest
    @ValueSource(
            strings = {"ROUND", "HALF_EVEN", "FLOOR", "CEIL", "UP", "DOWN", "ROUND_TO_ZERO", "HALF_UP", "HALF_DOWN"})
    void quantisers_round_as_they_say(String mode) {
        for (int seed = 0; seed < 6; seed++) {
            OnnxNetwork network = new OnnxNetwork().input("input", SHAPE[0], SHAPE[1], SHAPE[2], SHAPE[3]);
            String step = network.constant(new int[0], 0.25);
            String zero = network.constant(new int[0], seed % 3);
            String four = network.constant(new int[0], 4);
            Object[] attributes = {"signed", seed % 2, "rounding_mode", mode};
            String eighths = network.node("Round", List.of(scaled(network, "input", 16)));
            String x = network.node(
                    QONNX, "Quant", List.of(scaled(network, eighths, 0.125), step, zero, four), attributes);
            double[] values =
                    new Random(seed).ints(6, -16, 17).mapToDouble(i -> i / 8.0).toArray();
            String weights = network.node(
                    QONNX,
                    "Quant",
                    List.of(
                            network.constant(new int[] {2, 3, 1, 1}, values),
                            step,
                            network.constant(new int[0], 0),
                            four),
                    "rounding_mode",
                    mode);
            String again =
                    network.node(QONNX, "Quant", List.of(x, network.constant(new int[0], 0.5), zero, four), attributes);
            network.output(seed < 3 ? again : network.node("Conv", List.of(x, weights)));
            assertWithin(network, seed, 1e-6, mode);
        }
    }

    /** Whichever of them comes first. */
    @ParameterizedTest
    @CsvSource({"FLOOR, 0", "CEIL, 2", "ROUND, 1"})
    void a_value_that_is_rounded_in_two_ways_is_read_as_it_is(String mode, int zero) {
        for (int seed = 0; seed < 4; seed++) {
            OnnxNetwork network = new OnnxNetwork().input("input", SHAPE[0], SHAPE[1], SHAPE[2], SHAPE[3]);
            String step = network.constant(new int[0], 0.25);
            String eighths = scaled(network, network.node("Round", List.of(scaled(network, "input", 16))), 0.125);
            String[] both = new String[2];
            for (int i = 0; i < 2; i++) {
                boolean other = seed % 2 == i;
                String point = network.constant(new int[0], other ? zero : 0);
                both[i] = network.node(
                        QONNX,
                        "Quant",
                        List.of(eighths, step, point, network.constant(new int[0], 5)),
                        "rounding_mode",
                        other ? mode : "ROUND");
            }
            network.output(network.node("Sub", List.of(both)));
            assertWithin(network, seed, 1e-6, mode);
        }
    }

    private static String scaled(OnnxNetwork network, String x, double factor) {
        return network.node("Mul", List.of(x, network.constant(new int[0], factor)));
    }

    /** Rounded up, a level is one more than its bits hold; what drops further bits reads it whole. */
    @ParameterizedTest
    @CsvSource({"0, 5, 3, 2", "1, 6, 3, 1", "0, 8, 7, 6", "0, 8, 8, 7", "0, 8, 4, 4"})
    void bits_dropped_once_more_are_those_of_the_level_before(int signed, int bits, int outBits, int fewest) {
        for (int seed = 0; seed < 5; seed++) {
            OnnxNetwork network = new OnnxNetwork().input("input", SHAPE[0], SHAPE[1], SHAPE[2], SHAPE[3]);
            String scale = network.constant(new int[0], 1.0 / (1 << (bits - 1)));
            String zero = network.constant(new int[0], 0);
            String all = network.node("Mul", List.of("input", network.constant(new int[0], 3)));
            String width = network.constant(new int[0], bits);
            String x = network.node(QONNX, "Quant", List.of(all, scale, zero, width), "signed", signed);
            String fewer = network.constant(new int[0], outBits);
            x = network.node(QONNX, "Trunc", List.of(x, scale, zero, width, fewer), "rounding_mode", "ROUND");
            String few = network.constant(new int[0], fewest);
            x = network.node(QONNX, "Trunc", List.of(x, scale, zero, fewer, few), "rounding_mode", "FLOOR");
            assertWithin(network.output(x), seed, 1e-6, bits + " bits");
        }
    }

    @Test
    void a_power_that_repeats_elements_is_refused() {
        OnnxNetwork network = new OnnxNetwork().input("input", SHAPE[0], SHAPE[1], SHAPE[2], SHAPE[3]);
        network.output(network.node("Pow", List.of("input", network.constant(new int[] {2, 1, 1, 1}, 3, 3))));
        ModelException problem =
                assertThrows(ModelException.class, () -> OnnxImporter.read("power", ByteBuffer.wrap(network.file())));
        assertTrue(problem.getMessage().contains("which repeats elements"), problem.getMessage());
    }

    private static void assertWithin(Kind kind, boolean coded, boolean rounded, double tolerance) {
        for (int seed = 0; seed < 5; seed++) {
            OnnxNetwork network = new OnnxNetwork().input("input", SHAPE[0], SHAPE[1], SHAPE[2], SHAPE[3]);
            String x = coded ? rounded(network, "input", 1 / 64.0) : "input";
            String other = network.node("Mul", List.of(x, network.constant(new int[0], 0.75)));
            String y = kind.operator.of(network, List.of(x, coded ? rounded(network, other, 1 / 50.0) : other));
            network.output(rounded ? rounded(network, y, STEP) : y);
            assertWithin(network, seed, tolerance, kind.toString());
        }
    }

    private static void assertWithin(OnnxNetwork network, int seed, double tolerance, String what) {
        double[] values = new Random(seed)
                .doubles(NchwValues.count(SHAPE), -1, 1)
                .map(value -> (float) value)
                .toArray();
        NchwValues.Array input = new NchwValues.Array(SHAPE, values);
        double[] expected = last(NchwOracle.run(network, Map.of("input", input)));
        double[] actual = run(network, last(input));
        assertEquals(expected.length, actual.length);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], tolerance * Math.max(1, Math.abs(expected[i])), what + ", " + i);
        }
    }

    private static double[] last(NchwValues.Array array) {
        return array.shape().length == 4
                ? NchwMoves.transposed(array, 0, 2, 3, 1).values()
                : array.values();
    }

    private static double[] run(OnnxNetwork network, double[] values) {
        ByteBuffer fed = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(values).forEach(value -> fed.putFloat((float) value));
        byte[] made = new ReferenceExecutor(OnnxImporter.read("formula", ByteBuffer.wrap(network.file())))
                .infer(fed.array())
                .get(0);
        ByteBuffer bytes = ByteBuffer.wrap(made).order(ByteOrder.LITTLE_ENDIAN);
        double[] actual = new double[made.length / Float.BYTES];
        Arrays.setAll(actual, i -> bytes.getFloat(i * Float.BYTES));
        return actual;
    }
}
