// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.zoo;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Window;
import io.windhover.models.synthetic.Activation;
import io.windhover.models.synthetic.LocalResponse;
import io.windhover.models.synthetic.NetworkBuilder;
import java.util.Locale;

/**
 * VGG (Simonyan and Zisserman 2014), configurations A to E: 3x3 convolutions, five 2x2 pools, three fully-connected
 * layers.
 */
final class Vgg {
    private static final int[] CHANNELS = {64, 128, 256, 512, 512};
    private static final int HIDDEN = 4096;

    enum Configuration {
        A,
        A_LRN,
        B,
        C,
        D,
        E;

        /** Convolutions of the five stages. In C the third one of a stage is 1x1. */
        private int[] depths() {
            return switch (this) {
                case A, A_LRN -> new int[] {1, 1, 2, 2, 2};
                case B -> new int[] {2, 2, 2, 2, 2};
                case C, D -> new int[] {2, 2, 3, 3, 3};
                case E -> new int[] {2, 2, 4, 4, 4};
            };
        }
    }

    private Vgg() {}

    static Graph build(Configuration configuration, double width, int resolution) {
        String name = "vgg_" + configuration.name().toLowerCase(Locale.ROOT) + "_" + width + "_" + resolution;
        NetworkBuilder network = new NetworkBuilder(name, name.hashCode());
        int map = ImageNet.image(network, resolution);
        for (int stage = 0; stage < CHANNELS.length; stage++) {
            for (int layer = 0; layer < configuration.depths()[stage]; layer++) {
                boolean pointwise = configuration == Configuration.C && layer == 2;
                Window window = pointwise ? Window.square(1, 1, 0) : Window.square(3, 1, 1);
                boolean normalized = configuration == Configuration.A_LRN && stage == 0;
                network.named("conv" + (stage + 1) + "_" + (layer + 1))
                        .quantized(normalized ? LocalResponse.INPUT : null);
                map = network.convolution(map, ImageNet.scaled(CHANNELS[stage], width), window, Activation.RELU);
                map = normalized ? LocalResponse.ALEXNET.normalize(network, map) : map;
            }
            map = network.elementwise().maxPool(map, Window.square(2, 2, 0));
        }
        for (int layer = 6; layer <= 7; layer++) {
            map = network.named("fc" + layer).fullyConnected(map, ImageNet.scaled(HIDDEN, width), Activation.RELU);
        }
        return ImageNet.classifyFeatures(network, map);
    }
}
