// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.zoo;

import static io.windhover.models.ModelException.requirePresent;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Window;
import io.windhover.models.synthetic.Activation;
import io.windhover.models.synthetic.NetworkBuilder;
import java.util.Map;

/**
 * ResNet (He et al. 2015): residual blocks of two 3x3 convolutions, or from 50 layers on of 1x1, 3x3 and 1x1. Shortcuts
 * that change shape are projections; a block's stride is in its first convolution, as published. Batch norm is folded.
 */
final class ResNet {
    private static final int[] CHANNELS = {64, 128, 256, 512};
    private static final int BOTTLENECK_EXPANSION = 4;
    private static final int SHALLOWEST_WITH_BOTTLENECKS = 50;

    /** Blocks of the four stages by depth. */
    private static final Map<Integer, int[]> BLOCKS = Map.of(
            18,
            new int[] {2, 2, 2, 2},
            34,
            new int[] {3, 4, 6, 3},
            50,
            new int[] {3, 4, 6, 3},
            101,
            new int[] {3, 4, 23, 3},
            152,
            new int[] {3, 8, 36, 3});

    private final NetworkBuilder network;
    private final boolean bottlenecks;

    private ResNet(NetworkBuilder network, boolean bottlenecks) {
        this.network = network;
        this.bottlenecks = bottlenecks;
    }

    static Graph build(int depth, double width, int resolution) {
        int[] blocks = requirePresent(BLOCKS.get(depth), "There is no ResNet of %d layers.", depth);
        String name = "resnet_" + depth + "_" + width + "_" + resolution;
        boolean bottlenecks = depth >= SHALLOWEST_WITH_BOTTLENECKS;
        return new ResNet(new NetworkBuilder(name, name.hashCode()), bottlenecks).build(blocks, width, resolution);
    }

    private Graph build(int[] blocks, double width, int resolution) {
        int image = ImageNet.image(network, resolution);
        int map = network.named("stem")
                .convolution(image, ImageNet.scaled(CHANNELS[0], width), Window.square(7, 2, 3), Activation.RELU);
        map = network.elementwise().maxPool(map, network.same(map, 3, 2));
        for (int stage = 0; stage < blocks.length; stage++) {
            for (int block = 0; block < blocks[stage]; block++) {
                int stride = stage > 0 && block == 0 ? 2 : 1;
                map = residual(
                        "stage_" + (stage + 1) + "_block_" + block,
                        map,
                        ImageNet.scaled(CHANNELS[stage], width),
                        stride);
            }
        }
        return ImageNet.classify(network, map);
    }

    private int residual(String name, int input, int channels, int stride) {
        int outputChannels = bottlenecks ? channels * BOTTLENECK_EXPANSION : channels;
        int map = bottlenecks ? bottleneck(name, input, channels, stride) : basic(name, input, channels, stride);
        int shortcut = input;
        if (stride > 1 || network.shape(input).channels() != outputChannels) {
            shortcut = network.named(name + "_project")
                    .convolution(input, outputChannels, Window.square(1, stride, 0), Activation.NONE);
        }
        return network.named(name).elementwise().add(shortcut, map, Activation.RELU);
    }

    private int basic(String name, int input, int channels, int stride) {
        int map = network.named(name + "_conv1")
                .convolution(input, channels, Window.square(3, stride, 1), Activation.RELU);
        return network.named(name + "_conv2").convolution(map, channels, Window.square(3, 1, 1), Activation.NONE);
    }

    private int bottleneck(String name, int input, int channels, int stride) {
        int map = network.named(name + "_reduce")
                .convolution(input, channels, Window.square(1, stride, 0), Activation.RELU);
        map = network.named(name + "_conv").convolution(map, channels, Window.square(3, 1, 1), Activation.RELU);
        return network.named(name + "_expand")
                .convolution(map, channels * BOTTLENECK_EXPANSION, Window.square(1, 1, 0), Activation.NONE);
    }
}
