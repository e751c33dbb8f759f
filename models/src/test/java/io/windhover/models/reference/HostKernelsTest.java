// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.windhover.models.ModelException;
import io.windhover.models.codec.GraphCodec;
import io.windhover.models.graph.ArgMax;
import io.windhover.models.graph.Arithmetic;
import io.windhover.models.graph.Cast;
import io.windhover.models.graph.ClasswiseNonMaximumSuppression;
import io.windhover.models.graph.Compare;
import io.windhover.models.graph.CumulativeSum;
import io.windhover.models.graph.DetectionPostProcess;
import io.windhover.models.graph.Divide;
import io.windhover.models.graph.Gather;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.L2Normalization;
import io.windhover.models.graph.Logical;
import io.windhover.models.graph.MatrixProduct;
import io.windhover.models.graph.NonMaximumSuppression;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Reduce;
import io.windhover.models.graph.Rescale;
import io.windhover.models.graph.Select;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.SquaredDifference;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Tile;
import io.windhover.models.graph.TopK;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/** The host's operators against results worked out by hand; each is stored and read back first. */
class HostKernelsTest {
    private static final float NAN = Float.NaN;

    /** A tensor of the network under test. */
    private record Port(TensorType type, Shape shape, byte[] contents) {}

    private static Port floats(Shape shape, float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return new Port(TensorType.FLOAT32, shape, bytes.array());
    }

    private static Port ints(Shape shape, int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(values);
        return new Port(TensorType.INT32, shape, bytes.array());
    }

    private static Port longs(Shape shape, long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        return new Port(TensorType.INT64, shape, bytes.array());
    }

    private static Port bytes(TensorType type, Shape shape, int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return new Port(type, shape, bytes);
    }

    /** Runs the operator and compares all its outputs. */
    private static void check(List<Port> inputs, List<Port> outputs, BiFunction<int[], int[], Operator> operator) {
        List<byte[]> made = run(inputs, outputs, operator);
        for (int i = 0; i < outputs.size(); i++) {
            assertArrayEquals(outputs.get(i).contents(), made.get(i), "output " + i);
        }
    }

    private static List<byte[]> run(
            List<Port> inputs, List<Port> outputs, BiFunction<int[], int[], Operator> operator) {
        GraphBuilder builder = new GraphBuilder("one operator");
        List<byte[]> contents = new ArrayList<>();
        int[] in = new int[inputs.size()];
        for (int i = 0; i < in.length; i++) {
            in[i] = builder.input("in" + i, inputs.get(i).type(), inputs.get(i).shape(), null);
            contents.add(inputs.get(i).contents());
        }
        int[] out = new int[outputs.size()];
        for (int i = 0; i < out.length; i++) {
            out[i] = builder.tensor(
                    "out" + i, outputs.get(i).type(), outputs.get(i).shape(), null);
        }
        Graph graph = builder.operator(operator.apply(in, out)).build(out);
        Graph stored = GraphCodec.read(ByteBuffer.wrap(GraphCodec.write(graph)));
        return new ReferenceExecutor(stored).infer(contents.toArray(byte[][]::new));
    }

    @Test
    void arg_max_takes_the_first_of_equals() {
        Port input = bytes(TensorType.INT8, Shape.of(1, 2, 3), 5, 7, 7, -1, -3, -1);
        check(
                List.of(input),
                List.of(longs(Shape.of(1, 2), 1, 0)),
                (in, out) -> new ArgMax("a", in, out, 2, false, false));
        check(
                List.of(input),
                List.of(ints(Shape.of(1, 2), 2, 2)),
                (in, out) -> new ArgMax("a", in, out, 2, false, true));
        check(
                List.of(input),
                List.of(ints(Shape.of(1, 3), 1, 1, 1)),
                (in, out) -> new ArgMax("a", in, out, 1, true, false));
    }

    @Test
    void arg_max_counts_unsigned_codes_from_zero_and_passes_nan_over() {
        check(
                List.of(bytes(TensorType.UINT8, Shape.of(1, 3), 127, 200, 3)),
                List.of(ints(Shape.of(1), 1)),
                (in, out) -> new ArgMax("a", in, out, 1, false, false));
        check(
                List.of(floats(Shape.of(1, 3), 1, NAN, 2)),
                List.of(ints(Shape.of(1), 2)),
                (in, out) -> new ArgMax("a", in, out, 1, false, false));
    }

    @Test
    void top_k_is_in_order_and_keeps_the_first_of_equals_first() {
        check(
                List.of(floats(Shape.of(1, 5), 3, 9, 3, 1, 9)),
                List.of(floats(Shape.of(1, 3), 9, 9, 3), ints(Shape.of(1, 3), 1, 4, 0)),
                (in, out) -> new TopK("t", in, out, 1, true));
        check(
                List.of(ints(Shape.of(3, 2), 1, 6, 2, 5, 3, 4)),
                List.of(ints(Shape.of(2, 2), 1, 4, 2, 5), longs(Shape.of(2, 2), 0, 2, 1, 1)),
                (in, out) -> new TopK("t", in, out, 0, false));
    }

    @Test
    void reductions_go_over_any_dimensions() {
        Port input = ints(Shape.of(2, 2, 2), 1, 2, 3, 4, 5, 6, 7, 8);
        check(
                List.of(input),
                List.of(ints(Shape.of(2), 14, 22)),
                (in, out) -> reduce(in, out, Reduce.Function.SUM, 0, 2));
        check(
                List.of(input),
                List.of(ints(Shape.of(2, 1, 2), 3, 4, 7, 8)),
                (in, out) -> reduce(in, out, Reduce.Function.MAXIMUM, 1));
        check(
                List.of(input),
                List.of(ints(Shape.of(2, 2), 1, 2, 3, 4)),
                (in, out) -> reduce(in, out, Reduce.Function.MINIMUM, 0));
        check(
                List.of(input),
                List.of(ints(Shape.of(1), 40320)),
                (in, out) -> reduce(in, out, Reduce.Function.PRODUCT, 0, 1, 2));
    }

    private static Reduce reduce(int[] in, int[] out, Reduce.Function function, int... axes) {
        return new Reduce("r", in, out, axes, function, null);
    }

    @Test
    void sums_of_codes_are_rescaled_and_cut() {
        Reduce.Codes half = new Reduce.Codes(10, new Rescale(1 << 30, 0), -5);
        check(
                List.of(bytes(TensorType.INT8, Shape.of(2, 3), 20, 20, 31, 127, 127, 127)),
                List.of(bytes(TensorType.INT8, Shape.of(2), 16, 127)),
                (in, out) -> new Reduce("r", in, out, new int[] {1}, Reduce.Function.SUM, half));
    }

    @Test
    void products_of_codes_are_rescaled_before_each_factor() {
        Reduce.Codes half = new Reduce.Codes(0, new Rescale(1 << 30, 0), 1);
        check(
                List.of(bytes(TensorType.INT8, Shape.of(1, 3), 7, 5, -3)),
                List.of(bytes(TensorType.INT8, Shape.of(1), -12)),
                (in, out) -> new Reduce("r", in, out, new int[] {1}, Reduce.Function.PRODUCT, half));
    }

    @Test
    void differences_of_codes_are_squared_and_cut() {
        Rescale half = new Rescale(1 << 30, 0);
        check(
                List.of(
                        bytes(TensorType.INT8, Shape.of(2, 1), 13, 127),
                        bytes(TensorType.INT8, Shape.of(1, 3), 1, -3, 117)),
                List.of(bytes(TensorType.INT8, Shape.of(2, 3), -1, 31, 127, 127, 127, -5)),
                (in, out) -> new SquaredDifference("s", in, out, 10, half, 0, half, -5, new Rescale(1 << 30, -11)));
    }

    @Test
    void quotients_of_codes_are_rescaled_and_cut() {
        check(
                List.of(
                        bytes(TensorType.UINT8, Shape.of(2, 1), 19, 255),
                        bytes(TensorType.UINT8, Shape.of(1, 3), 23, 15, 21)),
                List.of(bytes(TensorType.UINT8, Shape.of(2, 3), 106, 96, 118, 200, 80, 200)),
                (in, out) -> new Divide("d", in, out, 10, 20, new Rescale(1 << 30, 2), 100, 80, 200));
    }

    @Test
    void running_sums_may_leave_their_own_element_out() {
        Port input = ints(Shape.of(3, 2), 1, 2, 3, 4, 5, 6);
        check(
                List.of(input),
                List.of(ints(Shape.of(3, 2), 0, 0, 1, 2, 4, 6)),
                (in, out) -> new CumulativeSum("c", in, out, 0, true, false));
        check(
                List.of(longs(Shape.of(3), 1, 2, Long.MAX_VALUE)),
                List.of(longs(Shape.of(3), Long.MIN_VALUE + 2, Long.MIN_VALUE + 1, Long.MAX_VALUE)),
                (in, out) -> new CumulativeSum("c", in, out, 0, false, true));
        check(
                List.of(floats(Shape.of(1, 3), 0.5f, 0x1p24f, 1)),
                List.of(floats(Shape.of(1, 3), 0x1p24f, 1, 0)),
                (in, out) -> new CumulativeSum("c", in, out, 1, true, true));
    }

    @Test
    void matrices_of_a_batch_are_multiplied_and_one_is_repeated() {
        Port left = floats(Shape.of(2, 1, 2, 3), 1, 2, 3, 4, 5, 6, 0, 1, 0, 1, 0, -1);
        Port right = floats(Shape.of(3, 2), 1, 2, 3, 4, 5, 6);
        Port product = floats(Shape.of(2, 1, 2, 2), 22, 28, 49, 64, 3, 4, -4, -4);
        check(List.of(left, right), List.of(product), (in, out) -> new MatrixProduct("m", in, out, false, false, null));
        check(
                List.of(
                        floats(Shape.of(2, 1, 3, 2), 1, 4, 2, 5, 3, 6, 0, 1, 1, 0, 0, -1),
                        floats(Shape.of(2, 3), 1, 3, 5, 2, 4, 6)),
                List.of(product),
                (in, out) -> new MatrixProduct("m", in, out, true, true, null));
    }

    /** (1 x 2 + 2 x -3) / 2 + 10, and what is cut at the highest code. */
    @Test
    void codes_of_matrices_are_multiplied_less_their_zero_points() {
        MatrixProduct.Codes codes = new MatrixProduct.Codes(3, -1, new Rescale(1 << 30, 0), 10);
        check(
                List.of(
                        bytes(TensorType.INT8, Shape.of(2, 2), 4, 5, 103, 103),
                        bytes(TensorType.INT8, Shape.of(2, 1), 1, -4)),
                List.of(bytes(TensorType.INT8, Shape.of(2, 1), 8, -40)),
                (in, out) -> new MatrixProduct("m", in, out, false, false, codes));
        check(
                List.of(bytes(TensorType.INT8, Shape.of(1, 2), 103, 103), bytes(TensorType.INT8, Shape.of(2, 1), 9, 9)),
                List.of(bytes(TensorType.INT8, Shape.of(1, 1), 127)),
                (in, out) -> new MatrixProduct("m", in, out, false, false, codes));
    }

    @Test
    void matrices_that_do_not_fit_are_refused() {
        GraphBuilder graph = new GraphBuilder("product");
        graph.input("left", TensorType.FLOAT32, Shape.of(2, 3), null);
        graph.input("right", TensorType.FLOAT32, Shape.of(4, 2), null);
        graph.tensor("output", TensorType.FLOAT32, Shape.of(2, 2), null);
        graph.operator(new MatrixProduct("m", new int[] {0, 1}, new int[] {2}, false, false, null));
        assertThrows(ModelException.class, () -> graph.build(2));
    }

    @Test
    void rows_are_divided_by_their_length() {
        check(
                List.of(bytes(TensorType.INT8, Shape.of(2, 2), 13, 14, 10, 10)),
                List.of(bytes(TensorType.INT8, Shape.of(2, 2), 77, 102, 0, 0)),
                (in, out) -> new L2Normalization("n", in, out, 10));
        check(
                List.of(bytes(TensorType.UINT8, Shape.of(1, 2), 7, 14)),
                List.of(bytes(TensorType.UINT8, Shape.of(1, 2), 51, 230)),
                (in, out) -> new L2Normalization("n", in, out, 10));
    }

    @Test
    void gather_chooses_along_an_axis_and_within_shared_dimensions() {
        Port data = ints(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
        check(
                List.of(data, ints(Shape.of(2), 2, 0)),
                List.of(ints(Shape.of(2, 2), 3, 1, 6, 4)),
                (in, out) -> new Gather("g", in, out, 1, 0, false));
        check(
                List.of(data, longs(Shape.of(2, 1), 2, -2)),
                List.of(ints(Shape.of(2, 1), 3, 5)),
                (in, out) -> new Gather("g", in, out, 1, 1, true));
    }

    @Test
    void gather_outside_the_dimension_ends_the_inference() {
        Port data = ints(Shape.of(1, 3), 1, 2, 3);
        for (int position : new int[] {-1, 3}) {
            ModelException problem = assertThrows(
                    ModelException.class,
                    () -> run(
                            List.of(data, ints(Shape.of(1), position)),
                            List.of(ints(Shape.of(1, 1), 0)),
                            (in, out) -> new Gather("g", in, out, 1, 0, false)));
            assertEquals("Gather 'g' is asked for element " + position + " of a dimension of 3.", problem.getMessage());
        }
    }

    @Test
    void comparisons_and_truth_values_repeat_dimensions_of_one() {
        Port rows = floats(Shape.of(2, 1), 1, NAN);
        Port columns = floats(Shape.of(3), 0, 1, 2);
        check(
                List.of(rows, columns),
                List.of(bytes(TensorType.BOOL, Shape.of(2, 3), 1, 1, 0, 0, 0, 0)),
                (in, out) -> new Compare("c", in, out, Compare.Function.GREATER_EQUAL, null));
        check(
                List.of(rows, columns),
                List.of(bytes(TensorType.BOOL, Shape.of(2, 3), 1, 0, 1, 1, 1, 1)),
                (in, out) -> new Compare("c", in, out, Compare.Function.NOT_EQUAL, null));
        check(
                List.of(bytes(TensorType.BOOL, Shape.of(2, 1), 1, 0), bytes(TensorType.BOOL, Shape.of(1, 2), 1, 0)),
                List.of(bytes(TensorType.BOOL, Shape.of(2, 2), 1, 0, 0, 0)),
                (in, out) -> new Logical("l", in, out, Logical.Function.AND));
        check(
                List.of(bytes(TensorType.BOOL, Shape.of(2), 1, 0)),
                List.of(bytes(TensorType.BOOL, Shape.of(2), 0, 1)),
                (in, out) -> new Logical("l", in, out, Logical.Function.NOT));
    }

    @Test
    void codes_of_two_scales_are_compared_as_numbers() {
        Compare.Codes codes = new Compare.Codes(0, new Rescale(1 << 30, 0), 10, new Rescale(1 << 30, -1));
        check(
                List.of(
                        bytes(TensorType.INT8, Shape.of(3), 10, 10, 10),
                        bytes(TensorType.INT8, Shape.of(3), 29, 30, 31)),
                List.of(bytes(TensorType.BOOL, Shape.of(3), 0, 0, 1)),
                (in, out) -> new Compare("c", in, out, Compare.Function.LESS, codes));
    }

    @Test
    void select_takes_either_side() {
        check(
                List.of(
                        bytes(TensorType.BOOL, Shape.of(1, 3), 1, 0, 1),
                        longs(Shape.of(2, 3), 1, 2, 3, 4, 5, 6),
                        longs(Shape.of(1), 9)),
                List.of(longs(Shape.of(2, 3), 1, 9, 3, 4, 9, 6)),
                (in, out) -> new Select("s", in, out));
    }

    @Test
    void casts_cut_fractions_and_upper_bits() {
        Port reals = floats(Shape.of(5), 2.9f, -2.9f, NAN, 3e9f, 300);
        check(
                List.of(reals),
                List.of(ints(Shape.of(5), 2, -2, 0, Integer.MAX_VALUE, 300)),
                (in, out) -> new Cast("c", in, out));
        check(
                List.of(reals),
                List.of(longs(Shape.of(5), 2, -2, 0, 3_000_000_000L, 300)),
                (in, out) -> new Cast("c", in, out));
        check(
                List.of(ints(Shape.of(3), 300, -1, 0)),
                List.of(bytes(TensorType.UINT8, Shape.of(3), 44, 255, 0)),
                (in, out) -> new Cast("c", in, out));
        check(
                List.of(ints(Shape.of(3), 300, -1, 0)),
                List.of(bytes(TensorType.BOOL, Shape.of(3), 1, 1, 0)),
                (in, out) -> new Cast("c", in, out));
    }

    @Test
    void arithmetic_repeats_dimensions_of_one_at_any_rank() {
        check(
                List.of(floats(Shape.of(1, 2, 1, 2), 1, 2, 3, 4), floats(Shape.of(2, 1), 10, 20)),
                List.of(floats(Shape.of(1, 2, 2, 2), 10, 20, 20, 40, 30, 40, 60, 80)),
                (in, out) -> new Arithmetic("a", in, out, Arithmetic.Function.MULTIPLY));
        check(
                List.of(floats(Shape.of(2), 2, 9), floats(Shape.of(1), 0.5f)),
                List.of(floats(Shape.of(2), (float) Math.sqrt(2), 3)),
                (in, out) -> new Arithmetic("a", in, out, Arithmetic.Function.POWER));
    }

    @Test
    void integer_division_rounds_as_its_name_says() {
        Port dividends = longs(Shape.of(4), 7, -7, 7, -7);
        Port divisors = longs(Shape.of(4), 2, 2, -2, -2);
        long[][] expected = {{3, -3, -3, 3}, {3, -4, -4, 3}, {1, 1, -1, -1}};
        Arithmetic.Function[] functions = {
            Arithmetic.Function.DIVIDE, Arithmetic.Function.FLOOR_DIVIDE, Arithmetic.Function.FLOOR_MODULO
        };
        for (int i = 0; i < functions.length; i++) {
            Arithmetic.Function function = functions[i];
            check(
                    List.of(dividends, divisors),
                    List.of(longs(Shape.of(4), expected[i])),
                    (in, out) -> new Arithmetic("a", in, out, function));
        }
        assertThrows(
                ModelException.class,
                () -> run(
                        List.of(dividends, longs(Shape.of(1), 0)),
                        List.of(longs(Shape.of(4), 0, 0, 0, 0)),
                        (in, out) -> new Arithmetic("a", in, out, Arithmetic.Function.DIVIDE)));
    }

    @Test
    void tile_repeats_every_dimension() {
        check(
                List.of(bytes(TensorType.INT8, Shape.of(1, 2), 1, 2)),
                List.of(bytes(TensorType.INT8, Shape.of(2, 4), 1, 2, 1, 2, 1, 2, 1, 2)),
                (in, out) -> new Tile("t", in, out));
    }

    /** Two boxes that overlap by 81 / 119, and one apart. */
    private static final float[] BOXES = {0, 0, 10, 10, 1, 1, 11, 11, 20, 20, 30, 30};

    @Test
    void suppression_drops_boxes_that_overlap_a_better_one() {
        check(
                List.of(floats(Shape.of(3, 4), BOXES), floats(Shape.of(3), 0.5f, 0.9f, 0.3f)),
                List.of(ints(Shape.of(4), 1, 2, 0, 0), floats(Shape.of(4), 0.9f, 0.3f, 0, 0), ints(Shape.of(1), 2)),
                (in, out) -> new NonMaximumSuppression("n", in, out, 0.5f, 0.1f, 0));
        check(
                List.of(floats(Shape.of(3, 4), BOXES), floats(Shape.of(3), 0.5f, 0.9f, 0.3f)),
                List.of(ints(Shape.of(4), 1, 0, 0, 0), ints(Shape.of(1), 2)),
                (in, out) -> new NonMaximumSuppression("n", in, out, 0.7f, 0.4f, 0));
    }

    @Test
    void soft_suppression_fades_scores() {
        float overlap = 81f / 119f;
        float faded = 0.5f * (float) StrictMath.exp(-0.5f / 0.5f * overlap * overlap);
        check(
                List.of(floats(Shape.of(3, 4), BOXES), floats(Shape.of(3), 0.5f, 0.9f, 0.4f)),
                List.of(ints(Shape.of(3), 1, 2, 0), floats(Shape.of(3), 0.9f, 0.4f, faded), ints(Shape.of(1), 3)),
                (in, out) -> new NonMaximumSuppression("n", in, out, 1, 0.1f, 0.5f));
    }

    @Test
    void classwise_suppression_fills_up_with_minus_one() {
        check(
                List.of(
                        floats(Shape.of(1, 3, 4), BOXES),
                        floats(Shape.of(1, 2, 3), 0.5f, 0.9f, 0.3f, 0.8f, 0.0f, 0.9f)),
                List.of(longs(Shape.of(4, 3), 0, 0, 1, 0, 0, 2, 0, 1, 2, 0, 1, 0), longs(Shape.of(1), 4)),
                (in, out) -> new ClasswiseNonMaximumSuppression("n", in, out, 2, 0.5f, 0.1f, false));
        check(
                List.of(floats(Shape.of(1, 3, 4), BOXES), floats(Shape.of(1, 1, 3), 0.5f, 0.9f, 0)),
                List.of(longs(Shape.of(3, 3), 0, 0, 1, -1, -1, -1, -1, -1, -1)),
                (in, out) -> new ClasswiseNonMaximumSuppression("n", in, out, 9, 0.5f, 0.1f, false));
    }

    /** Three anchors of size 10: two near each other, one apart; a background class and two others. */
    private static List<Port> detections() {
        return List.of(
                floats(Shape.of(1, 3, 4), 0, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0, 0),
                floats(Shape.of(1, 3, 3), 0.9f, 0.2f, 0.8f, 0.9f, 0.7f, 0.1f, 0.9f, 0.6f, 0.3f),
                floats(Shape.of(3, 4), 5, 5, 10, 10, 6, 6, 10, 10, 20, 30, 10, 10));
    }

    @Test
    void fast_detection_takes_each_box_for_its_best_class() {
        check(
                detections(),
                List.of(
                        floats(Shape.of(1, 4, 4), 0, 0, 10, 10, 25, 25, 35, 35, 0, 0, 0, 0, 0, 0, 0, 0),
                        floats(Shape.of(1, 4), 1, 0, 0, 0),
                        floats(Shape.of(1, 4), 0.8f, 0.6f, 0, 0),
                        floats(Shape.of(1), 2)),
                (in, out) -> new DetectionPostProcess("d", in, out, 2, 4, false, 100, 0.25f, 0.5f, 10, 10, 5, 5));
    }

    @Test
    void regular_detection_goes_class_by_class() {
        check(
                detections(),
                List.of(
                        floats(Shape.of(1, 3, 4), 0, 0, 10, 10, 1, 1, 11, 11, 25, 25, 35, 35),
                        floats(Shape.of(1, 3), 1, 0, 0),
                        floats(Shape.of(1, 3), 0.8f, 0.7f, 0.6f),
                        floats(Shape.of(1), 3)),
                (in, out) -> new DetectionPostProcess("d", in, out, 2, 3, true, 100, 0.25f, 0.5f, 10, 10, 5, 5));
    }
}
