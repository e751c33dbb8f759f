// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.bnnpynq;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.windhover.models.NumpyArchive;
import io.windhover.models.SharedData;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.models.reference.ReferenceExecutor;
import io.windhover.models.reference.Values;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** The trained networks of BNN-PYNQ, from pixels: activations, then scores. */
class BnnPynqGoldenTest {
    private static final int CNV_IMAGES = 64;
    private static final int LFC_IMAGES = 10_000;

    @Test
    void trained_cnv_reproduces_its_activations_and_scores() throws IOException {
        Graph cnv = BnnPynqImporter.read(SharedData.require("models/bnnpynq/cifar10_cnvW1A1"));
        assertEquals("Airplane", cnv.labels().get(0));
        Map<String, byte[]> golden = NumpyArchive.read(SharedData.require("golden/bnnpynq/cifar10_cnvW1A1.npz"));
        byte[] images = unzipped("cifar10/cifar10_train_first4000_lossless_32x32x3_u8.bin.gz", CNV_IMAGES * 3072);
        ShortBuffer scores = shorts(golden.get("scores_train4k"));
        List<Integer> activations = activations(
                cnv,
                "convolution_0",
                "pool_1",
                "convolution_2",
                "pool_3",
                "convolution_4",
                "convolution_5",
                "fully_connected_6",
                "fully_connected_7");
        for (int image = 0; image < CNV_IMAGES; image++) {
            Values values = run(cnv, images, image);
            for (int layer = 0; layer < activations.size() && image < 4; layer++) {
                assertActivation(golden.get("act" + layer + "_first4"), 4, image, values, activations.get(layer));
            }
            ByteBuffer actual = scores(cnv, values);
            for (int label = 0; label < 10; label++) {
                assertEquals(
                        2 * scores.get(image * 10 + label),
                        actual.getInt(4 * label),
                        "image " + image + ", class " + label);
            }
        }
    }

    @Test
    void trained_lfc_reproduces_its_activations_scores_and_accuracy() throws IOException {
        Graph lfc = BnnPynqImporter.read(SharedData.require("models/bnnpynq/mnist_lfcW1A1"));
        assertEquals("9", lfc.labels().get(9));
        Map<String, byte[]> golden = NumpyArchive.read(SharedData.require("golden/bnnpynq/mnist_lfcW1A1.npz"));
        byte[] images = unzipped("mnist/t10k-images-idx3-ubyte.gz", 16 + LFC_IMAGES * 784);
        ShortBuffer agreements = shorts(golden.get("last_acc"));
        ByteBuffer thresholds = ByteBuffer.wrap(golden.get("last_thr")).order(ByteOrder.LITTLE_ENDIAN);
        List<Integer> activations = activations(lfc, "fully_connected_0", "fully_connected_1", "fully_connected_2");
        byte[] pixels = Arrays.copyOfRange(images, 16, images.length);
        byte[] labels = unzipped("mnist/t10k-labels-idx1-ubyte.gz", 8 + LFC_IMAGES);
        int right = 0;
        for (int image = 0; image < LFC_IMAGES; image++) {
            Values values = run(lfc, pixels, image);
            for (int layer = 0; layer < activations.size() && image < 64; layer++) {
                assertActivation(golden.get("act" + layer), 64, image, values, activations.get(layer));
            }
            ByteBuffer actual = scores(lfc, values);
            int best = 0;
            for (int label = 0; label < 10; label++) {
                best = actual.getInt(4 * label) > actual.getInt(4 * best) ? label : best;
                int above = agreements.get(image * 64 + label) - thresholds.getInt(4 * label);
                assertEquals(2 * above, actual.getInt(4 * label), "image " + image + ", class " + label);
            }
            right += best == labels[8 + image] ? 1 : 0;
        }
        assertEquals(9834, right);
    }

    private static List<Integer> activations(Graph graph, String... operators) {
        return Arrays.stream(operators)
                .map(name -> graph.operators().stream()
                        .filter(operator -> operator.name().equals(name))
                        .findFirst()
                        .map(Operator::output)
                        .orElseThrow())
                .toList();
    }

    private static Values run(Graph graph, byte[] images, int image) {
        Tensor input = graph.tensor(graph.inputs()[0]);
        assertEquals(TensorType.UINT8, input.type());
        return new ReferenceExecutor(graph)
                .run(Arrays.copyOfRange(images, image * input.bytes(), (image + 1) * input.bytes()));
    }

    private static ByteBuffer scores(Graph graph, Values values) {
        return ByteBuffer.wrap(values.bytes(graph.outputs()[0])).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void assertActivation(byte[] golden, int images, int image, Values values, int tensor) {
        int length = golden.length / images;
        byte[] bits = values.bytes(tensor);
        byte[] unpacked = new byte[bits.length * 8];
        for (int i = 0; i < unpacked.length; i++) {
            unpacked[i] = (byte) (bits[i / 8] >> (i % 8) & 1);
        }
        assertArrayEquals(
                Arrays.copyOfRange(golden, image * length, (image + 1) * length),
                unpacked,
                "image " + image + ", tensor " + tensor);
    }

    private static ShortBuffer shorts(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
    }

    private static byte[] unzipped(String file, int bytes) throws IOException {
        try (InputStream stream = new GZIPInputStream(Files.newInputStream(SharedData.require(file)))) {
            return stream.readNBytes(bytes);
        }
    }
}
