// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.ModelException;
import io.windhover.models.tflite.ModelFile.Options;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** Files whose operators say one thing and their tensors another: refused, not computed by either. */
class ContradictionsTest {
    private static final int INT8 = Schema.Type.INT8;

    private final ModelFile file = new ModelFile();

    private int map(int... shape) {
        return file.tensor(INT8, 0.5f, 0, shape);
    }

    private void assertRefused(int input, int output, String words) {
        ModelException problem = assertThrows(
                ModelException.class,
                () -> TfliteImporter.read("contradiction", file.build(new int[] {input}, output)));
        assertTrue(problem.getMessage().contains(words), problem.getMessage());
    }

    /** An operator from a map of [1, 4, 4, 2] to one of this shape. */
    private void assertRefused(int builtin, int[] operands, Options options, String words, int... result) {
        int input = map(1, 4, 4, 2);
        int[] inputs = new int[1 + operands.length];
        inputs[0] = input;
        System.arraycopy(operands, 0, inputs, 1, operands.length);
        int output = map(result);
        file.operator(builtin, inputs, new int[] {output}, options);
        assertRefused(input, output, words);
    }

    @Test
    void an_output_larger_than_both_operands_is_not_filled_by_repeating_both() {
        int left = map(1, 1, 1, 8);
        int right = map(1, 1, 1, 8);
        int output = map(1, 4, 4, 8);
        file.operator(BuiltinOperator.ADD, new int[] {left, right}, new int[] {output}, Options.none());
        ModelException problem = assertThrows(
                ModelException.class, () -> TfliteImporter.read("add", file.build(new int[] {left, right}, output)));
        assertTrue(problem.getMessage().contains("do not make its output"), problem.getMessage());
    }

    @Test
    void a_permutation_takes_each_dimension_once() {
        int input = map(1, 1, 4, 4);
        int output = map(1, 1, 4, 4);
        file.operator(
                BuiltinOperator.TRANSPOSE,
                new int[] {input, file.integers(0, 1, 3, 3)},
                new int[] {output},
                Options.none());
        assertRefused(input, output, "has a dimension twice");
    }

    @Test
    void a_permutation_makes_the_outputs_shape() {
        assertRefused(
                BuiltinOperator.TRANSPOSE,
                new int[] {file.integers(0, 1, 2, 3)},
                Options.none(),
                "does not make its output",
                4,
                1,
                4,
                2);
    }

    @Test
    void a_mean_makes_the_outputs_shape() {
        assertRefused(
                BuiltinOperator.MEAN, new int[] {file.integers(3)}, Options.none(), "it makes [1, 4, 4, 1]", 1, 2, 8);
    }

    @Test
    void a_squeeze_keeps_what_is_larger_than_1() {
        assertRefused(BuiltinOperator.SQUEEZE, new int[0], Options.none(), "it makes [1, 4, 4, 2]", 1, 32);
    }

    @Test
    void a_squeeze_removes_the_dimensions_that_it_names() {
        int input = map(1, 4, 1, 8);
        int output = map(1, 4, 8);
        file.operator(
                BuiltinOperator.SQUEEZE,
                new int[] {input},
                new int[] {output},
                Options.none().withAll(Schema.SqueezeOptions.DIMENSIONS, 0));
        assertRefused(input, output, "it makes [4, 1, 8]");
    }

    @Test
    void a_squeeze_as_its_options_say_is_read() {
        int input = map(1, 4, 1, 8);
        int output = map(1, 4, 8);
        file.operator(
                BuiltinOperator.SQUEEZE,
                new int[] {input},
                new int[] {output},
                Options.none().withAll(Schema.SqueezeOptions.DIMENSIONS, -2));
        assertRead(input, output);
    }

    private void assertRead(int input, int output) {
        assertEquals(
                1,
                TfliteImporter.read("consistent", file.build(new int[] {input}, output))
                        .outputs()
                        .length);
    }

    @Test
    void a_reshape_makes_the_shape_that_its_input_or_its_options_give() {
        assertRefused(
                BuiltinOperator.RESHAPE,
                new int[] {file.integers(1, 8, 4)},
                Options.none().withAll(Schema.ReshapeOptions.NEW_SHAPE, 1, 4, 8),
                "it makes [1, 8, 4]",
                1,
                4,
                8);
    }

    @Test
    void a_reshape_by_its_options_makes_their_shape() {
        assertRefused(
                BuiltinOperator.RESHAPE,
                new int[0],
                Options.none().withAll(Schema.ReshapeOptions.NEW_SHAPE, 1, 8, -1),
                "it makes [1, 8, -1]",
                1,
                4,
                8);
    }

    @Test
    void a_reshape_that_leaves_a_dimension_open_is_read_and_its_options_count_for_nothing_beside_its_input() {
        int input = map(1, 4, 4, 2);
        int output = map(1, 4, 8);
        file.operator(
                BuiltinOperator.RESHAPE,
                new int[] {input, file.integers(1, -1, 8)},
                new int[] {output},
                Options.none().withAll(Schema.ReshapeOptions.NEW_SHAPE, 7, 7));
        assertRead(input, output);
    }

    @Test
    void a_new_dimension_is_where_the_axis_says() {
        for (int axis : new int[] {0, 1, 3, -4}) {
            ContradictionsTest one = new ContradictionsTest();
            int input = one.map(2, 3, 4);
            int output = one.map(2, 3, 1, 4);
            one.file.operator(BuiltinOperator.EXPAND_DIMS, new int[] {input, one.file.integers(axis)}, output);
            one.assertRefused(input, output, "but its output is");
        }
        for (int axis : new int[] {2, -2}) {
            ContradictionsTest one = new ContradictionsTest();
            int input = one.map(2, 3, 4);
            int output = one.map(2, 3, 1, 4);
            one.file.operator(BuiltinOperator.EXPAND_DIMS, new int[] {input, one.file.integers(axis)}, output);
            one.assertRead(input, output);
        }
    }

    @Test
    void a_count_of_parts_is_that_of_the_outputs() {
        for (int builtin : new int[] {BuiltinOperator.SPLIT, BuiltinOperator.SPLIT_V, BuiltinOperator.UNPACK}) {
            ContradictionsTest one = new ContradictionsTest();
            boolean unpack = builtin == BuiltinOperator.UNPACK;
            int input = one.map(1, 2, 2, 4);
            int[] outputs = unpack
                    ? new int[] {one.map(1, 2, 4), one.map(1, 2, 4)}
                    : new int[] {one.map(1, 2, 2, 2), one.map(1, 2, 2, 2)};
            int[] inputs = unpack
                    ? new int[] {input}
                    : builtin == BuiltinOperator.SPLIT
                            ? new int[] {one.file.integers(3), input}
                            : new int[] {input, one.file.integers(2, 2), one.file.integers(3)};
            one.file.operator(
                    builtin, inputs, outputs, Options.none().with(0, 4).with(1, 1));
            one.assertRefused(input, outputs[1], "its options say 4");
        }
    }

    @Test
    void a_count_of_packed_tensors_is_that_of_the_inputs() {
        int input = map(1, 4, 4);
        int output = map(1, 2, 4, 4);
        file.operator(
                BuiltinOperator.PACK,
                new int[] {input, input},
                new int[] {output},
                Options.none().with(Schema.PackOptions.COUNT, 3).with(Schema.PackOptions.AXIS, 1));
        assertRefused(input, output, "its options say 3 inputs, but it has 2");
    }

    @Test
    void an_output_that_is_a_constant_is_refused_as_that() {
        int input = map(1, 4);
        assertRefused(input, constant(INT8, new byte[4], 1, 4), "is a constant, which nothing computes");
    }

    @Test
    void a_slice_makes_the_outputs_shape() {
        assertRefused(
                BuiltinOperator.SLICE,
                new int[] {file.integers(0, 0, 0, 0), file.integers(1, 2, 4, 2)},
                Options.none(),
                "it makes [1, 2, 4, 2]",
                1,
                4,
                2,
                2);
    }

    private int constant(int type, byte[] contents, int... shape) {
        return file.constant(type, 0.5f, 0, contents, shape);
    }

    @Test
    void biases_of_64_bits_are_refused_not_cut() {
        byte[] wide = ByteBuffer.allocate(2 * Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(1L << 40)
                .putLong(3)
                .array();
        int weights = constant(INT8, new byte[4], 2, 1, 1, 2);
        assertRefused(
                BuiltinOperator.CONV_2D,
                new int[] {weights, constant(Schema.Type.INT64, wide, 2)},
                Options.none().with(Schema.Conv2DOptions.STRIDE_WIDTH, 1).with(Schema.Conv2DOptions.STRIDE_HEIGHT, 1),
                "biases are not of type INT32",
                1,
                4,
                4,
                2);
    }

    @Test
    void weights_are_of_the_inputs_type() {
        assertRefused(
                BuiltinOperator.CONV_2D,
                new int[] {constant(Schema.Type.UINT8, new byte[4], 2, 1, 1, 2)},
                Options.none().with(Schema.Conv2DOptions.STRIDE_WIDTH, 1).with(Schema.Conv2DOptions.STRIDE_HEIGHT, 1),
                "weights have type UINT8, but its input has type INT8",
                1,
                4,
                4,
                2);
    }

    @Test
    void pieces_of_a_map_have_its_scale() {
        int input = map(1, 4, 4, 2);
        int pieces = file.tensor(INT8, 0.25f, 0, 4, 2, 2, 2);
        file.operator(
                BuiltinOperator.SPACE_TO_BATCH_ND,
                new int[] {input, file.integers(2, 2), file.integers(0, 0, 0, 0)},
                pieces);
        assertRefused(input, pieces, "have different scales or zero points");
    }

    @Test
    void rows_of_pieces_have_their_scale() {
        int input = file.tensor(INT8, 0.5f, 0, 1, 4, 2);
        int pieces = file.tensor(INT8, 0.5f, 0, 2, 2, 2);
        int rows = file.tensor(INT8, 0.25f, 0, 2, 1, 2, 2);
        file.operator(
                BuiltinOperator.SPACE_TO_BATCH_ND, new int[] {input, file.integers(2), file.integers(0, 0)}, pieces);
        file.operator(BuiltinOperator.EXPAND_DIMS, new int[] {pieces, file.integers(1)}, rows);
        assertRefused(input, rows, "have different scales or zero points");
    }

    @Test
    void a_product_of_matrices_has_the_shape_that_it_is_declared_with() {
        int input = file.tensor(INT8, 0.5f, 0, 1, 4, 4);
        int output = file.tensor(INT8, 0.5f, 0, 1, 2, 8);
        file.operator(BuiltinOperator.BATCH_MATMUL, new int[] {input, input}, output);
        assertRefused(input, output, "it makes [1, 4, 4], but its output is");
    }

    @Test
    void a_product_of_matrices_is_of_one_type() {
        int input = file.tensor(INT8, 0.5f, 0, 1, 4, 4);
        int output = file.tensor(Schema.Type.UINT8, 0.5f, 0, 1, 4, 4);
        file.operator(BuiltinOperator.BATCH_MATMUL, new int[] {input, input}, output);
        assertRefused(input, output, "are not of one type");
    }
}
