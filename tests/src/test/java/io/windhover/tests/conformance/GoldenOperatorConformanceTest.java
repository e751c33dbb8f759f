// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.driver.Accelerator;
import io.windhover.junit.Simulated;
import io.windhover.models.graph.Graph;
import io.windhover.models.tflite.TfliteImporter;
import io.windhover.runtime.compiler.Compiler;
import io.windhover.runtime.compiler.program.CompiledModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * One-operator models on the devices: outputs equal TensorFlow Lite Micro's. Softmax runs on the host and is not among
 * them.
 */
class GoldenOperatorConformanceTest {
    @Test
    @Simulated("functional:zynq7020")
    void the_functional_model_reproduces_every_golden_operator(Accelerator accelerator) throws IOException {
        check(accelerator);
    }

    @Test
    @Simulated("rtl:zynq7020")
    void the_hardware_reproduces_every_golden_operator(Accelerator accelerator) throws IOException {
        check(accelerator);
    }

    private static void check(Accelerator accelerator) throws IOException {
        List<Path> models = Golden.operators();
        Executor executor = new Executor(accelerator);
        int compared = 0;
        for (Path file : models) {
            Graph graph = TfliteImporter.read(file);
            CompiledModel model = Compiler.compile(graph, accelerator.capabilities());
            Map<String, byte[]> golden = Golden.read(
                    file.resolveSibling(file.getFileName().toString().replace(".tflite", ".npz")));
            Map<Integer, byte[]> tensors = executor.run(model, index -> golden.get("in0"));
            byte[] output = tensors.get(graph.outputs()[0]);
            if (file.getFileName().toString().startsWith("softmax")) {
                assertNull(output, file + " is the host's");
            } else {
                assertArrayEquals(golden.get("out0"), output, file.getFileName().toString());
                compared++;
            }
        }
        assertTrue(compared > 0, "none of " + models.size() + " models is the accelerator's");
    }
}
