// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.zoo;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Window;
import io.windhover.models.synthetic.Activation;
import io.windhover.models.synthetic.LocalResponse;
import io.windhover.models.synthetic.NetworkBuilder;

/**
 * GoogLeNet (Szegedy et al. 2014): nine inception modules of four branches. The auxiliary classifiers serve training
 * only.
 */
final class GoogLeNet {
    /**
     * Filters of 1x1; 3x3 reduced from, to; 5x5 reduced from, to; 1x1 after the pool. An empty row is a pool between
     * modules.
     */
    private static final int[][] MODULES = {
        {64, 96, 128, 16, 32, 32},
        {128, 128, 192, 32, 96, 64},
        {},
        {192, 96, 208, 16, 48, 64},
        {160, 112, 224, 24, 64, 64},
        {128, 128, 256, 24, 64, 64},
        {112, 144, 288, 32, 64, 64},
        {256, 160, 320, 32, 128, 128},
        {},
        {256, 160, 320, 32, 128, 128},
        {384, 192, 384, 48, 128, 128}
    };

    private final NetworkBuilder network;
    private final double width;

    private GoogLeNet(NetworkBuilder network, double width) {
        this.network = network;
        this.width = width;
    }

    static Graph build(double width, int resolution) {
        String name = "googlenet_" + width + "_" + resolution;
        return new GoogLeNet(new NetworkBuilder(name, name.hashCode()), width).build(resolution);
    }

    private Graph build(int resolution) {
        int image = ImageNet.image(network, resolution);
        int map = network.named("conv1")
                .quantized(LocalResponse.INPUT)
                .convolution(image, ImageNet.scaled(64, width), Window.square(7, 2, 3), Activation.RELU);
        map = LocalResponse.ALEXNET.normalize(network, pool(map));
        map = convolution("conv2_reduce", map, 64, 1);
        network.quantized(LocalResponse.INPUT);
        map = pool(LocalResponse.ALEXNET.normalize(network, convolution("conv2", map, 192, 3)));
        for (int index = 0; index < MODULES.length; index++) {
            map = MODULES[index].length == 0 ? pool(map) : inception("inception_" + index, map, MODULES[index]);
        }
        return ImageNet.classify(network, map);
    }

    private int inception(String name, int input, int[] filters) {
        int single = convolution(name + "_1x1", input, filters[0], 1);
        int triple = convolution(name + "_3x3", convolution(name + "_3x3_reduce", input, filters[1], 1), filters[2], 3);
        int five = convolution(name + "_5x5", convolution(name + "_5x5_reduce", input, filters[3], 1), filters[4], 5);
        int pooled = network.named(name + "_pool").elementwise().maxPool(input, network.same(input, 3, 1));
        int projected = convolution(name + "_project", pooled, filters[5], 1);
        return network.named(name).elementwise().concatenate(single, triple, five, projected);
    }

    private int convolution(String name, int input, int filters, int kernel) {
        return network.named(name)
                .convolution(
                        input, ImageNet.scaled(filters, width), Window.square(kernel, 1, kernel / 2), Activation.RELU);
    }

    private int pool(int map) {
        return network.elementwise().maxPool(map, network.roundedUp(map, 3, 2));
    }
}
