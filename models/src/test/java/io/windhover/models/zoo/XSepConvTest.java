// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.zoo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.windhover.models.graph.Concatenation;
import io.windhover.models.graph.DepthwiseConvolution;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.Slice;
import io.windhover.models.synthetic.Activation;
import io.windhover.models.synthetic.NetworkBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class XSepConvTest {
    private static final int HEIGHT = 14;
    private static final int WIDTH = 12;
    private static final int CHANNELS = 10;
    private static final Padding RIGHT_BOTTOM = new Padding(0, 0, 1, 1);
    private static final Padding LEFT_TOP = new Padding(1, 1, 0, 0);
    private static final Padding LEFT_BOTTOM = new Padding(0, 1, 1, 0);
    private static final Padding RIGHT_TOP = new Padding(1, 0, 0, 1);

    @ParameterizedTest
    @ValueSource(ints = {3, 5, 7})
    void a_block_costs_4_plus_2k_products_a_value_instead_of_k_squared(int kernel) {
        NetworkBuilder network = new NetworkBuilder("depthwise", 1);
        int image = network.input(HEIGHT, WIDTH, CHANNELS, 0.05f, 0);
        Graph depthwise = network.build(network.depthwise(image, 1, network.same(image, kernel, 1), Activation.NONE));
        long values = HEIGHT * WIDTH * CHANNELS;
        assertEquals((4 + 2 * kernel) * values, separated(kernel, 1, 1).macs());
        assertEquals(values * kernel * kernel, depthwise.macs());
    }

    @Test
    void a_downsampling_block_halves_the_width_first_and_the_height_last() {
        Graph graph = separated(7, 1, 2);
        List<DepthwiseConvolution> layers = depthwise(graph);
        assertEquals(
                List.of(1, 1),
                List.of(layers.get(0).window().strideY(), layers.get(0).window().strideX()));
        assertEquals(
                List.of(1, 2),
                List.of(layers.get(1).window().strideY(), layers.get(1).window().strideX()));
        assertEquals(
                List.of(2, 1),
                List.of(layers.get(2).window().strideY(), layers.get(2).window().strideX()));
        assertEquals(HEIGHT / 2, graph.tensor(graph.outputs()[0]).shape().height());
        assertEquals(WIDTH / 2, graph.tensor(graph.outputs()[0]).shape().width());
    }

    @Test
    void successive_blocks_pad_the_four_corners_in_turn() {
        assertEquals(
                List.of(RIGHT_BOTTOM, LEFT_TOP, LEFT_BOTTOM, RIGHT_TOP, RIGHT_BOTTOM, LEFT_TOP),
                squarePaddings(separated(5, 6, 1)));
    }

    @Test
    void one_block_too_many_pads_a_quarter_of_its_channels_at_each_corner() {
        Graph graph = separated(5, 5, 1);
        assertEquals(
                List.of(RIGHT_BOTTOM, LEFT_TOP, LEFT_BOTTOM, RIGHT_TOP, RIGHT_BOTTOM, LEFT_TOP, LEFT_BOTTOM, RIGHT_TOP),
                squarePaddings(graph));
        assertEquals(
                List.of(0, 2, 5, 7),
                graph.operators().stream()
                        .filter(Slice.class::isInstance)
                        .map(slice -> ((Slice) slice).channel())
                        .toList());
        assertEquals(
                1,
                graph.operators().stream()
                        .filter(Concatenation.class::isInstance)
                        .count());
        assertEquals(5L * (4 + 2 * 5) * HEIGHT * WIDTH * CHANNELS, graph.macs());
    }

    private static Graph separated(int kernel, int blocks, int stride) {
        NetworkBuilder network = new NetworkBuilder("separated", 1);
        XSepConv separated = new XSepConv(network, kernel, blocks == 1 ? 2 : blocks);
        int map = network.input(HEIGHT, WIDTH, CHANNELS, 0.05f, 0);
        for (int block = 0; block < blocks; block++) {
            map = separated.append("block_" + block, map, stride, Activation.NONE);
        }
        return network.build(map);
    }

    private static List<DepthwiseConvolution> depthwise(Graph graph) {
        return graph.operators().stream()
                .filter(DepthwiseConvolution.class::isInstance)
                .map(DepthwiseConvolution.class::cast)
                .toList();
    }

    private static List<Padding> squarePaddings(Graph graph) {
        return depthwise(graph).stream()
                .map(DepthwiseConvolution::window)
                .filter(window -> window.kernelHeight() == 2 && window.kernelWidth() == 2)
                .map(window -> window.padding())
                .toList();
    }
}
