// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.windhover.driver.Accelerator;
import io.windhover.junit.Simulated;
import io.windhover.models.bnnpynq.BnnPynqImporter;
import io.windhover.models.graph.Graph;
import io.windhover.models.testing.BnnPynqFolder;
import io.windhover.runtime.compiler.Compiler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Generated BNN-PYNQ folders of 44 classes and of two-bit weights and activations on the devices. */
class FewBitFolderConformanceTest {
    private static final long SEED = 20_261_127;

    @TempDir
    private Path folder;

    private String difference(Accelerator accelerator, BnnPynqFolder network) throws IOException {
        Path own = Files.createTempDirectory(folder, "network");
        network.write(own, network.names());
        Graph graph = BnnPynqImporter.read(own);
        byte[] pixels = new byte[graph.tensor(graph.inputs()[0]).bytes()];
        new Random(SEED).nextBytes(pixels);
        return Comparison.difference(
                graph, Compiler.compile(graph, accelerator.capabilities()), new Executor(accelerator), new byte[][] {
                    pixels
                });
    }

    private void assertSame(Accelerator accelerator, BnnPynqFolder... networks) throws IOException {
        for (BnnPynqFolder network : List.of(networks)) {
            assertEquals("", difference(accelerator, network));
        }
    }

    @Test
    @Simulated("functional:zynq7020")
    void the_functional_model_computes_their_scores(Accelerator accelerator) throws IOException {
        assertSame(
                accelerator,
                BnnPynqFolder.cnv(SEED, 1, 1, 44),
                BnnPynqFolder.cnv(SEED, 1, 2, 10),
                BnnPynqFolder.cnv(SEED, 2, 2, 10),
                BnnPynqFolder.lfc(SEED, 2, 47));
    }

    @Test
    @Simulated("rtl:zynq7020")
    void the_hardware_computes_them(Accelerator accelerator) throws IOException {
        assertSame(
                accelerator,
                BnnPynqFolder.cnv(SEED, 1, 2, 10),
                BnnPynqFolder.cnv(SEED, 2, 2, 10),
                BnnPynqFolder.lfc(SEED, 2, 47));
    }
}
