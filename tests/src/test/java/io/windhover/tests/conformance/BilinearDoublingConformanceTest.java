// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.driver.Accelerator;
import io.windhover.junit.Simulated;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Resize;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.models.testing.RandomGraphs;
import io.windhover.runtime.compiler.Compiler;
import io.windhover.runtime.compiler.program.CompiledModel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bilinear resizes to twice the height and width, in every way of counting positions. */
class BilinearDoublingConformanceTest {
    private static final long SEED = 31;
    private static final int[] INPUTS = {0};
    private static final int[] OUTPUTS = {1};
    /** For each word of the output; one stored by itself takes five. */
    private static final double MOST_CYCLES = 3;

    private static final int[][] SIZES = {
        {1, 1}, {1, 2}, {1, 7}, {2, 1}, {9, 1}, {3, 2}, {5, 5}, {7, 10}, {8, 8}, {2, 9}, {2, 8}, {33, 4}, {20, 3}
    };
    private static final int[] CHANNELS = {1, 3, 8, 24, 64};

    /** How positions are counted: aligned corners double where one pixel less is made. */
    private enum Grid {
        HALF_PIXEL(false, true, 0),
        ALIGNED(true, false, 1),
        PLAIN(false, false, 0);

        final boolean alignCorners;
        final boolean halfPixel;
        final int less;

        Grid(boolean alignCorners, boolean halfPixel, int less) {
            this.alignCorners = alignCorners;
            this.halfPixel = halfPixel;
            this.less = less;
        }

        Graph graph(TensorType type, int height, int width, int channels) {
            Shape in = Shape.map(height, width, channels);
            GraphBuilder graph = new GraphBuilder(this + "_of_" + type + "_" + in);
            Quantization quantization = Quantization.of(0.05f, type == TensorType.INT8 ? -7 : 121);
            graph.input("input", type, in, quantization);
            graph.tensor("output", type, Shape.map(2 * height - less, 2 * width - less, channels), quantization);
            graph.operator(new Resize("resize", INPUTS, OUTPUTS, Resize.Mode.BILINEAR, alignCorners, halfPixel));
            return graph.build(OUTPUTS);
        }
    }

    private static List<Graph> graphs() {
        List<Graph> graphs = new ArrayList<>();
        for (Grid grid : Grid.values()) {
            for (TensorType type : List.of(TensorType.INT8, TensorType.UINT8)) {
                for (int[] size : SIZES) {
                    for (int channels : CHANNELS) {
                        graphs.add(grid.graph(type, size[0], size[1], channels));
                    }
                }
            }
        }
        return graphs;
    }

    @Test
    @Simulated("functional:zynq7020")
    void doublings_are_equal(Accelerator accelerator) {
        graphs().forEach(graph -> check(graph, accelerator));
    }

    @Test
    @Simulated("functional:tiny")
    void doublings_are_equal_on_the_smallest_configuration(Accelerator accelerator) {
        graphs().forEach(graph -> check(graph, accelerator));
    }

    @Test
    @Simulated("rtl:zynq7020")
    void doublings_are_equal_in_rtl(Accelerator accelerator) {
        for (Grid grid : Grid.values()) {
            check(grid.graph(TensorType.INT8, 7, 9, 24), accelerator);
        }
    }

    /** Wider than fits on chip with all channels, or at all. */
    @Test
    @Simulated("functional:tiny")
    void doublings_of_wide_maps_are_equal(Accelerator accelerator) {
        check(Grid.HALF_PIXEL.graph(TensorType.INT8, 3, 100, 128), accelerator);
        check(Grid.PLAIN.graph(TensorType.UINT8, 2, 383, 20), accelerator);
        check(Grid.ALIGNED.graph(TensorType.INT8, 2, 900, 8), accelerator);
    }

    @Test
    @Simulated("functional:zynq7020")
    void doublings_store_no_pixel_by_itself(Accelerator accelerator) {
        for (Grid grid : Grid.values()) {
            for (int size = 16; size <= 64; size *= 2) {
                Graph graph = grid.graph(TensorType.INT8, size, size, 64);
                CompiledModel model = check(graph, accelerator);
                int words = graph.tensor(OUTPUTS[0]).shape().elements() / 8;
                assertTrue(
                        model.estimatedCycles() <= MOST_CYCLES * words,
                        () -> model.estimatedCycles() + " cycles for " + words + " words of " + graph.name());
            }
        }
    }

    private static CompiledModel check(Graph graph, Accelerator accelerator) {
        CompiledModel model = Compiler.compile(graph, accelerator.capabilities());
        byte[][] inputs = RandomGraphs.inputs(graph, SEED);
        assertEquals("", Comparison.difference(graph, model, new Executor(accelerator), inputs));
        return model;
    }
}
