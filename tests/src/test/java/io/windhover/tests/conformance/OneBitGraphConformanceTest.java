// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.windhover.driver.Accelerator;
import io.windhover.junit.Simulated;
import io.windhover.models.graph.Graph;
import io.windhover.models.onnx.BinaryNetworks;
import io.windhover.models.onnx.OnnxImporter;
import io.windhover.models.testing.RandomGraphs;
import io.windhover.runtime.compiler.Compiler;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Files with one-bit activations amid joins, sums, borders, shuffles, wider weights and several heads. */
class OneBitGraphConformanceTest {
    private static void check(Accelerator accelerator, int seeds) {
        for (long seed = 0; seed < seeds; seed++) {
            Graph graph = OnnxImporter.read(
                    "seed " + seed,
                    ByteBuffer.wrap(new BinaryNetworks(seed).graph().file()));
            byte[][] inputs = RandomGraphs.inputs(graph, seed);
            assertEquals(
                    "",
                    Comparison.difference(
                            graph,
                            Compiler.compile(graph, accelerator.capabilities()),
                            new Executor(accelerator),
                            inputs),
                    "seed " + seed);
        }
    }

    @Test
    @Simulated("functional:zynq7020")
    void the_functional_model_computes_them(Accelerator accelerator) {
        check(accelerator, 200);
    }

    @Test
    @Simulated("rtl:tiny")
    void the_hardware_computes_them(Accelerator accelerator) {
        check(accelerator, 12);
    }
}
