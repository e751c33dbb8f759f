// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.conformance;

import io.windhover.driver.Accelerator;
import io.windhover.junit.Simulated;
import io.windhover.models.arithmetic.Rescaling;
import io.windhover.models.graph.Add;
import io.windhover.models.graph.FullyConnected;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.LocallyConnected;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Rescale;
import io.windhover.models.graph.Resize;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Slice;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Window;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Maps larger than the random layers draw: columns beyond what a command can leave out, rows and channels beyond what
 * fits on chip.
 */
class LargeMapConformanceTest {
    private static final long SEED = 21;
    private static final Quantization QUANTIZATION = Quantization.of(0.05f, -7);
    private static final int[] OUTPUTS = {1};
    private static final PostProcess.Requantize HALF =
            PostProcess.Requantize.uniform(new Rescale(1 << 30, -5), 4, -7, -128, 127);

    @Test
    @Simulated("functional:tiny")
    void windows_far_to_the_right_are_equal(Accelerator accelerator) {
        right(accelerator);
    }

    @Test
    @Simulated("rtl:tiny")
    void windows_far_to_the_right_are_equal_on_the_smallest_hardware(Accelerator accelerator) {
        right(accelerator);
    }

    private static void right(Accelerator accelerator) {
        int[] inputs = {0};
        check(
                Shape.map(2, 331, 5),
                Shape.map(4, 662, 5),
                new Resize("resize", inputs, OUTPUTS, Resize.Mode.BILINEAR, false, true),
                accelerator);
        check(
                Shape.map(2, 331, 5),
                Shape.map(1, 30, 5),
                new Slice("slice", inputs, OUTPUTS, 1, 270, 0, 1, 2, 1),
                accelerator);
        check(
                Shape.map(1, 300, 3),
                Shape.map(1, 150, 4),
                new LocallyConnected(
                        "local",
                        inputs,
                        OUTPUTS,
                        Window.square(1, 2, 0),
                        4,
                        weights(150 * 4 * 3),
                        new int[150 * 4],
                        -7,
                        HALF),
                accelerator);
    }

    @Test
    @Simulated("functional:zynq7020")
    void rows_far_below_the_top_are_equal(Accelerator accelerator) {
        check(
                Shape.map(900, 90, 40),
                Shape.map(9, 90, 40),
                new Slice("slice", new int[] {0}, OUTPUTS, 880, 0, 0, 2, 1, 1),
                accelerator);
    }

    @Test
    @Simulated("functional:tiny")
    void element_wise_operators_whose_maps_fit_only_in_part_are_equal(Accelerator accelerator) {
        Shape wide = Shape.map(3, 200, 64);
        Rescaling.Addition sum = Rescaling.addition(0.05f, 0.05f, 0.05f);
        check(
                wide,
                wide,
                new Add(
                        "add",
                        new int[] {0, 0},
                        OUTPUTS,
                        sum.leftShift(),
                        -7,
                        sum.first(),
                        -7,
                        sum.second(),
                        -7,
                        sum.result(),
                        -128,
                        127),
                accelerator);
        check(wide, wide, new LookupTable("table", new int[] {0}, OUTPUTS, "random", weights(256)), accelerator);
    }

    /** After a layer that makes it a map: its kernel would be one of 40 x 40 taps. */
    @Test
    @Simulated("functional:tiny")
    void a_fully_connected_layer_over_a_map_of_many_pixels_is_equal(Accelerator accelerator) {
        GraphBuilder graph = new GraphBuilder("fully_connected");
        Shape map = Shape.map(40, 40, 2);
        int input = graph.input("input", TensorType.INT8, map, QUANTIZATION);
        int middle = graph.tensor("middle", TensorType.INT8, map, QUANTIZATION);
        int output = graph.tensor("output", TensorType.INT8, Shape.vector(4), QUANTIZATION);
        graph.operator(new LookupTable("table", new int[] {input}, new int[] {middle}, "random", weights(256)));
        graph.operator(new FullyConnected(
                "fully_connected",
                new int[] {middle},
                new int[] {output},
                4,
                weights(4 * map.elements()),
                0,
                new int[4],
                -7,
                HALF));
        check(graph.build(output), accelerator);
    }

    private static byte[] weights(int count) {
        byte[] weights = new byte[count];
        new Random(SEED).nextBytes(weights);
        return weights;
    }

    private static void check(Shape in, Shape out, Operator operator, Accelerator accelerator) {
        GraphBuilder graph = new GraphBuilder(operator.name() + "_of_" + in);
        graph.input("input", TensorType.INT8, in, QUANTIZATION);
        graph.tensor("output", TensorType.INT8, out, QUANTIZATION);
        check(graph.operator(operator).build(OUTPUTS), accelerator);
    }

    private static void check(Graph graph, Accelerator accelerator) {
        Comparison.assertEqual(graph, accelerator, SEED);
    }
}
