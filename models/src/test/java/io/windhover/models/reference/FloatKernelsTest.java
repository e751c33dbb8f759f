// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.windhover.models.graph.Axes;
import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.Elementwise;
import io.windhover.models.graph.FloatActivation;
import io.windhover.models.graph.FloatActivation.Function;
import io.windhover.models.graph.FloatConvolution;
import io.windhover.models.graph.FloatElementwise;
import io.windhover.models.graph.FloatFullyConnected;
import io.windhover.models.graph.FloatLocalResponseNormalization;
import io.windhover.models.graph.FloatMean;
import io.windhover.models.graph.FloatPRelu;
import io.windhover.models.graph.FloatPad;
import io.windhover.models.graph.FloatPool;
import io.windhover.models.graph.FloatSoftmax;
import io.windhover.models.graph.FloatTransposedConvolution;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Window;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Float layers against the integer ones where whole numbers make them equal, and against numbers worked out by hand.
 */
class FloatKernelsTest {
    private static final int[] IN = {0};
    private static final int[] OUT = {1};

    private static float[] run(Shape in, float[] input, Shape out, Operator operator) {
        GraphBuilder graph = new GraphBuilder("one layer");
        graph.input("input", TensorType.FLOAT32, in, null);
        graph.tensor("output", TensorType.FLOAT32, out, null);
        return new ReferenceExecutor(graph.operator(operator).build(1))
                .run(bytes(input))
                .floats(1);
    }

    private static byte[] bytes(float... values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asFloatBuffer().put(values);
        return buffer.array();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void convolutions_of_whole_numbers_equal_the_integer_kernel(long seed) {
        Random random = new Random(seed);
        int groups = 1 + random.nextInt(3);
        Shape in = Shape.map(5 + random.nextInt(4), 5 + random.nextInt(4), groups * (1 + random.nextInt(5)));
        int outputs = groups * (1 + random.nextInt(5));
        Window window = new Window(
                1 + random.nextInt(3),
                1 + random.nextInt(3),
                1 + random.nextInt(2),
                1 + random.nextInt(2),
                1 + random.nextInt(2),
                1 + random.nextInt(2),
                new Padding(1, 0, 2, 1));
        Shape out = Shape.map(window.outputHeight(in.height()), window.outputWidth(in.width()), outputs);
        byte[] codes = new byte[outputs * window.kernelHeight() * window.kernelWidth() * in.channels() / groups];
        random.nextBytes(codes);
        byte[] activations = new byte[in.elements()];
        random.nextBytes(activations);
        int[] bias = random.ints(outputs, -1000, 1000).toArray();
        GraphBuilder integer = new GraphBuilder("integer");
        integer.input("input", TensorType.INT8, in, Quantization.of(1, 0));
        integer.tensor("output", TensorType.INT32, out, null);
        integer.operator(
                new Convolution("c", IN, OUT, window, outputs, groups, codes, 0, bias, 0, new PostProcess.Raw()));
        int[] expected = new int[out.elements()];
        ByteBuffer.wrap(new ReferenceExecutor(integer.build(1))
                        .infer(activations)
                        .get(0))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asIntBuffer()
                .get(expected);
        float[] actual = run(
                in,
                floats(activations),
                out,
                new FloatConvolution("c", IN, OUT, window, outputs, groups, floats(codes), floats(bias)));
        assertArrayEquals(floats(expected), actual, "seed " + seed);
    }

    private static float[] floats(byte[] codes) {
        float[] floats = new float[codes.length];
        for (int i = 0; i < codes.length; i++) {
            floats[i] = codes[i];
        }
        return floats;
    }

    private static float[] floats(int[] integers) {
        float[] floats = new float[integers.length];
        for (int i = 0; i < integers.length; i++) {
            floats[i] = integers[i];
        }
        return floats;
    }

    @Test
    void a_transposed_convolution_spreads_each_pixel_and_cuts_the_border() {
        Window window = new Window(2, 2, 2, 2, 1, 1, new Padding(0, 1, 0, 0));
        float[] actual = run(
                Shape.map(1, 2, 1),
                new float[] {1, 10},
                Shape.map(2, 3, 1),
                new FloatTransposedConvolution("t", IN, OUT, window, 1, new float[] {1, 2, 3, 4}, new float[] {0.5f}));
        assertArrayEquals(new float[] {2.5f, 10.5f, 20.5f, 4.5f, 30.5f, 40.5f}, actual);
    }

    @Test
    void a_fully_connected_layer_reads_the_whole_map() {
        float[] actual = run(
                Shape.map(1, 2, 2),
                new float[] {1, 2, 3, 4},
                Shape.vector(2),
                new FloatFullyConnected(
                        "f", IN, OUT, 2, new float[] {1, 0, 0, 1, 1, 10, 100, 1000}, new float[] {0.5f, -1}));
        assertArrayEquals(new float[] {5.5f, 4320}, actual);
    }

    @Test
    void pools_count_valid_positions_or_the_whole_window() {
        Window window = Window.square(2, 1, 1);
        Shape in = Shape.map(1, 1, 2);
        Shape out = Shape.map(2, 2, 2);
        float[] input = {-4, 8};
        float[] everywhere = {-4, 8, -4, 8, -4, 8, -4, 8};
        assertArrayEquals(everywhere, run(in, input, out, new FloatPool("p", IN, OUT, true, window, false)));
        assertArrayEquals(everywhere, run(in, input, out, new FloatPool("p", IN, OUT, false, window, false)));
        assertArrayEquals(
                new float[] {-1, 2, -1, 2, -1, 2, -1, 2},
                run(in, input, out, new FloatPool("p", IN, OUT, false, window, true)));
    }

    @Test
    void means_reduce_the_axes_asked_for() {
        Shape in = Shape.map(2, 2, 2);
        float[] input = {1, 2, 3, 4, 5, 6, 7, 8};
        BiFunction<Axes, Shape, float[]> mean = (axes, out) -> run(in, input, out, new FloatMean("m", IN, OUT, axes));
        assertArrayEquals(new float[] {4, 5}, mean.apply(Axes.SPATIAL, Shape.vector(2)));
        assertArrayEquals(new float[] {3, 4, 5, 6}, mean.apply(new Axes(true, false, false), Shape.map(1, 2, 2)));
        assertArrayEquals(
                new float[] {1.5f, 3.5f, 5.5f, 7.5f}, mean.apply(new Axes(false, false, true), Shape.map(2, 2, 1)));
    }

    @Test
    void padding_surrounds_rows_columns_and_channels() {
        float[] actual = run(
                Shape.map(1, 1, 1),
                new float[] {7},
                Shape.map(2, 2, 2),
                new FloatPad("p", IN, OUT, new Padding(1, 0, 0, 1), 0, 1, -1));
        assertArrayEquals(new float[] {-1, -1, -1, -1, 7, -1, -1, -1}, actual);
    }

    @Test
    void the_second_operand_broadcasts_by_channel_by_pixel_or_as_a_whole() {
        assertArrayEquals(
                new float[] {9, 18, 7, 16}, combined(Elementwise.Function.SUBTRACT, true, Shape.of(2), 10, 20));
        assertArrayEquals(
                new float[] {11, 12, 23, 24}, combined(Elementwise.Function.ADD, false, Shape.map(1, 2, 1), 10, 20));
        assertArrayEquals(new float[] {0.5f, 1, 1.5f, 2}, combined(Elementwise.Function.DIVIDE, false, Shape.of(1), 2));
        assertArrayEquals(new float[] {2, 2, 3, 4}, combined(Elementwise.Function.MAXIMUM, false, Shape.of(1), 2));
    }

    private static float[] combined(Elementwise.Function function, boolean reversed, Shape second, float... values) {
        GraphBuilder graph = new GraphBuilder("pair");
        Shape map = Shape.map(1, 2, 2);
        int input = graph.input("input", TensorType.FLOAT32, map, null);
        int constant = graph.constant("constant", TensorType.FLOAT32, second, null, bytes(values));
        int output = graph.tensor("output", TensorType.FLOAT32, map, null);
        Graph pair = graph.operator(
                        new FloatElementwise("e", new int[] {input, constant}, new int[] {output}, function, reversed))
                .build(output);
        return new ReferenceExecutor(pair).run(bytes(1, 2, 3, 4)).floats(output);
    }

    @Test
    void activation_functions_have_their_known_values() {
        assertEquals(0.7310586f, value(Function.LOGISTIC, 0, 0, 1), 1e-7f);
        assertEquals(0.7615942f, value(Function.TANH, 0, 0, 1), 1e-7f);
        assertEquals(-0.63212055f, value(Function.ELU, 1, 0, -1), 1e-7f);
        assertEquals(-0.3f, value(Function.LEAKY_RELU, 0.1f, 0, -3), 1e-7f);
        assertEquals(-1 / 3f, value(Function.HARD_SWISH, 0, 0, -1), 1e-7f);
        assertEquals(0.7f, value(Function.HARD_SIGMOID, 0.2f, 0.5f, 1), 1e-6f);
        assertEquals(0.7310586f, value(Function.SWISH, 0, 0, 1), 1e-7f);
        assertEquals(6, value(Function.CLAMP, 0, 6, 7));
        assertEquals(3, value(Function.ABS, 0, 0, -3));
        assertEquals(3, value(Function.SQUARE_ROOT, 0, 0, 9));
        assertEquals((float) Math.E, value(Function.EXP, 0, 0, 1));
    }

    private static float value(Function function, float alpha, float beta, float x) {
        return run(
                Shape.vector(1),
                new float[] {x},
                Shape.vector(1),
                new FloatActivation("a", IN, OUT, function, alpha, beta))[0];
    }

    @Test
    void channel_wise_functions_keep_to_their_channels() {
        Shape two = Shape.map(1, 2, 2);
        assertArrayEquals(
                new float[] {-0.5f, -2, 3, 4},
                run(two, new float[] {-1, -1, 3, 4}, two, new FloatPRelu("p", IN, OUT, new float[] {0.5f, 2})));
        assertArrayEquals(
                new float[] {0.5f, 0.5f, 0.880797f, 0.11920292f},
                run(two, new float[] {1, 1, 2, 1}, two, new FloatSoftmax("s", IN, OUT, 2)),
                1e-7f);
        Shape three = Shape.vector(3);
        assertArrayEquals(
                new float[] {1 / 6f, 2 / 15f, 3 / 14f},
                run(three, new float[] {1, 2, 3}, three, new FloatLocalResponseNormalization("l", IN, OUT, 1, 1, 1, 1)),
                1e-7f);
    }
}
