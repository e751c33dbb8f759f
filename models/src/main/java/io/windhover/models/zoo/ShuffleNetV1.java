// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.zoo;

import static io.windhover.models.ModelException.requirePresent;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Window;
import io.windhover.models.synthetic.Activation;
import io.windhover.models.synthetic.NetworkBuilder;
import java.util.Map;

/**
 * ShuffleNet (Zhang et al. 2018): grouped pointwise convolutions with channel shuffles between them. Batch norm is
 * folded.
 */
final class ShuffleNetV1 {
    private static final int STEM_CHANNELS = 24;
    private static final int BOTTLENECK = 4;
    private static final int[] REPETITIONS = {4, 8, 4};
    private static final Window HALVE = Window.square(3, 2, 1);

    /** Output channels of the first stage for each number of groups, at width 1; later stages double them. */
    private static final Map<Integer, Integer> CHANNELS = Map.of(1, 144, 2, 200, 3, 240, 4, 272, 8, 384);

    private final NetworkBuilder network;
    private final int groups;

    private ShuffleNetV1(NetworkBuilder network, int groups) {
        this.network = network;
        this.groups = groups;
    }

    static Graph build(double width, int groups, int resolution) {
        String name = "shufflenet_v1_" + width + "_g" + groups;
        return new ShuffleNetV1(new NetworkBuilder(name, name.hashCode()), groups).build(width, resolution);
    }

    private Graph build(double width, int resolution) {
        int image = ImageNet.image(network, resolution);
        int map = network.named("stem").convolution(image, STEM_CHANNELS, network.same(image, 3, 2), Activation.RELU);
        map = network.elementwise().maxPool(map, HALVE);
        int multiple = BOTTLENECK * groups;
        int published = requirePresent(CHANNELS.get(groups), "There is no ShuffleNet of %d groups.", groups);
        int channels = (int) Math.ceil(published * width / multiple) * multiple;
        for (int stage = 0; stage < REPETITIONS.length; stage++) {
            for (int unit = 0; unit < REPETITIONS[stage]; unit++) {
                String name = "stage_" + (stage + 2) + "_unit_" + unit;
                map = unit == 0 ? halving(name, map, channels << stage) : residual(name, map);
            }
        }
        return ImageNet.classifyFeatures(network, network.elementwise().mean(map));
    }

    /**
     * Half the size: the input's averages beside new channels. The few channels before the first one are not grouped.
     */
    private int halving(String name, int input, int channels) {
        int added = channels - network.shape(input).channels();
        int inputGroups = network.shape(input).channels() == STEM_CHANNELS ? 1 : groups;
        int map = bottleneck(name, input, channels / BOTTLENECK, inputGroups, HALVE);
        map = network.named(name + "_expand")
                .like(input)
                .groupedConvolution(map, added, network.same(map, 1, 1), groups, Activation.RELU);
        int averages = network.named(name + "_shortcut").elementwise().averagePool(input, HALVE);
        return network.named(name + "_join").elementwise().concatenate(averages, map);
    }

    private int residual(String name, int input) {
        int channels = network.shape(input).channels();
        int map = bottleneck(name, input, channels / BOTTLENECK, groups, Window.square(3, 1, 1));
        map = network.named(name + "_expand")
                .groupedConvolution(map, channels, network.same(map, 1, 1), groups, Activation.NONE);
        return network.named(name + "_add").elementwise().add(input, map, Activation.RELU);
    }

    private int bottleneck(String name, int input, int channels, int inputGroups, Window window) {
        int map = network.named(name + "_reduce")
                .groupedConvolution(input, channels, network.same(input, 1, 1), inputGroups, Activation.RELU);
        map = groups > 1 ? network.named(name + "_shuffle").channels().shuffle(map, groups) : map;
        return network.named(name + "_depthwise").depthwise(map, 1, window, Activation.NONE);
    }
}
