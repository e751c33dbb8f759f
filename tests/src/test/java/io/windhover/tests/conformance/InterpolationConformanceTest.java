// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.driver.Accelerator;
import io.windhover.junit.Simulated;
import io.windhover.models.arithmetic.Rescaling;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.Interpolation;
import io.windhover.models.graph.NeighbourShares;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.models.testing.RandomGraphs;
import io.windhover.runtime.compiler.Compiler;
import io.windhover.runtime.compiler.program.CompiledModel;
import io.windhover.runtime.compiler.program.HostReport;
import io.windhover.runtime.compiler.program.Placement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Maps of codes sampled between their pixels, into codes of the same and of other scales. */
class InterpolationConformanceTest {
    private static final long SEED = 37;
    private static final int[] INPUTS = {0};
    private static final int[] OUTPUTS = {1};
    private static final float STEP = 0.05f;
    /** For each word of the output; one stored by itself takes five. */
    private static final double MOST_CYCLES = 3;

    private static final int[][] SIZES = {{1, 1}, {1, 7}, {9, 1}, {5, 5}, {7, 10}, {2, 9}, {20, 3}};
    private static final double[][] FACTORS = {{2, 2}, {3, 3}, {1.5, 2}, {0.5, 0.5}, {1.25, 1}, {4, 0.25}};
    private static final float[] OUTPUT_STEPS = {STEP, 0.021f, 0.0731f, 0.4f};

    /** Pixels at their centres, or the first of both maps together. */
    private static NeighbourShares shares(int size, double factor, boolean centred) {
        float[] positions = new float[Math.max(1, (int) (size * factor))];
        for (int i = 0; i < positions.length; i++) {
            double place = centred ? (i + 0.5) / factor - 0.5 : i / factor;
            positions[i] = (float) Math.max(0, Math.min(size - 1, place));
        }
        return Objects.requireNonNull(NeighbourShares.of(positions));
    }

    private static Graph graph(TensorType type, Shape in, double[] factors, boolean centred, float step) {
        NeighbourShares rows = shares(in.height(), factors[0], centred);
        NeighbourShares columns = shares(in.width(), factors[1], centred);
        GraphBuilder graph = new GraphBuilder("interpolation_of_" + in + "_by_" + factors[0] + "x" + factors[1]
                + (centred ? "_centred" : "") + "_into_" + type + "_of_" + step);
        int zeroPoint = type == TensorType.INT8 ? -7 : 121;
        graph.input("input", type, in, Quantization.of(STEP, zeroPoint));
        graph.tensor(
                "output",
                type,
                Shape.map(rows.size(), columns.size(), in.channels()),
                Quantization.of(step, zeroPoint + 20));
        graph.operator(new Interpolation(
                "interpolation",
                INPUTS,
                OUTPUTS,
                rows,
                columns,
                zeroPoint,
                Rescaling.roundingOnce(STEP / ((double) step * rows.divisor() * columns.divisor())),
                zeroPoint + 20,
                type.minimum() + 3,
                type.maximum()));
        return graph.build(OUTPUTS);
    }

    private static List<Graph> graphs() {
        List<Graph> graphs = new ArrayList<>();
        int draw = 0;
        for (int[] size : SIZES) {
            for (double[] factors : FACTORS) {
                for (boolean centred : new boolean[] {false, true}) {
                    for (int channels : new int[] {3, 24}) {
                        TensorType type = draw % 3 == 0 ? TensorType.UINT8 : TensorType.INT8;
                        float step = OUTPUT_STEPS[draw++ % OUTPUT_STEPS.length];
                        graphs.add(graph(type, Shape.map(size[0], size[1], channels), factors, centred, step));
                    }
                }
            }
        }
        return graphs;
    }

    @Test
    @Simulated("functional:zynq7020")
    void interpolations_are_equal(Accelerator accelerator) {
        graphs().forEach(graph -> check(graph, accelerator));
    }

    @Test
    @Simulated("functional:tiny")
    void interpolations_are_equal_on_the_smallest_configuration(Accelerator accelerator) {
        graphs().forEach(graph -> check(graph, accelerator));
    }

    @Test
    @Simulated("rtl:zynq7020")
    void interpolations_are_equal_in_rtl(Accelerator accelerator) {
        Shape in = Shape.map(7, 9, 24);
        check(graph(TensorType.INT8, in, new double[] {2, 2}, true, 0.021f), accelerator);
        check(graph(TensorType.INT8, in, new double[] {3, 1.5}, true, 0.0731f), accelerator);
    }

    @Test
    @Simulated("functional:zynq7020")
    void doublings_into_other_codes_store_no_pixel_by_itself(Accelerator accelerator) {
        for (boolean centred : new boolean[] {false, true}) {
            Graph graph = graph(TensorType.INT8, Shape.map(32, 32, 64), new double[] {2, 2}, centred, 0.0731f);
            CompiledModel model = check(graph, accelerator);
            int words = graph.tensor(OUTPUTS[0]).shape().elements() / 8;
            assertTrue(
                    model.estimatedCycles() <= MOST_CYCLES * words,
                    () -> model.estimatedCycles() + " cycles for " + words + " words of " + graph.name());
        }
    }

    private static CompiledModel check(Graph graph, Accelerator accelerator) {
        assertEquals(List.of(), HostReport.beyondEnds(graph, Placement.of(graph)), graph.name());
        CompiledModel model = Compiler.compile(graph, accelerator.capabilities());
        byte[][] inputs = RandomGraphs.inputs(graph, SEED);
        assertEquals("", Comparison.difference(graph, model, new Executor(accelerator), inputs), graph.name());
        return model;
    }
}
