// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.mutation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.SharedData;
import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.DepthwiseConvolution;
import io.windhover.models.graph.FloatConvolution;
import io.windhover.models.graph.FullyConnected;
import io.windhover.models.tflite.SmallFiles;
import io.windhover.models.tflite.TfliteImporter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Damaged TFLite files, of every operator and of every open file: a graph or one clear error. */
class TfliteMutationTest {
    private static final long SEED = 20260101;
    private static final int MUTANTS_OF_SMALL_FILES = 2000;
    private static final int MUTANTS_OF_SINGLE_OPERATORS = 15;

    private final Hammer hammer = new Hammer(SEED);

    static Stream<String> smallFiles() {
        return SmallFiles.names().stream();
    }

    @ParameterizedTest
    @MethodSource("smallFiles")
    void damaged_files_of_every_operator_are_refused_or_can_still_be_run(String name) {
        byte[] original = SmallFiles.bytes(name);
        int[] run = new int[1];
        hammer.strike(
                name,
                new Mutator(original, everywhere(original), SEED),
                MUTANTS_OF_SMALL_FILES,
                bytes -> run[0] += Hammer.runs(TfliteImporter.read(name, ByteBuffer.wrap(bytes)), SEED, name) ? 1 : 0);
        assertTrue(run[0] > MUTANTS_OF_SMALL_FILES / 20, "only " + run[0] + " mutants could be run");
    }

    @ParameterizedTest
    @CsvSource({
        "vww_96_int8, 1000", "resnet8_cifar10_int8, 1500", "kws_ref_model_int8, 2500", "lenet300_mnist_ptq, 1500",
        "coral_tf2_mobilenet_v2_1.0_224_ptq, 100", "ad01_int8, 300", "hello_world_int8, 1000",
                "micro_speech_quantized, 1000",
        "coral_mobilenet_v1_0.25_128_quant, 200", "resnet8_cifar10_float, 300", "vww_96_float, 300",
                "kws_ref_model_float32, 500"
    })
    void damaged_open_files_are_read_or_refused(String model, int mutants) throws IOException {
        Path file = SharedData.require("models/" + model + ".tflite");
        byte[] original = Files.readAllBytes(file);
        int[] structure = Mutator.outside(original, constants(file));
        hammer.strike(
                model,
                new Mutator(original, structure, SEED),
                mutants,
                bytes -> TfliteImporter.read(model, ByteBuffer.wrap(bytes)));
    }

    private static List<byte[]> constants(Path file) throws IOException {
        return TfliteImporter.read(file).operators().stream()
                .map(operator -> {
                    if (operator instanceof Convolution convolution) {
                        return convolution.weights();
                    }
                    if (operator instanceof DepthwiseConvolution depthwise) {
                        return depthwise.weights();
                    }
                    if (operator instanceof FloatConvolution convolution) {
                        return bytes(convolution.weights());
                    }
                    return operator instanceof FullyConnected connected ? connected.weights() : null;
                })
                .filter(Objects::nonNull)
                .toList();
    }

    private static byte[] bytes(float[] values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asFloatBuffer().put(values);
        return buffer.array();
    }

    @Test
    void damaged_single_operator_files_are_read_or_refused() throws IOException {
        List<Path> models;
        try (Stream<Path> files = Files.list(SharedData.require("golden/ops"))) {
            models = files.filter(file -> file.toString().endsWith(".tflite"))
                    .sorted()
                    .toList();
        }
        for (Path model : models) {
            byte[] original = Files.readAllBytes(model);
            hammer.strike(
                    model.getFileName().toString(),
                    new Mutator(original, everywhere(original), SEED),
                    MUTANTS_OF_SINGLE_OPERATORS,
                    bytes -> TfliteImporter.read("operator", ByteBuffer.wrap(bytes)));
        }
    }

    private static int[] everywhere(byte[] file) {
        int[] positions = new int[file.length];
        Arrays.setAll(positions, i -> i);
        return positions;
    }
}
