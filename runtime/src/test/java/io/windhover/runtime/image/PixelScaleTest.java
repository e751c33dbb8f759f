// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.Preprocessing;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Quantize;
import io.windhover.models.graph.Rounding;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import org.junit.jupiter.api.Test;

class PixelScaleTest {
    private static Graph quantised(float scale, int zeroPoint) {
        GraphBuilder graph = new GraphBuilder("quantised");
        int input = graph.input("input", TensorType.FLOAT32, Shape.map(2, 2, 3), null);
        int codes = graph.tensor("codes", TensorType.INT8, Shape.map(2, 2, 3), Quantization.of(scale, zeroPoint));
        graph.operator(new Quantize(
                "quantize", new int[] {input}, new int[] {codes}, scale, zeroPoint, Rounding.HALF_AWAY_FROM_ZERO));
        return graph.build(codes);
    }

    @Test
    void codes_of_0_to_255_take_pixels_as_they_are() {
        Preprocessing scale = PixelScale.of(quantised(1, -128));
        assertNotNull(scale);
        assertArrayEquals(new float[] {0, 0, 0}, scale.mean());
        assertArrayEquals(new float[] {1, 1, 1}, scale.deviation());
    }

    @Test
    void codes_of_minus_1_to_1_take_pixels_around_their_middle() {
        Preprocessing scale = PixelScale.of(quantised(1 / 127.5f, 0));
        assertNotNull(scale);
        assertArrayEquals(new float[] {127.5f, 127.5f, 127.5f}, scale.deviation());
    }

    @Test
    void other_codes_tell_nothing() {
        assertNull(PixelScale.of(quantised(1 / 255f, -128)));
        assertNull(PixelScale.of(quantised(1, 0)));
    }

    @Test
    void what_the_model_says_counts() {
        Preprocessing own = Preprocessing.uniform(3, 5, 7);
        Graph graph = quantised(1, -128);
        assertSame(own, PixelScale.of(graph.with(graph.labels(), own)));
    }
}
