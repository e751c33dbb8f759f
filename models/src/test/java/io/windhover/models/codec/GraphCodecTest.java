// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.windhover.models.ModelException;
import io.windhover.models.graph.FloatLogSoftmax;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.models.reference.ReferenceExecutor;
import io.windhover.models.testing.RandomGraphs;
import io.windhover.models.testing.RandomLayer;
import io.windhover.models.zoo.Zoo;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GraphCodecTest {
    @ParameterizedTest
    @EnumSource(RandomLayer.class)
    void a_layer_read_back_computes_the_same(RandomLayer kind) {
        Graph graph = RandomGraphs.layer(kind, 7);
        Graph copy = GraphCodec.read(ByteBuffer.wrap(GraphCodec.write(graph)));
        byte[][] inputs = RandomGraphs.inputs(graph, 7);
        assertArrayEquals(
                new ReferenceExecutor(graph).infer(inputs).get(0),
                new ReferenceExecutor(copy).infer(inputs).get(0));
        assertArrayEquals(GraphCodec.write(graph), GraphCodec.write(copy));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lenet5", "mobilenet_v2_0.35_96", "cnv_w1a1"})
    void a_network_keeps_its_labels_and_preprocessing(String name) {
        Graph graph = Zoo.load(name)
                .with(List.of("ein", "zwei", "drei"), Zoo.load(name).preprocessing());
        byte[] bytes = GraphCodec.write(graph);
        Graph copy = GraphCodec.read(ByteBuffer.wrap(bytes));
        assertEquals(graph.labels(), copy.labels());
        assertArrayEquals(bytes, GraphCodec.write(copy));
    }

    @Test
    void log_softmaxes_keep_the_names_they_are_stored_by() {
        GraphBuilder builder = new GraphBuilder("float", 0);
        Shape shape = Shape.vector(4);
        int input = builder.tensor("input", TensorType.FLOAT32, shape, null);
        int output = builder.tensor("output", TensorType.FLOAT32, shape, null);
        builder.input(input).operator(new FloatLogSoftmax("scores", new int[] {input}, new int[] {output}));
        Graph floats = builder.build(output);
        Graph integers = RandomGraphs.layer(RandomLayer.LOG_SOFTMAX, 1);
        assertEquals("LogSoftmax", storedName(floats));
        assertEquals("QuantizedLogSoftmax", storedName(integers));
        for (Graph graph : List.of(floats, integers)) {
            Graph copy = GraphCodec.read(ByteBuffer.wrap(GraphCodec.write(graph)));
            assertEquals(
                    graph.operators().get(0).getClass(), copy.operators().get(0).getClass());
        }
    }

    /** The text before the name of the graph's only operator: its kind. */
    private static String storedName(Graph graph) {
        String stored = new String(GraphCodec.write(graph), StandardCharsets.ISO_8859_1);
        int length = 0;
        int end = stored.lastIndexOf(graph.operators().get(0).name()) - Integer.BYTES;
        while (Character.isLetter(stored.charAt(end - length - 1))) {
            length++;
        }
        return stored.substring(end - length, end);
    }

    @Test
    void every_truncation_is_refused() {
        byte[] bytes = GraphCodec.write(RandomGraphs.layer(RandomLayer.ADD, 1));
        for (int length = 0; length < bytes.length; length++) {
            ByteBuffer shortened = ByteBuffer.wrap(bytes, 0, length);
            assertThrows(ModelException.class, () -> GraphCodec.read(shortened));
        }
    }

    @Test
    void bytes_after_the_graph_are_refused() {
        byte[] bytes = GraphCodec.write(RandomGraphs.layer(RandomLayer.ADD, 1));
        byte[] longer = java.util.Arrays.copyOf(bytes, bytes.length + 1);
        assertThrows(ModelException.class, () -> GraphCodec.read(ByteBuffer.wrap(longer)));
    }

    @Test
    void a_graph_of_an_older_version_is_refused() {
        byte[] bytes = GraphCodec.write(RandomGraphs.layer(RandomLayer.ADD, 1));
        bytes[3]--;
        ModelException problem = assertThrows(ModelException.class, () -> GraphCodec.read(ByteBuffer.wrap(bytes)));
        assertEquals("The stored graph is of another version; compile the model again.", problem.getMessage());
    }
}
