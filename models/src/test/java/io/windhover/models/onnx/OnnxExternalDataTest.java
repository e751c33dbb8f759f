// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.ModelException;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.InputShapes;
import io.windhover.models.reference.ReferenceExecutor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Constants that a file keeps in others. */
class OnnxExternalDataTest {
    private static final int TEXT = 8;
    private static final long LIMIT = 100_000;

    @TempDir
    private Path folder;

    private final OnnxNetwork network = new OnnxNetwork();

    OnnxExternalDataTest() {
        network.outside = "weights.bin";
        String sums = network.node("Add", List.of("input", network.constant(new int[] {3}, 1, 2, 3)));
        network.input("input", 1, 3)
                .output(network.node("Mul", List.of(sums, network.constant(new int[] {3}, 4, 5, 6))));
    }

    private Path model() throws IOException {
        Path file = folder.resolve("outside.onnx");
        Files.write(file, network.file());
        Files.write(folder.resolve("weights.bin"), network.outsideBytes.toByteArray());
        return file;
    }

    private void assertRefused(Path file, long limit, String... words) {
        ModelException problem = assertThrows(ModelException.class, () -> OnnxImporter.read(file, limit));
        for (String word : words) {
            assertTrue(problem.getMessage().contains(word), problem.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"weights.bin", "./weights.bin"})
    void constants_come_from_the_file_that_they_are_in(String name) throws IOException {
        network.outside = name;
        Graph graph = OnnxImporter.read(model());
        byte[] input = ByteBuffer.allocate(12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(0)
                .putFloat(1)
                .putFloat(-2)
                .array();
        ByteBuffer made = ByteBuffer.wrap(
                        new ReferenceExecutor(graph).infer(input).get(0))
                .order(ByteOrder.LITTLE_ENDIAN);
        assertArrayEquals(new float[] {4, 15, 6}, new float[] {made.getFloat(), made.getFloat(), made.getFloat()});
    }

    @Test
    void other_contents_have_another_digest() throws IOException {
        Path file = model();
        byte[] contents = Files.readAllBytes(file);
        byte[] before = OnnxImporter.outside(file, contents, LIMIT);
        assertArrayEquals(
                before,
                OnnxImporter.read(file, contents, LIMIT, InputShapes.NONE).outside());
        byte[] other = network.outsideBytes.toByteArray();
        other[0]++;
        Files.write(folder.resolve("weights.bin"), other);
        assertTrue(!Arrays.equals(before, OnnxImporter.outside(file, contents, LIMIT)));
        network.outside = "";
        assertEquals(0, OnnxImporter.outside(file, network.file(), LIMIT).length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../weights.bin",
                "/etc/passwd",
                "deep/weights.bin",
                "C:\\weights.bin",
                "..",
                "./../weights.bin",
                ".",
                " ",
                "weights\n.bin"
            })
    void no_name_leads_out_of_the_folder(String name) throws IOException {
        network.outside = name;
        Path file = folder.resolve("outside.onnx");
        Files.write(file, network.file());
        assertRefused(file, LIMIT, "only a file in the model's own folder is read");
    }

    @Test
    void a_link_is_not_followed() throws IOException {
        Path file = model();
        Files.move(folder.resolve("weights.bin"), folder.resolve("others.bin"));
        Files.createSymbolicLink(folder.resolve("weights.bin"), folder.resolve("others.bin"));
        assertRefused(file, LIMIT, "'weights.bin', which is a link or no file");
    }

    @Test
    void a_folder_is_no_file() throws IOException {
        Path file = model();
        Files.delete(folder.resolve("weights.bin"));
        Files.createDirectory(folder.resolve("weights.bin"));
        assertRefused(file, LIMIT, "'weights.bin', which is a link or no file");
    }

    @Test
    void a_file_that_is_missing_is_named() throws IOException {
        Path file = model();
        Files.delete(folder.resolve("weights.bin"));
        assertRefused(file, LIMIT, "outside.onnx", "'weights.bin', which is not there");
    }

    @Test
    void a_file_that_ends_early_is_refused() throws IOException {
        Path file = model();
        Files.write(folder.resolve("weights.bin"), new byte[network.outsideBytes.size() - 1]);
        assertRefused(file, LIMIT, "has only 23 bytes");
    }

    @Test
    void contents_count_for_the_limit_of_the_model() throws IOException {
        Path file = model();
        long bytes = Files.size(file) + network.outsideBytes.size();
        assertEquals("outside", OnnxImporter.read(file, bytes).name());
        assertRefused(file, bytes - 1, "larger than the limit");
    }

    @Test
    void contents_fit_their_shape() throws IOException {
        String text = new String(network.file(), StandardCharsets.ISO_8859_1)
                .replace("\n\u0006length\u0012\u000212", "\n\u0006length\u0012\u000208");
        Path file = folder.resolve("outside.onnx");
        Files.write(file, text.getBytes(StandardCharsets.ISO_8859_1));
        Files.write(folder.resolve("weights.bin"), network.outsideBytes.toByteArray());
        assertRefused(file, LIMIT, "has 12 bytes, but 8 of 'weights.bin'");
    }

    @Test
    void bytes_alone_have_no_folder() {
        ModelException problem =
                assertThrows(ModelException.class, () -> OnnxImporter.read("outside", ByteBuffer.wrap(network.file())));
        assertTrue(problem.getMessage().contains("only where the model is a file itself"), problem.getMessage());
    }

    @Test
    void a_constant_that_nothing_reads_may_be_of_any_type() {
        network.outside = "";
        String text = network.constant(new OnnxNetwork.Tensor(TEXT, new int[] {1}, new double[] {0}));
        assertEquals(
                "text",
                OnnxImporter.read("text", ByteBuffer.wrap(network.file())).name());
        network.output(network.node("Add", List.of("input", text)));
        ModelException problem =
                assertThrows(ModelException.class, () -> OnnxImporter.read("text", ByteBuffer.wrap(network.file())));
        assertTrue(problem.getMessage().contains("element type STRING"), problem.getMessage());
    }
}
