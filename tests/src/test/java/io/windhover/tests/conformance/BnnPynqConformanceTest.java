// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.windhover.driver.Accelerator;
import io.windhover.junit.Simulated;
import io.windhover.models.bnnpynq.BnnPynqImporter;
import io.windhover.models.graph.Graph;
import io.windhover.runtime.compiler.Compiler;
import io.windhover.runtime.compiler.program.CompiledModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** The trained binary networks of BNN-PYNQ on the devices, from pixels to golden scores and classes. */
class BnnPynqConformanceTest {
    private static final int TEST_IMAGES = 10_000;
    private static final int RTL_IMAGES = 4;

    @Test
    @Simulated("functional:zynq7020")
    void the_functional_model_reproduces_every_score_of_cnv_and_its_accuracy(Accelerator accelerator)
            throws IOException {
        assertEquals(7447, new Cnv(accelerator).right(TEST_IMAGES));
    }

    @Test
    @Simulated("functional:zynq7020")
    void the_functional_model_reproduces_every_score_of_lfc_and_its_accuracy(Accelerator accelerator)
            throws IOException {
        assertEquals(9834, new Lfc(accelerator).right(TEST_IMAGES));
    }

    @Test
    @Simulated("rtl:zynq7020")
    void the_hardware_reproduces_scores_of_both_networks(Accelerator accelerator) throws IOException {
        new Cnv(accelerator).right(RTL_IMAGES);
        new Lfc(accelerator).right(RTL_IMAGES);
    }

    @Test
    @Simulated("rtl:zynq7020?stalls=3")
    void the_hardware_leaves_every_activation_as_the_reference_does(Accelerator accelerator) throws IOException {
        new Cnv(accelerator).everyTensor();
        new Lfc(accelerator).everyTensor();
    }

    private abstract static class Network {
        final Map<String, byte[]> golden;
        private final Accelerator accelerator;
        private final Graph graph;
        private final byte[] images;
        private final byte[] labels;

        Network(Accelerator accelerator, String name, byte[] images, byte[] labels) throws IOException {
            this.accelerator = accelerator;
            this.images = images;
            this.labels = labels;
            graph = BnnPynqImporter.read(Golden.require("models/bnnpynq/" + name));
            golden = Golden.read(Golden.require("golden/bnnpynq/" + name + ".npz"));
        }

        /** What the golden file says the score is. */
        abstract int score(int image, int label);

        /** How many of the first {@code count} images are classified correctly; every score must be the golden one. */
        int right(int count) {
            CompiledModel model = Compiler.compile(graph, accelerator.capabilities());
            Executor executor = new Executor(accelerator);
            int right = 0;
            for (int image = 0; image < count; image++) {
                byte[] pixels = pixels(image);
                ByteBuffer scores = ByteBuffer.wrap(
                                executor.run(model, index -> pixels).get(graph.outputs()[0]))
                        .order(ByteOrder.LITTLE_ENDIAN);
                int best = 0;
                for (int label = 0; label < 10; label++) {
                    assertEquals(
                            2 * score(image, label), scores.getInt(4 * label), "image " + image + ", class " + label);
                    best = scores.getInt(4 * label) > scores.getInt(4 * best) ? label : best;
                }
                right += best == labels[image] ? 1 : 0;
            }
            return right;
        }

        void everyTensor() {
            CompiledModel model = Compiler.compileKeepingEveryTensor(graph, accelerator.capabilities());
            assertEquals("", Comparison.difference(graph, model, new Executor(accelerator), new byte[][] {pixels(0)}));
        }

        private byte[] pixels(int image) {
            int bytes = graph.tensor(graph.inputs()[0]).bytes();
            return Arrays.copyOfRange(images, image * bytes, (image + 1) * bytes);
        }
    }

    private static final class Cnv extends Network {
        private final ShortBuffer agreements;

        Cnv(Accelerator accelerator) throws IOException {
            super(
                    accelerator,
                    "cifar10_cnvW1A1",
                    unzipped("cifar10/cifar10_test_jpegq75_10000x32x32x3_u8.bin.gz", 0),
                    unzipped("cifar10/cifar10_test_jpegq75_labels_u8.bin.gz", 0));
            agreements = ByteBuffer.wrap(golden.get("scores_test_jpeg"))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asShortBuffer();
        }

        @Override
        int score(int image, int label) {
            return agreements.get(image * 10 + label);
        }
    }

    private static final class Lfc extends Network {
        private final ShortBuffer agreements;
        private final ByteBuffer thresholds;

        Lfc(Accelerator accelerator) throws IOException {
            super(
                    accelerator,
                    "mnist_lfcW1A1",
                    unzipped("mnist/t10k-images-idx3-ubyte.gz", 16),
                    unzipped("mnist/t10k-labels-idx1-ubyte.gz", 8));
            agreements = ByteBuffer.wrap(golden.get("last_acc"))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asShortBuffer();
            thresholds = ByteBuffer.wrap(golden.get("last_thr")).order(ByteOrder.LITTLE_ENDIAN);
        }

        @Override
        int score(int image, int label) {
            return agreements.get(image * 64 + label) - thresholds.getInt(4 * label);
        }
    }

    private static byte[] unzipped(String file, int header) throws IOException {
        try (InputStream stream = new GZIPInputStream(Files.newInputStream(Golden.require(file)))) {
            stream.skipNBytes(header);
            return stream.readAllBytes();
        }
    }
}
