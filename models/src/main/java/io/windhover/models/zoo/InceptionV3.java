// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.zoo;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Window;
import io.windhover.models.synthetic.Activation;
import io.windhover.models.synthetic.NetworkBuilder;

/** Inception v3 (Szegedy et al. 2015): large kernels factorised into 3x3, 1x7 and 7x1. Batch norm is folded. */
final class InceptionV3 {
    /** Filters after the pool of the modules at 35 x 35. */
    private static final int[] FIRST_STAGE = {32, 64, 64};

    /** Filters between the factorised kernels of the modules at 17 x 17. */
    private static final int[] SECOND_STAGE = {128, 160, 160, 192};

    private static final int THIRD_STAGE = 2;

    private final NetworkBuilder network;
    private final double width;

    private InceptionV3(NetworkBuilder network, double width) {
        this.network = network;
        this.width = width;
    }

    static Graph build(double width, int resolution) {
        String name = "inception_v3_" + width + "_" + resolution;
        return new InceptionV3(new NetworkBuilder(name, name.hashCode()), width).build(resolution);
    }

    private Graph build(int resolution) {
        int map = stem(ImageNet.image(network, resolution));
        for (int module = 0; module < FIRST_STAGE.length; module++) {
            map = first("first_" + module, map, FIRST_STAGE[module]);
        }
        map = firstReduction("first_reduction", map);
        for (int module = 0; module < SECOND_STAGE.length; module++) {
            map = second("second_" + module, map, SECOND_STAGE[module]);
        }
        map = secondReduction("second_reduction", map);
        for (int module = 0; module < THIRD_STAGE; module++) {
            map = third("third_" + module, map);
        }
        return ImageNet.classify(network, map);
    }

    private int stem(int image) {
        int map = valid("conv1", image, 32, 3, 2);
        map = valid("conv2", map, 32, 3, 1);
        map = convolution("conv3", map, 64, 3, 3);
        map = network.elementwise().maxPool(map, Window.square(3, 2, 0));
        map = valid("conv4", map, 80, 1, 1);
        map = valid("conv5", map, 192, 3, 1);
        return network.elementwise().maxPool(map, Window.square(3, 2, 0));
    }

    private int first(String name, int input, int projected) {
        int single = convolution(name + "_1x1", input, 64, 1, 1);
        int five = convolution(name + "_5x5", convolution(name + "_5x5_reduce", input, 48, 1, 1), 64, 5, 5);
        int twice = convolution(name + "_double_reduce", input, 64, 1, 1);
        twice = convolution(name + "_double_1", twice, 96, 3, 3);
        twice = convolution(name + "_double_2", twice, 96, 3, 3);
        return network.named(name).elementwise().concatenate(single, five, twice, pooled(name, input, projected));
    }

    private int firstReduction(String name, int input) {
        int triple = valid(name + "_3x3", input, 384, 3, 2);
        int twice = convolution(name + "_double_reduce", input, 64, 1, 1);
        twice = convolution(name + "_double_1", twice, 96, 3, 3);
        twice = valid(name + "_double_2", twice, 96, 3, 2);
        return network.named(name).elementwise().concatenate(triple, twice, halved(name, input));
    }

    private int second(String name, int input, int inner) {
        int single = convolution(name + "_1x1", input, 192, 1, 1);
        int seven = convolution(name + "_7x7_reduce", input, inner, 1, 1);
        seven = convolution(name + "_7x7_1", seven, inner, 1, 7);
        seven = convolution(name + "_7x7_2", seven, 192, 7, 1);
        int twice = convolution(name + "_double_reduce", input, inner, 1, 1);
        twice = convolution(name + "_double_1", twice, inner, 7, 1);
        twice = convolution(name + "_double_2", twice, inner, 1, 7);
        twice = convolution(name + "_double_3", twice, inner, 7, 1);
        twice = convolution(name + "_double_4", twice, 192, 1, 7);
        return network.named(name).elementwise().concatenate(single, seven, twice, pooled(name, input, 192));
    }

    private int secondReduction(String name, int input) {
        int triple = valid(name + "_3x3", convolution(name + "_3x3_reduce", input, 192, 1, 1), 320, 3, 2);
        int seven = convolution(name + "_7x7_reduce", input, 192, 1, 1);
        seven = convolution(name + "_7x7_1", seven, 192, 1, 7);
        seven = convolution(name + "_7x7_2", seven, 192, 7, 1);
        seven = valid(name + "_7x7_3", seven, 192, 3, 2);
        return network.named(name).elementwise().concatenate(triple, seven, halved(name, input));
    }

    private int third(String name, int input) {
        int single = convolution(name + "_1x1", input, 320, 1, 1);
        int triple = convolution(name + "_3x3_reduce", input, 384, 1, 1);
        int twice = convolution(name + "_double_reduce", input, 448, 1, 1);
        twice = convolution(name + "_double_1", twice, 384, 3, 3);
        return network.named(name)
                .elementwise()
                .concatenate(
                        single,
                        convolution(name + "_1x3", triple, 384, 1, 3),
                        convolution(name + "_3x1", triple, 384, 3, 1),
                        convolution(name + "_double_1x3", twice, 384, 1, 3),
                        convolution(name + "_double_3x1", twice, 384, 3, 1),
                        pooled(name, input, 192));
    }

    private int pooled(String name, int input, int filters) {
        int map = network.named(name + "_pool").elementwise().averagePool(input, network.same(input, 3, 1));
        return convolution(name + "_project", map, filters, 1, 1);
    }

    private int halved(String name, int input) {
        return network.named(name + "_pool").elementwise().maxPool(input, Window.square(3, 2, 0));
    }

    private int valid(String name, int input, int filters, int kernel, int stride) {
        return network.named(name)
                .convolution(input, ImageNet.scaled(filters, width), Window.square(kernel, stride, 0), Activation.RELU);
    }

    /** Stride 1, padded to the same size. */
    private int convolution(String name, int input, int filters, int kernelHeight, int kernelWidth) {
        Window window = network.same(input, kernelHeight, kernelWidth, 1, 1);
        return network.named(name).convolution(input, ImageNet.scaled(filters, width), window, Activation.RELU);
    }
}
