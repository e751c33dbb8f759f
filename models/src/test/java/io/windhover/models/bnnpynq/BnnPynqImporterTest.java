// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.bnnpynq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.ModelException;
import io.windhover.models.graph.Graph;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of generated parameters in LFC's sizes: what is read, and what is refused. */
class BnnPynqImporterTest {
    private static final long SEED = 20_260_102;
    private static final int MUTANTS = 120;

    /** Processing elements, bytes of a weight file and of a threshold file of each layer. */
    private static final int[][] LAYERS = {{4, 26_624, 2048}, {4, 32_768, 2048}, {2, 65_536, 4096}, {1, 8192, 512}};

    @TempDir
    private Path folder;

    @BeforeEach
    void write_a_network() throws IOException {
        Random random = new Random(SEED);
        for (int layer = 0; layer < LAYERS.length; layer++) {
            for (int element = 0; element < LAYERS[layer][0]; element++) {
                byte[] weights = new byte[LAYERS[layer][1]];
                random.nextBytes(weights);
                if (layer == 3) {
                    Arrays.fill(weights, 2 * 1024 / 8, weights.length, (byte) 0xFF);
                }
                Files.write(file(layer, element, "weights"), weights);
                ByteBuffer thresholds = ByteBuffer.allocate(LAYERS[layer][2]).order(ByteOrder.LITTLE_ENDIAN);
                while (thresholds.hasRemaining()) {
                    thresholds.putLong(random.nextInt(832));
                }
                Files.write(file(layer, element, "thres"), thresholds.array());
            }
        }
        Files.writeString(folder.resolve("classes.txt"), "zero\none\n");
    }

    @Test
    void a_folder_of_four_layers_is_lfc() throws IOException {
        Graph graph = BnnPynqImporter.read(folder);
        assertEquals(784, graph.tensor(graph.inputs()[0]).bytes());
        assertEquals(2, graph.tensor(graph.outputs()[0]).shape().elements());
        assertEquals(List.of("zero", "one"), graph.labels());
    }

    @Test
    void a_missing_file_is_named() throws IOException {
        Files.delete(file(1, 3, "thres"));
        assertRefused("1-3-thres.bin");
    }

    @Test
    void a_missing_processing_element_is_named_by_its_layer() throws IOException {
        Files.delete(file(1, 3, "weights"));
        assertRefused("Layer 1 has weight files for 3 processing elements");
    }

    @Test
    void a_short_file_is_named_with_its_size() throws IOException {
        Files.write(file(2, 0, "weights"), new byte[65_528]);
        assertRefused("2-0-weights.bin has 65528 bytes");
    }

    @Test
    void several_thresholds_a_neuron_are_refused() throws IOException {
        Files.write(file(2, 1, "thres"), new byte[3 * 4096]);
        assertRefused("2-1-thres.bin has 12288 bytes instead of 4096");
    }

    @Test
    void a_threshold_that_no_sum_reaches_is_refused() throws IOException {
        byte[] thresholds = new byte[2048];
        Arrays.fill(thresholds, 0, 8, (byte) 0x7F);
        Files.write(file(0, 2, "thres"), thresholds);
        assertRefused("0-2-thres.bin has threshold 9187201950435737471");
    }

    @Test
    void a_folder_of_something_else_is_refused() throws IOException {
        Files.delete(file(3, 0, "weights"));
        assertRefused("for 3 layers");
    }

    @Test
    void damaged_folders_are_read_or_refused() throws IOException {
        Random random = new Random(SEED);
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.sorted().toList();
        }
        for (int mutant = 0; mutant < MUTANTS; mutant++) {
            Path file = files.get(random.nextInt(files.size()));
            byte[] original = Files.readAllBytes(file);
            damage(file, original, random);
            try {
                BnnPynqImporter.read(folder);
            } catch (ModelException refusal) {
                assertTrue(refusal.getMessage().startsWith("Model folder "), refusal.getMessage());
            } catch (RuntimeException crash) {
                throw new AssertionError(
                        "seed " + SEED + ", mutant " + mutant + ", " + file.getFileName() + ": " + crash, crash);
            }
            Files.write(file, original);
        }
    }

    private static void damage(Path file, byte[] original, Random random) throws IOException {
        byte[] damaged = Arrays.copyOf(original, original.length);
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
        switch (random.nextInt(4)) {
            case 0 -> Files.write(file, Arrays.copyOf(original, random.nextInt(original.length)));
            case 1 -> Files.write(file, Arrays.copyOf(original, original.length + random.nextInt(5000)));
            case 2 -> Files.delete(file);
            default -> Files.write(file, damaged);
        }
    }

    private void assertRefused(String part) {
        String message = assertThrows(ModelException.class, () -> BnnPynqImporter.read(folder))
                .getMessage();
        assertTrue(message.contains(part), message);
    }

    private Path file(int layer, int element, String kind) {
        return folder.resolve(layer + "-" + element + "-" + kind + ".bin");
    }
}
