// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.zoo;

import io.windhover.models.graph.Graph;
import io.windhover.models.synthetic.Activation;
import io.windhover.models.synthetic.NetworkBuilder;

/** FD-MobileNet (Qin et al. 2018): MobileNetV1's blocks with five downsamplings in the first twelve layers. */
final class FdMobileNet {
    private static final int STEM_CHANNELS = 32;

    /** Pointwise output channels and depthwise stride of the eleven blocks. */
    private static final int[][] BLOCKS = {
        {64, 2}, {128, 2}, {128, 1}, {256, 2}, {256, 1}, {512, 2}, {512, 1}, {512, 1}, {512, 1}, {512, 1}, {1024, 1}
    };

    private FdMobileNet() {}

    static Graph build(double width, int resolution) {
        String name = "fd_mobilenet_" + width + "_" + resolution;
        NetworkBuilder network = new NetworkBuilder(name, name.hashCode());
        int image = ImageNet.image(network, resolution);
        int stem = MobileNetV1.scaled(STEM_CHANNELS, width);
        int map = network.named("stem").convolution(image, stem, network.same(image, 3, 2), Activation.RELU);
        return ImageNet.classify(network, MobileNetV1.blocks(network, map, BLOCKS, width));
    }
}
