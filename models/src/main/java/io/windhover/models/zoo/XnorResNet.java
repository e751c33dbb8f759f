// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.zoo;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Window;
import io.windhover.models.synthetic.Activation;
import io.windhover.models.synthetic.NetworkBuilder;

/**
 * ResNet-18 as Rastegari et al. (2016) binarise it: every convolution but the first, projections included, is one-bit
 * with batch norm and sign before it; the last layer is not binary.
 */
final class XnorResNet {
    private static final int[] STAGE_CHANNELS = {64, 128, 256, 512};
    private static final int BLOCKS = 2;

    private XnorResNet() {}

    static Graph build(double width, int resolution) {
        NetworkBuilder network = new NetworkBuilder("xnor_resnet_18", 18);
        int image = ImageNet.image(network, resolution);
        int map = network.named("first")
                .convolution(image, ImageNet.scaled(64, width), Window.square(7, 2, 3), Activation.RELU);
        map = network.elementwise().maxPool(map, Window.square(3, 2, 1));
        for (int stage = 0; stage < STAGE_CHANNELS.length; stage++) {
            for (int block = 0; block < BLOCKS; block++) {
                map = block(
                        network, map, ImageNet.scaled(STAGE_CHANNELS[stage], width), stage > 0 && block == 0 ? 2 : 1);
            }
        }
        map = network.named("last_norm").depthwise(map, 1, Window.square(1, 1, 0), Activation.RELU);
        return ImageNet.classify(network, map);
    }

    private static int block(NetworkBuilder network, int input, int channels, int stride) {
        int map = network.xnor().convolution(input, channels, Window.square(3, stride, 1));
        map = network.xnor().convolution(map, channels, Window.square(3, 1, 1));
        int shortcut = stride == 1 ? input : network.xnor().convolution(input, channels, Window.square(1, stride, 0));
        return network.elementwise().add(shortcut, map, Activation.NONE);
    }
}
