// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.driver.Capabilities;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.InputShapes;
import io.windhover.models.onnx.OnnxNetwork;
import io.windhover.models.zoo.Zoo;
import io.windhover.runtime.compiler.Compiler;
import io.windhover.runtime.detection.DecodeSettings;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.image.Fit;
import io.windhover.runtime.serve.Resident.Prepared;
import io.windhover.runtime.serve.configuration.ModelConfiguration;
import io.windhover.runtime.serve.yaml.YamlException;
import io.windhover.runtime.whm.CompiledFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelStoreTest {
    private static final Capabilities ACCELERATOR = Capabilities.named("tiny");

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void writeModel() throws IOException {
        file = folder.resolve("model.whm");
        new CompiledFile(Zoo.load("lenet5@reduced"), null).write(file);
    }

    private static ModelConfiguration configuration(Path source, @Nullable List<Double> mean) {
        return configuration(source, InputShapes.NONE, mean);
    }

    private static ModelConfiguration configuration(Path source, InputShapes shapes, @Nullable List<Double> mean) {
        return new ModelConfiguration(
                "models.pads",
                source.toString(),
                shapes,
                null,
                Duration.ofSeconds(5),
                Fit.SQUASH,
                false,
                mean,
                mean == null ? null : mean,
                DecodeSettings.UNCHANGED);
    }

    private ModelStore store() {
        return new ModelStore(folder.resolve("kept"));
    }

    private static Prepared prepare(ModelStore store, ModelConfiguration configuration) {
        return Objects.requireNonNull(
                store.prepare(Map.of("pads", configuration), ACCELERATOR).get("pads"));
    }

    private List<Path> kept() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("kept"))) {
            return files.toList();
        }
    }

    @Test
    void a_model_is_compiled_once() throws IOException {
        ModelStore first = store();
        Prepared compiled = prepare(first, configuration(file, null));
        assertEquals(1, first.compiled());
        ModelStore second = store();
        Prepared found = prepare(second, configuration(file, null));
        assertEquals(0, second.compiled());
        assertEquals(compiled.identity(), found.identity());
        assertEquals(compiled.model().name(), found.model().name());
        assertEquals(compiled.model().sha256(), found.model().sha256());
        assertEquals(
                Objects.requireNonNull(compiled.model().compiled()).commandCount(),
                Objects.requireNonNull(found.model().compiled()).commandCount());
        assertEquals(1, kept().size());
    }

    @Test
    void another_model_or_accelerator_is_compiled_anew_and_the_old_one_removed() throws IOException {
        ModelStore store = store();
        prepare(store, configuration(file, null));
        new CompiledFile(Zoo.load("lenet_300_100@reduced"), null).write(file);
        prepare(store, configuration(file, null));
        assertEquals(2, store.compiled());
        assertEquals(1, kept().size());
        assertNotNull(store.prepare(Map.of("pads", configuration(file, null)), Capabilities.named("zynq7020")));
        assertEquals(3, store.compiled());
        assertEquals(1, kept().size());
    }

    @Test
    void each_shape_of_a_file_of_open_sizes_is_a_model_of_its_own() throws IOException {
        OnnxNetwork network = new OnnxNetwork().input("image", 1, 3, "height", "width");
        String scale = network.constant(new int[0], 1.0 / 64);
        String codes = network.node("QuantizeLinear", List.of("image", scale));
        String real = network.node("DequantizeLinear", List.of(codes, scale));
        network.output(network.node("MaxPool", List.of(real), "kernel_shape", new long[] {2, 2}));
        Path open = Files.write(folder.resolve("open.onnx"), network.file());
        ModelStore store = store();
        for (String shape : List.of("1,3,8,6", "image=1,3,8,6", "1,3,6,8")) {
            Prepared prepared = prepare(store, configuration(open, InputShapes.parse(List.of(shape)), null));
            assertEquals(
                    shape.endsWith("8,6") ? 8 : 6,
                    prepared.model().image().shape().height());
        }
        // A name makes it another text, though the same network.
        assertEquals(3, store.compiled());
        prepare(store, configuration(open, InputShapes.parse(List.of("1,3,6,8")), null));
        assertEquals(3, store.compiled());
        WindhoverException refused =
                assertThrows(WindhoverException.class, () -> prepare(store, configuration(open, null)));
        assertTrue(String.valueOf(refused.getMessage()).contains("leaves dimension 2 ('height') open"));
    }

    @Test
    void a_program_for_another_accelerator_is_refused_where_it_is_configured() throws IOException {
        Graph graph = Zoo.load("lenet5@reduced");
        new CompiledFile(graph, Compiler.compile(graph, Capabilities.named("zynq7020"))).write(file);
        String said =
                String.valueOf(assertThrows(YamlException.class, () -> prepare(store(), configuration(file, null)))
                        .getMessage());
        assertTrue(said.startsWith("models.pads: '" + file + "' was compiled for another configuration"), said);
        assertTrue(said.endsWith("compile it with --config tiny."), said);
    }

    @Test
    void a_damaged_file_is_made_anew() throws IOException {
        prepare(store(), configuration(file, null));
        Path cached = kept().get(0);
        byte[] bytes = Files.readAllBytes(cached);
        bytes[bytes.length / 2] ^= 1;
        Files.write(cached, bytes);
        ModelStore store = store();
        prepare(store, configuration(file, null));
        assertEquals(1, store.compiled());
        ModelStore again = store();
        prepare(again, configuration(file, null));
        assertEquals(0, again.compiled());
    }

    @Test
    void a_folder_that_cannot_be_written_costs_the_time_only() throws IOException {
        Files.writeString(folder.resolve("kept"), "a file");
        assertNotNull(prepare(store(), configuration(file, null)).model().compiled());
    }

    @Test
    void what_a_model_is_given_counts_as_a_change() {
        ModelStore store = store();
        String plain = prepare(store, configuration(file, null)).identity();
        String scaled = prepare(store, configuration(file, List.of(127.5))).identity();
        assertTrue(!plain.equals(scaled));
    }

    @Test
    void the_model_that_cannot_be_used_is_named() {
        WindhoverException problem = assertThrows(
                WindhoverException.class, () -> prepare(store(), configuration(folder.resolve("none.tflite"), null)));
        assertTrue(String.valueOf(problem.getMessage()).startsWith("models.pads: There is no model file"));
        WindhoverException means =
                assertThrows(WindhoverException.class, () -> prepare(store(), configuration(file, List.of(1.0, 2.0))));
        assertTrue(String.valueOf(means.getMessage()).contains("2 means"));
    }
}
