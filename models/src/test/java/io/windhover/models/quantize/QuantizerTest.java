// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.quantize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.ModelException;
import io.windhover.models.codec.GraphCodec;
import io.windhover.models.graph.Dequantize;
import io.windhover.models.graph.Elementwise;
import io.windhover.models.graph.FloatActivation.Function;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Preprocessing;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Quantize;
import io.windhover.models.graph.Rounding;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Window;
import io.windhover.models.reference.ReferenceExecutor;
import io.windhover.models.reference.Values;
import io.windhover.models.zoo.Zoo;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole networks through calibration, equalisation and bias correction. */
class QuantizerTest {
    /**
     * Convolutions, depthwise and grouped ones, a branch with concatenation, a residual sum, an attention branch, a
     * softmax.
     */
    private static Graph network(FloatNetwork network) {
        int map = network.relu(network.convolution(network.input(12, 12, 3), 8, Window.square(3, 2, 1), 1));
        map = network.relu(network.convolution(map, 8, Window.square(3, 1, 1), 8));
        int left = network.activation(network.convolution(map, 6, Window.square(1, 1, 0), 1), Function.CLAMP, 0, 6);
        int right = network.pool(
                network.convolution(map, 6, Window.square(1, 1, 0), 2), true, Window.square(3, 1, 1), false);
        int joined = network.concatenation(left, right);
        int attention = network.activation(network.fullyConnected(network.mean(joined), 12), Function.LOGISTIC, 0, 0);
        int scaled = network.elementwise(joined, attention, Elementwise.Function.MULTIPLY, false);
        int sum = network.relu(network.elementwise(scaled, joined, Elementwise.Function.ADD, false));
        int deep = network.prelu(network.convolution(network.pad(sum, 1), 16, Window.square(3, 2, 0), 1));
        int some = network.slice(deep, 4, 8);
        return network.graph.build(network.softmax(network.fullyConnected(network.flatten(some), 10)));
    }

    @Test
    void a_long_chain_of_functions_becomes_one_table_and_long_joins_share_one_scale() {
        FloatNetwork made = new FloatNetwork("long", 6);
        int chain = made.input(1, 1, 2);
        for (int i = 0; i < 12_000; i++) {
            chain = made.activation(chain, Function.ABS, 0, 0);
        }
        int joined = chain;
        for (int i = 0; i < 300; i++) {
            joined =
                    made.pool(made.slice(made.concatenation(joined, chain), 1, 2), true, Window.square(1, 1, 0), false);
        }
        Graph graph = made.graph.build(joined);
        Graph integer =
                Quantizer.quantize(graph, made.inputs(graph, 2), () -> {}).graph();
        assertEquals("LookupTable", integer.operators().get(0).kind());
        assertEquals(1 + 3 * 300, integer.operators().size());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void a_network_of_many_layers_keeps_its_choices(long seed) {
        FloatNetwork made = new FloatNetwork("seed " + seed, seed);
        Graph graph = network(made);
        AtomicInteger steps = new AtomicInteger();
        Quantizer.Result result = Quantizer.quantize(graph, made.inputs(graph, 20), steps::incrementAndGet);
        assertEquals(20 * Quantizer.PASSES, steps.get());
        assertTrue(result.decibels() > 20, "seed " + seed + ": " + result.decibels() + " dB");
        assertTrue(result.agreements() >= 17, "seed " + seed + ": " + result.agreements() + " of 20");
        assertEquals(result.graph().operators().size(), result.layers().size());
        assertTrue(result.layers().stream()
                        .filter(layer -> layer.decibels() != null)
                        .count()
                >= 10);
        int unseen = agreements(graph, result.graph(), made.inputs(graph, 20));
        assertTrue(unseen >= 16, "seed " + seed + ": " + unseen + " of 20 unseen inputs");
    }

    private static int agreements(Graph real, Graph integer, List<byte[][]> inputs) {
        Comparison comparison = new Comparison(real, integer, false);
        int scores = Comparison.scores(real);
        for (byte[][] input : inputs) {
            Values values = new ReferenceExecutor(real).run(input);
            comparison.add(
                    values.floats(scores), values, new ReferenceExecutor(integer).run(Quantizer.typed(integer, input)));
        }
        return comparison.agreements();
    }

    @Test
    void the_result_is_the_same_every_time_and_survives_the_codec() {
        FloatNetwork made = new FloatNetwork("again", 3);
        Graph graph = network(made);
        List<byte[][]> inputs = made.inputs(graph, 5);
        byte[] first =
                GraphCodec.write(Quantizer.quantize(graph, inputs, () -> {}).graph());
        assertArrayEquals(
                first,
                GraphCodec.write(Quantizer.quantize(graph, inputs, () -> {}).graph()));
        assertArrayEquals(first, GraphCodec.write(GraphCodec.read(ByteBuffer.wrap(first))));
    }

    @Test
    void equalisation_computes_the_same_function() {
        FloatNetwork made = new FloatNetwork("equalised", 4);
        int map = made.relu(made.convolution(made.input(8, 8, 3), 8, Window.square(3, 1, 1), 1));
        map = made.relu(made.convolution(map, 8, Window.square(3, 1, 1), 8));
        map = made.pool(
                made.prelu(made.convolution(map, 12, Window.square(1, 1, 0), 1)), true, Window.square(2, 2, 0), false);
        Graph graph = made.graph.build(made.fullyConnected(made.flatten(map), 5));
        List<byte[][]> inputs = made.inputs(graph, 3);
        Statistics statistics = new Statistics(graph);
        inputs.forEach(input -> statistics.add(new ReferenceExecutor(graph).run(input)));
        Graph equalized = Equalization.apply(graph, statistics);
        assertNotNull(equalized);
        assertFalse(Arrays.equals(GraphCodec.write(graph), GraphCodec.write(equalized)));
        for (byte[][] input : inputs) {
            float[] before = new ReferenceExecutor(graph).run(input).floats(graph.outputs()[0]);
            float[] after = new ReferenceExecutor(equalized).run(input).floats(graph.outputs()[0]);
            assertArrayEquals(before, after, 1e-4f);
        }
    }

    @Test
    void channels_of_very_different_sizes_are_equalised() {
        FloatNetwork made = new FloatNetwork("uneven", 5);
        Window point = Window.square(1, 1, 0);
        int image = made.input(8, 8, 8);
        int first = made.convolution(image, 8, point, 1);
        Graph graph = made.graph.build(made.convolution(made.relu(first), 4, point, 1));
        Graph uneven = Rewriting.replace(
                graph, operator -> operator.output() == first ? unevenly(WeightedFloatLayer.of(operator)) : operator);
        Quantizer.Result result = Quantizer.quantize(uneven, made.inputs(uneven, 10), () -> {});
        assertTrue(
                result.techniques().contains("equalisation"),
                result.techniques().toString());
    }

    private static Operator unevenly(WeightedFloatLayer layer) {
        float[] weights = layer.weights().clone();
        for (int i = 0; i < weights.length; i++) {
            weights[i] *= (float) Math.pow(3, i / layer.terms() - 4);
        }
        return layer.with(weights, layer.bias());
    }

    @Test
    void pixels_become_codes_without_rounding() {
        FloatNetwork made = new FloatNetwork("pixels", 6);
        int output = made.convolution(made.input(4, 4, 3), 4, Window.square(3, 1, 1), 1);
        Graph graph = made.graph.build(output).with(List.of("a", "b"), Preprocessing.uniform(3, 0, 255));
        List<byte[][]> pixels = List.<byte[][]>of(new byte[][] {FloatNetwork.bytes(levels(4 * 4 * 3))});
        Graph integer = Quantizer.quantize(graph, pixels, () -> {}).graph();
        Tensor input = integer.tensor(integer.inputs()[0]);
        assertEquals(TensorType.INT8, input.type());
        assertEquals(1 / 255f, input.requireQuantization().scale());
        assertEquals(-128, input.requireQuantization().zeroPoint());
        assertEquals(List.of("a", "b"), integer.labels());
        assertNotNull(integer.preprocessing());
    }

    @Test
    void a_value_that_is_always_0_has_a_scale_that_layers_can_reach() {
        FloatNetwork made = new FloatNetwork("dead", 6);
        int first = made.convolution(made.input(4, 4, 3), 4, Window.square(3, 1, 1), 1);
        int dead = made.activation(first, Function.CLAMP, 0, 0);
        Graph graph = made.graph.build(made.convolution(dead, 4, Window.square(1, 1, 0), 1));
        Graph integer =
                Quantizer.quantize(graph, made.inputs(graph, 2), () -> {}).graph();
        assertEquals(1 / 255f, integer.tensor(dead).requireQuantization().scale());
    }

    private static float[] levels(int count) {
        float[] levels = new float[count];
        for (int i = 0; i < count; i++) {
            levels[i] = i * 5 % 256 / 255f;
        }
        return levels;
    }

    @Test
    void ranges_beyond_what_preprocessing_makes_of_pixels_are_measured() {
        FloatNetwork made = new FloatNetwork("measured", 6);
        int output = made.convolution(made.input(4, 4, 3), 4, Window.square(3, 1, 1), 1);
        Graph graph = made.graph.build(output).with(List.of(), Preprocessing.uniform(3, 0, 255));
        Graph integer =
                Quantizer.quantize(graph, made.inputs(graph, 2), () -> {}).graph();
        assertTrue(integer.tensor(integer.inputs()[0]).requireQuantization().scale() > 2 / 255f);
    }

    @Test
    void networks_that_are_integer_already_are_refused() {
        Graph integer = Zoo.load("lenet_300_100");
        ModelException problem = assertThrows(
                ModelException.class,
                () -> Quantizer.quantize(integer, List.<byte[][]>of(new byte[][] {new byte[784]}), () -> {}));
        assertTrue(problem.getMessage().contains("not a float network"), problem.getMessage());
    }

    @Test
    void networks_that_are_integer_in_part_are_refused_by_the_tensor() {
        FloatNetwork made = new FloatNetwork("mixed", 7);
        int real = made.convolution(made.input(4, 4, 3), 4, Window.square(3, 1, 1), 1);
        int codes = made.graph.tensor("codes", TensorType.INT8, made.graph.shape(real), Quantization.of(0.1f, 0));
        made.graph.operator(
                new Quantize("codes", new int[] {real}, new int[] {codes}, 0.1f, 0, Rounding.HALF_AWAY_FROM_ZERO));
        int after = made.graph.tensor("real again", TensorType.FLOAT32, made.graph.shape(real), null);
        made.graph.operator(new Dequantize("real again", new int[] {codes}, new int[] {after}, 0.1f, 0));
        Graph graph = made.graph.build(made.softmax(after));
        ModelException problem =
                assertThrows(ModelException.class, () -> Quantizer.quantize(graph, made.inputs(graph, 1), () -> {}));
        assertTrue(problem.getMessage().contains("'codes'"), problem.getMessage());
    }
}
