// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.windhover.driver.Accelerator;
import io.windhover.junit.Simulated;
import io.windhover.models.graph.Graph;
import io.windhover.models.tflite.TfliteImporter;
import io.windhover.runtime.compiler.Compiler;
import io.windhover.runtime.compiler.program.CompiledModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real models on the devices: every tensor the accelerator makes equals TensorFlow Lite Micro's. */
class GoldenConformanceTest {
    @ParameterizedTest
    @Simulated("functional:zynq7020")
    @ValueSource(
            strings = {
                "vww_96_int8",
                "resnet8_cifar10_int8",
                "kws_ref_model_int8",
                "lenet300_mnist_ptq",
                "coral_tf2_mobilenet_v2_1.0_224_ptq",
                "coral_mobilenet_v1_0.25_128_quant",
                "ad01_int8",
                "hello_world_int8",
                "micro_speech_quantized"
            })
    void the_functional_model_reproduces_every_golden_tensor(String model, Accelerator accelerator) throws IOException {
        check(model, accelerator);
    }

    @ParameterizedTest
    @Simulated("rtl:zynq7020")
    @ValueSource(
            strings = {
                "vww_96_int8",
                "resnet8_cifar10_int8",
                "kws_ref_model_int8",
                "lenet300_mnist_ptq",
                "coral_tf2_mobilenet_v2_1.0_224_ptq",
                "coral_mobilenet_v1_0.25_128_quant",
                "ad01_int8",
                "hello_world_int8",
                "micro_speech_quantized"
            })
    void the_hardware_reproduces_every_golden_tensor(String model, Accelerator accelerator) throws IOException {
        check(model, accelerator);
    }

    @ParameterizedTest
    @Simulated("functional:tiny")
    @ValueSource(
            strings = {"vww_96_int8", "resnet8_cifar10_int8", "kws_ref_model_int8", "coral_mobilenet_v1_0.25_128_quant"
            })
    void the_smallest_configuration_reproduces_every_golden_tensor(String model, Accelerator accelerator)
            throws IOException {
        check(model, accelerator);
    }

    @ParameterizedTest
    @Simulated("rtl:tiny")
    @ValueSource(strings = "coral_mobilenet_v1_0.25_128_quant")
    void the_smallest_hardware_reproduces_every_golden_tensor_of_nine_bit_weights(String model, Accelerator accelerator)
            throws IOException {
        check(model, accelerator);
    }

    private static void check(String name, Accelerator accelerator) throws IOException {
        Graph graph = TfliteImporter.read(Golden.model(name));
        CompiledModel model = Compiler.compileKeepingEveryTensor(graph, accelerator.capabilities());
        Executor executor = new Executor(accelerator);
        for (Path file : Golden.cases(name)) {
            Map<String, byte[]> golden = Golden.read(file);
            Map<Integer, byte[]> tensors = executor.run(model, index -> golden.get("t" + index));
            assertFalse(tensors.isEmpty());
            tensors.forEach((index, bytes) ->
                    assertArrayEquals(golden.get("t" + index), bytes, file.getFileName() + " " + graph.tensor(index)));
        }
    }
}
