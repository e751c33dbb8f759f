// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.synthetic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.Quantization;
import io.windhover.models.reference.ReferenceExecutor;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class LayersTest {
    @Test
    void a_hard_swish_behind_a_layer_covers_every_value_of_the_function() {
        assertCovers(Activation.HARD_SWISH, x -> x <= -3 ? 0 : x >= 3 ? x : x * (x + 3) / 6);
    }

    @Test
    void a_swish_behind_a_layer_covers_every_value_of_the_function() {
        assertCovers(Activation.SWISH, x -> x / (1 + Math.exp(-x)));
    }

    @Test
    void a_leaky_relu_behind_a_layer_covers_every_value_of_the_function() {
        assertCovers(Activation.LEAKY_RELU, x -> x < 0 ? 0.3 * x : x);
    }

    private static void assertCovers(Activation activation, DoubleUnaryOperator function) {
        NetworkBuilder network = new NetworkBuilder("function", 7);
        int image = network.input(4, 4, 3, 0.05f, 3);
        Graph graph = network.build(network.convolution(image, 8, network.same(image, 1, 1), activation));
        LookupTable table = (LookupTable) graph.operators().get(1);
        Quantization from = graph.tensor(table.input()).requireQuantization();
        Quantization to = graph.tensor(table.output()).requireQuantization();
        for (int code = -128; code <= 127; code++) {
            double expected = function.applyAsDouble(from.scale() * (double) (code - from.zeroPoint()));
            double actual = to.scale() * (double) (table.table()[code & 0xFF] - to.zeroPoint());
            assertEquals(expected, actual, to.scale(), "code " + code);
        }
    }

    @Test
    void a_shuffle_deals_the_groups_out_in_turn() {
        NetworkBuilder network = new NetworkBuilder("shuffle", 7);
        int image = network.input(1, 2, 6, 0.05f, 3);
        Graph graph = network.build(network.channels().shuffle(image, 3));
        assertArrayEquals(
                new byte[] {0, 2, 4, 1, 3, 5, 10, 12, 14, 11, 13, 15},
                new ReferenceExecutor(graph)
                        .infer(new byte[] {0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15})
                        .get(0));
    }

    @Test
    void slices_joined_again_are_the_map() {
        NetworkBuilder network = new NetworkBuilder("slices", 7);
        int image = network.input(1, 2, 5, 0.05f, 3);
        int first = network.channels().slice(image, 0, 2);
        int second = network.channels().slice(image, 2, 3);
        Graph graph = network.build(network.elementwise().concatenate(first, second));
        byte[] map = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
        assertArrayEquals(map, new ReferenceExecutor(graph).infer(map).get(0));
    }

    @Test
    void a_gate_never_enlarges_a_value() {
        NetworkBuilder network = new NetworkBuilder("gate", 7);
        int image = network.input(2, 2, 16, 0.05f, 3);
        int gated =
                SqueezeExcitation.append(network, "se", image, 8, Activation.RELU, network.functions()::hardSigmoid);
        Graph graph = network.build(gated);
        byte[] map = new byte[64];
        new Random(7).nextBytes(map);
        byte[] result = new ReferenceExecutor(graph).infer(map).get(0);
        for (int i = 0; i < map.length; i++) {
            assertTrue(Math.abs(result[i] - 3) <= Math.abs(map[i] - 3), map[i] + " became " + result[i]);
        }
    }
}
