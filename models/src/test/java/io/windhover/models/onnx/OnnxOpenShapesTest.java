// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.ModelException;
import io.windhover.models.codec.GraphCodec;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.InputShapes;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class OnnxOpenShapesTest {
    private static Graph read(OnnxNetwork network, String... shapes) {
        byte[] file = network.file();
        return OnnxImporter.read(Path.of("open.onnx"), file, file.length, InputShapes.parse(List.of(shapes)))
                .graph();
    }

    private static OnnxNetwork pools(Object... input) {
        OnnxNetwork network = new OnnxNetwork().input("image", input);
        String pooled = network.node(
                "MaxPool", List.of("image"), "kernel_shape", new long[] {2, 2}, "strides", new long[] {2, 2});
        network.outputShapes.put("out", new Object[] {1, 3, "rows", "columns"});
        network.add("", "Relu", List.of(pooled), List.of("out"));
        return network.output("out");
    }

    private static void assertRefused(OnnxNetwork network, String words, String... shapes) {
        ModelException problem = assertThrows(ModelException.class, () -> read(network, shapes));
        assertTrue(problem.getMessage().contains(words), problem.getMessage());
    }

    @Test
    void a_file_of_open_sizes_is_the_network_of_the_sizes_that_are_given() {
        byte[] expected = GraphCodec.write(read(pools(1, 3, 8, 6)));
        OnnxNetwork open = pools("batch", 3, "height", "width");
        assertArrayEquals(expected, GraphCodec.write(read(open, "image=1,3,8,6")));
        assertArrayEquals(expected, GraphCodec.write(read(open, "1,3,8,6")));
        assertArrayEquals(expected, GraphCodec.write(read(pools(1, 3, 8, "width"), "1,3,8,6")));
        assertArrayEquals(expected, GraphCodec.write(read(open, "2,3,8,6").withBatch(1)));
    }

    @Test
    void sizes_that_do_not_fit_are_refused() {
        OnnxNetwork open = pools("batch", 3, "height", "width");
        assertRefused(open, "Input 'image' leaves dimension 2 ('height') open");
        assertRefused(open, "the file says [batch, 3, height, width]", "1,4,8,6");
        assertRefused(open, "the file says [batch, 3, height, width]", "1,8,6");
        assertRefused(open, "the network's inputs are [image]", "picture=1,3,8,6");
        assertRefused(pools(1, 3, 8, 6), "cannot have 9 as its dimension 2", "1,3,9,6");
    }
}
