// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.zoo;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Preprocessing;
import io.windhover.models.graph.Window;
import io.windhover.models.synthetic.Activation;
import io.windhover.models.synthetic.NetworkBuilder;

/** The two LeNets of the compression literature, 28 x 28 grey digits (LeCun et al. 1998; Caffe's sizes). */
final class LeNet {
    private static final float PIXEL_SCALE = 1f / 255;

    private LeNet() {}

    /** 784 - 300 - 100 - 10. */
    static Graph fullyConnected() {
        NetworkBuilder network = new NetworkBuilder("lenet_300_100", 300_100);
        int image = image(network);
        int first = network.fullyConnected(image, 300, Activation.RELU);
        int second = network.fullyConnected(first, 100, Activation.RELU);
        return network.build(network.fullyConnected(second, 10, Activation.NONE));
    }

    /** 5x5 convolutions of 20 and 50 filters with 2x2 maximum pooling, then 500 and 10. */
    static Graph convolutional() {
        NetworkBuilder network = new NetworkBuilder("lenet5", 5);
        int map = image(network);
        for (int filters : new int[] {20, 50}) {
            map = network.convolution(map, filters, Window.square(5, 1, 0), Activation.NONE);
            map = network.elementwise().maxPool(map, Window.square(2, 2, 0));
        }
        int hidden = network.fullyConnected(map, 500, Activation.RELU);
        return network.build(network.fullyConnected(hidden, 10, Activation.NONE));
    }

    private static int image(NetworkBuilder network) {
        network.graph().preprocessing(Preprocessing.uniform(1, 0, 255));
        return network.input(28, 28, 1, PIXEL_SCALE, -128);
    }
}
