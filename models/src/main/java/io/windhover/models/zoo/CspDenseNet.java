// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.zoo;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Window;
import io.windhover.models.synthetic.NetworkBuilder;

/**
 * CSPDenseNet (Wang et al. 2019): half of the channels pass a dense block and a transition, join the other half, and
 * pass a second transition. Blocks and growth are DenseNet's. Transitions halve the channels, to multiples of 16 so
 * that halves are whole blocks of 8.
 */
final class CspDenseNet {
    private final NetworkBuilder network;
    private final DenseNet dense;

    private CspDenseNet(NetworkBuilder network, int growth) {
        this.network = network;
        dense = new DenseNet(network, growth);
    }

    static Graph build(int depth, int growth, int resolution) {
        int[] blocks = DenseNet.blocks(depth);
        String name = "csp_densenet_" + depth + "_" + growth + "_" + resolution;
        return new CspDenseNet(new NetworkBuilder(name, name.hashCode()), growth).build(blocks, resolution);
    }

    private Graph build(int[] blocks, int resolution) {
        int map = dense.stem(resolution);
        for (int block = 0; block < blocks.length; block++) {
            map = partial("block_" + (block + 1), map, blocks[block]);
            if (block < blocks.length - 1) {
                map = dense.pointwise("transition_" + (block + 1), map, half(map));
                map = network.elementwise().averagePool(map, Window.square(2, 2, 0));
            }
        }
        return ImageNet.classify(network, dense.normalize("last", map));
    }

    private int partial(String name, int input, int layers) {
        int channels = network.shape(input).channels();
        int passing = network.named(name + "_passing").channels().slice(input, 0, channels / 2);
        int map = network.named(name + "_entering").channels().slice(input, channels / 2, channels - channels / 2);
        map = dense.denseBlock(name, map, layers);
        map = dense.pointwise(name + "_partial_transition", map, half(map));
        return network.named(name + "_join").elementwise().concatenate(passing, map);
    }

    private int half(int map) {
        return (network.shape(map).channels() / 2 + 15) / 16 * 16;
    }
}
