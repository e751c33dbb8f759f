// SPDX-License-Identifier: Apache-2.0
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** CNV: six 3x3 convolutions, two of them followed by pooling, then three fully-connected layers. */
final class CnvImporter {
    static final int LAYERS = 9;

    private static final int SIZE = 32;
    private static final int COLOURS = 3;
    private static final Window KERNEL = Window.square(3, 1, 0);
    private static final int[] CHANNELS = {64, 64, 128, 128, 256, 256};
    private static final int HIDDEN = 512;
    private static final LayerSize LAST = new LayerSize(LAYERS - 1, BinaryLayer.LAST_NEURONS, HIDDEN);

    private final ParameterFolder parameters;
    private final Precision precision;
    private final GraphBuilder graph;

    CnvImporter(ParameterFolder parameters, String name) {
        this.parameters = parameters;
        precision = Precision.of(parameters, hidden(), LAST);
        graph = new GraphBuilder(name);
    }

    private static List<LayerSize> hidden() {
        List<LayerSize> layers = new ArrayList<>();
        for (int layer = 0; layer < CHANNELS.length; layer++) {
            int channels = layer == 0 ? COLOURS : CHANNELS[layer - 1];
            layers.add(new LayerSize(layer, CHANNELS[layer], KERNEL.kernelHeight() * KERNEL.kernelWidth() * channels));
        }
        layers.add(new LayerSize(6, HIDDEN, CHANNELS[CHANNELS.length - 1]));
        layers.add(new LayerSize(7, HIDDEN, HIDDEN));
        return layers;
    }

    Graph read() {
        List<LayerSize> layers = hidden();
        int map = firstConvolution(layers.get(0), pixels());
        for (LayerSize layer : layers.subList(1, CHANNELS.length)) {
            map = convolution(layer, map);
            map = layer.index() == 1 || layer.index() == 3 ? pool(layer, map) : map;
        }
        map = fullyConnected(layers.get(6), map);
        map = fullyConnected(layers.get(7), map);
        return graph.labels(parameters.labels()).build(scores(map));
    }

    /** Pixels as int8: -1 to 1 in steps of 1 / 128. */
    private int pixels() {
        int image = graph.input("image", TensorType.UINT8, Shape.map(SIZE, SIZE, COLOURS), Quantization.of(1, 0));
        int pixels =
                graph.tensor("pixels", TensorType.INT8, Shape.map(SIZE, SIZE, COLOURS), Quantization.of(1f / 128, 0));
        byte[] table = new byte[256];
        for (int level = 0; level < table.length; level++) {
            table[level] = (byte) Math.min(Math.rint((level / 255.0 * 2 - 1) * 128), 127);
        }
        graph.operator(new LookupTable("pixels", new int[] {image}, new int[] {pixels}, "pixel to -1..1", table));
        return pixels;
    }

    /** Int8 pixels; the thresholds have eight fraction bits, the pixels seven: active when twice the sum is greater. */
    private int firstConvolution(LayerSize layer, int pixels) {
        byte[][] weights = parameters.weights(layer, precision.weightBits());
        int planes = precision.planes();
        int channels = layer.neurons() * planes;
        byte[] repeated = new byte[channels * layer.inputs()];
        for (int channel = 0; channel < channels; channel++) {
            System.arraycopy(weights[channel / planes], 0, repeated, channel * layer.inputs(), layer.inputs());
        }
        int output = map("convolution_0", SIZE - 2, channels);
        graph.operator(new Convolution(
                "convolution_0",
                new int[] {pixels},
                new int[] {output},
                KERNEL,
                channels,
                1,
                repeated,
                0,
                new int[channels],
                0,
                bits(layer, threshold -> Math.floorDiv(threshold, 2) + 1)));
        return output;
    }

    private PostProcess.Bits bits(LayerSize layer, IntUnaryOperator leastActive) {
        return BinaryLayer.bits(
                parameters.thresholds(layer, precision.activationBits()), precision.planes(), leastActive);
    }

    private PostProcess.Bits bits(LayerSize layer) {
        return bits(layer, precision.leastActive(layer, precision.planes()));
    }

    private byte[] weights(LayerSize layer) {
        return BinaryLayer.packed(
                parameters.weights(layer, precision.weightBits()),
                layer.inputs(),
                precision.planes(),
                precision.planes());
    }

    private int convolution(LayerSize layer, int input) {
        int channels = layer.neurons() * precision.planes();
        String name = "convolution_" + layer.index();
        int output = map(name, graph.shape(input).height() - 2, channels);
        graph.operator(new BinaryConvolution(
                name,
                new int[] {input},
                new int[] {output},
                KERNEL,
                channels,
                weights(layer),
                Outside.NOTHING,
                new int[channels],
                bits(layer)));
        return output;
    }

    private int pool(LayerSize layer, int input) {
        Shape in = graph.shape(input);
        String name = "pool_" + layer.index();
        int output = map(name, in.height() / 2, in.channels());
        graph.operator(new BinaryMaxPool(name, new int[] {input}, new int[] {output}, Window.square(2, 2, 0)));
        return output;
    }

    private int fullyConnected(LayerSize layer, int input) {
        int neurons = layer.neurons() * precision.planes();
        String name = "fully_connected_" + layer.index();
        int output = graph.tensor(name, TensorType.BITS, Shape.vector(neurons), null);
        graph.operator(new BinaryFullyConnected(
                name, new int[] {input}, new int[] {output}, neurons, weights(layer), new int[neurons], bits(layer)));
        return output;
    }

    /**
     * Agreements where everything has one bit: the accumulator 2 * agreements - inputs, with the inputs as its bias;
     * else the sums.
     */
    private int scores(int input) {
        byte[][] weights = parameters.weights(LAST, precision.weightBits());
        int classes = BinaryLayer.classes(weights, precision, parameters.labels());
        int[] bias = new int[classes];
        Arrays.fill(bias, precision.isBinary() ? HIDDEN : 0);
        int output = BinaryLayer.scores(graph, classes, precision.isBinary() ? 2 : precision.planes());
        graph.operator(new BinaryFullyConnected(
                "scores",
                new int[] {input},
                new int[] {output},
                classes,
                BinaryLayer.packed(Arrays.copyOf(weights, classes), HIDDEN, precision.planes(), 1),
                bias,
                new PostProcess.Raw()));
        return output;
    }

    private int map(String name, int size, int channels) {
        return graph.tensor(name, TensorType.BITS, Shape.map(size, size, channels), null);
    }
}
