// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.zoo;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Window;
import io.windhover.models.synthetic.Activation;
import io.windhover.models.synthetic.NetworkBuilder;

/**
 * Xception (Chollet 2016): residual blocks of depthwise separable convolutions. Batch norm, after each pointwise one,
 * is folded.
 */
final class Xception {
    private static final int[] ENTRY_CHANNELS = {128, 256, 728};
    private static final int MIDDLE_BLOCKS = 8;
    private static final int MIDDLE_CHANNELS = 728;

    private final NetworkBuilder network;
    private final double width;

    private Xception(NetworkBuilder network, double width) {
        this.network = network;
        this.width = width;
    }

    static Graph build(double width, int resolution) {
        String name = "xception_" + width + "_" + resolution;
        return new Xception(new NetworkBuilder(name, name.hashCode()), width).build(resolution);
    }

    private Graph build(int resolution) {
        int image = ImageNet.image(network, resolution);
        int map = network.named("conv1")
                .convolution(image, ImageNet.scaled(32, width), Window.square(3, 2, 0), Activation.RELU);
        map = network.named("conv2")
                .convolution(map, ImageNet.scaled(64, width), Window.square(3, 1, 0), Activation.RELU);
        for (int block = 0; block < ENTRY_CHANNELS.length; block++) {
            int input = block == 0 ? map : rectify("entry_" + block, map);
            map = downsampled("entry_" + block, map, input, ENTRY_CHANNELS[block], ENTRY_CHANNELS[block]);
        }
        for (int block = 0; block < MIDDLE_BLOCKS; block++) {
            map = middle("middle_" + block, map);
        }
        map = downsampled("exit", map, rectify("exit", map), MIDDLE_CHANNELS, 1024);
        map = separable("exit_3", map, 1536, Activation.RELU);
        return ImageNet.classify(network, separable("exit_4", map, 2048, Activation.RELU));
    }

    /** Two separable convolutions and a pool beside a strided projection. */
    private int downsampled(String name, int shortcut, int rectified, int innerChannels, int channels) {
        int projected = network.named(name + "_project")
                .convolution(shortcut, ImageNet.scaled(channels, width), network.same(shortcut, 1, 2), Activation.NONE);
        int map = separable(name + "_1", rectified, innerChannels, Activation.RELU);
        map = separable(name + "_2", map, channels, Activation.NONE);
        map = network.named(name + "_pool").elementwise().maxPool(map, network.same(map, 3, 2));
        return network.named(name).elementwise().add(map, projected, Activation.NONE);
    }

    private int middle(String name, int input) {
        int map = separable(name + "_1", rectify(name, input), MIDDLE_CHANNELS, Activation.RELU);
        map = separable(name + "_2", map, MIDDLE_CHANNELS, Activation.RELU);
        map = separable(name + "_3", map, MIDDLE_CHANNELS, Activation.NONE);
        return network.named(name).elementwise().add(map, input, Activation.NONE);
    }

    private int separable(String name, int input, int channels, Activation activation) {
        int map = network.named(name + "_depthwise")
                .unbiased()
                .depthwise(input, 1, network.same(input, 3, 1), Activation.NONE);
        return network.named(name + "_pointwise")
                .convolution(map, ImageNet.scaled(channels, width), Window.square(1, 1, 0), activation);
    }

    private int rectify(String name, int map) {
        return network.named(name + "_relu").elementwise().rectify(map);
    }
}
