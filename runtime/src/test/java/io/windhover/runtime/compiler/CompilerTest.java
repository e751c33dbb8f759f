// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.driver.Capabilities;
import io.windhover.models.graph.AveragePool;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Window;
import io.windhover.models.testing.RandomGraphs;
import io.windhover.models.zoo.Zoo;
import io.windhover.runtime.compiler.program.CompileException;
import io.windhover.runtime.compiler.program.CompiledModel;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import org.junit.jupiter.api.Test;

class CompilerTest {
    private static final Capabilities ZYNQ = Capabilities.named("zynq7020");

    @Test
    void the_same_network_gives_the_same_bytes() {
        Graph graph = RandomGraphs.network(3);
        CompiledModel first = Compiler.compile(graph, ZYNQ);
        CompiledModel second = Compiler.compile(RandomGraphs.network(3), ZYNQ);
        assertArrayEquals(first.commands(), second.commands());
        assertArrayEquals(first.constants(), second.constants());
    }

    /**
     * Its maps do not all fit on chip, and several that could go are of one size. Objects have other hashes at each
     * compilation.
     */
    @Test
    void bytes_do_not_depend_on_the_hashes_of_objects() {
        Graph graph = Zoo.load("resnet_18");
        long[] first = Compiler.compile(graph, Capabilities.named("tiny")).commands();
        for (int i = 0; i < 3; i++) {
            assertArrayEquals(
                    first, Compiler.compile(graph, Capabilities.named("tiny")).commands());
        }
    }

    @Test
    void softmax_runs_on_the_host() {
        CompiledModel model = Compiler.compile(Zoo.load("mobilenet_v2_1.0_224"), ZYNQ);
        assertEquals("host", model.layers().get(model.layers().size() - 1).placement());
    }

    @Test
    void every_operator_is_placed_in_the_report() {
        Graph graph = Zoo.load("cnv_w1a1");
        CompiledModel model = Compiler.compile(graph, ZYNQ);
        assertEquals(graph.operators().size(), model.layers().size());
        assertTrue(model.layers().stream().anyMatch(layer -> layer.placement().equals("XNOR_CONVOLUTION")));
    }

    /** Of 5.3 M weights; the means of its squeeze-and-excite blocks span up to 112 x 112 positions. */
    @Test
    void a_mean_brings_its_ones_once() {
        CompiledModel model = Compiler.compile(Zoo.load("efficientnet_b0"), ZYNQ);
        assertTrue(model.constants().length < 7_000_000, model.constants().length + " bytes");
    }

    /** Each takes dozens of stages, over thousands of rows; three limits of what stays on chip are tried. */
    @Test
    void unsigned_averages_along_a_line_take_less_than_ten_seconds_to_compile() {
        GraphBuilder graph = new GraphBuilder("averages");
        int from = graph.input("input", TensorType.UINT8, Shape.map(8600, 1, 2), Quantization.of(1f, 0));
        for (int pool = 0; pool < 3; pool++) {
            int to = graph.tensor("pool", TensorType.UINT8, Shape.map(8600, 1, 2), Quantization.of(1f, 0));
            Window window = new Window(16, 1, 1, 1, 1, 1, new Padding(7, 0, 8, 0));
            graph.operator(new AveragePool("pool", new int[] {from}, new int[] {to}, window, 0, 255));
            from = to;
        }
        Graph averages = graph.build(from);
        // A busy machine takes twice as long, the first time: its JIT compiler waits.
        long milliseconds = Math.min(milliseconds(averages), milliseconds(averages));
        assertTrue(milliseconds < 10_000, milliseconds + " ms");
    }

    /** Of processor time. */
    private static long milliseconds(Graph graph) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        Compiler.compile(graph, ZYNQ);
        return (threads.getCurrentThreadCpuTime() - before) / 1_000_000;
    }

    @Test
    void a_layer_that_cannot_be_placed_is_named() {
        Graph graph = RandomGraphs.layer(io.windhover.models.testing.RandomLayer.CONVOLUTION, 1);
        Capabilities nothing = new Capabilities(9, 16, 2, 64, 0, 6144, 4096, 16, 1);
        CompileException problem = assertThrows(CompileException.class, () -> Compiler.compile(graph, nothing));
        assertTrue(problem.getMessage().startsWith("Layer 'convolution"), problem.getMessage());
    }
}
