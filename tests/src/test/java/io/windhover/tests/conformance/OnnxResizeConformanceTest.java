// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.windhover.driver.Accelerator;
import io.windhover.junit.Simulated;
import io.windhover.models.graph.Graph;
import io.windhover.models.onnx.OnnxImporter;
import io.windhover.models.onnx.OnnxNetwork;
import io.windhover.runtime.compiler.program.HostReport;
import io.windhover.runtime.compiler.program.Placement;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Linear resizes between codes: the accelerator's work by small fractions, else the host's, which is said. */
class OnnxResizeConformanceTest {
    private static final int INT8 = 3;
    private static final double STEP = 1 / 32.0;

    private static String coded(OnnxNetwork network, String x, double step) {
        String scale = network.constant(new int[0], step);
        String codes = network.node("QuantizeLinear", List.of(x, scale), "output_dtype", INT8);
        return network.node("DequantizeLinear", List.of(codes, scale));
    }

    private static Graph resize(double height, double width, double step) {
        OnnxNetwork network = new OnnxNetwork().input("image", 1, 3, 10, 12);
        String highest =
                network.node("MaxPool", List.of(coded(network, "image", STEP)), "kernel_shape", new long[] {1, 1});
        String y = network.node(
                "Resize", List.of(highest, "", network.constant(new int[] {4}, 1, 1, height, width)), "mode", "linear");
        return OnnxImporter.read(
                "resize",
                ByteBuffer.wrap(network.output(coded(network, y, step)).file()));
    }

    private static List<String> left(Graph graph) {
        return HostReport.beyondEnds(graph, Placement.of(graph)).stream()
                .map(HostReport.Entry::operator)
                .toList();
    }

    @Test
    @Simulated("functional:tiny")
    void resizes_by_small_fractions_run_on_the_accelerator(Accelerator accelerator) {
        for (double[] scales : new double[][] {{2, 2}, {3, 3}, {1.5, 1.5}, {0.5, 2}, {1.25, 1}}) {
            for (double step : new double[] {STEP, 0.07, 0.02}) {
                Graph graph = resize(scales[0], scales[1], step);
                assertEquals(List.of(), left(graph));
                Comparison.assertEqual(graph, accelerator, 1);
            }
        }
    }

    @Test
    @Simulated("functional:tiny")
    void resizes_by_other_scales_run_on_the_host(Accelerator accelerator) {
        Graph graph = resize(0.37, 3.1, 0.07);
        assertEquals(List.of("FloatInterpolation"), left(graph));
        Comparison.assertEqual(graph, accelerator, 1);
    }
}
