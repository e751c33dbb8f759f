// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.zoo;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Preprocessing;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Window;
import io.windhover.models.synthetic.Activation;
import io.windhover.models.synthetic.NetworkBuilder;
import java.util.List;

/** Small networks around an operator that no other network of the zoo has. */
final class Demonstrators {
    private static final int CLASSES = 10;
    private static final Window POOL = Window.square(2, 2, 0);

    private Demonstrators() {}

    static List<ZooEntry> entries() {
        return List.of(
                ZooEntry.of("locally_connected", Demonstrators::locallyConnected, Demonstrators::locallyConnected),
                ZooEntry.of("maxout", Demonstrators::maxout, Demonstrators::maxout));
    }

    /**
     * A convolution and two layers with filters of their own at every position, as in DeepFace (Taigman et al. 2014),
     * on 32 x 32 x 3.
     */
    static Graph locallyConnected() {
        NetworkBuilder network = new NetworkBuilder("locally_connected", 2014);
        network.graph().preprocessing(Preprocessing.uniform(3, 127.5f, 127.5f));
        int image = network.input(32, 32, 3, 1f / 128, 0);
        int map = network.convolution(image, 16, Window.square(3, 1, 1), Activation.RELU);
        map = network.elementwise().maxPool(map, POOL);
        map = network.locallyConnected(map, 16, Window.square(3, 1, 0), Activation.RELU);
        map = network.elementwise().maxPool(map, POOL);
        map = network.locallyConnected(map, 32, Window.square(3, 1, 0), Activation.RELU);
        return network.build(network.elementwise().softmax(network.fullyConnected(map, CLASSES, Activation.NONE)));
    }

    /** Three convolutional maxout layers of two pieces each (Goodfellow et al. 2013) on 28 x 28 digits. */
    static Graph maxout() {
        NetworkBuilder network = new NetworkBuilder("maxout", 2013);
        network.graph().preprocessing(Preprocessing.uniform(1, 0, 255));
        int map = network.input(28, 28, 1, 1f / 255, -128);
        for (int units : new int[] {24, 48, 48}) {
            int first = piece(network, map, units);
            map = network.elementwise().maximum(first, piece(network, map, units));
            map = network.elementwise().maxPool(map, POOL);
        }
        return network.build(network.elementwise().softmax(network.fullyConnected(map, CLASSES, Activation.NONE)));
    }

    private static int piece(NetworkBuilder network, int map, int units) {
        return network.quantized(Quantization.of(0.05f, 0))
                .convolution(map, units, network.same(map, 5, 1), Activation.NONE);
    }
}
