// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.zoo;

import static io.windhover.models.ModelException.requirePresent;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Window;
import io.windhover.models.synthetic.Activation;
import io.windhover.models.synthetic.NetworkBuilder;
import java.util.Map;

/**
 * DenseNet-BC (Huang et al. 2016): every layer of a block reads the maps of all layers before it. Batch norm in front
 * of a convolution reads concatenated maps, so that it stays as a 1x1 depthwise convolution with rectifier; the one
 * between the two convolutions of a layer is folded into the first. A block's maps are quantised alike.
 */
final class DenseNet {
    private static final Quantization PART = Quantization.of(0.05f, 0);
    private static final int BOTTLENECK_EXPANSION = 4;

    /** Layers of the four blocks by depth. */
    private static final Map<Integer, int[]> BLOCKS = Map.of(
            121,
            new int[] {6, 12, 24, 16},
            169,
            new int[] {6, 12, 32, 32},
            201,
            new int[] {6, 12, 48, 32},
            264,
            new int[] {6, 12, 64, 48});

    private final NetworkBuilder network;
    private final int growth;

    DenseNet(NetworkBuilder network, int growth) {
        this.network = network;
        this.growth = growth;
    }

    /**
     * @param growth channels that each layer adds, 32 as published; 1x1 convolutions halve the channels between blocks
     */
    static Graph build(int depth, int growth, int resolution) {
        int[] blocks = blocks(depth);
        String name = "densenet_" + depth + "_" + growth + "_" + resolution;
        return new DenseNet(new NetworkBuilder(name, name.hashCode()), growth).build(blocks, resolution);
    }

    /** Layers of the four blocks. */
    static int[] blocks(int depth) {
        return requirePresent(BLOCKS.get(depth), "There is no DenseNet of %d layers.", depth);
    }

    private Graph build(int[] blocks, int resolution) {
        int map = stem(resolution);
        for (int block = 0; block < blocks.length; block++) {
            if (block > 0) {
                map = pointwise("transition_" + block, map, network.shape(map).channels() / 2);
                map = network.elementwise().averagePool(map, Window.square(2, 2, 0));
            }
            map = denseBlock("block_" + (block + 1), map, blocks[block]);
        }
        return ImageNet.classify(network, normalize("last", map));
    }

    int stem(int resolution) {
        int image = ImageNet.image(network, resolution);
        int map = network.named("stem")
                .quantized(PART)
                .convolution(image, 2 * growth, Window.square(7, 2, 3), Activation.RELU);
        return network.elementwise().maxPool(map, Window.square(3, 2, 1));
    }

    int denseBlock(String name, int input, int layers) {
        int map = input;
        for (int layer = 0; layer < layers; layer++) {
            map = denseLayer(name + "_layer_" + (layer + 1), map);
        }
        return map;
    }

    private int denseLayer(String name, int input) {
        int map = normalize(name, input);
        map = network.named(name + "_reduce")
                .convolution(map, BOTTLENECK_EXPANSION * growth, Window.square(1, 1, 0), Activation.RELU);
        map = network.named(name + "_conv")
                .unbiased()
                .quantized(PART)
                .convolution(map, growth, Window.square(3, 1, 1), Activation.NONE);
        return network.named(name).elementwise().concatenate(input, map);
    }

    /** Batch norm, rectifier and a 1x1 convolution. */
    int pointwise(String name, int input, int channels) {
        int map = normalize(name, input);
        return network.named(name)
                .unbiased()
                .quantized(PART)
                .convolution(map, channels, Window.square(1, 1, 0), Activation.NONE);
    }

    /** Batch norm and rectifier. */
    int normalize(String name, int input) {
        return network.named(name + "_norm").depthwise(input, 1, Window.square(1, 1, 0), Activation.RELU);
    }
}
