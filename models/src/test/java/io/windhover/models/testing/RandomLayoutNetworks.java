// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.testing;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Window;
import io.windhover.models.synthetic.Activation;
import io.windhover.models.synthetic.NetworkBuilder;
import java.util.ArrayList;
import java.util.List;

/**
 * Networks in which channels are split, shuffled and joined, parts are used more than once, and every kind of layer
 * reads the result.
 */
final class RandomLayoutNetworks {
    private static final Quantization QUANTIZATION = Quantization.of(0.05f, 3);

    private final Draw draw;
    private final NetworkBuilder network;
    /** Maps of one height and width and one quantisation, so that any of them can be joined. */
    private final List<Integer> maps = new ArrayList<>();

    private RandomLayoutNetworks(String name, long seed) {
        draw = new Draw(seed ^ 0x1A40L << 32);
        network = new NetworkBuilder(name, seed);
    }

    static Graph network(String name, long seed) {
        return new RandomLayoutNetworks(name, seed).build();
    }

    private Graph build() {
        int height = draw.between(1, 18);
        int width = draw.between(1, 18);
        maps.add(network.input(height, width, draw.channels(32), QUANTIZATION.scale(), QUANTIZATION.zeroPoint()));
        if (draw.oneIn(2)) {
            convolve(maps.get(0));
        }
        int layers = draw.between(3, 12);
        for (int i = 0; i < layers; i++) {
            append(maps.get(draw.oneIn(2) ? maps.size() - 1 : draw.between(0, maps.size() - 1)));
        }
        int last = maps.get(maps.size() - 1);
        if (draw.oneIn(3)) {
            return network.build(last == 0 ? convolve(last) : last);
        }
        int end = draw.oneIn(2) ? network.fullyConnected(last, draw.between(2, 20), Activation.NONE) : reduced(last);
        return draw.oneIn(2) && last != 0 ? network.build(end, last) : network.build(end);
    }

    private int reduced(int map) {
        int window = Math.min(
                2, Math.min(network.shape(map).height(), network.shape(map).width()));
        int pooled = network.elementwise().maxPool(map, Window.square(window, window, 0));
        return network.convolution(pooled, draw.channels(40), network.same(pooled, 3, 2), Activation.RELU);
    }

    private int add(int map) {
        maps.add(map);
        return map;
    }

    private int convolve(int map) {
        int kernel = draw.oneIn(2) ? 1 : 3;
        network.quantized(QUANTIZATION);
        return add(network.convolution(map, draw.channels(72), network.same(map, kernel, 1), Activation.NONE));
    }

    private void append(int map) {
        int channels = network.shape(map).channels();
        switch (draw.between(0, 9)) {
            case 0 -> convolve(map);
            case 1 -> grouped(map, channels);
            case 2 -> add(network.quantized(QUANTIZATION).depthwise(map, 1, network.same(map, 3, 1), Activation.NONE));
            case 3, 4 -> slice(map, channels);
            case 5 -> shuffle(map, channels);
            case 6, 7 -> join(map);
            case 8 -> add(network.elementwise().maxPool(map, new Window(1, 1, 1, 1, 1, 1, Padding.NONE)));
            default -> sum(map, channels);
        }
    }

    private void grouped(int map, int channels) {
        int groups = divisor(channels);
        network.quantized(QUANTIZATION);
        add(network.groupedConvolution(
                map,
                groups * draw.between(1, Math.max(1, 48 / groups)),
                network.same(map, 1, 1),
                groups,
                Activation.NONE));
    }

    private int divisor(int channels) {
        int[] candidates = {8, 4, 3, 2};
        for (int candidate : candidates) {
            if (channels % candidate == 0 && !draw.oneIn(3)) {
                return candidate;
            }
        }
        return 1;
    }

    private void slice(int map, int channels) {
        boolean half = draw.oneIn(2) && channels > 1;
        int first = half ? channels / 2 * draw.between(0, 1) : draw.between(0, channels - 1);
        add(network.channels().slice(map, first, half ? channels / 2 : draw.between(1, channels - first)));
    }

    private void shuffle(int map, int channels) {
        int groups = divisor(channels);
        if (groups > 1) {
            add(network.channels().shuffle(map, groups));
        }
    }

    private void join(int map) {
        int[] parts = new int[draw.between(2, 4)];
        parts[0] = map;
        for (int i = 1; i < parts.length; i++) {
            parts[i] = maps.get(draw.between(0, maps.size() - 1));
        }
        int total = 0;
        for (int part : parts) {
            total += network.shape(part).channels();
        }
        if (total <= 300) {
            add(network.elementwise().concatenate(parts));
        }
    }

    private void sum(int map, int channels) {
        for (int other : maps) {
            Shape shape = network.shape(other);
            if (other != map && shape.channels() == channels) {
                add(network.quantized(QUANTIZATION).elementwise().add(map, other, Activation.NONE));
                return;
            }
        }
    }
}
