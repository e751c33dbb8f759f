// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.zoo;

import io.windhover.models.graph.Graph;
import io.windhover.models.synthetic.Activation;
import io.windhover.models.synthetic.NetworkBuilder;
import io.windhover.models.synthetic.SqueezeExcitation;
import java.util.List;

/**
 * EfficientNet (Tan and Le 2019) and EfficientNetV2 (2021): inverted residuals with swish and squeeze-and-excitation;
 * V2 begins with blocks whose expansion and depthwise convolution are fused into one convolution. Batch norm is folded.
 */
final class EfficientNet {
    private static final int LAST_CHANNELS = 1280;

    /** Repetitions of one block; the first repetition has the stride. */
    private record Stage(boolean fused, int expansion, int kernel, int stride, int channels, int repetitions) {}

    private static final List<Stage> B0 = List.of(
            new Stage(false, 1, 3, 1, 16, 1),
            new Stage(false, 6, 3, 2, 24, 2),
            new Stage(false, 6, 5, 2, 40, 2),
            new Stage(false, 6, 3, 2, 80, 3),
            new Stage(false, 6, 5, 1, 112, 3),
            new Stage(false, 6, 5, 2, 192, 4),
            new Stage(false, 6, 3, 1, 320, 1));

    private static final List<Stage> V2_S = List.of(
            new Stage(true, 1, 3, 1, 24, 2),
            new Stage(true, 4, 3, 2, 48, 4),
            new Stage(true, 4, 3, 2, 64, 4),
            new Stage(false, 4, 3, 2, 128, 6),
            new Stage(false, 6, 3, 1, 160, 9),
            new Stage(false, 6, 3, 2, 256, 15));

    private final NetworkBuilder network;

    private EfficientNet(NetworkBuilder network) {
        this.network = network;
    }

    static Graph b0(double width, int resolution) {
        return new EfficientNet(new NetworkBuilder("efficientnet_b0", 1905_11946)).build(B0, 32, width, resolution);
    }

    static Graph v2Small(double width, int resolution) {
        return new EfficientNet(new NetworkBuilder("efficientnet_v2_s", 2104_00298)).build(V2_S, 24, width, resolution);
    }

    private Graph build(List<Stage> stages, int stem, double width, int resolution) {
        int image = ImageNet.image(network, resolution);
        int map = convolution("stem", image, MobileNetV2.divisibleBy8(stem * width), 3, 2, Activation.SWISH);
        int channels = stem;
        int block = 0;
        for (Stage stage : stages) {
            for (int repetition = 0; repetition < stage.repetitions; repetition++) {
                int stride = repetition == 0 ? stage.stride : 1;
                String name = "block_" + block++;
                boolean residual = stride == 1 && channels == stage.channels;
                int result = block(name, map, stage, stride, MobileNetV2.divisibleBy8(stage.channels * width));
                map = residual ? network.named(name + "_add").elementwise().add(map, result, Activation.NONE) : result;
                channels = stage.channels;
            }
        }
        map = convolution("last", map, MobileNetV2.divisibleBy8(LAST_CHANNELS * width), 1, 1, Activation.SWISH);
        return ImageNet.classifyFeatures(network, network.elementwise().mean(map));
    }

    /** The block without its shortcut. */
    private int block(String name, int input, Stage stage, int stride, int channels) {
        int expanded = network.shape(input).channels() * stage.expansion;
        int map = stage.fused
                ? fused(name, input, stage, stride, channels)
                : separable(name, input, stage, stride, expanded);
        if (!stage.fused || stage.expansion > 1) {
            map = convolution(name + "_project", map, channels, 1, 1, Activation.NONE);
        }
        return map;
    }

    /** One dense convolution that expands; without an expansion it is the whole block. */
    private int fused(String name, int input, Stage stage, int stride, int channels) {
        int outputs = stage.expansion > 1 ? network.shape(input).channels() * stage.expansion : channels;
        return convolution(name + "_fused", input, outputs, stage.kernel, stride, Activation.SWISH);
    }

    /** Expansion, depthwise convolution and gates; these are squeezed to a quarter of the block's input channels. */
    private int separable(String name, int input, Stage stage, int stride, int expanded) {
        int map = stage.expansion > 1 ? convolution(name + "_expand", input, expanded, 1, 1, Activation.SWISH) : input;
        map = network.named(name + "_depthwise")
                .depthwise(map, 1, network.same(map, stage.kernel, stride), Activation.SWISH);
        int squeezed = network.shape(input).channels() / 4;
        return SqueezeExcitation.append(
                network, name + "_se", map, squeezed, Activation.SWISH, network.elementwise()::logistic);
    }

    private int convolution(String name, int input, int channels, int kernel, int stride, Activation activation) {
        return network.named(name).convolution(input, channels, network.same(input, kernel, stride), activation);
    }
}
