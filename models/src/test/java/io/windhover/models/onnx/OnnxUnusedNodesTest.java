// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.ModelException;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.InputShapes;
import io.windhover.models.graph.Tensor;
import io.windhover.models.inspect.FileOperator;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nodes that no output depends on are left out, whatever they are. */
class OnnxUnusedNodesTest {
    private static final int LIMIT = 1 << 20;

    private static Graph read(OnnxNetwork network) {
        return OnnxImporter.read("unused", ByteBuffer.wrap(network.file()));
    }

    /** A clamp between codes; with nodes that nothing reads beside it, or without. */
    private static OnnxNetwork network(boolean besides) {
        OnnxNetwork network = new OnnxNetwork().input("input", 1, 3, 4, 4);
        String x = OnnxHostNodesTest.coded(network, "input", 1.0 / 16);
        String relu = network.node("Relu", List.of(x));
        String y = OnnxHostNodesTest.coded(network, relu, 1.0 / 16);
        if (besides) {
            String strange = network.node("NoSuchOperator", List.of(relu));
            network.node("some.where", "Strange", List.of(strange, "nowhere"));
            network.node("Relu", List.of(y, y), "slope", 3);
        }
        return network.output(y);
    }

    @Test
    void unknown_operators_that_nothing_reads_change_nothing() {
        Graph graph = read(network(true));
        Graph alone = read(network(false));
        assertEquals(
                alone.operators().stream().map(Object::getClass).toList(),
                graph.operators().stream().map(Object::getClass).toList());
        assertArrayEquals(alone.outputs(), graph.outputs());
        Tensor input = graph.tensor(graph.inputs()[0]);
        assertEquals("input", input.name());
        assertEquals(network(true).nodes.size(), input.index());
    }

    @Test
    void what_an_output_depends_on_is_refused_as_before() {
        OnnxNetwork network = network(true);
        network.output(
                network.node("Neg", List.of(network.nodes.get(5).outputs().get(0))));
        String why = assertThrows(ModelException.class, () -> read(network)).getMessage();
        assertTrue(why.contains("NoSuchOperator"), why);
    }

    @Test
    void inspection_says_which_nodes_are_unused() {
        OnnxNetwork network = network(true);
        network.output(network.node("Unknown", List.of("input")));
        List<FileOperator> operators =
                OnnxImporter.operators(Path.of("unused.onnx"), network.file(), LIMIT, InputShapes.NONE);
        for (FileOperator operator : operators) {
            FileOperator.State expected = switch (operator.index()) {
                case 5, 6, 7 -> FileOperator.State.UNUSED;
                case 8 -> FileOperator.State.UNSUPPORTED;
                default -> FileOperator.State.SUPPORTED;
            };
            assertEquals(expected, operator.state(), operator.toString());
        }
        assertEquals(9, operators.size());
    }
}
