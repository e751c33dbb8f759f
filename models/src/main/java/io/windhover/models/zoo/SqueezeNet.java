// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.zoo;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Window;
import io.windhover.models.synthetic.Activation;
import io.windhover.models.synthetic.NetworkBuilder;
import java.util.Locale;

/** SqueezeNet (Iandola et al. 2016): fire modules, which squeeze by 1x1 convolutions and expand by 1x1 and 3x3. */
final class SqueezeNet {
    /** Squeeze filters of the eight fire modules; each expands to four times as many of either kind. */
    private static final int[] SQUEEZE = {16, 16, 32, 32, 48, 48, 64, 64};

    private static final int EXPANSION = 4;
    private static final int FIRST_FIRE = 2;

    /** Which fire modules have a shortcut around them. */
    enum Bypass {
        NONE,
        /** Those that keep the number of channels. */
        SIMPLE,
        /** All; a 1x1 convolution where the number of channels changes. */
        COMPLEX
    }

    private final NetworkBuilder network;
    private final Bypass bypass;
    private final double width;

    private SqueezeNet(NetworkBuilder network, Bypass bypass, double width) {
        this.network = network;
        this.bypass = bypass;
        this.width = width;
    }

    /** Version 1.0: 96 filters of 7x7 first, pools after the first convolution and fire modules 4 and 8. */
    static Graph build10(Bypass bypass, double width, int resolution) {
        return build(
                "squeezenet_1.0_" + bypass.name().toLowerCase(Locale.ROOT), bypass, width, resolution, 96, 7, 4, 8);
    }

    /** Version 1.1: 64 filters of 3x3 first, pools after the first convolution and fire modules 3 and 5. */
    static Graph build11(double width, int resolution) {
        return build("squeezenet_1.1", Bypass.NONE, width, resolution, 64, 3, 3, 5);
    }

    private static Graph build(
            String version,
            Bypass bypass,
            double width,
            int resolution,
            int filters,
            int kernel,
            int firstPool,
            int secondPool) {
        String name = version + "_" + width + "_" + resolution;
        SqueezeNet definition = new SqueezeNet(new NetworkBuilder(name, name.hashCode()), bypass, width);
        return definition.build(resolution, filters, kernel, firstPool, secondPool);
    }

    private Graph build(int resolution, int filters, int kernel, int firstPool, int secondPool) {
        int image = ImageNet.image(network, resolution);
        int map = network.named("conv1")
                .convolution(image, ImageNet.scaled(filters, width), Window.square(kernel, 2, 0), Activation.RELU);
        map = pool(map);
        for (int index = 0; index < SQUEEZE.length; index++) {
            int number = FIRST_FIRE + index;
            map = bypassed("fire" + number, map, SQUEEZE[index]);
            if (number == firstPool || number == secondPool) {
                map = pool(map);
            }
        }
        map = network.named("conv10").convolution(map, ImageNet.CLASSES, Window.square(1, 1, 0), Activation.RELU);
        return network.build(network.elementwise().softmax(network.elementwise().globalAveragePool(map)));
    }

    private int bypassed(String name, int input, int squeeze) {
        int output = fire(name, input, squeeze);
        int channels = network.shape(output).channels();
        boolean sameChannels = network.shape(input).channels() == channels;
        if (bypass == Bypass.NONE || (bypass == Bypass.SIMPLE && !sameChannels)) {
            return output;
        }
        int shortcut = sameChannels
                ? input
                : network.named(name + "_bypass").convolution(input, channels, Window.square(1, 1, 0), Activation.NONE);
        return network.named(name + "_add").elementwise().add(shortcut, output, Activation.NONE);
    }

    private int fire(String name, int input, int squeeze) {
        int filters = ImageNet.scaled(squeeze, width);
        int map = network.named(name + "_squeeze").convolution(input, filters, Window.square(1, 1, 0), Activation.RELU);
        int single = network.named(name + "_expand1x1")
                .convolution(map, filters * EXPANSION, Window.square(1, 1, 0), Activation.RELU);
        int triple = network.named(name + "_expand3x3")
                .convolution(map, filters * EXPANSION, Window.square(3, 1, 1), Activation.RELU);
        return network.named(name).elementwise().concatenate(single, triple);
    }

    private int pool(int map) {
        return network.elementwise().maxPool(map, network.roundedUp(map, 3, 2));
    }
}
