// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.windhover.driver.Accelerator;
import io.windhover.junit.Simulated;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.MaxPool;
import io.windhover.models.graph.Pad;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Window;
import io.windhover.runtime.compiler.program.HostReason;
import io.windhover.runtime.compiler.program.Placement;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Largest codes of whole maps and lines that have more rows or columns than a kernel, and wide maps that are the
 * host's.
 */
class LargeExtremeConformanceTest {
    private static final long SEED = 23;

    @Test
    @Simulated("functional:zynq7020")
    void largest_codes_of_long_sides_are_equal(Accelerator accelerator) {
        for (TensorType type : new TensorType[] {TensorType.INT8, TensorType.UINT8}) {
            check(whole(Shape.map(9, 256, 3)), Shape.map(9, 256, 3), type, accelerator);
            check(whole(Shape.map(301, 7, 11)), Shape.map(301, 7, 11), type, accelerator);
            check(whole(Shape.map(260, 300, 2)), Shape.map(260, 300, 2), type, accelerator);
            check(new Window(1, 300, 1, 300, 1, 1, Padding.NONE), Shape.map(20, 300, 5), type, accelerator);
            check(new Window(3, 310, 2, 1, 1, 1, new Padding(1, 4, 1, 3)), Shape.map(21, 303, 5), type, accelerator);
        }
    }

    @Test
    @Simulated("functional:tiny")
    void largest_codes_of_long_lines_are_equal(Accelerator accelerator) {
        check(whole(Shape.map(1, 12143, 1)), Shape.map(1, 12143, 1), TensorType.INT8, accelerator);
        check(whole(Shape.map(8009, 1, 6)), Shape.map(8009, 1, 6), TensorType.UINT8, accelerator);
    }

    @Test
    @Simulated("rtl:tiny")
    void largest_codes_are_equal_on_the_smallest_hardware(Accelerator accelerator) {
        check(whole(Shape.map(3, 271, 9)), Shape.map(3, 271, 9), TensorType.INT8, accelerator);
    }

    /** The pool takes the line folded; the border around it makes it a map of too many columns, which is the host's. */
    @Test
    @Simulated("functional:zynq7020")
    void borders_around_long_lines_are_equal(Accelerator accelerator) {
        GraphBuilder builder = new GraphBuilder("border");
        Quantization quantization = Quantization.of(1f, 0);
        int input = builder.input("input", TensorType.INT8, Shape.map(1, 12143, 1), quantization);
        int pooled = builder.tensor("pooled", TensorType.INT8, Shape.map(1, 4048, 1), quantization);
        builder.operator(new MaxPool(
                "pool",
                new int[] {input},
                new int[] {pooled},
                new Window(1, 80, 1, 3, 1, 1, new Padding(0, 39, 0, 39)),
                -128,
                127));
        int output = builder.tensor("output", TensorType.INT8, Shape.map(7, 4052, 1), quantization);
        builder.operator(new Pad("border", new int[] {pooled}, new int[] {output}, new Padding(3, 3, 3, 1), 0, 0, 46));
        Graph graph = builder.build(output);
        assertEquals(List.of(1), Placement.of(graph).hostOperators());
        assertEquals(HostReason.COLUMNS, HostReason.of(graph.operators().get(1), graph));
        Comparison.assertEqual(graph, accelerator, SEED);
    }

    private static Window whole(Shape in) {
        return new Window(in.height(), in.width(), 1, 1, 1, 1, Padding.NONE);
    }

    private static void check(Window window, Shape in, TensorType type, Accelerator accelerator) {
        GraphBuilder builder = new GraphBuilder("largest_of_" + in);
        Quantization quantization = Quantization.of(1f, 0);
        Shape out = Shape.map(window.outputHeight(in.height()), window.outputWidth(in.width()), in.channels());
        int input = builder.input("input", type, in, quantization);
        int output = builder.tensor("output", type, out, quantization);
        builder.operator(
                new MaxPool("largest", new int[] {input}, new int[] {output}, window, type.minimum(), type.maximum()));
        Graph graph = builder.build(output);
        Comparison.assertEqual(graph, accelerator, SEED);
    }
}
