// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.zoo;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Window;
import io.windhover.models.synthetic.Activation;
import io.windhover.models.synthetic.NetworkBuilder;

/**
 * CSPResNet-50 (Wang et al. 2019), as the authors' network for Darknet: half of each stage passes residual blocks, the
 * other half joins it behind them. In the first stage too both halves are equally wide, which needs no shortcut from 64
 * channels to 128. Activations are leaky rectifiers; all maps are quantised alike.
 */
final class CspResNet {
    private static final int STEM_CHANNELS = 64;
    private static final int[] CHANNELS = {128, 256, 512, 1024};
    private static final int[] BLOCKS = {3, 3, 5, 2};
    private static final double LEAK = 0.1;
    private static final Quantization MAP = Quantization.of(0.05f, 0);
    private static final Window POINT = Window.square(1, 1, 0);

    private final NetworkBuilder network;

    private CspResNet(NetworkBuilder network) {
        this.network = network;
    }

    static Graph build(double width, int resolution) {
        String name = "csp_resnet_50_" + width + "_" + resolution;
        return new CspResNet(new NetworkBuilder(name, name.hashCode())).build(resolution, width);
    }

    private Graph build(int resolution, double width) {
        int image = ImageNet.image(network, resolution);
        int map = leaky("stem", image, ImageNet.scaled(STEM_CHANNELS, width), Window.square(7, 2, 3));
        map = network.elementwise().maxPool(map, Window.square(2, 2, 0));
        for (int stage = 0; stage < CHANNELS.length; stage++) {
            if (stage > 0) {
                map = leaky("down_" + stage, map, network.shape(map).channels(), Window.square(3, 2, 1));
            }
            map = stage("stage_" + (stage + 1), map, ImageNet.scaled(CHANNELS[stage], width), BLOCKS[stage]);
        }
        return ImageNet.classify(network, map);
    }

    private int stage(String name, int input, int channels, int blocks) {
        int passing = linear(name + "_passing", input, channels);
        int map = linear(name + "_entering", input, channels);
        for (int block = 0; block < blocks; block++) {
            map = residual(name + "_block_" + block, map, channels);
        }
        map = leaky(name + "_transition", map, channels, POINT);
        int joined = network.named(name + "_join").elementwise().concatenate(map, passing);
        return leaky(name, joined, channels, POINT);
    }

    private int residual(String name, int input, int channels) {
        int map = leaky(name + "_reduce", input, channels / 2, POINT);
        map = leaky(name + "_conv", map, channels / 2, Window.square(3, 1, 1));
        map = linear(name + "_expand", map, channels);
        return leak(name, network.named(name + "_add").elementwise().add(input, map, Activation.NONE));
    }

    private int linear(String name, int input, int channels) {
        return network.named(name).quantized(MAP).convolution(input, channels, POINT, Activation.NONE);
    }

    private int leaky(String name, int input, int channels, Window window) {
        return leak(name, network.named(name).quantized(MAP).convolution(input, channels, window, Activation.NONE));
    }

    private int leak(String name, int map) {
        Quantization quantization = network.graph().tensor(map).requireQuantization();
        return network.named(name + "_leaky")
                .elementwise()
                .table(map, "leaky_relu", x -> x < 0 ? LEAK * x : x, quantization);
    }
}
