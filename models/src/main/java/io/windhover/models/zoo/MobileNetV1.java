// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.zoo;

import io.windhover.models.graph.Graph;
import io.windhover.models.synthetic.Activation;
import io.windhover.models.synthetic.NetworkBuilder;

/** MobileNetV1 (Howard et al. 2017): depthwise and pointwise convolutions in turn. Batch norm is folded. */
final class MobileNetV1 {
    private static final int STEM_CHANNELS = 32;

    /** Pointwise output channels and depthwise stride of the thirteen blocks. */
    private static final int[][] BLOCKS = {
        {64, 1}, {128, 2}, {128, 1}, {256, 2}, {256, 1}, {512, 2}, {512, 1}, {512, 1}, {512, 1}, {512, 1}, {512, 1},
        {1024, 2}, {1024, 1}
    };

    private MobileNetV1() {}

    static Graph build(double width, int resolution) {
        String name = "mobilenet_v1_" + width + "_" + resolution;
        NetworkBuilder network = new NetworkBuilder(name, name.hashCode());
        int image = ImageNet.image(network, resolution);
        int map = network.named("stem")
                .convolution(image, scaled(STEM_CHANNELS, width), network.same(image, 3, 2), Activation.RELU);
        return ImageNet.classify(network, blocks(network, map, BLOCKS, width));
    }

    /** Depthwise separable blocks, each {pointwise output channels, depthwise stride}. */
    static int blocks(NetworkBuilder network, int input, int[][] blocks, double width) {
        int map = input;
        for (int block = 0; block < blocks.length; block++) {
            int channels = scaled(blocks[block][0], width);
            int stride = blocks[block][1];
            map = network.named("block_" + block + "_depthwise")
                    .depthwise(map, 1, network.same(map, 3, stride), Activation.RELU);
            map = network.named("block_" + block + "_pointwise")
                    .convolution(map, channels, network.same(map, 1, 1), Activation.RELU);
        }
        return map;
    }

    static int scaled(int channels, double width) {
        return Math.max(8, (int) (channels * width));
    }
}
