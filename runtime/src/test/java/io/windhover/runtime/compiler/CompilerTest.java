// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.driver.Capabilities;
import io.windhover.models.graph.Graph;
import io.windhover.models.testing.RandomGraphs;
import io.windhover.models.whm.WhmFile;
import io.windhover.models.whm.WhmWriter;
import io.windhover.models.zoo.Zoo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompilerTest {
    private static final Capabilities ZYNQ = Capabilities.named("zynq7020");

    @Test
    void the_same_network_gives_the_same_bytes() {
        Graph graph = RandomGraphs.network(3);
        CompiledModel first = Compiler.compile(graph, ZYNQ);
        CompiledModel second = Compiler.compile(RandomGraphs.network(3), ZYNQ);
        assertArrayEquals(first.commands(), second.commands());
        assertArrayEquals(first.constants(), second.constants());
    }

    /**
     * Its maps do not all fit on chip, and several that could go are of one size. Objects have other hashes at each
     * compilation.
     */
    @Test
    void bytes_do_not_depend_on_the_hashes_of_objects() {
        Graph graph = Zoo.load("resnet_18");
        long[] first = Compiler.compile(graph, Capabilities.named("tiny")).commands();
        for (int i = 0; i < 3; i++) {
            assertArrayEquals(
                    first, Compiler.compile(graph, Capabilities.named("tiny")).commands());
        }
    }

    @Test
    void mobilenet_v2_is_estimated_within_its_goal() {
        CompiledModel model = Compiler.compile(Zoo.load("mobilenet_v2_1.0_224"), ZYNQ);
        assertTrue(model.estimatedCycles() < 2_700_000, model.estimatedCycles() + " cycles");
        assertEquals("host", model.layers().get(model.layers().size() - 1).placement());
    }

    @Test
    void every_operator_is_placed_in_the_report() {
        Graph graph = Zoo.load("cnv_w1a1");
        CompiledModel model = Compiler.compile(graph, ZYNQ);
        assertEquals(graph.operators().size(), model.layers().size());
        assertTrue(model.layers().stream().anyMatch(layer -> layer.placement().equals("XNOR_CONVOLUTION")));
    }

    @Test
    void a_stored_program_reads_back_the_same(@TempDir Path folder) throws IOException {
        CompiledModel model = Compiler.compileKeepingEveryTensor(RandomGraphs.network(5), ZYNQ);
        Path file = folder.resolve("model.whm");
        WhmWriter writer = new WhmWriter();
        CompiledModelFile.write(model, writer);
        writer.write(file);
        CompiledModel read = CompiledModelFile.read(WhmFile.open(file));
        assertArrayEquals(model.commands(), read.commands());
        assertArrayEquals(model.constants(), read.constants());
        assertEquals(model.dumped(), read.dumped());
        assertEquals(model.layers(), read.layers());
        assertEquals(model.tail(), read.tail());
        assertEquals(model.inputs(), read.inputs());
    }

    @Test
    void a_damaged_program_is_refused_or_harmless() {
        CompiledModel model = Compiler.compile(RandomGraphs.network(5), ZYNQ);
        byte[] program = CompiledModelFile.program(model);
        long seed = 11;
        Random random = new Random(seed);
        for (int mutant = 0; mutant < 3000; mutant++) {
            byte[] damaged = program.clone();
            int length = random.nextInt(10) == 0 ? random.nextInt(damaged.length) : damaged.length;
            for (int i = random.nextInt(4); i >= 0; i--) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                CompiledModelFile.read(ByteBuffer.wrap(damaged, 0, length), model.constants());
            } catch (CompileException problem) {
                assertTrue(problem.getMessage().endsWith("again."), "seed " + seed + ": " + problem.getMessage());
            }
        }
    }

    @Test
    void a_layer_that_cannot_be_placed_is_named() {
        Graph graph = RandomGraphs.layer(io.windhover.models.testing.RandomLayer.CONVOLUTION, 1);
        Capabilities nothing = new Capabilities(9, 16, 2, 64, 0, 6144, 4096, 16, 1);
        CompileException problem = assertThrows(CompileException.class, () -> Compiler.compile(graph, nothing));
        assertTrue(problem.getMessage().startsWith("Layer 'convolution"), problem.getMessage());
    }

    @Test
    void commands_are_written_in_words() {
        CompiledModel model = Compiler.compile(RandomGraphs.network(3), ZYNQ);
        String text = CommandText.of(model.commands(), 0);
        assertTrue(text.startsWith("LOAD_"), text);
    }
}
