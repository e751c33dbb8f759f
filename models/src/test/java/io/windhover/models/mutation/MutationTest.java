package io.windhover.models.mutation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.windhover.models.ModelException;
import io.windhover.models.SharedData;
import io.windhover.models.codec.GraphCodec;
import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.DepthwiseConvolution;
import io.windhover.models.graph.FloatConvolution;
import io.windhover.models.graph.FullyConnected;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Tensor;
import io.windhover.models.reference.ReferenceExecutor;
import io.windhover.models.testing.RandomGraphs;
import io.windhover.models.testing.RandomLayer;
import io.windhover.models.tflite.TfliteImporter;
import io.windhover.models.whm.WhmFile;
import io.windhover.models.whm.WhmWriter;
import io.windhover.models.zoo.Zoo;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Damaged files give a graph or one clear error: no other exception, no long wait, no memory beyond the file's size. */
class MutationTest {
    private static final long SEED = 20260101;
    private static final long SLOWEST_NS = 5_000_000_000L;
    private static final long SPARE_BYTES = 64L << 20;

    private final ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @ParameterizedTest
    @CsvSource({
        "vww_96_int8, 2500", "resnet8_cifar10_int8, 1500", "kws_ref_model_int8, 2500", "lenet300_mnist_ptq, 1500",
        "coral_tf2_mobilenet_v2_1.0_224_ptq, 300", "kws_ref_model_float32, 1500", "resnet8_cifar10_float, 1000"
    })
    void damaged_tflite_files_are_read_or_refused(String model, int mutants) throws IOException {
        Path file = SharedData.require("models/" + model + ".tflite");
        byte[] original = Files.readAllBytes(file);
        List<byte[]> constants = TfliteImporter.read(file).operators().stream().map(operator -> {
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
        }).filter(Objects::nonNull).toList();
        int[] structure = Mutator.outside(original, constants);
        hammer(model, new Mutator(original, structure, SEED), mutants, bytes -> TfliteImporter.read(model, ByteBuffer.wrap(bytes)));
    }

    private static byte[] bytes(float[] values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asFloatBuffer().put(values);
        return buffer.array();
    }

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
        new WhmWriter().section("GRAPH", GraphCodec.write(graph)).section("PROGRAM", new byte[777]).section("EMPTY",
                new byte[0]).write(file);
        byte[] original = Files.readAllBytes(file);
        int[] head = new int[32 + 3 * 40];
        Arrays.setAll(head, i -> i);
        hammer("container", new Mutator(original, head, SEED), 3000, bytes -> {
            WhmFile whm = WhmFile.read(ByteBuffer.wrap(bytes));
            whm.names().forEach(whm::section);
        });
        hammer("container with a fitting table checksum", new Mutator(original, head, SEED), 3000, bytes -> {
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
        Graph graph;
        try {
            graph = GraphCodec.read(ByteBuffer.wrap(mutant));
        } catch (ModelException refusal) {
            return false;
        }
        long bytes = graph.tensors().stream().mapToLong(Tensor::bytes).sum();
        if (bytes > 4 << 20 || graph.macs() > 50_000_000) {
            return false;
        }
        try {
            new ReferenceExecutor(graph).infer(RandomGraphs.inputs(graph, SEED));
        } catch (RuntimeException problem) {
            throw new AssertionError(which + " caused " + problem, problem);
        }
        return true;
    }

    private void hammerEverywhere(String what, byte[] original, int mutants, Consumer<byte[]> reader) {
        int[] everywhere = new int[Math.min(original.length, 4096)];
        Arrays.setAll(everywhere, i -> i);
        hammer(what, new Mutator(original, everywhere, SEED), mutants, reader);
    }

    private void hammer(String what, Mutator mutator, int mutants, Consumer<byte[]> reader) {
        int refused = 0;
        for (int i = 0; i < mutants; i++) {
            byte[] mutant = mutator.next();
            String which = what + ", seed " + SEED + ", mutant " + i;
            long bytesBefore = memory.getThreadAllocatedBytes(Thread.currentThread().getId());
            long start = System.nanoTime();
            try {
                reader.accept(mutant);
            } catch (ModelException refusal) {
                refused++;
            } catch (RuntimeException | Error problem) {
                throw new AssertionError(which + " caused " + problem, problem);
            }
            long allocated = memory.getThreadAllocatedBytes(Thread.currentThread().getId()) - bytesBefore;
            assertTrue(allocated < SPARE_BYTES + 8L * mutant.length, which + " allocated " + allocated + " bytes");
            assertTrue(System.nanoTime() - start < SLOWEST_NS, which + " took too long");
        }
        assertTrue(refused > mutants / 20, what + ": only " + refused + " of " + mutants + " mutants were noticed");
    }
}
