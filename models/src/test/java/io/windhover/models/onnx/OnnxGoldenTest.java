// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.SharedData;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Transpose;
import io.windhover.models.reference.ReferenceExecutor;
import io.windhover.models.reference.Values;
import io.windhover.models.tflite.TfliteImporter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The open ONNX files against the outputs of ONNX Runtime, and the QDQ file against the TFLite file it was made from.
 */
class OnnxGoldenTest {
    private static final int IDX_HEADER = 16;
    private static final int MNIST_PIXELS = 28 * 28;
    private static final int MOST_CODES_APART = 8;

    private static byte[] unpacked(String file) throws IOException {
        try (InputStream stream = new GZIPInputStream(Files.newInputStream(SharedData.require(file)))) {
            return stream.readAllBytes();
        }
    }

    private static ByteBuffer golden(String model) throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(SharedData.require("golden/" + model + "/0.bin")))
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] floats(byte[] pixels, int first, int count, float scale) {
        ByteBuffer image = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            image.putFloat((pixels[first + i] & 0xFF) * scale);
        }
        return image.array();
    }

    private static float[] scores(byte[] bytes) {
        float[] scores = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(scores);
        return scores;
    }

    private static int best(float[] scores) {
        int best = 0;
        for (int c = 1; c < scores.length; c++) {
            best = scores[c] > scores[best] ? c : best;
        }
        return best;
    }

    @ParameterizedTest
    @CsvSource({
        "mnist-conv, 1, 300",
        "onnx2c_mnist_pytorch, 0.00392156862745098, 3000",
        "qonnx_TFC_1W1A, 0.00392156862745098, 10000"
    })
    void mnist_scores_are_those_of_onnx_runtime(String model, float scale, int images) throws IOException {
        Graph graph = OnnxImporter.read(SharedData.require("models/" + model + ".onnx"));
        assertTrue(graph.operators().stream().noneMatch(Transpose.class::isInstance), "a transpose is left");
        ByteBuffer golden = golden(model);
        byte[] pixels = unpacked("mnist/t10k-images-idx3-ubyte.gz");
        byte[] labels = unpacked("mnist/t10k-labels-idx1-ubyte.gz");
        ReferenceExecutor executor = new ReferenceExecutor(graph);
        int right = 0;
        for (int image = 0; image < images; image++) {
            float[] scores =
                    scores(executor.infer(floats(pixels, IDX_HEADER + image * MNIST_PIXELS, MNIST_PIXELS, scale))
                            .get(0));
            float[] expected = new float[10];
            golden.asFloatBuffer().get(image * 10, expected);
            assertArrayEqualsWithin(expected, scores, "image " + image);
            assertEquals(best(expected), best(scores), "image " + image);
            right += best(scores) == labels[8 + image] ? 1 : 0;
        }
        if (model.equals("qonnx_TFC_1W1A")) {
            assertEquals(9296, right);
        }
    }

    /**
     * The golden scores are sums in single precision: small ones carry the error of the large terms they are made of.
     */
    private static void assertArrayEqualsWithin(float[] expected, float[] actual, String what) {
        assertEquals(expected.length, actual.length);
        float largest = 1;
        for (float score : expected) {
            largest = Math.max(largest, Math.abs(score));
        }
        for (int c = 0; c < expected.length; c++) {
            assertEquals(expected[c], actual[c], 1e-4 * largest, what + ", class " + c);
        }
    }

    @Test
    void the_qdq_file_computes_the_codes_of_the_tflite_file_it_was_made_from_but_for_their_rounding()
            throws IOException {
        Graph graph = OnnxImporter.read(SharedData.require("models/qdq_resnet8_cifar10_int8.onnx"));
        Graph original = TfliteImporter.read(SharedData.require("models/resnet8_cifar10_int8.tflite"));
        byte[] pixels = unpacked("cifar10/cifar10_test_jpegq75_10000x32x32x3_u8.bin.gz");
        ByteBuffer golden = golden("qdq_resnet8_cifar10_int8");
        int codes = graph.tensors().stream()
                .filter(tensor -> tensor.name().equals("QuantizeLinear_72"))
                .findFirst()
                .orElseThrow()
                .index();
        Operator softmax = original.operators().get(original.operators().size() - 1);
        int size = original.tensor(original.inputs()[0]).bytes();
        int agreeing = 0;
        for (int image = 0; image < 40; image++) {
            byte[] shifted = new byte[size];
            for (int i = 0; i < size; i++) {
                shifted[i] = (byte) (pixels[image * size + i] - 128);
            }
            Values expected = new ReferenceExecutor(original).run(shifted);
            Values actual = new ReferenceExecutor(graph).run(floats(pixels, image * size, size, 1));
            byte[] expectedCodes = expected.bytes(softmax.input());
            for (int c = 0; c < expectedCodes.length; c++) {
                int distance = Math.abs(expectedCodes[c] - actual.bytes(codes)[c]);
                assertTrue(
                        distance <= MOST_CODES_APART,
                        "codes of image " + image + ", class " + c + " are " + distance + " apart");
            }
            float[] expectedScores = new float[10];
            golden.asFloatBuffer().get(image * 10, expectedScores);
            agreeing += best(expectedScores) == best(scores(actual.bytes(graph.outputs()[0]))) ? 1 : 0;
        }
        assertTrue(agreeing >= 39, "only " + agreeing + " of 40 classes are those of ONNX Runtime");
    }
}
