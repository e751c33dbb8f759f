// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.zoo;

import io.windhover.models.graph.Graph;
import io.windhover.models.synthetic.Activation;
import io.windhover.models.synthetic.NetworkBuilder;

/** MobileNetV2 (Sandler et al. 2018): inverted residuals with linear bottlenecks. Batch norm is folded. */
final class MobileNetV2 {
    private static final int STEM_CHANNELS = 32;
    private static final int LAST_CHANNELS = 1280;

    /** Expansion, output channels, repetitions and stride of the first repetition. */
    private static final int[][] STAGES = {
        {1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2}, {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}
    };

    private final NetworkBuilder network;

    private MobileNetV2(NetworkBuilder network) {
        this.network = network;
    }

    static Graph build(double width, int resolution) {
        String name = "mobilenet_v2_" + width + "_" + resolution;
        return new MobileNetV2(new NetworkBuilder(name, name.hashCode())).build(resolution, width);
    }

    private Graph build(int resolution, double width) {
        int image = ImageNet.image(network, resolution);
        int map = network.named("stem")
                .convolution(image, divisibleBy8(STEM_CHANNELS * width), network.same(image, 3, 2), Activation.RELU);
        int block = 0;
        for (int[] stage : STAGES) {
            for (int repetition = 0; repetition < stage[2]; repetition++) {
                int stride = repetition == 0 ? stage[3] : 1;
                map = invertedResidual("block_" + block++, map, stage[0], divisibleBy8(stage[1] * width), stride);
            }
        }
        int lastChannels = Math.max(LAST_CHANNELS, divisibleBy8(LAST_CHANNELS * width));
        map = network.named("last").convolution(map, lastChannels, network.same(map, 1, 1), Activation.RELU);
        return ImageNet.classifyFeatures(network, network.elementwise().mean(map));
    }

    private int invertedResidual(String name, int input, int expansion, int outputChannels, int stride) {
        int inputChannels = network.shape(input).channels();
        int map = input;
        if (expansion > 1) {
            map = network.named(name + "_expand")
                    .convolution(map, inputChannels * expansion, network.same(map, 1, 1), Activation.RELU);
        }
        map = network.named(name + "_depthwise").depthwise(map, 1, network.same(map, 3, stride), Activation.RELU);
        map = network.named(name + "_project")
                .convolution(map, outputChannels, network.same(map, 1, 1), Activation.NONE);
        boolean residual = stride == 1 && inputChannels == outputChannels;
        return residual ? network.named(name + "_add").elementwise().add(input, map, Activation.NONE) : map;
    }

    /** Nearest multiple of 8, at least 8, never more than a tenth below. */
    static int divisibleBy8(double channels) {
        int rounded = Math.max(8, (int) (channels + 4) / 8 * 8);
        return rounded < 0.9 * channels ? rounded + 8 : rounded;
    }
}
