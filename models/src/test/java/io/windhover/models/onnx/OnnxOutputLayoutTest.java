// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Shape;
import io.windhover.models.reference.ReferenceExecutor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** In which order the elements of an output lie, whatever made it. */
class OnnxOutputLayoutTest {
    private static final int[] MAP = {1, 6, 2, 4};
    private static final int[] CHANNELS_LAST = {0, 2, 3, 1};
    private static final int[] CHANNELS_LAST_OF_A_ROW = {0, 2, 1};
    private static final int INT8 = 3;

    private OnnxNetwork network = new OnnxNetwork();

    private String transposed(String value, long... permutation) {
        return network.node("Transpose", List.of(value), "perm", permutation);
    }

    private String reshaped(String value, long... shape) {
        return network.node("Reshape", List.of(value, network.ints(shape)), OnnxNetwork.SHAPE, shape);
    }

    private String relu(String value) {
        return network.node("Relu", List.of(value));
    }

    /**
     * The elements 1, 2, 3... of the map, through a pool of single pixels and this, lie in this order; floats and
     * codes.
     */
    private void assertOrder(int[] order, UnaryOperator<String> after) {
        assertOrder(order, MAP, after);
    }

    private void assertOrder(int[] order, int[] shape, UnaryOperator<String> after) {
        for (boolean quantized : new boolean[] {false, true}) {
            network = new OnnxNetwork()
                    .input("input", Arrays.stream(shape).boxed().toArray());
            String zero = network.constant(new OnnxNetwork.Tensor(INT8, new int[0], new double[1]));
            String one = network.constant(new int[0], 1);
            String x = "input";
            if (quantized) {
                x = network.node("QuantizeLinear", List.of(x, one, zero));
                x = network.node("DequantizeLinear", List.of(x, one, zero));
            }
            long[] kernel = new long[shape.length - 2];
            Arrays.fill(kernel, 1);
            x = after.apply(network.node("MaxPool", List.of(x), "kernel_shape", kernel));
            network.output(quantized ? network.node("QuantizeLinear", List.of(x, one, zero)) : x);
            assertOrder(order, shape, quantized);
        }
    }

    private void assertOrder(int[] order, int[] shape, boolean quantized) {
        double[] values = new double[Dimensions.count(shape)];
        Arrays.setAll(values, i -> i + 1);
        NchwValues.Array input = new NchwValues.Array(shape, values);
        int[] lastChannels = Layout.channelsLast(shape.length);
        ByteBuffer fed = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(NchwMoves.transposed(input, lastChannels).values()).forEach(value -> fed.putFloat((float) value));
        // A pool of single pixels over a row is no map that the definition's class takes.
        OnnxNetwork.Node pool = network.nodes.stream()
                .filter(node -> node.operator().equals("MaxPool"))
                .findFirst()
                .orElseThrow();
        int at = network.nodes.indexOf(pool);
        Graph graph = OnnxImporter.read("order", ByteBuffer.wrap(network.file()));
        network.nodes.set(at, new OnnxNetwork.Node("Identity", pool.inputs(), pool.outputs(), Map.of(), ""));
        NchwValues.Array result = NchwOracle.run(network, Map.of("input", input));
        double[] expected = NchwMoves.transposed(result, order).values();
        ByteBuffer made = ByteBuffer.wrap(
                        new ReferenceExecutor(graph).infer(fed.array()).get(0))
                .order(ByteOrder.LITTLE_ENDIAN);
        double[] actual = new double[expected.length];
        Arrays.setAll(actual, i -> quantized ? made.get(i) : made.getFloat(4 * i));
        assertArrayEquals(expected, actual, 0, network.nodes + " should make " + Arrays.toString(expected));
    }

    @Test
    void maps_of_four_dimensions_lie_channels_last() {
        assertOrder(CHANNELS_LAST, this::relu);
        assertOrder(CHANNELS_LAST, x -> transposed(x, 0, 1, 3, 2));
        assertOrder(CHANNELS_LAST, x -> transposed(x, 0, 3, 1, 2));
        assertOrder(CHANNELS_LAST, x -> transposed(x, 0, 3, 2, 1));
        assertOrder(CHANNELS_LAST, x -> reshaped(x, 1, 3, 4, 4));
        assertOrder(CHANNELS_LAST, x -> reshaped(reshaped(x, 1, 48), 1, 4, 6, 2));
        assertOrder(CHANNELS_LAST, x -> relu(reshaped(transposed(x, 0, 2, 3, 1), 1, 6, 4, 2)));
    }

    @Test
    void what_the_file_itself_turns_channels_last_stays_so() {
        int[] own = {0, 1, 2, 3};
        assertOrder(own, x -> transposed(x, 0, 2, 3, 1));
        assertOrder(own, x -> relu(transposed(x, 0, 2, 3, 1)));
        assertOrder(own, x -> transposed(reshaped(x, 1, 4, 2, 6), 0, 2, 3, 1));
    }

    @Test
    void rows_lie_channels_last_where_an_operator_over_maps_makes_them() {
        int[] row = {1, 6, 5};
        assertOrder(CHANNELS_LAST_OF_A_ROW, row, this::relu);
        assertOrder(CHANNELS_LAST_OF_A_ROW, row, x -> x);
        int[] own = {0, 1, 2};
        assertOrder(own, row, x -> transposed(x, 0, 2, 1));
        assertOrder(own, x -> reshaped(x, 1, 6, 8));
        assertOrder(own, x -> transposed(reshaped(x, 1, 6, 8), 0, 2, 1));
        assertOrder(own, x -> relu(reshaped(transposed(x, 0, 2, 3, 1), 1, 8, 6)));
    }

    @Test
    void outputs_of_other_ranks_lie_in_their_own_order() {
        assertOrder(new int[] {0, 1}, x -> reshaped(x, 1, 48));
        assertOrder(new int[] {0, 1}, x -> reshaped(transposed(x, 0, 2, 3, 1), 6, 8));
        assertOrder(new int[] {0}, x -> reshaped(x, 48));
        assertOrder(new int[] {0, 1, 2, 3, 4}, x -> reshaped(x, 1, 2, 3, 2, 4));
        assertOrder(new int[] {0, 1, 2, 3, 4}, x -> transposed(reshaped(x, 1, 2, 3, 2, 4), 0, 4, 2, 1, 3));
    }

    private Shape shape(UnaryOperator<String> after) {
        network = new OnnxNetwork().input("input", Arrays.stream(MAP).boxed().toArray());
        String x = network.node("MaxPool", List.of("input"), "kernel_shape", new long[] {1, 1});
        network.output(after.apply(x));
        Graph graph = OnnxImporter.read("shape", ByteBuffer.wrap(network.file()));
        return graph.tensor(graph.outputs()[0]).shape();
    }

    /** What decodes a detector's boxes, or takes scores for classes, goes by it. */
    @Test
    void outputs_have_the_shape_that_the_file_gives_them() {
        assertEquals(Shape.of(1, 8, 6), shape(x -> transposed(reshaped(x, 1, 6, 8), 0, 2, 1)));
        assertEquals(Shape.of(1, 16, 3), shape(x -> reshaped(transposed(x, 0, 2, 3, 1), 1, 16, 3)));
        assertEquals(Shape.of(1, 48), shape(x -> reshaped(x, 1, 48)));
        assertEquals(Shape.of(1, 2, 3, 2, 4), shape(x -> reshaped(x, 1, 2, 3, 2, 4)));
        assertEquals(Shape.of(1, 2, 4, 6), shape(x -> x));
    }

    @Test
    void what_a_layer_makes_of_a_vector_has_the_shape_that_the_file_gives_it() {
        network = new OnnxNetwork().input("input", 1, 4);
        String weights = network.constant(new int[] {4, 6}, new double[24]);
        network.output(reshaped(network.node("MatMul", List.of("input", weights)), 1, 2, 3));
        Graph graph = OnnxImporter.read("shape", ByteBuffer.wrap(network.file()));
        assertEquals(Shape.of(1, 2, 3), graph.tensor(graph.outputs()[0]).shape());
    }
}
