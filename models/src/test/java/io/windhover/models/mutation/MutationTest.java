// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.mutation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.ModelException;
import io.windhover.models.codec.GraphCodec;
import io.windhover.models.graph.Graph;
import io.windhover.models.testing.RandomGraphs;
import io.windhover.models.testing.RandomLayer;
import io.windhover.models.whm.WhmFile;
import io.windhover.models.whm.WhmWriter;
import io.windhover.models.zoo.Zoo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged files give a graph or one clear error: no other exception, no long wait, no memory beyond the file's size.
 */
class MutationTest {
    private static final long SEED = 20260101;

    private final Hammer hammer = new Hammer(SEED);

    @Test
    void damaged_stored_graphs_are_read_or_refused() {
        for (long seed = 0; seed < RandomLayer.values().length; seed++) {
            byte[] original = GraphCodec.write(RandomGraphs.layer(seed));
            hammerEverywhere("layer " + seed, original, 100, bytes -> GraphCodec.read(ByteBuffer.wrap(bytes)));
        }
        byte[] network = GraphCodec.write(Zoo.load("lenet_300_100"));
        hammerEverywhere("lenet_300_100", network, 200, bytes -> GraphCodec.read(ByteBuffer.wrap(bytes)));
    }

    @Test
    void damaged_containers_are_read_or_refused(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("model.whm");
        Graph graph = Zoo.load("lenet_300_100");
        new WhmWriter()
                .section("GRAPH", GraphCodec.write(graph))
                .section("PROGRAM", new byte[777])
                .section("EMPTY", new byte[0])
                .write(file);
        byte[] original = Files.readAllBytes(file);
        int[] head = new int[32 + 3 * 40];
        Arrays.setAll(head, i -> i);
        hammer.strike("container", new Mutator(original, head, SEED), 3000, bytes -> {
            WhmFile whm = WhmFile.read(ByteBuffer.wrap(bytes));
            whm.names().forEach(whm::section);
        });
        hammer.strike("container with a fitting table checksum", new Mutator(original, head, SEED), 3000, bytes -> {
            WhmFile whm = WhmFile.read(ByteBuffer.wrap(sealed(bytes)));
            whm.names().forEach(whm::section);
        });
    }

    /** Makes the table's checksum fit again, so that the checks behind it are reached. */
    private static byte[] sealed(byte[] container) {
        if (container.length >= 32 + 3 * 40) {
            CRC32C checksum = new CRC32C();
            checksum.update(container, 32, 3 * 40);
            ByteBuffer.wrap(container).order(ByteOrder.LITTLE_ENDIAN).putInt(20, (int) checksum.getValue());
        }
        return container;
    }

    @Test
    void whatever_is_still_a_graph_can_be_run() {
        int run = 0;
        for (long seed = 0; seed < 2L * RandomLayer.values().length; seed++) {
            byte[] original = GraphCodec.write(RandomGraphs.layer(seed));
            int[] everywhere = new int[Math.min(original.length, 2048)];
            Arrays.setAll(everywhere, i -> i);
            Mutator mutator = new Mutator(original, everywhere, SEED + seed);
            for (int i = 0; i < 60; i++) {
                run += runs(mutator.next(), "layer " + seed + ", mutant " + i) ? 1 : 0;
            }
        }
        assertTrue(run > 200, "only " + run + " mutants could be run");
    }

    private static boolean runs(byte[] mutant, String which) {
        try {
            return Hammer.runs(GraphCodec.read(ByteBuffer.wrap(mutant)), SEED, which);
        } catch (ModelException refusal) {
            return false;
        }
    }

    private void hammerEverywhere(String what, byte[] original, int mutants, Consumer<byte[]> reader) {
        int[] everywhere = new int[Math.min(original.length, 4096)];
        Arrays.setAll(everywhere, i -> i);
        hammer.strike(what, new Mutator(original, everywhere, SEED), mutants, reader);
    }
}
