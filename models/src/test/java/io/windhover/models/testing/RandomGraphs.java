// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.testing;

import io.windhover.models.graph.BinaryConvolution.Outside;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Window;
import io.windhover.models.synthetic.Activation;
import io.windhover.models.synthetic.BinaryLayers;
import io.windhover.models.synthetic.BinaryLayers.Result;
import io.windhover.models.synthetic.NetworkBuilder;
import java.util.Locale;
import java.util.Random;

/**
 * Entry point: graphs and inputs by seed. Print the seed in a failing test's message; it is all one needs to repeat it.
 */
public final class RandomGraphs {
    private RandomGraphs() {}

    /** A graph of one layer of this kind. */
    public static Graph layer(RandomLayer kind, long seed) {
        return kind.build(
                kind.name().toLowerCase(Locale.ROOT) + "_seed_" + seed, new Draw(seed ^ ((long) kind.ordinal() << 40)));
    }

    /** A graph of one layer; consecutive seeds go through all kinds. */
    public static Graph layer(long seed) {
        RandomLayer[] kinds = RandomLayer.values();
        return layer(kinds[(int) Math.floorMod(seed, (long) kinds.length)], seed);
    }

    /** A small network of two to eight layers with branches that meet again in additions. */
    public static Graph network(long seed) {
        Draw draw = new Draw(seed ^ 0x5EEDL << 32);
        NetworkBuilder network = new NetworkBuilder("network_seed_" + seed, seed);
        int map = network.input(
                draw.between(4, 24), draw.between(4, 24), draw.channels(24), 1f / 128, draw.between(-128, 127));
        int layers = draw.between(2, 8);
        for (int i = 0; i < layers; i++) {
            map = append(network, draw, map);
        }
        if (draw.oneIn(2)) {
            map = network.fullyConnected(
                    network.elementwise().globalAveragePool(map), draw.between(2, 40), Activation.NONE);
        }
        return network.build(map);
    }

    /**
     * A small network that turns int8 into bits (one to three a channel), computes on bits, and ends in bits, int8 or
     * raw accumulators.
     */
    public static Graph binaryNetwork(long seed) {
        Draw draw = new Draw(seed ^ 0xB17L << 32);
        NetworkBuilder network = new NetworkBuilder("binary_network_seed_" + seed, seed);
        int planes = draw.oneIn(2) ? 1 : draw.between(2, 3);
        BinaryLayers binary = network.multiBit(planes);
        int map = network.input(
                draw.between(5, 20), draw.between(5, 20), draw.channels(16), 1f / 128, draw.between(-128, 127));
        map = planes == 1 && draw.oneIn(2)
                ? network.signConvolution(map, draw.channels(72), draw.window(network.shape(map), false))
                : binary.threshold(network.convolution(
                        map, draw.channels(72), draw.window(network.shape(map), false), Activation.NONE));
        int layers = draw.between(1, 4);
        for (int i = 0; i < layers; i++) {
            Window window = draw.window(network.shape(map), false);
            map = draw.oneIn(4)
                    ? binary.maxPool(map, window)
                    : binary.convolution(
                            map, draw.channels(72), window, Outside.values()[draw.between(0, 2)], Result.BITS);
        }
        Result last = Result.values()[draw.between(0, 2)];
        return network.build(binary.convolution(map, draw.channels(40), Window.square(1, 1, 0), Outside.NOTHING, last));
    }

    /** A small network of splits, shuffles, joins and what reads them. */
    public static Graph layoutNetwork(long seed) {
        return RandomLayoutNetworks.network("layout_network_seed_" + seed, seed);
    }

    /** Reshapes, transposes, slices, joins, resizing and the like, one after another. */
    public static Graph layoutChain(long seed) {
        return RandomLayoutChains.chain("layout_chain_seed_" + seed, seed);
    }

    /** A network of any operators after any others, with several inputs and outputs. */
    public static Graph mixture(long seed) {
        return RandomMixtures.mixture("mixture_seed_" + seed, seed);
    }

    private static int append(NetworkBuilder network, Draw draw, int map) {
        Activation activation = draw.oneIn(2) ? Activation.RELU : Activation.NONE;
        Window window = draw.window(network.shape(map), false);
        return switch (draw.between(0, 7)) {
            case 0, 1 -> network.convolution(map, draw.channels(40), window, activation);
            case 2, 3 -> network.depthwise(map, 1, window, activation);
            case 4 -> network.convolution(map, draw.channels(64), Window.square(1, 1, 0), activation);
            case 5 -> network.elementwise().maxPool(map, window);
            case 6 -> network.elementwise().averagePool(map, window);
            default -> {
                int branch =
                        network.convolution(map, network.shape(map).channels(), network.same(map, 3, 1), activation);
                yield network.elementwise().add(map, branch, Activation.NONE);
            }
        };
    }

    /** Random bytes for every input of a graph, in its order; spare bits of BITS inputs are 0. */
    public static byte[][] inputs(Graph graph, long seed) {
        Random random = new Random(seed);
        byte[][] inputs = new byte[graph.inputs().length][];
        for (int i = 0; i < inputs.length; i++) {
            Tensor tensor = graph.tensor(graph.inputs()[i]);
            if (tensor.type() == TensorType.BITS) {
                int pixels = tensor.shape().height() * tensor.shape().width();
                inputs[i] =
                        new Draw(random.nextLong()).bits(pixels, tensor.shape().channels());
            } else {
                inputs[i] = new byte[tensor.bytes()];
                random.nextBytes(inputs[i]);
            }
        }
        return inputs;
    }
}
