// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.whm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.driver.Capabilities;
import io.windhover.models.ModelException;
import io.windhover.models.codec.GraphCodec;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Quantize;
import io.windhover.models.graph.Reshape;
import io.windhover.models.graph.Rounding;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Transpose;
import io.windhover.models.whm.WhmWriter;
import io.windhover.models.zoo.Zoo;
import io.windhover.runtime.compiler.Compiler;
import io.windhover.runtime.compiler.program.CompiledModel;
import io.windhover.runtime.compiler.program.CompiledModelFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompiledFileTest {
    @TempDir
    Path folder;

    private static CompiledFile compiled(String network) {
        Graph graph = Zoo.load(network);
        return new CompiledFile(graph, Compiler.compile(graph, Capabilities.named("zynq7020")));
    }

    private static CompiledFile read(Path path) throws IOException {
        return CompiledFile.read(path, Files.readAllBytes(path));
    }

    @Test
    void what_is_written_is_read_again() throws IOException {
        CompiledFile file = compiled("lenet5");
        Path path = folder.resolve("model.whm");
        file.write(path);
        CompiledFile read = read(path);
        assertArrayEquals(file.compiled().commands(), read.compiled().commands());
        assertArrayEquals(file.compiled().constants(), read.compiled().constants());
        assertArrayEquals(GraphCodec.write(file.graph()), GraphCodec.write(read.graph()));
        assertEquals(file.compiled().layers(), read.compiled().layers());
        assertTrue(CompiledFile.looksLike(Files.readAllBytes(path)));
    }

    /** Codes that the host makes, and a job moves into the order in which the caller gets them. */
    @Test
    void tensors_in_another_form_than_the_networks_are_read_again() throws IOException {
        GraphBuilder graph = new GraphBuilder("moved");
        int real = graph.input("real", TensorType.FLOAT32, Shape.of(1, 4, 4, 4), null);
        Quantization quantization = Quantization.of(0.1f, 3);
        int codes = graph.tensor("codes", TensorType.INT8, Shape.of(1, 4, 4, 4), quantization);
        int line = graph.tensor("line", TensorType.INT8, Shape.of(1, 16, 4), quantization);
        int moved = graph.tensor("moved", TensorType.INT8, Shape.of(1, 4, 16), quantization);
        int flat = graph.tensor("flat", TensorType.INT8, Shape.of(1, 64), quantization);
        graph.operator(new Quantize("codes", new int[] {real}, new int[] {codes}, 0.1f, 3, Rounding.HALF_TO_EVEN));
        graph.operator(new Reshape("line", new int[] {codes}, new int[] {line}));
        graph.operator(new Transpose("moved", new int[] {line}, new int[] {moved}, new int[] {0, 2, 1}));
        graph.operator(new Reshape("flat", new int[] {moved}, new int[] {flat}));
        for (int output : new int[] {moved, flat}) {
            Graph built = graph.build(output);
            Path path = folder.resolve("moved.whm");
            new CompiledFile(built, Compiler.compile(built, Capabilities.named("zynq7020"))).write(path);
            assertArrayEquals(
                    GraphCodec.write(built), GraphCodec.write(read(path).graph()));
        }
    }

    @Test
    void a_program_of_another_network_is_refused() throws IOException {
        Path path = folder.resolve("mixed.whm");
        WhmWriter writer = new WhmWriter();
        CompiledModelFile.write(compiled("lenet5").compiled(), writer);
        writer.section("GRAPH", GraphCodec.write(Zoo.load("lenet_300_100"))).write(path);
        String message = assertThrows(ModelException.class, () -> read(path)).getMessage();
        assertTrue(message.contains("mixed.whm"), message);
    }

    @Test
    void a_program_that_leaves_other_operators_to_the_host_is_refused() throws IOException {
        CompiledFile file = compiled("lenet5");
        CompiledModel program = file.compiled();
        List<List<Integer>> wrong = List.of(List.of(0), List.of(1, 2));
        Path path = folder.resolve("host.whm");
        for (List<Integer> operators : wrong) {
            new CompiledFile(file.graph(), withHostOperators(program, program.head(), operators)).write(path);
            String message =
                    assertThrows(ModelException.class, () -> read(path)).getMessage();
            assertTrue(message.contains("host.whm") && message.contains("to the host"), message);
        }
        new CompiledFile(file.graph(), withHostOperators(program, List.of(0), program.tail())).write(path);
        assertThrows(ModelException.class, () -> read(path));
        new CompiledFile(file.graph(), withHostOperators(program, program.head(), program.tail())).write(path);
        read(path);
    }

    private static CompiledModel withHostOperators(CompiledModel program, List<Integer> head, List<Integer> tail) {
        return new CompiledModel(
                program.name(),
                program.configuration(),
                program.contractDigest(),
                program.commands(),
                program.constants(),
                program.scratchBytes(),
                program.inputs(),
                program.outputs(),
                program.dumped(),
                program.layers(),
                head,
                tail,
                program.estimatedCycles());
    }

    @Test
    void a_file_without_a_program_is_a_network_to_compile() throws IOException {
        Path path = folder.resolve("graph.whm");
        Graph graph = Zoo.load("lenet5");
        new CompiledFile(graph, null).write(path);
        CompiledFile read = read(path);
        assertNull(read.compiled());
        assertArrayEquals(GraphCodec.write(graph), GraphCodec.write(read.graph()));
    }

    @Test
    void a_file_with_half_a_program_is_refused() throws IOException {
        Path path = folder.resolve("half.whm");
        new WhmWriter()
                .section("GRAPH", GraphCodec.write(Zoo.load("lenet5")))
                .section("CONSTS", new byte[64])
                .write(path);
        assertTrue(assertThrows(ModelException.class, () -> read(path))
                .getMessage()
                .contains("half.whm"));
    }

    /** Damage behind valid checksums, as a hostile writer would make it: refused with one sentence, or harmless. */
    @Test
    void damaged_programs_are_refused_or_harmless() throws IOException {
        long seed = 20260103;
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        CompiledFile file = compiled("lenet5");
        Path source = folder.resolve("source.whm");
        file.write(source);
        ByteBuffer program = io.windhover.models.whm.WhmFile.open(source).section(CompiledModelFile.PROGRAM);
        byte[] whole = new byte[program.remaining()];
        program.get(whole);
        int refused = 0;
        for (int mutant = 0; mutant < 500; mutant++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            Path path = folder.resolve("mutant.whm");
            new WhmWriter()
                    .section(CompiledModelFile.PROGRAM, damaged)
                    .section(CompiledModelFile.CONSTANTS, file.compiled().constants())
                    .section("GRAPH", GraphCodec.write(file.graph()))
                    .write(path);
            refused += refuses(path) ? 1 : 0;
        }
        assertTrue(refused > 0);
    }

    private static boolean refuses(Path path) throws IOException {
        try {
            read(path);
            return false;
        } catch (ModelException refusal) {
            assertTrue(refusal.getMessage().contains("mutant.whm"), refusal.getMessage());
            return true;
        }
    }
}
