// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.zoo;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.Preprocessing;
import io.windhover.models.graph.Window;
import io.windhover.models.synthetic.Activation;
import io.windhover.models.synthetic.NetworkBuilder;

/**
 * EffNet (Freeman et al. 2018), the paper's CIFAR-10 network: each block pools one axis between its two one-dimensional
 * depthwise convolutions and strides over the other in its last convolution.
 */
final class EffNet {
    private static final int CLASSES = 10;
    private static final int[] BLOCKS = {32, 64, 128};
    private static final Window POOL = new Window(1, 2, 1, 2, 1, 1, Padding.NONE);
    private static final Window REDUCE = new Window(2, 1, 2, 1, 1, 1, Padding.NONE);

    private EffNet() {}

    static Graph build(int resolution, double width) {
        NetworkBuilder network = new NetworkBuilder("effnet", 1801_06434);
        network.graph().preprocessing(Preprocessing.uniform(3, 127.5f, 127.5f));
        int map = network.input(resolution, resolution, 3, 1f / 128, 0);
        for (int channels : BLOCKS) {
            map = block(network, "block_" + channels, map, MobileNetV1.scaled(channels, width));
        }
        return network.build(network.named("logits").fullyConnected(map, CLASSES, Activation.NONE));
    }

    /** From any channels to twice {@code channels}, at half the height and width. */
    private static int block(NetworkBuilder network, String name, int input, int channels) {
        int map = network.named(name + "_pointwise")
                .convolution(input, channels, network.same(input, 1, 1), Activation.LEAKY_RELU);
        map = network.named(name + "_row").depthwise(map, 1, network.same(map, 1, 3, 1, 1), Activation.LEAKY_RELU);
        map = network.named(name + "_pool").elementwise().maxPool(map, POOL);
        map = network.named(name + "_column").depthwise(map, 1, network.same(map, 3, 1, 1, 1), Activation.LEAKY_RELU);
        return network.named(name + "_reduce").convolution(map, 2 * channels, REDUCE, Activation.LEAKY_RELU);
    }
}
