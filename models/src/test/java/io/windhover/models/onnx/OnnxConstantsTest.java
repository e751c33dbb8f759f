// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.ModelException;
import io.windhover.models.graph.Graph;
import io.windhover.models.reference.ReferenceExecutor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the importer computes of constants alone, seen as the factors of an input of ones. */
class OnnxConstantsTest {
    private static final int FLOAT = 1;
    private static final int UINT8 = 2;
    private static final int INT32 = 6;
    private static final int INT64 = 7;
    private static final int BOOL = 9;
    private static final int FLOAT16 = 10;

    private final OnnxNetwork network = new OnnxNetwork();

    private void assertMakes(String constant, double... expected) {
        network.outputs.clear();
        String factors = network.node("Cast", List.of(constant), "to", FLOAT);
        network.input("input", 1, expected.length);
        network.output(network.node("Mul", List.of("input", factors)));
        Graph graph = OnnxImporter.read("constants", ByteBuffer.wrap(network.file()));
        ByteBuffer ones = ByteBuffer.allocate(expected.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < expected.length; i++) {
            ones.putFloat(1);
        }
        ByteBuffer made = ByteBuffer.wrap(
                        new ReferenceExecutor(graph).infer(ones.array()).get(0))
                .order(ByteOrder.LITTLE_ENDIAN);
        double[] factorsMade = new double[expected.length];
        for (int i = 0; i < expected.length; i++) {
            factorsMade[i] = made.getFloat();
        }
        assertArrayEquals(expected, factorsMade, 1e-6);
    }

    private void assertRefused(String constant, String words) {
        String factors = network.node("Cast", List.of(constant), "to", FLOAT);
        network.input("input", 1, 6);
        network.output(network.node("Mul", List.of("input", factors)));
        ModelException problem = assertThrows(
                ModelException.class, () -> OnnxImporter.read("constants", ByteBuffer.wrap(network.file())));
        assertTrue(problem.getMessage().contains(words), problem.getMessage());
    }

    private String ints(int elementType, double... values) {
        return network.constant(new OnnxNetwork.Tensor(elementType, new int[] {values.length}, values));
    }

    private String floats(double... values) {
        return network.constant(new int[] {values.length}, values);
    }

    @Test
    void a_product_is_taken_over_the_axes_that_the_node_names() {
        String matrix = network.constant(new int[] {2, 3}, 1, 2, 3, 4, 5, 6);
        assertMakes(network.node("ReduceProd", List.of(matrix), "axes", new long[] {-2}, "keepdims", 0), 4, 10, 18);
    }

    @Test
    void a_product_names_its_axes_by_an_input_from_operator_set_18() {
        network.opset = 18;
        String matrix = network.constant(new int[] {2, 2}, 1, 2, 3, 4);
        String rows = network.node("ReduceProd", List.of(matrix, network.ints(1)));
        String same = network.node("ReduceProd", List.of(rows), "noop_with_empty_axes", 1);
        String row = network.node("Reshape", List.of(same, network.ints(1, 2)));
        assertMakes(row, 2, 12);
    }

    @Test
    void a_product_of_real_numbers_is_real() {
        assertMakes(network.node("ReduceProd", List.of(floats(0.5, 1.5, -3))), -2.25);
    }

    @Test
    void every_number_but_zero_is_cast_to_true() {
        String truths = network.node("Cast", List.of(floats(0.5, 0, -0.25, 7)), "to", BOOL);
        assertMakes(network.node("Where", List.of(truths, floats(1, 2, 3, 4), floats(-1, -2, -3, -4))), 1, -2, 3, 4);
    }

    @Test
    void a_cast_to_float16_rounds_to_the_nearest_half() {
        assertMakes(
                network.node("Cast", List.of(floats(0.1, 1e-9, 65519, 1.0001, 2049, 6e-8, -0.3)), "to", FLOAT16),
                0.0999755859375,
                0,
                65504,
                1,
                2048,
                5.9604644775390625e-8,
                -0.300048828125);
        OnnxConstantsTest large = new OnnxConstantsTest();
        large.assertRefused(large.network.node("Cast", List.of(large.floats(65520)), "to", FLOAT16), "Infinity");
    }

    @Test
    void float16_constants_are_computed_as_float16() {
        String half = network.node("Cast", List.of(floats(2048, 0.1)), "to", FLOAT16);
        String one = network.node("Cast", List.of(floats(1, 3)), "to", FLOAT16);
        assertMakes(network.node("Add", List.of(half, one)), 2048, 3.099609375);
    }

    @Test
    void a_cast_to_integers_cuts_the_fraction_off_and_refuses_what_does_not_fit() {
        assertMakes(network.node("Cast", List.of(floats(-1.75, 1.75, -0.5)), "to", INT32), -1, 1, 0);
        OnnxConstantsTest below = new OnnxConstantsTest();
        below.assertRefused(
                below.network.node("Cast", List.of(below.floats(-1)), "to", UINT8), "turns -1.0 into UINT8");
    }

    @Test
    void integers_keep_the_low_bits_of_what_overflows() {
        assertMakes(network.node("Add", List.of(ints(UINT8, 200, 3), ints(UINT8, 100, 4))), 44, 7);
        OnnxConstantsTest wide = new OnnxConstantsTest();
        wide.assertMakes(
                wide.network.node("Mul", List.of(wide.ints(INT32, 65536, -7), wide.ints(INT32, 65537, 2))), 65536, -14);
        OnnxConstantsTest power = new OnnxConstantsTest();
        power.assertMakes(
                power.network.node("Pow", List.of(power.ints(INT32, -3, 2), power.ints(INT64, 3, 31))),
                -27,
                Integer.MIN_VALUE);
    }

    @Test
    void integers_are_divided_towards_zero_and_never_by_zero() {
        assertMakes(network.node("Div", List.of(network.ints(-7, 7, 9), network.ints(2, -2, 4))), -3, -3, 2);
        OnnxConstantsTest zero = new OnnxConstantsTest();
        List<String> inputs = List.of(zero.network.ints(1), zero.network.ints(0));
        zero.assertRefused(zero.network.node("Div", inputs), "by 0");
    }

    @Test
    void inputs_of_two_types_and_functions_that_integers_lack_are_refused() {
        assertRefused(network.node("Add", List.of(network.ints(1), floats(1))), "INT64 and FLOAT");
        OnnxConstantsTest root = new OnnxConstantsTest();
        root.assertRefused(root.network.node("Sqrt", List.of(root.network.ints(4))), "not defined");
        OnnxConstantsTest truth = new OnnxConstantsTest();
        String numbers = truth.network.ints(1);
        truth.assertRefused(truth.network.node("Where", List.of(numbers, numbers, numbers)), "INT64");
    }

    @Test
    void constants_are_joined_along_any_axis_when_their_other_sizes_are_the_same() {
        String left = network.constant(new int[] {2, 1}, 1, 2);
        String right = network.constant(new int[] {2, 2}, 3, 4, 5, 6);
        String joined = network.node("Concat", List.of(left, right), "axis", -1);
        assertMakes(network.node("Reshape", List.of(joined, network.ints(1, 6))), 1, 3, 4, 2, 5, 6);
        OnnxConstantsTest uneven = new OnnxConstantsTest();
        String row = uneven.network.constant(new int[] {1, 2}, 1, 2);
        String square = uneven.network.constant(new int[] {2, 2}, 1, 2, 3, 4);
        uneven.assertRefused(uneven.network.node("Concat", List.of(row, square), "axis", 1), "it joins");
    }

    @Test
    void real_numbers_are_no_axes_shapes_or_indexes() {
        String matrix = network.constant(new int[] {1, 6}, 1, 2, 3, 4, 5, 6);
        assertRefused(network.node("Reshape", List.of(matrix, floats(2.5, 3))), "needs integers");
        OnnxConstantsTest picked = new OnnxConstantsTest();
        picked.assertRefused(
                picked.network.node("Gather", List.of(picked.floats(1, 2), picked.floats(0.5))), "indexes");
    }

    @Test
    void a_slice_that_names_a_dimension_twice_is_refused() {
        List<String> bounds = List.of(
                network.constant(new int[] {1, 8}, 1, 2, 3, 4, 5, 6, 7, 8),
                network.ints(0, 1),
                network.ints(7, 8),
                network.ints(1, -1));
        assertRefused(network.node("Slice", bounds), "dimension 1 twice");
    }

    @Test
    void a_constant_that_a_dropout_in_training_changes_is_refused() {
        String training = network.constant(new OnnxNetwork.Tensor(BOOL, new int[0], new double[] {1}));
        assertRefused(
                network.node("Dropout", List.of(floats(1, 2), network.constant(new int[0], 0.5), training)),
                "training mode");
    }

    @Test
    void comparisons_and_truth_values() {
        String first = floats(1, 2, 3);
        String second = floats(2, 2, 2);
        assertMakes(network.node("Less", List.of(first, second)), 1, 0, 0);
        assertMakes(network.node("LessOrEqual", List.of(first, second)), 1, 1, 0);
        assertMakes(network.node("Greater", List.of(first, second)), 0, 0, 1);
        assertMakes(network.node("GreaterOrEqual", List.of(first, second)), 0, 1, 1);
        String less = network.node("Less", List.of(network.ints(1, 5, 3), network.ints(4)));
        String truths = network.constant(new OnnxNetwork.Tensor(BOOL, new int[] {3}, new double[] {1, 1, 0}));
        assertMakes(network.node("Not", List.of(less)), 0, 1, 0);
        assertMakes(network.node("And", List.of(less, truths)), 1, 0, 0);
        assertMakes(network.node("Or", List.of(less, truths)), 1, 1, 1);
        assertMakes(network.node("Xor", List.of(less, truths)), 0, 1, 1);
    }
}
