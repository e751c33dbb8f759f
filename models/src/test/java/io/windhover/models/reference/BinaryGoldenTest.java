package io.windhover.models.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.windhover.models.NumpyArchive;
import io.windhover.models.SharedData;
import io.windhover.models.graph.BinaryConvolution;
import io.windhover.models.graph.BinaryConvolution.Outside;
import io.windhover.models.graph.BinaryFullyConnected;
import io.windhover.models.graph.BinaryMaxPool;
import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Window;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** The binary operators against the trained CNV-W1A1 of BNN-PYNQ: activations, then scores of images. */
class BinaryGoldenTest {
    private static final int IMAGE_BYTES = 32 * 32 * 3;
    private static final int IMAGES = 64;
    private static final Window KERNEL = Window.square(3, 1, 0);

    private final List<Integer> activations = new ArrayList<>();
    private final GraphBuilder graph = new GraphBuilder("cnv");

    @Test
    void trained_cnv_reproduces_its_activations_and_scores() throws IOException {
        Graph cnv = build(new BnnPynqLayers(SharedData.require("models/bnnpynq/cifar10_cnvW1A1")));
        Map<String, byte[]> golden = NumpyArchive.read(SharedData.require("golden/bnnpynq/cifar10_cnvW1A1.npz"));
        byte[] images = images("cifar10/cifar10_train_first4000_lossless_32x32x3_u8.bin.gz");
        ShortBuffer scores = ByteBuffer.wrap(golden.get("scores_train4k")).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
        for (int image = 0; image < IMAGES; image++) {
            Values values = new ReferenceExecutor(cnv).run(quantised(images, image));
            for (int layer = 0; layer < activations.size() && image < 4; layer++) {
                byte[] bits = golden.get("act" + layer + "_first4");
                byte[] expected = Arrays.copyOfRange(bits, image * bits.length / 4, (image + 1) * bits.length / 4);
                assertArrayEquals(expected, unpacked(values.bytes(activations.get(layer))), "image " + image + ", layer " + layer);
            }
            ByteBuffer dots = values.words(cnv.outputs()[0]);
            for (int label = 0; label < 10; label++) {
                assertEquals(scores.get(image * 10 + label), (dots.getInt(label * 4) + 512) / 2, "image " + image + ", class " + label);
            }
        }
    }

    private Graph build(BnnPynqLayers layers) throws IOException {
        int image = graph.input("image", TensorType.INT8, Shape.map(32, 32, 3), Quantization.of(1f / 128, 0));
        int map = bits(30, 64);
        graph.operator(new Convolution("0", new int[] {image}, new int[] {map}, KERNEL, 64, 1, signs(layers.weights(0, 64, 27)), 0,
                new int[64], 0, thresholds(layers.thresholds(0, 64), threshold -> Math.floorDiv(threshold, 2) + 1)));
        activations.add(map);
        int[] channels = {64, 128, 128, 256, 256};
        for (int layer = 1; layer <= 5; layer++) {
            map = convolution(layers, layer, map, channels[layer - 1]);
            map = layer == 1 || layer == 3 ? pool(map) : map;
            activations.add(map);
        }
        map = fullyConnected(layers, 6, map, 512);
        activations.add(map);
        map = fullyConnected(layers, 7, map, 512);
        activations.add(map);
        int scores = graph.tensor("scores", TensorType.INT32, Shape.vector(64), null);
        graph.operator(new BinaryFullyConnected("8", new int[] {map}, new int[] {scores}, 64, packed(layers.weights(8, 64, 512), 512),
                new int[64], new PostProcess.Raw()));
        return graph.build(scores);
    }

    private int convolution(BnnPynqLayers layers, int layer, int input, int channels) throws IOException {
        Shape in = graph.shape(input);
        int inputs = 9 * in.channels();
        int output = bits(in.height() - 2, channels);
        graph.operator(new BinaryConvolution("" + layer, new int[] {input}, new int[] {output}, KERNEL, channels,
                packed(layers.weights(layer, channels, inputs), in.channels()), Outside.NOTHING, new int[channels],
                thresholds(layers.thresholds(layer, channels), threshold -> 2 * threshold - inputs + 1)));
        return output;
    }

    private int fullyConnected(BnnPynqLayers layers, int layer, int input, int channels) throws IOException {
        int inputs = graph.shape(input).elements();
        int output = graph.tensor("bits", TensorType.BITS, Shape.vector(channels), null);
        graph.operator(new BinaryFullyConnected("" + layer, new int[] {input}, new int[] {output}, channels,
                packed(layers.weights(layer, channels, inputs), inputs), new int[channels],
                thresholds(layers.thresholds(layer, channels), threshold -> 2 * threshold - inputs + 1)));
        return output;
    }

    private int pool(int input) {
        Shape in = graph.shape(input);
        int output = bits(in.height() / 2, in.channels());
        graph.operator(new BinaryMaxPool("pool", new int[] {input}, new int[] {output}, Window.square(2, 2, 0)));
        return output;
    }

    private int bits(int size, int channels) {
        return graph.tensor("bits", TensorType.BITS, Shape.map(size, size, channels), null);
    }

    private static PostProcess.Bits thresholds(long[] thresholds, java.util.function.LongUnaryOperator toAccumulator) {
        int[] converted = Arrays.stream(thresholds).map(toAccumulator).mapToInt(Math::toIntExact).toArray();
        return new PostProcess.Bits(converted, new boolean[converted.length]);
    }

    private static byte[] signs(boolean[][] weights) {
        byte[] signs = new byte[weights.length * weights[0].length];
        for (int i = 0; i < signs.length; i++) {
            signs[i] = (byte) (weights[i / weights[0].length][i % weights[0].length] ? 1 : -1);
        }
        return signs;
    }

    /** Rows of {@code channels} bits, each a multiple of 8. */
    private static byte[] packed(boolean[][] weights, int channels) {
        int inputs = weights[0].length;
        byte[] packed = new byte[weights.length * inputs / 8];
        assertEquals(0, channels % 8);
        for (int i = 0; i < weights.length * inputs; i++) {
            if (weights[i / inputs][i % inputs]) {
                packed[i / 8] |= (byte) (1 << (i % 8));
            }
        }
        return packed;
    }

    private static byte[] unpacked(byte[] bits) {
        byte[] unpacked = new byte[bits.length * 8];
        for (int i = 0; i < unpacked.length; i++) {
            unpacked[i] = (byte) (bits[i / 8] >> (i % 8) & 1);
        }
        return unpacked;
    }

    private static byte[] images(String file) throws IOException {
        try (InputStream stream = new GZIPInputStream(Files.newInputStream(SharedData.require(file)))) {
            return stream.readNBytes(IMAGES * IMAGE_BYTES);
        }
    }

    private static byte[] quantised(byte[] images, int image) {
        byte[] codes = new byte[IMAGE_BYTES];
        for (int i = 0; i < codes.length; i++) {
            double real = (images[image * IMAGE_BYTES + i] & 0xFF) / 255.0 * 2 - 1;
            codes[i] = (byte) Math.min(Math.rint(real * 128), 127);
        }
        return codes;
    }
}
