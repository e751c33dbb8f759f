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
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pools and a transposed convolution between two convolutions of a file, and which of them the host runs. */
class OnnxPoolConformanceTest {
    private static final long[] TWO = {2, 2};
    private static final long[] THREE = {3, 3};
    private static final long[] BORDER = {1, 1, 1, 1};

    private static String coded(OnnxNetwork network, String x, double step) {
        String scale = network.constant(new int[0], step);
        return network.node("DequantizeLinear", List.of(network.node("QuantizeLinear", List.of(x, scale)), scale));
    }

    /** The result of a pool that averages has codes a third as wide as those it reads. */
    private static Graph around(String operator, Object... attributes) {
        OnnxNetwork network = new OnnxNetwork().input("image", 1, 9, 12, 11);
        double[] weights = new double[81];
        Arrays.setAll(weights, i -> (i * 7 % 11 - 4) / 64.0);
        String kernel = coded(network, network.constant(new int[] {9, 9, 1, 1}, weights), 1 / 64.0);
        String x = coded(network, network.node("Conv", List.of(coded(network, "image", 1 / 64.0), kernel)), 0.03);
        boolean transposed = operator.equals("ConvTranspose");
        String made = network.node(
                operator,
                transposed
                        ? List.of(x, coded(network, network.constant(new int[] {9, 9, 3, 3}, taps()), 1 / 64.0))
                        : List.of(x),
                attributes);
        String pooled = coded(network, made, operator.equals("AveragePool") ? 0.01 : 0.03);
        network.output(coded(network, network.node("Conv", List.of(pooled, kernel)), 0.02));
        return OnnxImporter.read("pool", ByteBuffer.wrap(network.file()));
    }

    private static double[] taps() {
        double[] taps = new double[9 * 9 * 9];
        Arrays.setAll(taps, i -> (i * 5 % 13 - 6) / 64.0);
        return taps;
    }

    private static void check(Accelerator accelerator, Graph graph, String... onHost) {
        Comparison.assertEqual(graph, accelerator, 1);
        List<String> left = HostReport.beyondEnds(graph, Placement.of(graph)).stream()
                .map(HostReport.Entry::operator)
                .toList();
        assertEquals(List.of(onHost), left);
    }

    @Test
    @Simulated("functional:tiny")
    void averages_of_few_kinds_of_windows_run_on_the_accelerator(Accelerator accelerator) {
        check(accelerator, around("AveragePool", "kernel_shape", THREE, "strides", TWO, "pads", BORDER));
        check(accelerator, around("AveragePool", "kernel_shape", THREE, "strides", TWO, "ceil_mode", 1));
        check(accelerator, around("AveragePool", "kernel_shape", THREE, "auto_pad", "SAME_LOWER"));
        check(accelerator, around("AveragePool", "kernel_shape", THREE, "strides", TWO, "dilations", TWO));
        Object[] both = {
            "kernel_shape",
            THREE,
            "strides",
            TWO,
            "pads",
            new long[] {0, 1, 1, 0},
            "ceil_mode",
            1,
            "count_include_pad",
            1
        };
        check(accelerator, around("AveragePool", both));
    }

    @Test
    @Simulated("functional:tiny")
    void averages_of_many_kinds_of_windows_run_on_the_host_and_are_named(Accelerator accelerator) {
        Graph graph = around("AveragePool", "kernel_shape", new long[] {5, 5}, "pads", new long[] {2, 2, 2, 2});
        check(accelerator, graph, "Dequantize", "FloatPool", "Quantize");
    }

    @Test
    @Simulated("functional:tiny")
    void a_dilated_maximum_runs_on_the_host_and_is_named(Accelerator accelerator) {
        check(accelerator, around("MaxPool", "kernel_shape", THREE, "dilations", TWO, "pads", BORDER), "MaxPool");
    }

    /** One row and one column of the result lie behind all that the taps reach. */
    @Test
    @Simulated("functional:tiny")
    void dilated_and_lengthened_transposed_convolutions_run_on_the_accelerator(Accelerator accelerator) {
        Object[] longer = {"strides", THREE, "pads", new long[] {0, 1, 0, 1}, "output_padding", new long[] {1, 2}};
        check(accelerator, around("ConvTranspose", longer));
        check(accelerator, around("ConvTranspose", "strides", TWO, "dilations", new long[] {2, 1}, "pads", BORDER));
    }
}
