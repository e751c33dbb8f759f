// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.ModelException;
import java.util.List;
import org.junit.jupiter.api.Test;

class GraphTest {
    private final GraphBuilder graph = new GraphBuilder("test");

    private int map(int height, int width, int channels) {
        return graph.tensor("map", TensorType.INT8, Shape.map(height, width, channels), Quantization.of(1, 0));
    }

    private static void assertRefused(String words, Runnable action) {
        ModelException problem = assertThrows(ModelException.class, action::run);
        assertTrue(problem.getMessage().contains(words), problem.getMessage());
    }

    @Test
    void every_rank_has_one_view_as_a_map() {
        assertEquals(7, Shape.vector(7).channels());
        assertEquals(1, Shape.vector(7).width());
        assertEquals(2, Shape.of(1, 2, 3, 4).height());
        assertEquals(3, Shape.of(3, 4).width());
        assertEquals(1, Shape.of().elements());
        assertTrue(Shape.of(1, 1, 1, 9).sameMap(Shape.of(9)));
    }

    @Test
    void shapes_beyond_two_billion_elements_are_refused() {
        assertRefused("2^31", () -> Shape.of(1 << 16, 1 << 16));
        assertRefused("below 1", () -> Shape.of(1, 0));
    }

    @Test
    void bits_start_every_pixel_on_a_byte() {
        assertEquals(4 * 2, TensorType.BITS.bytes(Shape.map(2, 2, 9)));
    }

    @Test
    void a_tensor_used_before_it_is_produced_is_refused_by_operator() {
        int input = graph.input("input", TensorType.INT8, Shape.vector(4), Quantization.of(1, 0));
        int late = map(1, 1, 4);
        int output = map(1, 1, 4);
        graph.operator(new Reshape("early", new int[] {late}, new int[] {output}));
        graph.operator(new Reshape("late", new int[] {input}, new int[] {late}));
        assertRefused("Operator 0 (Reshape 'early') uses tensor 1 before", () -> graph.build(output));
    }

    @Test
    void a_tensor_produced_twice_is_refused() {
        int input = graph.input("input", TensorType.INT8, Shape.vector(4), Quantization.of(1, 0));
        int output = map(1, 1, 4);
        graph.operator(new Reshape("one", new int[] {input}, new int[] {output}));
        graph.operator(new Reshape("two", new int[] {input}, new int[] {output}));
        assertRefused("a second time", () -> graph.build(output));
    }

    @Test
    void shapes_that_do_not_agree_are_refused_with_both() {
        int input = graph.input("input", TensorType.INT8, Shape.map(4, 4, 2), Quantization.of(1, 0));
        int output = map(3, 3, 2);
        graph.operator(new MaxPool("pool", new int[] {input}, new int[] {output}, Window.square(2, 2, 0), -128, 127));
        assertRefused("makes 2x2x2", () -> graph.build(output));
    }

    @Test
    void wrong_parameter_lengths_are_refused() {
        int input = graph.input("input", TensorType.INT8, Shape.map(4, 4, 2), Quantization.of(1, 0));
        int output = graph.tensor("out", TensorType.INT32, Shape.map(4, 4, 3), null);
        graph.operator(new Convolution(
                "conv",
                new int[] {input},
                new int[] {output},
                Window.square(1, 1, 0),
                3,
                1,
                new byte[5],
                0,
                new int[3],
                0,
                new PostProcess.Raw()));
        assertRefused("5 weights instead of 6", () -> graph.build(output));
    }

    @Test
    void an_output_type_that_does_not_fit_the_post_processing_is_refused() {
        int input = graph.input("input", TensorType.INT8, Shape.map(4, 4, 2), Quantization.of(1, 0));
        int output = map(4, 4, 3);
        graph.operator(new Convolution(
                "conv",
                new int[] {input},
                new int[] {output},
                Window.square(1, 1, 0),
                3,
                1,
                new byte[6],
                0,
                new int[3],
                0,
                new PostProcess.Raw()));
        assertRefused("instead of INT32", () -> graph.build(output));
    }

    @Test
    void networks_without_input_or_output_are_refused() {
        int input = graph.input("input", TensorType.INT8, Shape.vector(4), Quantization.of(1, 0));
        assertRefused("no output", () -> graph.build());
        assertRefused(
                "no input", () -> new Graph("x", List.of(), List.of(), new int[0], new int[] {input}, List.of(), null));
    }
}
