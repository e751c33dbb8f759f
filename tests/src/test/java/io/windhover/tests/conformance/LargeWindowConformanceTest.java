// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.conformance;

import io.windhover.driver.Accelerator;
import io.windhover.junit.Simulated;
import io.windhover.models.arithmetic.Rescaling;
import io.windhover.models.graph.AveragePool;
import io.windhover.models.graph.Axes;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.MaxPool;
import io.windhover.models.graph.Mean;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Window;
import org.junit.jupiter.api.Test;

/**
 * Averages over more than the random layers draw: maps that do not fit on chip at once, windows that the vector engine
 * has no division for.
 */
class LargeWindowConformanceTest {
    private static final long SEED = 20;

    @Test
    @Simulated("functional:zynq7020")
    void means_of_maps_beyond_the_activation_memory_are_equal(Accelerator accelerator) {
        check(mean(Shape.map(120, 113, 40), TensorType.INT8), accelerator);
        check(mean(Shape.map(203, 64, 17), TensorType.UINT8), accelerator);
    }

    /**
     * A window along the line keeps it in one column, which the mean takes as rows and columns; the host takes primes.
     */
    @Test
    @Simulated("functional:zynq7020")
    void means_of_lines_that_windows_slide_along_are_equal(Accelerator accelerator) {
        for (TensorType type : new TensorType[] {TensorType.INT8, TensorType.UINT8}) {
            check(meanOfPool(Shape.map(1, 5915, 1), Axes.SPATIAL, type), accelerator);
            check(meanOfPool(Shape.map(1, 400, 9), new Axes(false, true, true), type), accelerator);
            check(meanOfPool(Shape.map(8000, 1, 3), new Axes(true, false, false), type), accelerator);
            check(meanOfPool(Shape.map(1, 5923, 2), Axes.SPATIAL, type), accelerator);
        }
    }

    @Test
    @Simulated("functional:zynq7020")
    void averages_over_hundreds_of_positions_are_equal(Accelerator accelerator) {
        for (TensorType type : new TensorType[] {TensorType.INT8, TensorType.UINT8}) {
            check(average(Shape.map(61, 67, 24), new Window(61, 67, 1, 1, 1, 1, Padding.NONE), type), accelerator);
            check(average(Shape.map(47, 45, 9), new Window(20, 20, 3, 5, 1, 1, Padding.NONE), type), accelerator);
            check(
                    average(Shape.map(30, 31, 12), new Window(40, 41, 1, 1, 1, 1, new Padding(7, 8, 3, 2)), type),
                    accelerator);
        }
    }

    @Test
    @Simulated("functional:zynq7020")
    void what_is_too_large_for_the_accelerator_is_equal_on_the_host(Accelerator accelerator) {
        for (TensorType type : new TensorType[] {TensorType.INT8, TensorType.UINT8}) {
            check(meanOfPool(Shape.map(200, 200, 9), Axes.SPATIAL, type), accelerator);
            check(meanOfPool(Shape.map(1, 2008, 2), new Axes(false, true, true), type), accelerator);
            check(meanOfPool(Shape.map(30, 40, 300), new Axes(true, true, true), type), accelerator);
            check(mean(Shape.map(3, 2050, 4), new Axes(true, false, false), type), accelerator);
            check(average(Shape.map(4, 3000, 3), new Window(2, 2, 2, 2, 1, 1, Padding.NONE), type), accelerator);
            check(largest(Shape.map(300, 5, 3), new Window(290, 2, 1, 1, 1, 1, Padding.NONE), type), accelerator);
        }
    }

    @Test
    @Simulated("rtl:tiny")
    void averages_are_equal_on_the_smallest_hardware(Accelerator accelerator) {
        check(mean(Shape.map(40, 40, 24), TensorType.INT8), accelerator);
        check(
                average(Shape.map(21, 23, 9), new Window(21, 23, 1, 1, 1, 1, Padding.NONE), TensorType.UINT8),
                accelerator);
    }

    private static Graph mean(Shape in, TensorType type) {
        return mean(in, Axes.SPATIAL, type);
    }

    private static Graph mean(Shape in, Axes axes, TensorType type) {
        GraphBuilder graph = new GraphBuilder("mean_of_" + in);
        int zeroPoint = type == TensorType.INT8 ? -31 : 97;
        int input = graph.input("input", type, in, Quantization.of(0.5f, zeroPoint));
        int output = graph.tensor("output", type, axes.reduced(in), Quantization.of(0.05f, zeroPoint));
        graph.operator(new Mean(
                "mean",
                new int[] {input},
                new int[] {output},
                axes,
                zeroPoint,
                Rescaling.mean(0.5f, 0.05f, axes.count(in)),
                zeroPoint));
        return graph.build(output);
    }

    private static Graph meanOfPool(Shape in, Axes axes, TensorType type) {
        GraphBuilder graph = new GraphBuilder("mean_of_pool_of_" + in);
        int zeroPoint = type == TensorType.INT8 ? -31 : 97;
        Quantization quantization = Quantization.of(0.5f, zeroPoint);
        int input = graph.input("input", type, in, quantization);
        int pooled = graph.tensor("pooled", type, in, quantization);
        Window window = in.width() == 1
                ? new Window(3, 1, 1, 1, 1, 1, new Padding(1, 0, 1, 0))
                : new Window(1, 3, 1, 1, 1, 1, new Padding(0, 1, 0, 1));
        graph.operator(
                new MaxPool("pool", new int[] {input}, new int[] {pooled}, window, type.minimum(), type.maximum()));
        int output = graph.tensor("output", type, axes.reduced(in), Quantization.of(0.05f, zeroPoint));
        graph.operator(new Mean(
                "mean",
                new int[] {pooled},
                new int[] {output},
                axes,
                zeroPoint,
                Rescaling.mean(0.5f, 0.05f, axes.count(in)),
                zeroPoint));
        return graph.build(output);
    }

    private static Graph average(Shape in, Window window, TensorType type) {
        GraphBuilder graph = new GraphBuilder("average_of_" + in);
        Quantization quantization = Quantization.of(1f, 0);
        Shape out = Shape.map(window.outputHeight(in.height()), window.outputWidth(in.width()), in.channels());
        int input = graph.input("input", type, in, quantization);
        int output = graph.tensor("output", type, out, quantization);
        graph.operator(new AveragePool(
                "average", new int[] {input}, new int[] {output}, window, type.minimum(), type.maximum()));
        return graph.build(output);
    }

    private static Graph largest(Shape in, Window window, TensorType type) {
        GraphBuilder graph = new GraphBuilder("largest_of_" + in);
        Quantization quantization = Quantization.of(1f, 0);
        Shape out = Shape.map(window.outputHeight(in.height()), window.outputWidth(in.width()), in.channels());
        int input = graph.input("input", type, in, quantization);
        int output = graph.tensor("output", type, out, quantization);
        graph.operator(
                new MaxPool("largest", new int[] {input}, new int[] {output}, window, type.minimum(), type.maximum()));
        return graph.build(output);
    }

    private static void check(Graph graph, Accelerator accelerator) {
        Comparison.assertEqual(graph, accelerator, SEED);
    }
}
