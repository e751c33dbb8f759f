// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.zoo;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Window;
import io.windhover.models.synthetic.Activation;
import io.windhover.models.synthetic.LocalResponse;
import io.windhover.models.synthetic.NetworkBuilder;

/**
 * AlexNet (Krizhevsky et al. 2012): five convolutions, three of them in two groups, with local response normalisation
 * after the first two, and three fully-connected layers. The first layer has no padding, so that 227 pixels give the
 * paper's 55 rows.
 */
final class AlexNet {
    private static final int HIDDEN = 4096;

    private AlexNet() {}

    static Graph build(double width, int resolution) {
        String name = "alexnet_" + width + "_" + resolution;
        NetworkBuilder network = new NetworkBuilder(name, name.hashCode());
        int map = ImageNet.image(network, resolution);
        map = network.named("conv1")
                .quantized(LocalResponse.INPUT)
                .convolution(map, ImageNet.scaled(96, width), Window.square(11, 4, 0), Activation.RELU);
        map = pool(network, LocalResponse.ALEXNET.normalize(network, map));
        map = network.named("conv2")
                .quantized(LocalResponse.INPUT)
                .groupedConvolution(map, ImageNet.scaled(256, width), Window.square(5, 1, 2), 2, Activation.RELU);
        map = pool(network, LocalResponse.ALEXNET.normalize(network, map));
        map = network.named("conv3")
                .convolution(map, ImageNet.scaled(384, width), Window.square(3, 1, 1), Activation.RELU);
        map = network.named("conv4")
                .groupedConvolution(map, ImageNet.scaled(384, width), Window.square(3, 1, 1), 2, Activation.RELU);
        map = network.named("conv5")
                .groupedConvolution(map, ImageNet.scaled(256, width), Window.square(3, 1, 1), 2, Activation.RELU);
        map = pool(network, map);
        map = network.named("fc6").fullyConnected(map, ImageNet.scaled(HIDDEN, width), Activation.RELU);
        map = network.named("fc7").fullyConnected(map, ImageNet.scaled(HIDDEN, width), Activation.RELU);
        return ImageNet.classifyFeatures(network, map);
    }

    private static int pool(NetworkBuilder network, int map) {
        return network.elementwise().maxPool(map, network.roundedUp(map, 3, 2));
    }
}
