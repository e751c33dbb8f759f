// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.zoo;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Window;
import io.windhover.models.synthetic.Activation;
import io.windhover.models.synthetic.NetworkBuilder;

/**
 * ShuffleNetV2 (Ma et al. 2018): half of the channels pass by each unit, then both halves are shuffled. Batch norm is
 * folded.
 */
final class ShuffleNetV2 {
    private static final int STEM_CHANNELS = 24;
    private static final int[] REPETITIONS = {4, 8, 4};

    private final NetworkBuilder network;

    private ShuffleNetV2(NetworkBuilder network) {
        this.network = network;
    }

    /**
     * A network of one of the paper's widths.
     *
     * @param channels of the first stage; later stages double them: 48, 116, 176 or 244
     * @param lastChannels before the classifier: 1024, or 2048 at width 2.0
     */
    static Graph build(String width, int channels, int lastChannels, int resolution) {
        String name = "shufflenet_v2_" + width;
        return new ShuffleNetV2(new NetworkBuilder(name, name.hashCode())).build(channels, lastChannels, resolution);
    }

    private Graph build(int channels, int lastChannels, int resolution) {
        int image = ImageNet.image(network, resolution);
        int map = network.named("stem").convolution(image, STEM_CHANNELS, network.same(image, 3, 2), Activation.RELU);
        map = network.elementwise().maxPool(map, Window.square(3, 2, 1));
        for (int stage = 0; stage < REPETITIONS.length; stage++) {
            for (int unit = 0; unit < REPETITIONS[stage]; unit++) {
                String name = "stage_" + (stage + 2) + "_unit_" + unit;
                map = unit == 0 ? halving(name, map, channels << stage) : splitting(name, map);
            }
        }
        map = network.named("last").convolution(map, lastChannels, network.same(map, 1, 1), Activation.RELU);
        return ImageNet.classifyFeatures(network, network.elementwise().mean(map));
    }

    /** Half the size: both branches see all channels. */
    private int halving(String name, int input, int channels) {
        int shortcut = network.named(name + "_shortcut_depthwise")
                .depthwise(input, 1, Window.square(3, 2, 1), Activation.NONE);
        shortcut = network.named(name + "_shortcut")
                .convolution(shortcut, channels / 2, network.same(shortcut, 1, 1), Activation.RELU);
        return joined(name, shortcut, branch(name, input, channels / 2, 2));
    }

    private int splitting(String name, int input) {
        int half = network.shape(input).channels() / 2;
        int kept = network.named(name + "_kept").channels().slice(input, 0, half);
        int taken = network.named(name + "_taken").channels().slice(input, half, half);
        return joined(name, kept, branch(name, taken, half, 1));
    }

    private int branch(String name, int input, int channels, int stride) {
        int map =
                network.named(name + "_first").convolution(input, channels, network.same(input, 1, 1), Activation.RELU);
        map = network.named(name + "_depthwise").depthwise(map, 1, Window.square(3, stride, 1), Activation.NONE);
        return network.named(name + "_second").convolution(map, channels, network.same(map, 1, 1), Activation.RELU);
    }

    private int joined(String name, int first, int second) {
        int map = network.named(name + "_join").elementwise().concatenate(first, second);
        return network.named(name + "_shuffle").channels().shuffle(map, 2);
    }
}
