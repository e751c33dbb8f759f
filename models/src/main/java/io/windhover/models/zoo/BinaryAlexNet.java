// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.zoo;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Window;
import io.windhover.models.synthetic.Activation;
import io.windhover.models.synthetic.NetworkBuilder;

/** AlexNet as Rastegari et al. (2016) binarise it: batch norm, no groups, the first and the last layer not binary. */
final class BinaryAlexNet {
    private static final Window POOL = Window.square(3, 2, 0);

    /** Channels, kernel and whether pooling follows, of the four convolutions after the first. */
    private static final int[][] CONVOLUTIONS = {{256, 5, 1}, {384, 3, 0}, {384, 3, 0}, {256, 3, 1}};

    private static final int HIDDEN = 4096;

    /** Appends one of the layers that are binary. */
    @FunctionalInterface
    private interface Layer {
        int append(int input, int channels, Window window);
    }

    private final NetworkBuilder network;
    private final double width;

    private BinaryAlexNet(String name, double width) {
        network = new NetworkBuilder(name, name.hashCode());
        this.width = width;
    }

    /** One-bit weights and activations with alpha and K: batch norm, sign, convolution, pooling. */
    static Graph xnor(double width, int resolution) {
        BinaryAlexNet net = new BinaryAlexNet("xnor_alexnet", width);
        int map = net.binaryLayers(net.first(resolution), net.network.xnor()::convolution);
        return net.last(net.network.named("last_norm").depthwise(map, 1, Window.square(1, 1, 0), Activation.RELU));
    }

    /** One-bit weights and int8 activations: convolution, batch norm, ReLU, pooling. */
    static Graph binaryWeights(double width, int resolution) {
        BinaryAlexNet net = new BinaryAlexNet("bwn_alexnet", width);
        return net.last(net.binaryLayers(
                net.first(resolution),
                (input, channels, window) ->
                        net.network.binaryWeightConvolution(input, channels, window, Activation.RELU)));
    }

    private int first(int resolution) {
        int image = ImageNet.image(network, resolution);
        int map = network.named("first").convolution(image, scaled(96), Window.square(11, 4, 2), Activation.RELU);
        return network.elementwise().maxPool(map, POOL);
    }

    private int binaryLayers(int input, Layer layer) {
        int map = input;
        for (int[] convolution : CONVOLUTIONS) {
            map = layer.append(map, scaled(convolution[0]), Window.square(convolution[1], 1, convolution[1] / 2));
            map = convolution[2] == 1 ? network.elementwise().maxPool(map, POOL) : map;
        }
        Shape shape = network.shape(map);
        map = layer.append(map, scaled(HIDDEN), Window.square(shape.height(), 1, 0));
        return layer.append(map, scaled(HIDDEN), Window.square(1, 1, 0));
    }

    private Graph last(int map) {
        return ImageNet.classifyFeatures(network, map);
    }

    private int scaled(int channels) {
        return ImageNet.scaled(channels, width);
    }
}
