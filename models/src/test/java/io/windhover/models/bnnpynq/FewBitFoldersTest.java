// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.bnnpynq;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.ModelException;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Tensor;
import io.windhover.models.reference.ReferenceExecutor;
import io.windhover.models.testing.BnnPynqFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Folders of any number of classes, and of more than one bit: every score is the one that BNN-PYNQ's hardware would
 * give.
 */
class FewBitFoldersTest {
    private static final long SEED = 20_261_126;
    private static final int CNV_PIXELS = 3072;
    private static final int LFC_PIXELS = 784;

    @TempDir
    private Path folder;

    private static byte[] image(int bytes) {
        byte[] image = new byte[bytes];
        new Random(SEED).nextBytes(image);
        return image;
    }

    private Graph read(BnnPynqFolder network) throws IOException {
        network.write(folder, network.names());
        Graph graph = BnnPynqImporter.read(folder);
        assertEquals(network.names(), graph.labels());
        return graph;
    }

    /** Scores in units of the output's scale. */
    private static int[] scores(Graph graph, byte[] image) {
        Tensor output = graph.tensor(graph.outputs()[0]);
        ByteBuffer bytes = ByteBuffer.wrap(
                        new ReferenceExecutor(graph).infer(image).get(0))
                .order(ByteOrder.LITTLE_ENDIAN);
        int[] scores = new int[output.shape().elements()];
        for (int i = 0; i < scores.length; i++) {
            float score = bytes.getInt(4 * i) * output.requireQuantization().scale();
            assertEquals(Math.rint(score), score);
            scores[i] = (int) score;
        }
        return scores;
    }

    private void refused(String... words) {
        String message = assertThrows(ModelException.class, () -> BnnPynqImporter.read(folder))
                .getMessage();
        for (String word : words) {
            assertTrue(message.contains(word), message);
        }
    }

    @Test
    void road_signs_have_forty_four_classes() throws IOException {
        BnnPynqFolder network = BnnPynqFolder.cnv(SEED, 1, 1, 44);
        int[] sums = new RestatedBnnPynq(network).cnv(image(CNV_PIXELS));
        int[] agreements =
                Arrays.stream(sums).limit(44).map(sum -> (sum + 512) / 2).toArray();
        assertArrayEquals(agreements, scores(read(network), image(CNV_PIXELS)));
    }

    @Test
    void characters_have_forty_seven() throws IOException {
        BnnPynqFolder network = BnnPynqFolder.lfc(SEED, 1, 47);
        assertEquals(47, scores(read(network), image(LFC_PIXELS)).length);
    }

    @Test
    void two_bit_activations_give_the_sums_of_the_hardware() throws IOException {
        BnnPynqFolder network = BnnPynqFolder.cnv(SEED, 1, 2, 10);
        int[] sums = Arrays.copyOf(new RestatedBnnPynq(network).cnv(image(CNV_PIXELS)), 10);
        assertArrayEquals(sums, scores(read(network), image(CNV_PIXELS)));
    }

    @Test
    void two_bit_weights_do_as_well() throws IOException {
        BnnPynqFolder network = BnnPynqFolder.cnv(SEED, 2, 2, 10);
        int[] sums = Arrays.copyOf(new RestatedBnnPynq(network).cnv(image(CNV_PIXELS)), 10);
        assertArrayEquals(sums, scores(read(network), image(CNV_PIXELS)));
        assertTrue(Arrays.stream(sums).distinct().count() > 5, Arrays.toString(sums));
    }

    @Test
    void digits_of_two_bit_activations_are_scored_above_their_thresholds() throws IOException {
        BnnPynqFolder network = BnnPynqFolder.lfc(SEED, 2, 10);
        int[] sums = Arrays.copyOf(new RestatedBnnPynq(network).lfc(image(LFC_PIXELS)), 10);
        assertArrayEquals(sums, scores(read(network), image(LFC_PIXELS)));
    }

    @Test
    void the_weights_alone_say_how_many_classes_there_are() throws IOException {
        BnnPynqFolder.lfc(SEED, 1, 17).write(folder, List.of());
        Graph graph = BnnPynqImporter.read(folder);
        assertEquals(17, graph.tensor(graph.outputs()[0]).shape().elements());
        assertEquals(List.of(), graph.labels());
    }

    @Test
    void a_class_list_of_another_length_is_refused() throws IOException {
        BnnPynqFolder network = BnnPynqFolder.lfc(SEED, 1, 44);
        network.write(folder, network.names().subList(0, 10));
        refused("classes.txt names 10 classes", "weights for 44");
        network.write(folder, BnnPynqFolder.lfc(SEED, 1, 45).names());
        refused("classes.txt names 45 classes", "weights for 44");
    }

    @Test
    void folders_that_say_nowhere_how_many_classes_they_have_are_refused() throws IOException {
        BnnPynqFolder network = BnnPynqFolder.lfc(SEED, 1, 64);
        network.write(folder, List.of());
        refused("Nothing says how many of the 64 outputs are classes", "classes.txt");
        assertEquals(64, scores(read(network), image(LFC_PIXELS)).length);
    }

    @Test
    void blank_lines_in_the_class_list_name_nothing() throws IOException {
        BnnPynqFolder network = BnnPynqFolder.lfc(SEED, 1, 10);
        network.write(folder, List.of());
        Files.writeString(folder.resolve("classes.txt"), "1\r\n2\n3\n4\n5\n6\n7\n8\n9\n0\n\n");
        assertEquals(
                List.of("1", "2", "3", "4", "5", "6", "7", "8", "9", "0"),
                BnnPynqImporter.read(folder).labels());
    }

    @Test
    void mixed_or_unknown_widths_are_refused() throws IOException {
        BnnPynqFolder binary = BnnPynqFolder.cnv(SEED, 1, 1, 10);
        binary.write(folder, binary.names());
        Path weights = folder.resolve("3-0-weights.bin");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[7] |= 1;
        Files.write(weights, bytes);
        refused("Layer 3 has weights of 2 bits");
        BnnPynqFolder twoBitWeights = BnnPynqFolder.cnv(SEED, 2, 1, 10);
        delete();
        twoBitWeights.write(folder, twoBitWeights.names());
        refused("weights have two bits and its activations one");
    }

    @Test
    void a_weight_that_training_never_makes_is_refused() throws IOException {
        BnnPynqFolder network = BnnPynqFolder.cnv(SEED, 2, 2, 10);
        network.layers().get(4).weights()[0][0] = -2;
        network.write(folder, network.names());
        refused("4-0-weights.bin", "-2");
    }

    private void delete() throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }
}
