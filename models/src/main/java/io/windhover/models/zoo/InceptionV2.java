// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.zoo;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Window;
import io.windhover.models.synthetic.Activation;
import io.windhover.models.synthetic.NetworkBuilder;

/**
 * The inception network that batch norm was introduced with (Ioffe and Szegedy 2015), in two versions: as converted
 * from the authors' own for Caffe (BN-Inception), and TensorFlow's Inception v2, whose first convolution is separable
 * and whose fourth and fifth module at 14 x 14 have fewer filters after the pool. Batch norm is folded.
 */
final class InceptionV2 {
    /**
     * Filters of 1x1; 3x3 reduced from, to; double 3x3 reduced from, to; 1x1 after the pool. A 0 in front: the module
     * halves the map.
     */
    private static final int[][] MODULES = {
        {64, 64, 64, 64, 96, 32},
        {64, 64, 96, 64, 96, 64},
        {0, 128, 160, 64, 96, 0},
        {224, 64, 96, 96, 128, 128},
        {192, 96, 128, 96, 128, 128},
        {160, 128, 160, 128, 160, 128},
        {96, 128, 192, 160, 192, 128},
        {0, 128, 192, 192, 256, 0},
        {352, 192, 320, 160, 224, 128},
        {352, 192, 320, 192, 224, 128}
    };

    private static final int FIRST_WITH_FEWER = 5;
    private static final int LAST_WITH_FEWER = 6;
    private static final int FEWER = 96;
    private static final int DEPTHWISE_MULTIPLIER = 8;

    private final NetworkBuilder network;
    private final double width;
    private final boolean tensorFlow;

    private InceptionV2(String name, double width, boolean tensorFlow) {
        network = new NetworkBuilder(name, name.hashCode());
        this.width = width;
        this.tensorFlow = tensorFlow;
    }

    static Graph bnInception(double width, int resolution) {
        return new InceptionV2("bn_inception_" + width + "_" + resolution, width, false).build(resolution);
    }

    static Graph tensorFlow(double width, int resolution) {
        return new InceptionV2("inception_v2_" + width + "_" + resolution, width, true).build(resolution);
    }

    private Graph build(int resolution) {
        int map = stem(ImageNet.image(network, resolution));
        map = network.elementwise().maxPool(map, network.roundedUp(map, 3, 2));
        map = convolution("conv2", convolution("conv2_reduce", map, 64, 1, 1), 192, 3, 1);
        map = network.elementwise().maxPool(map, network.roundedUp(map, 3, 2));
        for (int index = 0; index < MODULES.length; index++) {
            String name = "inception_" + index;
            int[] filters = MODULES[index];
            boolean fewer = tensorFlow && index >= FIRST_WITH_FEWER && index <= LAST_WITH_FEWER;
            map = filters[0] == 0
                    ? reduction(name, map, filters)
                    : inception(name, map, filters, fewer ? FEWER : filters[5], index == MODULES.length - 1);
        }
        return ImageNet.classify(network, map);
    }

    private int stem(int image) {
        Window window = Window.square(7, 2, 3);
        int filters = ImageNet.scaled(64, width);
        if (!tensorFlow) {
            return network.named("conv1").convolution(image, filters, window, Activation.RELU);
        }
        int map = network.named("conv1_depthwise")
                .unbiased()
                .depthwise(image, DEPTHWISE_MULTIPLIER, window, Activation.NONE);
        return network.named("conv1_pointwise").convolution(map, filters, Window.square(1, 1, 0), Activation.RELU);
    }

    private int inception(String name, int input, int[] filters, int projectedFilters, boolean last) {
        int single = convolution(name + "_1x1", input, filters[0], 1, 1);
        int triple = convolution(
                name + "_3x3", convolution(name + "_3x3_reduce", input, filters[1], 1, 1), filters[2], 3, 1);
        int twice = twice(name, input, filters, 1);
        Window window = network.same(input, 3, 1);
        network.named(name + "_pool");
        int pooled = last
                ? network.elementwise().maxPool(input, window)
                : network.elementwise().averagePool(input, window);
        int projected = convolution(name + "_project", pooled, projectedFilters, 1, 1);
        return network.named(name).elementwise().concatenate(single, triple, twice, projected);
    }

    private int reduction(String name, int input, int[] filters) {
        int triple = convolution(
                name + "_3x3", convolution(name + "_3x3_reduce", input, filters[1], 1, 1), filters[2], 3, 2);
        int twice = twice(name, input, filters, 2);
        int pooled = network.named(name + "_pool").elementwise().maxPool(input, network.roundedUp(input, 3, 2));
        return network.named(name).elementwise().concatenate(triple, twice, pooled);
    }

    private int twice(String name, int input, int[] filters, int stride) {
        int map = convolution(name + "_double_reduce", input, filters[3], 1, 1);
        map = convolution(name + "_double_1", map, filters[4], 3, 1);
        return convolution(name + "_double_2", map, filters[4], 3, stride);
    }

    private int convolution(String name, int input, int filters, int kernel, int stride) {
        return network.named(name)
                .convolution(
                        input, ImageNet.scaled(filters, width), network.same(input, kernel, stride), Activation.RELU);
    }
}
