package io.windhover.models.bnnpynq;

import io.windhover.models.graph.BinaryConvolution;
import io.windhover.models.graph.BinaryConvolution.Outside;
import io.windhover.models.graph.BinaryFullyConnected;
import io.windhover.models.graph.BinaryMaxPool;
import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Window;
import java.io.IOException;
import java.util.Arrays;

/** CNV: six 3x3 convolutions, two of them followed by pooling, then three fully-connected layers. */
final class CnvImporter {
    static final int LAYERS = 9;

    private static final int SIZE = 32;
    private static final Window KERNEL = Window.square(3, 1, 0);
    private static final int[] CHANNELS = {64, 64, 128, 128, 256, 256};
    private static final int HIDDEN = 512;

    private final ParameterFolder parameters;
    private final GraphBuilder graph;

    CnvImporter(ParameterFolder parameters, String name) {
        this.parameters = parameters;
        graph = new GraphBuilder(name);
    }

    Graph read() throws IOException {
        int map = firstConvolution(pixels());
        for (int layer = 1; layer < CHANNELS.length; layer++) {
            map = convolution(layer, map);
            map = layer == 1 || layer == 3 ? pool(layer, map) : map;
        }
        map = fullyConnected(6, map);
        map = fullyConnected(7, map);
        return graph.labels(parameters.labels()).build(scores(map));
    }

    /** Pixels as int8: -1 to 1 in steps of 1 / 128. */
    private int pixels() {
        int image = graph.input("image", TensorType.UINT8, Shape.map(SIZE, SIZE, 3), Quantization.of(1, 0));
        int pixels = graph.tensor("pixels", TensorType.INT8, Shape.map(SIZE, SIZE, 3), Quantization.of(1f / 128, 0));
        byte[] table = new byte[256];
        for (int level = 0; level < table.length; level++) {
            table[level] = (byte) Math.min(Math.rint((level / 255.0 * 2 - 1) * 128), 127);
        }
        graph.operator(new LookupTable("pixels", new int[] {image}, new int[] {pixels}, "pixel to -1..1", table));
        return pixels;
    }

    /** Int8 pixels and one-bit weights; active when twice the sum is greater than the threshold. */
    private int firstConvolution(int pixels) throws IOException {
        int terms = KERNEL.kernelHeight() * KERNEL.kernelWidth() * 3;
        boolean[][] weights = parameters.weights(0, CHANNELS[0], terms);
        byte[] signs = new byte[CHANNELS[0] * terms];
        for (int i = 0; i < signs.length; i++) {
            signs[i] = (byte) (weights[i / terms][i % terms] ? 1 : -1);
        }
        PostProcess.Bits bits = BinaryLayer.bits(parameters.thresholds(0, CHANNELS[0]), threshold -> Math.floorDiv(threshold, 2) + 1);
        int output = map("convolution_0", SIZE - 2, CHANNELS[0]);
        graph.operator(new Convolution("convolution_0", new int[] {pixels}, new int[] {output}, KERNEL, CHANNELS[0], 1, signs, 0,
                new int[CHANNELS[0]], 0, bits));
        return output;
    }

    private int convolution(int layer, int input) throws IOException {
        Shape in = graph.shape(input);
        int channels = CHANNELS[layer];
        int inputs = KERNEL.kernelHeight() * KERNEL.kernelWidth() * in.channels();
        String name = "convolution_" + layer;
        int output = map(name, in.height() - 2, channels);
        graph.operator(new BinaryConvolution(name, new int[] {input}, new int[] {output}, KERNEL, channels,
                BinaryLayer.packed(parameters.weights(layer, channels, inputs), channels, inputs), Outside.NOTHING, new int[channels],
                BinaryLayer.thresholds(parameters.thresholds(layer, channels), inputs)));
        return output;
    }

    private int pool(int layer, int input) {
        Shape in = graph.shape(input);
        String name = "pool_" + layer;
        int output = map(name, in.height() / 2, in.channels());
        graph.operator(new BinaryMaxPool(name, new int[] {input}, new int[] {output}, Window.square(2, 2, 0)));
        return output;
    }

    private int fullyConnected(int layer, int input) throws IOException {
        int inputs = graph.shape(input).elements();
        String name = "fully_connected_" + layer;
        int output = graph.tensor(name, TensorType.BITS, Shape.vector(HIDDEN), null);
        graph.operator(new BinaryFullyConnected(name, new int[] {input}, new int[] {output}, HIDDEN,
                BinaryLayer.packed(parameters.weights(layer, HIDDEN, inputs), HIDDEN, inputs), new int[HIDDEN],
                BinaryLayer.thresholds(parameters.thresholds(layer, HIDDEN), inputs)));
        return output;
    }

    /** Agreements: the accumulator 2 * agreements - inputs, with the inputs as its bias. */
    private int scores(int input) throws IOException {
        int[] bias = new int[BinaryLayer.CLASSES];
        Arrays.fill(bias, HIDDEN);
        int output = BinaryLayer.scores(graph);
        graph.operator(new BinaryFullyConnected("scores", new int[] {input}, new int[] {output}, BinaryLayer.CLASSES,
                BinaryLayer.packed(parameters.weights(8, 64, HIDDEN), BinaryLayer.CLASSES, HIDDEN), bias, new PostProcess.Raw()));
        return output;
    }

    private int map(String name, int size, int channels) {
        return graph.tensor(name, TensorType.BITS, Shape.map(size, size, channels), null);
    }
}
