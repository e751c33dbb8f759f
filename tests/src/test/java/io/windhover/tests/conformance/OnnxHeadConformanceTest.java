// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.driver.Accelerator;
import io.windhover.junit.Simulated;
import io.windhover.models.graph.Graph;
import io.windhover.models.onnx.OnnxImporter;
import io.windhover.models.onnx.OnnxNetwork;
import io.windhover.models.testing.RandomGraphs;
import io.windhover.runtime.compiler.Compiler;
import io.windhover.runtime.compiler.program.HostReport;
import io.windhover.runtime.compiler.program.Placement;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A detector's head as exporters leave it behind a convolution: the peaks of a heat map, and the best of them. */
class OnnxHeadConformanceTest {
    private static String coded(OnnxNetwork network, String x, double step) {
        String scale = network.constant(new int[0], step);
        return network.node("DequantizeLinear", List.of(network.node("QuantizeLinear", List.of(x, scale)), scale));
    }

    private static Graph head() {
        OnnxNetwork network = new OnnxNetwork().input("image", 1, 3, 6, 6);
        double[] weights = new double[54];
        Arrays.setAll(weights, i -> i * 7 % 11 / 64.0);
        long[] border = {1, 1, 1, 1};
        String heat = coded(
                network,
                network.node(
                        "Conv",
                        List.of(
                                coded(network, "image", 1 / 64.0),
                                coded(network, network.constant(new int[] {2, 3, 3, 3}, weights), 1 / 64.0)),
                        "pads",
                        border),
                1 / 16.0);
        String highest = network.node("MaxPool", List.of(heat), "kernel_shape", new long[] {3, 3}, "pads", border);
        String mask = network.node("Cast", List.of(network.node("Equal", List.of(highest, heat))), "to", 1);
        String peaks = network.node("Mul", List.of(heat, mask));
        String line = network.node("Reshape", List.of(peaks, network.ints(1, 72)));
        network.add("", "TopK", List.of(line, network.ints(9)), List.of("scores", "positions"));
        return OnnxImporter.read(
                "head",
                ByteBuffer.wrap(network.output("scores").output("positions").file()));
    }

    /** Distances as the mean of a distribution, and a map times its own softmax before another layer. */
    private static Graph distributions() {
        OnnxNetwork network = new OnnxNetwork().input("image", 1, 4, 6, 6);
        double[] weights = new double[16];
        Arrays.setAll(weights, i -> (i * 7 % 11 - 5) / 64.0);
        String kernel = coded(network, network.constant(new int[] {4, 4, 1, 1}, weights), 1 / 64.0);
        String x = coded(network, network.node("Conv", List.of(coded(network, "image", 1 / 64.0), kernel)), 1 / 64.0);
        String gate = network.node("Softmax", List.of(x), "axis", 1);
        String gated = coded(network, network.node("Mul", List.of(gate, x)), 1 / 256.0);
        String y = coded(network, network.node("Conv", List.of(gated, kernel)), 1 / 256.0);
        String shares = network.node("Softmax", List.of(y), "axis", 1);
        String distances = network.constant(new int[] {1, 4, 1, 1}, 0, 1, 2, 3);
        return OnnxImporter.read(
                "distributions",
                ByteBuffer.wrap(network.output(network.node("Conv", List.of(shares, distances)))
                        .file()));
    }

    @Test
    @Simulated("functional:tiny")
    void a_softmax_and_real_weights_run_on_the_host_and_are_named(Accelerator accelerator) {
        Graph graph = distributions();
        Comparison.assertEqual(graph, accelerator, 1);
        List<String> left = HostReport.beyondEnds(graph, Placement.of(graph)).stream()
                .map(HostReport.Entry::operator)
                .toList();
        assertTrue(left.containsAll(List.of("FloatSoftmax", "FloatElementwise", "FloatConvolution")), left.toString());
    }

    @Test
    @Simulated("functional:tiny")
    void it_runs_on_the_host_and_is_named(Accelerator accelerator) {
        Graph graph = head();
        byte[][] inputs = RandomGraphs.inputs(graph, 1);
        assertEquals(
                "",
                Comparison.difference(
                        graph, Compiler.compile(graph, accelerator.capabilities()), new Executor(accelerator), inputs));
        List<String> left = HostReport.beyondEnds(graph, Placement.of(graph)).stream()
                .map(HostReport.Entry::operator)
                .toList();
        assertTrue(left.containsAll(List.of("Compare", "Cast", "TopK")), left.toString());
    }
}
