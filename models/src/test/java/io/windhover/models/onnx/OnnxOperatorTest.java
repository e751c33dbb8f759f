// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.ModelException;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Transpose;
import io.windhover.models.reference.ReferenceExecutor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Imported networks, channels last, against the operators' definitions, channels first. */
class OnnxOperatorTest {
    private static final Set<SmallNetworks> MOVE_DATA =
            EnumSet.of(SmallNetworks.CHANNEL_SHUFFLE, SmallNetworks.BLOCKS, SmallNetworks.ROWS);

    @ParameterizedTest
    @EnumSource(SmallNetworks.class)
    void imported_networks_compute_what_the_operators_are_defined_to(SmallNetworks kind) {
        for (long seed = 0; seed < 20; seed++) {
            OnnxNetwork network = kind.build(seed);
            Graph graph = OnnxImporter.read(kind.name(), ByteBuffer.wrap(network.file()));
            compare(network, graph, kind + ", seed " + seed, new Random(seed));
            assertTrue(
                    MOVE_DATA.contains(kind) || graph.operators().stream().noneMatch(Transpose.class::isInstance),
                    kind + ", seed " + seed + " is left with a transpose");
        }
    }

    @Test
    void a_value_is_repeated_to_the_shape_of_a_constant() {
        for (int[] shape : new int[][] {{1, 3, 4, 4}, {1, 3, 1, 4}, {1, 1, 4, 1}}) {
            OnnxNetwork network = new OnnxNetwork().input("input", 1, 3, 4, 4);
            String most = network.node("ReduceMax", List.of("input"), "axes", new long[] {2, 3}, "keepdims", 1);
            double[] numbers = new double[NchwValues.count(shape)];
            Arrays.setAll(numbers, i -> i / 8.0);
            String sum = network.node("Add", List.of(most, network.constant(shape, numbers)));
            network.output(network.node("Mul", List.of(sum, "input")));
            compare(network, OnnxImporter.read("repeated", ByteBuffer.wrap(network.file())), "sum", new Random(1));
        }
    }

    /** Dimensions beside rows and columns are taken from, surrounded and averaged over as any other. */
    @ParameterizedTest
    @CsvSource({"2, 3, 4, 5", "6, 2, 2, 5", "3, 2, 2, 10"})
    void values_of_five_dimensions_are_moved_along_each(int a, int b, int c, int d) {
        long[] shape = {1, a, b, c, d};
        for (String kind : List.of("Slice", "Split", "Gather", "Pad", "reflect", "ReduceMean")) {
            for (int axis = 1; axis < 5; axis++) {
                OnnxNetwork network = new OnnxNetwork().input("input", 1, 6, 4, 5);
                String value = reshaped(network, network.node("Abs", List.of("input")), shape);
                long[] moved = shape.clone();
                moved[axis] = resized(kind, shape[axis]);
                String result = alongOne(network, kind, value, axis, shape[axis], moved);
                network.output(reshaped(network, result, 1, Arrays.stream(moved).reduce(1, (x, y) -> x * y)));
                Graph graph = OnnxImporter.read("five", ByteBuffer.wrap(network.file()));
                compare(network, graph, kind + " along " + axis + " of " + Arrays.toString(shape), new Random(axis));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 24, 5", "120, 1, 1, 1", "6, 1, 4, 5", "1, 6, 20, 1", "2, 3, 4, 5"})
    void borders_lie_around_any_dimensions(int a, int b, int c, int d) {
        for (long seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            OnnxNetwork network = new OnnxNetwork().input("input", 1, 6, 4, 5);
            String value = reshaped(network, network.node("Abs", List.of("input")), 1, a, b, c, d);
            long[] amounts = new long[10];
            long elements = 1;
            for (int axis = 1; axis < 5; axis++) {
                amounts[axis] = random.nextInt(3);
                amounts[axis + 5] = random.nextInt(3);
                elements *= new int[] {a, b, c, d}[axis - 1] + amounts[axis] + amounts[axis + 5];
            }
            String padded = network.node("Pad", List.of(value, network.ints(amounts), network.constant(new int[0], 3)));
            network.output(reshaped(network, padded, 1, elements));
            Graph graph = OnnxImporter.read("borders", ByteBuffer.wrap(network.file()));
            compare(network, graph, "seed " + seed, random);
        }
    }

    private static String reshaped(OnnxNetwork network, String value, long... shape) {
        return network.node("Reshape", List.of(value, network.ints(shape)), OnnxNetwork.SHAPE, shape);
    }

    private static long resized(String kind, long size) {
        return switch (kind) {
            case "Slice" -> size;
            case "Split" -> size - 1;
            case "Pad" -> size + 3;
            case "reflect" -> size + 2;
            case "Gather" -> 3;
            default -> 1;
        };
    }

    private static String alongOne(OnnxNetwork network, String kind, String value, int axis, long size, long[] moved) {
        long[] amounts = new long[10];
        amounts[axis] = 1;
        amounts[axis + 5] = kind.equals("Pad") ? 2 : 1;
        return switch (kind) {
            case "Slice" ->
                network.node(
                        kind,
                        List.of(value, network.ints(-1), network.ints(-99), network.ints(axis), network.ints(-1)));
            case "Split" -> {
                List<String> inputs = List.of(value, network.ints(1, size - 1));
                network.add("", kind, inputs, List.of("first", "rest"), "axis", axis);
                yield "rest";
            }
            case "Gather" ->
                network.node(
                        kind, List.of(value, network.ints(size - 1, 0, 0)), "axis", axis, OnnxNetwork.SHAPE, moved);
            case "Pad" -> network.node(kind, List.of(value, network.ints(amounts), network.constant(new int[0], 3)));
            case "reflect" -> network.node("Pad", List.of(value, network.ints(amounts)), "mode", kind);
            default -> network.node(kind, List.of(value), "axes", new long[] {axis}, "keepdims", 1);
        };
    }

    /** As YOLO's attention over the pixels of a map is exported. */
    @Test
    void two_computed_matrices_are_multiplied() {
        OnnxNetwork network = new OnnxNetwork().input("input", 1, 12, 4, 5);
        List<String> heads = Stream.of("Abs", "Neg", "Tanh")
                .map(function -> reshaped(network, network.node(function, List.of("input")), 1, 3, 4, 20))
                .toList();
        long[] turn = {0, 1, 3, 2};
        String scores = network.node(
                "MatMul", List.of(network.node("Transpose", List.of(heads.get(0)), "perm", turn), heads.get(1)));
        String shares = network.node("Softmax", List.of(scores), "axis", -1);
        String mixed =
                network.node("MatMul", List.of(heads.get(2), network.node("Transpose", List.of(shares), "perm", turn)));
        network.output(reshaped(network, mixed, 1, 12, 4, 5));
        Graph graph = OnnxImporter.read("attention", ByteBuffer.wrap(network.file()));
        compare(network, graph, "attention", new Random(1));
    }

    /** Vectors, and constants of several matrices. */
    @Test
    void products_of_matrices_may_be_of_vectors_and_batches() {
        Random random = new Random(1);
        double[] numbers = random.doubles(72, -1, 1).toArray();
        for (int[] constant : new int[][] {{6}, {1, 3, 6, 4}, {6, 4}}) {
            for (boolean computed : new boolean[] {false, true}) {
                OnnxNetwork network = new OnnxNetwork().input("input", 1, 6, 4, 3);
                String left = reshaped(network, network.node("Abs", List.of("input")), 1, 3, 4, 6);
                String right = network.constant(constant, Arrays.copyOf(numbers, NchwValues.count(constant)));
                right = computed ? network.node("Add", List.of(right, first(network))) : right;
                network.output(reshaped(
                        network, network.node("MatMul", List.of(left, right)), 1, constant.length == 1 ? 12 : 48));
                Graph graph = OnnxImporter.read("product", ByteBuffer.wrap(network.file()));
                compare(network, graph, Arrays.toString(constant) + computed, random);
            }
        }
    }

    private static String first(OnnxNetwork network) {
        String number = network.node("ReduceMax", List.of("input"), "keepdims", 0, "axes", new long[] {0, 1, 2, 3});
        return reshaped(network, number, 1);
    }

    /** As torch.stack is written. */
    @Test
    void values_are_stacked_along_a_new_dimension() {
        for (int axis = 1; axis < 5; axis++) {
            for (boolean reduced : new boolean[] {true, false}) {
                OnnxNetwork network = new OnnxNetwork().input("input", 1, 3, 4, 5);
                long[] shape = new long[5];
                for (int d = 0; d < shape.length; d++) {
                    shape[d] = d == axis ? 1 : new long[] {1, 3, 4, 5}[d < axis ? d : d - 1];
                }
                List<String> parts = Stream.of("Abs", "Neg", "Tanh")
                        .map(function -> network.node(function, List.of("input")))
                        .map(part ->
                                network.node("Reshape", List.of(part, network.ints(shape)), OnnxNetwork.SHAPE, shape))
                        .toList();
                String stacked = network.node("Concat", parts, "axis", axis);
                String end = reduced
                        ? network.node("ReduceMax", List.of(stacked), "axes", new long[] {axis}, "keepdims", 0)
                        : stacked;
                long[] map = {1, reduced ? 3 : 9, 4, 5};
                network.output(network.node("Reshape", List.of(end, network.ints(map)), OnnxNetwork.SHAPE, map));
                Graph graph = OnnxImporter.read("stack", ByteBuffer.wrap(network.file()));
                compare(network, graph, "axis " + axis + (reduced ? ", reduced" : ""), new Random(1));
            }
        }
    }

    @Test
    void functions_of_one_value_compute_what_they_are_defined_to() {
        List<String> functions = List.of(
                "Abs",
                "Neg",
                "Exp",
                "Sin",
                "Cos",
                "Floor",
                "Ceil",
                "Round",
                "Sign",
                "Erf",
                "Softplus",
                "Selu",
                "Celu",
                "ThresholdedRelu",
                "Softsign",
                "Mish",
                "Gelu",
                "Sqrt",
                "Log",
                "Reciprocal");
        for (String function : functions) {
            OnnxNetwork network = new OnnxNetwork().input("input", 1, 3, 4, 4);
            boolean positive = List.of("Sqrt", "Log", "Reciprocal").contains(function);
            network.output(network.node(function, List.of(positive ? positive(network) : "input")));
            compare(network, OnnxImporter.read(function, ByteBuffer.wrap(network.file())), function, new Random(1));
        }
    }

    @Test
    void parameters_of_functions_are_those_of_the_file() {
        Object[][] functions = {
            {"Selu", "alpha", 0.75f, "gamma", 2.5f},
            {"Celu", "alpha", 0.3f},
            {"Celu", "alpha", -2f},
            {"ThresholdedRelu", "alpha", 0.4f},
            {"ThresholdedRelu", "alpha", -0.7f},
            {"Gelu", "approximate", "none"},
            {"Gelu", "approximate", "tanh"}
        };
        for (Object[] function : functions) {
            OnnxNetwork network = new OnnxNetwork().input("input", 1, 3, 4, 4);
            Object[] attributes = Arrays.copyOfRange(function, 1, function.length);
            network.output(network.node((String) function[0], List.of("input"), attributes));
            String what = Arrays.toString(function);
            compare(network, OnnxImporter.read(what, ByteBuffer.wrap(network.file())), what, new Random(1));
        }
    }

    @Test
    void powers_are_of_any_one_exponent() {
        for (double exponent : new double[] {-1, -0.5, 0, 0.5, 1, 1.5, 2, 2.25, 3, -2}) {
            boolean positive = exponent != Math.rint(exponent) || exponent < 0;
            OnnxNetwork network = new OnnxNetwork().input("input", 1, 3, 4, 4);
            String base = positive ? positive(network) : "input";
            String power = network.node("Pow", List.of(base, network.constant(new int[0], exponent)));
            network.output(network.node("Exp", List.of(power)));
            compare(network, OnnxImporter.read("pow", ByteBuffer.wrap(network.file())), "^" + exponent, new Random(1));
        }
        OnnxNetwork same = new OnnxNetwork().input("input", 1, 3, 4, 4);
        same.output(same.node("Pow", List.of("input", same.constant(new int[] {1, 3, 1, 1}, 3, 3, 3))));
        compare(same, OnnxImporter.read("pow", ByteBuffer.wrap(same.file())), "cube", new Random(1));
        OnnxNetwork several = new OnnxNetwork().input("input", 1, 3, 4, 4);
        several.output(several.node("Pow", List.of("input", several.constant(new int[] {1, 3, 1, 1}, 2, 3, 1))));
        ModelException problem =
                assertThrows(ModelException.class, () -> OnnxImporter.read("pow", ByteBuffer.wrap(several.file())));
        assertTrue(problem.getMessage().contains("its exponents differ"), problem.getMessage());
    }

    private static String positive(OnnxNetwork network) {
        return network.node("Add", List.of(network.node("Abs", List.of("input")), network.constant(new int[0], 0.5)));
    }

    private static void compare(OnnxNetwork network, Graph graph, String what, Random random) {
        Object[] dimensions = network.inputs.get("input");
        int[] shape = {1, (Integer) dimensions[1], (Integer) dimensions[2], (Integer) dimensions[3]};
        double[] values = random.doubles((long) shape[1] * shape[2] * shape[3], -2, 2)
                .map(value -> (float) value)
                .toArray();
        NchwValues.Array input = new NchwValues.Array(shape, values);
        NchwValues.Array expected = channelsLast(NchwOracle.run(network, Map.of("input", input)));
        byte[] bytes = new ReferenceExecutor(graph)
                .infer(floats(channelsLast(input).values()))
                .get(0);
        assertEquals(expected.values().length, bytes.length / Float.BYTES, what);
        ByteBuffer actual = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < expected.values().length; i++) {
            double value = expected.values()[i];
            assertEquals(
                    value,
                    actual.getFloat(i * Float.BYTES),
                    1e-4 * Math.max(1, Math.abs(value)),
                    what + ", element " + i);
        }
    }

    private static NchwValues.Array channelsLast(NchwValues.Array array) {
        return array.shape().length == 4 ? NchwMoves.transposed(array, 0, 2, 3, 1) : array;
    }

    private static byte[] floats(double[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : values) {
            bytes.putFloat((float) value);
        }
        return bytes.array();
    }
}
