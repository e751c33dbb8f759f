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
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Shapes and attributes at the edges of the operators' definitions: the value that ONNX defines, or a refusal. */
class OnnxEdgeCasesTest {
    private static Graph read(OnnxNetwork network) {
        return OnnxImporter.read("edge", ByteBuffer.wrap(network.file()));
    }

    /** The network's only output for this input, both as they lie. */
    private static float[] run(OnnxNetwork network, float... input) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * input.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(input);
        ByteBuffer output = ByteBuffer.wrap(new ReferenceExecutor(read(network))
                        .infer(bytes.array())
                        .get(0))
                .order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[output.remaining() / Float.BYTES];
        output.asFloatBuffer().get(values);
        return values;
    }

    private static float[] counted(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = i + 1;
        }
        return values;
    }

    private static void assertRefused(OnnxNetwork network, String... words) {
        ModelException problem = assertThrows(ModelException.class, () -> read(network));
        for (String word : words) {
            assertTrue(problem.getMessage().contains(word), problem.getMessage());
        }
    }

    @Test
    void a_mean_over_dimensions_of_size_1_moves_nothing_and_drops_them_where_asked() {
        for (Object[] shape : new Object[][] {{1, 1, 4, 6}, {1, 3, 4, 6}}) {
            for (int keep = 0; keep < 2; keep++) {
                OnnxNetwork network = new OnnxNetwork().input("input", shape);
                int axis = (Integer) shape[1] == 1 ? 1 : 0;
                String x = network.node("Relu", List.of("input"));
                x = network.node("ReduceMean", List.of(x), "axes", new long[] {axis}, "keepdims", keep);
                // The row that is the last dimension, whichever number the others have left it.
                x = network.node("ReduceMean", List.of(x), "axes", new long[] {keep + 2});
                int channels = (Integer) shape[1];
                float[] expected = new float[channels * 4];
                for (int i = 0; i < 24 * channels; i++) {
                    int row = i / channels / 6;
                    int position = keep == 1 ? row * channels + i % channels : i % channels * 4 + row;
                    expected[position] += (i + 1) / 6f;
                }
                String what = Arrays.toString(shape) + ", keepdims " + keep;
                assertArrayEquals(expected, run(network.output(x), counted(24 * channels)), 1e-4f, what);
            }
        }
    }

    @Test
    void a_reduction_without_axes_goes_over_all_dimensions_unless_it_is_to_do_nothing() {
        for (int noop = 0; noop < 2; noop++) {
            for (boolean absent : new boolean[] {false, true}) {
                OnnxNetwork network = new OnnxNetwork().input("input", 1, 4);
                network.opset = 18;
                String empty = network.constant(new OnnxNetwork.Tensor(7, new int[] {0}, new double[0]));
                String x = network.node("Relu", List.of("input"));
                x = network.node("ReduceMean", absent ? List.of(x) : List.of(x, empty), "noop_with_empty_axes", noop);
                float[] expected = noop == 1 ? counted(4) : new float[] {2.5f};
                assertArrayEquals(expected, run(network.output(x), counted(4)), 1e-5f);

                OnnxNetwork folded = new OnnxNetwork().input("input", 1, 4);
                folded.opset = 18;
                String axes = folded.constant(new OnnxNetwork.Tensor(7, new int[] {0}, new double[0]));
                String sizes = folded.ints(2, 2);
                String target = folded.node(
                        "ReduceProd", absent ? List.of(sizes) : List.of(sizes, axes), "noop_with_empty_axes", noop);
                x = folded.node("Reshape", List.of(folded.node("Relu", List.of("input")), target));
                x = folded.node("ReduceMean", List.of(x, folded.ints(0)));
                float[] columns = noop == 1 ? new float[] {2, 3} : new float[] {2.5f};
                assertArrayEquals(columns, run(folded.output(x), counted(4)), 1e-5f);
            }
        }
    }

    @Test
    void a_bias_for_each_row_is_refused_also_where_there_are_as_many_columns() {
        for (int[] shape : new int[][] {{2, 1}, {2, 2}, {1, 2}, {2}, {1, 1}}) {
            OnnxNetwork network = new OnnxNetwork().input("input", 1, 6);
            String rows = network.node("Reshape", List.of("input", network.ints(2, 3)));
            String weights = network.constant(new int[] {3, 2}, 1, 0, 1, 0, 1, 1);
            double[] values = new double[Dimensions.count(shape)];
            Arrays.setAll(values, i -> 10 * (i + 1));
            network.output(network.node("Gemm", List.of(rows, weights, network.constant(shape, values))));
            if (shape[0] == 2 && shape.length == 2) {
                assertRefused(network, "Gemm", "biases", Arrays.toString(shape));
            } else {
                float second = values.length == 1 ? 10 : 20;
                float[] expected = {16, 3 + second, 25, 6 + second};
                assertArrayEquals(expected, run(network, counted(6)), 1e-4f);
            }
        }
    }

    @Test
    void a_product_of_matrices_has_the_dimensions_of_the_larger_rank() {
        for (int more = 0; more < 3; more++) {
            for (int rank = 1; rank < 4; rank++) {
                OnnxNetwork network = new OnnxNetwork().input("input", 1, 3);
                long[] from = new long[rank];
                Arrays.fill(from, 1);
                from[rank - 1] = 3;
                int[] shape = new int[2 + more];
                Arrays.fill(shape, 1);
                shape[more] = 3;
                shape[more + 1] = 2;
                String x = network.node("Reshape", List.of("input", network.ints(from)));
                x = network.node("MatMul", List.of(x, network.constant(shape, 1, 0, 1, 0, 1, 1)));
                int last = Math.max(rank, rank == 1 ? shape.length - 1 : shape.length) - 1;
                String mean = network.node("ReduceMean", List.of(x), "axes", new long[] {last});
                assertArrayEquals(new float[] {4.5f}, run(network.output(mean), counted(3)), 1e-5f);
                network.outputs.clear();
                network.output(network.node("ReduceMean", List.of(x), "axes", new long[] {last + 1}));
                assertRefused(network, "does not exist in " + (last + 1) + " dimensions");
            }
        }
    }

    @Test
    void a_pool_with_automatic_padding_does_not_round_its_size_up() {
        for (String padding : new String[] {"VALID", "SAME_UPPER", "SAME_LOWER"}) {
            OnnxNetwork network = new OnnxNetwork().input("input", 1, 1, 1, 6);
            network.output(network.node(
                    "MaxPool",
                    List.of("input"),
                    "kernel_shape",
                    new long[] {1, 3},
                    "strides",
                    new long[] {1, 2},
                    "auto_pad",
                    padding,
                    "ceil_mode",
                    1));
            float[] expected = padding.equals("VALID")
                    ? new float[] {3, 5}
                    : padding.equals("SAME_UPPER") ? new float[] {3, 5, 6} : new float[] {2, 4, 6};
            assertArrayEquals(expected, run(network, counted(6)), padding);
        }
    }

    @Test
    void negative_pads_are_refused_with_those_that_are_allowed() {
        for (String operator : new String[] {"Conv", "MaxPool"}) {
            OnnxNetwork network = new OnnxNetwork().input("input", 1, 1, 4, 4);
            Object[] attributes = {"pads", new long[] {-1, 0, 0, 0}, "kernel_shape", new long[] {1, 1}};
            List<String> inputs = operator.equals("Conv")
                    ? List.of("input", network.constant(new int[] {1, 1, 1, 1}, 1))
                    : List.of("input");
            network.output(network.node(operator, inputs, attributes));
            assertRefused(network, operator, "its pads are [-1, 0, 0, 0]; each must be 0 to 65536", "Slice");
        }
    }
}
