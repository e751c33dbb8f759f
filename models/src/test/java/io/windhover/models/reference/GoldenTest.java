// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.windhover.models.NumpyArchive;
import io.windhover.models.SharedData;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Tensor;
import io.windhover.models.tflite.TfliteImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The reference executor against TensorFlow Lite Micro's outputs, byte for byte. */
class GoldenTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "vww_96_int8",
                "resnet8_cifar10_int8",
                "kws_ref_model_int8",
                "lenet300_mnist_ptq",
                "coral_tf2_mobilenet_v2_1.0_224_ptq",
                "ad01_int8",
                "hello_world_int8",
                "micro_speech_quantized",
                "coral_mobilenet_v1_0.25_128_quant"
            })
    void every_golden_tensor_of_the_model_is_reproduced(String model) throws IOException {
        Graph graph = TfliteImporter.read(SharedData.require("models/" + model + ".tflite"));
        List<Path> cases = archives("golden/" + model);
        assertFalse(cases.isEmpty());
        for (Path file : cases) {
            Map<String, byte[]> golden = NumpyArchive.read(file);
            if (file.getFileName().toString().endsWith(".all.npz")) {
                compareEveryTensor(graph, golden, file);
            } else {
                compareOutput(graph, golden, file);
            }
        }
    }

    @Test
    void every_single_operator_model_is_reproduced() throws IOException {
        Path folder = SharedData.require("golden/ops");
        List<Path> models;
        try (Stream<Path> files = Files.list(folder)) {
            models = files.filter(file -> file.toString().endsWith(".tflite"))
                    .sorted()
                    .toList();
        }
        assertFalse(models.isEmpty());
        for (Path model : models) {
            Path archive = folder.resolve(model.getFileName().toString().replace(".tflite", ".npz"));
            compareOutput(TfliteImporter.read(model), NumpyArchive.read(archive), archive);
        }
    }

    private static List<Path> archives(String folder) throws IOException {
        try (Stream<Path> files = Files.list(SharedData.require(folder))) {
            return files.filter(file -> file.toString().endsWith(".npz"))
                    .sorted()
                    .toList();
        }
    }

    private static void compareOutput(Graph graph, Map<String, byte[]> golden, Path file) {
        List<byte[]> outputs = new ReferenceExecutor(graph).infer(golden.get("in0"));
        assertArrayEquals(golden.get("out0"), outputs.get(0), file.getFileName().toString());
    }

    private static void compareEveryTensor(Graph graph, Map<String, byte[]> golden, Path file) {
        Values values = new ReferenceExecutor(graph).run(golden.get("t" + graph.inputs()[0]));
        int compared = 0;
        for (Tensor tensor : graph.activations()) {
            byte[] expected = golden.get("t" + tensor.index());
            assertArrayEquals(expected, values.bytes(tensor.index()), file.getFileName() + " " + tensor);
            compared++;
        }
        assertEquals(golden.size(), compared, "tensors of " + file.getFileName());
    }
}
