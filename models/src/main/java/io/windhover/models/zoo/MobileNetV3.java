// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.zoo;

import io.windhover.models.graph.Graph;
import io.windhover.models.synthetic.Activation;
import io.windhover.models.synthetic.NetworkBuilder;
import io.windhover.models.synthetic.SqueezeExcitation;
import java.util.List;

/**
 * MobileNetV3 (Howard et al. 2019): inverted residuals with hard-swish and squeeze-and-excitation, and its small member
 * with XSepConv (Chen et al. 2020) in place of the 5x5 depthwise convolutions. Batch norm is folded.
 */
final class MobileNetV3 {
    private static final int STEM_CHANNELS = 16;
    private static final int WIDE_KERNEL = 5;

    /** One inverted residual; {@code squeeze} where it has gates. */
    private record Block(int kernel, int expanded, int channels, boolean squeeze, Activation activation, int stride) {}

    private static final List<Block> LARGE = List.of(
            new Block(3, 16, 16, false, Activation.RELU, 1),
            new Block(3, 64, 24, false, Activation.RELU, 2),
            new Block(3, 72, 24, false, Activation.RELU, 1),
            new Block(5, 72, 40, true, Activation.RELU, 2),
            new Block(5, 120, 40, true, Activation.RELU, 1),
            new Block(5, 120, 40, true, Activation.RELU, 1),
            new Block(3, 240, 80, false, Activation.HARD_SWISH, 2),
            new Block(3, 200, 80, false, Activation.HARD_SWISH, 1),
            new Block(3, 184, 80, false, Activation.HARD_SWISH, 1),
            new Block(3, 184, 80, false, Activation.HARD_SWISH, 1),
            new Block(3, 480, 112, true, Activation.HARD_SWISH, 1),
            new Block(3, 672, 112, true, Activation.HARD_SWISH, 1),
            new Block(5, 672, 160, true, Activation.HARD_SWISH, 2),
            new Block(5, 960, 160, true, Activation.HARD_SWISH, 1),
            new Block(5, 960, 160, true, Activation.HARD_SWISH, 1));

    private static final List<Block> SMALL = List.of(
            new Block(3, 16, 16, true, Activation.RELU, 2),
            new Block(3, 72, 24, false, Activation.RELU, 2),
            new Block(3, 88, 24, false, Activation.RELU, 1),
            new Block(5, 96, 40, true, Activation.HARD_SWISH, 2),
            new Block(5, 240, 40, true, Activation.HARD_SWISH, 1),
            new Block(5, 240, 40, true, Activation.HARD_SWISH, 1),
            new Block(5, 120, 48, true, Activation.HARD_SWISH, 1),
            new Block(5, 144, 48, true, Activation.HARD_SWISH, 1),
            new Block(5, 288, 96, true, Activation.HARD_SWISH, 2),
            new Block(5, 576, 96, true, Activation.HARD_SWISH, 1),
            new Block(5, 576, 96, true, Activation.HARD_SWISH, 1));

    private final NetworkBuilder network;
    private final double width;

    private MobileNetV3(String name, double width) {
        network = new NetworkBuilder(name, name.hashCode());
        this.width = width;
    }

    static Graph large(double width, int resolution) {
        MobileNetV3 builder = new MobileNetV3("mobilenet_v3_large", width);
        return builder.build(LARGE, 1280, resolution, builder::depthwise);
    }

    static Graph small(double width, int resolution) {
        MobileNetV3 builder = new MobileNetV3("mobilenet_v3_small", width);
        return builder.build(SMALL, 1024, resolution, builder::depthwise);
    }

    /**
     * The 5x5 depthwise convolutions become XSepConv blocks of this kernel.
     *
     * @param down whether those with stride 2 do too; otherwise they are depthwise convolutions of that kernel
     */
    static Graph smallSeparated(int kernel, boolean down, double width, int resolution) {
        MobileNetV3 builder = new MobileNetV3("mobilenet_v3_small_xsep_k" + kernel + (down ? "_down" : ""), width);
        int blocks =
                (int) SMALL.stream().filter(block -> separated(block, down)).count();
        XSepConv separated = new XSepConv(builder.network, kernel, blocks);
        return builder.build(SMALL, 1024, resolution, (name, input, block) -> {
            if (separated(block, down)) {
                return separated.append(name, input, block.stride, block.activation);
            }
            return builder.depthwise(name, input, block.kernel == WIDE_KERNEL ? kernel : block.kernel, block);
        });
    }

    private static boolean separated(Block block, boolean down) {
        return block.kernel == WIDE_KERNEL && (down || block.stride == 1);
    }

    /** The spatial part of a block. */
    @FunctionalInterface
    private interface Spatial {
        int append(String name, int input, Block block);
    }

    private Graph build(List<Block> blocks, int hidden, int resolution, Spatial spatial) {
        int image = ImageNet.image(network, resolution);
        int map = network.named("stem")
                .convolution(image, scaled(STEM_CHANNELS), network.same(image, 3, 2), Activation.HARD_SWISH);
        int channels = STEM_CHANNELS;
        for (int i = 0; i < blocks.size(); i++) {
            Block block = blocks.get(i);
            boolean residual = block.stride == 1 && block.channels == channels;
            int result = invertedResidual("block_" + i, map, block, spatial);
            map = residual
                    ? network.named("block_" + i + "_add").elementwise().add(map, result, Activation.NONE)
                    : result;
            channels = block.channels;
        }
        int last = scaled(blocks.get(blocks.size() - 1).expanded);
        map = network.named("last").convolution(map, last, network.same(map, 1, 1), Activation.HARD_SWISH);
        int means = network.elementwise().mean(map);
        int features = network.named("hidden").fullyConnected(means, hidden, Activation.HARD_SWISH);
        return ImageNet.classifyFeatures(network, features);
    }

    /** The block without its shortcut. */
    private int invertedResidual(String name, int input, Block block, Spatial spatial) {
        int expanded = scaled(block.expanded);
        int map = input;
        if (expanded != network.shape(input).channels()) {
            map = network.named(name + "_expand").convolution(map, expanded, network.same(map, 1, 1), block.activation);
        }
        map = spatial.append(name, map, block);
        if (block.squeeze) {
            int squeezed = MobileNetV2.divisibleBy8(expanded / 4.0);
            map = SqueezeExcitation.append(
                    network, name + "_se", map, squeezed, Activation.RELU, network.functions()::hardSigmoid);
        }
        return network.named(name + "_project")
                .convolution(map, scaled(block.channels), network.same(map, 1, 1), Activation.NONE);
    }

    private int depthwise(String name, int input, Block block) {
        return depthwise(name, input, block.kernel, block);
    }

    private int depthwise(String name, int input, int kernel, Block block) {
        return network.named(name + "_depthwise")
                .depthwise(input, 1, network.same(input, kernel, block.stride), block.activation);
    }

    private int scaled(int channels) {
        return MobileNetV2.divisibleBy8(channels * width);
    }
}
