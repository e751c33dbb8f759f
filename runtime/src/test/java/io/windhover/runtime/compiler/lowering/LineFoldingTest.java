// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.lowering;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.windhover.models.graph.ArgMax;
import io.windhover.models.graph.Concatenation;
import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.MaxPool;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Quantize;
import io.windhover.models.graph.Resize;
import io.windhover.models.graph.Rounding;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Transpose;
import io.windhover.models.graph.Window;
import io.windhover.runtime.compiler.program.Placement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LineFoldingTest {
    private static final Quantization QUANTIZATION = Quantization.of(1, 0);

    private final GraphBuilder graph = new GraphBuilder("line");

    private int input(Shape shape) {
        return graph.input("input", TensorType.INT8, shape, QUANTIZATION);
    }

    private int tensor(Shape shape) {
        return graph.tensor("tensor", TensorType.INT8, shape, QUANTIZATION);
    }

    private int table(int input) {
        int output = tensor(graph.shape(input));
        graph.operator(new LookupTable("table", new int[] {input}, new int[] {output}, "same", new byte[256]));
        return output;
    }

    private @Nullable Graph folded(int output) {
        return folded(output, LineFolding.Reach.LINES);
    }

    private @Nullable Graph folded(int output, LineFolding.Reach reach) {
        Graph built = graph.build(output);
        return LineFolding.of(built, Placement.of(built), reach);
    }

    private Shape shapeOf(int output) {
        Graph folded = folded(output);
        assertNotNull(folded);
        return folded.tensor(output).shape();
    }

    @Test
    void a_line_that_is_worked_on_pixel_by_pixel_becomes_rows_of_whole_words() {
        assertEquals(Shape.map(140, 60, 6), shapeOf(table(input(Shape.of(1, 8400, 6)))));
    }

    @Test
    void a_line_of_prime_length_becomes_one_column() {
        assertEquals(Shape.map(8009, 1, 6), shapeOf(table(input(Shape.of(1, 8009, 6)))));
    }

    @Test
    void lines_that_are_joined_have_rows_of_one_length() {
        int first = input(Shape.of(1, 6400, 6));
        int second = input(Shape.of(1, 100, 6));
        int joined = tensor(Shape.of(1, 6500, 6));
        graph.operator(
                new Concatenation("joined", new int[] {first, second}, new int[] {joined}, Concatenation.Axis.WIDTH));
        Graph folded = folded(joined);
        assertNotNull(folded);
        assertEquals(Shape.map(325, 20, 6), folded.tensor(joined).shape());
        assertEquals(Shape.map(5, 20, 6), folded.tensor(second).shape());
        assertEquals(
                Concatenation.Axis.HEIGHT, ((Concatenation) folded.operators().get(0)).axis());
    }

    @Test
    void a_window_along_the_line_slides_down_one_column() {
        int input = input(Shape.map(1, 3000, 8));
        int output = tensor(Shape.map(1, 1500, 8));
        Window window = new Window(1, 3, 1, 2, 1, 1, new Padding(0, 0, 0, 1));
        graph.operator(new MaxPool("pool", new int[] {input}, new int[] {output}, window, -128, 127));
        Graph folded = folded(table(output));
        assertNotNull(folded);
        assertEquals(Shape.map(3000, 1, 8), folded.tensor(input).shape());
        assertEquals(
                new Window(3, 1, 2, 1, 1, 1, new Padding(0, 0, 1, 0)),
                ((MaxPool) folded.operators().get(0)).window());
    }

    @Test
    void lines_are_folded_whatever_the_host_does_at_their_ends() {
        Shape shape = Shape.of(1, 8400, 6);
        int real = graph.input("real", TensorType.FLOAT32, shape, null);
        int codes = tensor(shape);
        graph.operator(new Quantize("codes", new int[] {real}, new int[] {codes}, 1, 0, Rounding.HALF_AWAY_FROM_ZERO));
        int made = table(codes);
        int classes = graph.tensor("classes", TensorType.INT32, Shape.of(1, 8400), null);
        graph.operator(new ArgMax("classes", new int[] {made}, new int[] {classes}, 2, false, false));
        Graph folded = folded(classes);
        assertNotNull(folded);
        assertEquals(Shape.map(140, 60, 6), folded.tensor(made).shape());
        assertEquals("table", folded.operators().get(1).name());
    }

    @Test
    void lines_of_integer_sums_are_folded() {
        int input = input(Shape.of(1, 8400, 1));
        int sums = graph.tensor("sums", TensorType.INT32, Shape.of(1, 8400, 1), null);
        graph.operator(new Convolution(
                "sums",
                new int[] {input},
                new int[] {sums},
                Window.square(1, 1, 0),
                1,
                1,
                new byte[1],
                0,
                new int[1],
                0,
                new PostProcess.Raw()));
        assertEquals(Shape.map(140, 60, 1), shapeOf(sums));
    }

    @Test
    void lines_that_another_operator_works_on_stay_as_they_are() {
        int input = input(Shape.map(1, 1000, 8));
        int output = tensor(Shape.map(2, 1000, 8));
        graph.operator(
                new Resize("resize", new int[] {table(input)}, new int[] {output}, Resize.Mode.NEAREST, false, false));
        assertNull(folded(output));
    }

    @Test
    void short_lines_and_maps_stay_as_they_are() {
        assertNull(folded(table(input(Shape.map(1, 200, 8)))));
        assertNull(new LineFoldingTest().folded());
    }

    private @Nullable Graph folded() {
        return folded(table(input(Shape.map(40, 40, 8))));
    }

    @Test
    void a_transpose_exchanges_the_dimensions_of_the_network() {
        int line = table(input(Shape.of(1, 8400, 6)));
        int output = tensor(Shape.of(1, 6, 8400));
        graph.operator(new Transpose("transpose", new int[] {line}, new int[] {output}, new int[] {0, 2, 1}));
        assertNull(folded(output));
        Graph folded = folded(output, LineFolding.Reach.MAPS);
        assertNotNull(folded);
        assertEquals(Shape.map(140, 60, 6), folded.tensor(line).shape());
        assertEquals(Shape.map(6, 1, 8400), folded.tensor(output).shape());
        assertEquals(Shape.of(1, 8400, 6), ((Transpose) folded.operators().get(1)).from(folded));
    }

    @Test
    void a_short_line_of_many_channels_is_folded_when_long_lines_are_not_enough() {
        int line = table(input(Shape.of(1, 200, 256)));
        assertNull(folded(line));
        Graph folded = folded(line, LineFolding.Reach.MAPS);
        assertNotNull(folded);
        assertEquals(Shape.map(10, 20, 256), folded.tensor(line).shape());
    }

    @Test
    void a_map_of_long_rows_is_folded_where_no_window_leaves_its_pixels() {
        int input = input(Shape.map(3, 1600, 85));
        int output = table(input);
        assertNull(folded(output));
        Graph folded = folded(output, LineFolding.Reach.MAPS);
        assertNotNull(folded);
        assertEquals(Shape.map(75, 64, 85), folded.tensor(output).shape());
        int pooled = tensor(Shape.map(3, 1600, 85));
        Window window = new Window(1, 3, 1, 1, 1, 1, new Padding(0, 1, 0, 1));
        graph.operator(new MaxPool("pool", new int[] {output}, new int[] {pooled}, window, -128, 127));
        assertNull(folded(pooled, LineFolding.Reach.MAPS));
    }
}
