// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.program;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.driver.Capabilities;
import io.windhover.models.testing.RandomGraphs;
import io.windhover.models.whm.WhmFile;
import io.windhover.models.whm.WhmWriter;
import io.windhover.runtime.compiler.Compiler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompiledModelFileTest {
    private static final Capabilities ZYNQ = Capabilities.named("zynq7020");

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
}
