// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.driver.Accelerator;
import io.windhover.junit.Simulated;
import io.windhover.models.graph.Graph;
import io.windhover.models.onnx.OnnxImporter;
import io.windhover.models.onnx.OnnxNetwork;
import io.windhover.runtime.compiler.program.HostReport;
import io.windhover.runtime.compiler.program.Placement;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** PRelu between codes: the accelerator's work with a slope for each channel, else the host's, which is said. */
class OnnxRectifierConformanceTest {
    private static final int INT8 = 3;

    private static String coded(OnnxNetwork network, String x, double step) {
        String scale = network.constant(new int[0], step);
        String codes = network.node("QuantizeLinear", List.of(x, scale), "output_dtype", INT8);
        return network.node("DequantizeLinear", List.of(codes, scale));
    }

    private static Graph rectifier(int[] shape, double... slopes) {
        OnnxNetwork network = new OnnxNetwork().input("image", 1, 3, 6, 8);
        String x = coded(network, "image", 1 / 32.0);
        String highest = network.node("MaxPool", List.of(x), "kernel_shape", new long[] {1, 2});
        String y = network.node("PRelu", List.of(highest, network.constant(shape, slopes)));
        return OnnxImporter.read(
                "rectifier",
                ByteBuffer.wrap(network.output(coded(network, y, 0.07)).file()));
    }

    private static List<String> left(Graph graph) {
        return HostReport.beyondEnds(graph, Placement.of(graph)).stream()
                .map(HostReport.Entry::operator)
                .toList();
    }

    @Test
    @Simulated("functional:tiny")
    void slopes_for_each_channel_run_on_the_accelerator(Accelerator accelerator) {
        for (double[] slopes : new double[][] {{0.25, 0.01, 3}, {-2, 0.3, 0}}) {
            Graph graph = rectifier(new int[] {3, 1, 1}, slopes);
            assertEquals(List.of(), left(graph));
            Comparison.assertEqual(graph, accelerator, 1);
        }
    }

    @Test
    @Simulated("functional:tiny")
    void slopes_for_each_element_run_on_the_host(Accelerator accelerator) {
        double[] slopes = new double[42];
        Arrays.setAll(slopes, i -> i / 20.0 - 1);
        Graph graph = rectifier(new int[] {6, 7}, slopes);
        assertTrue(left(graph).contains("Select"), left(graph).toString());
        Comparison.assertEqual(graph, accelerator, 1);
    }
}
