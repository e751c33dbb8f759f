// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.windhover.models.graph.ArgMax;
import io.windhover.models.graph.Cast;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import org.junit.jupiter.api.Test;

class ModelTest {
    private static final Quantization QUANTIZATION = Quantization.of(0.5f, 0);

    private static Model positions(TensorType type) {
        GraphBuilder graph = new GraphBuilder("positions");
        int input = graph.input("input", TensorType.INT8, Shape.of(1, 5, 3), QUANTIZATION);
        int output = graph.tensor("output", type, Shape.of(1, 5), null);
        graph.operator(new ArgMax("output", new int[] {input}, new int[] {output}, 2, false, false));
        return new Model("positions", "0", graph.build(output), null);
    }

    @Test
    void positions_and_truth_values_are_no_scores() {
        assertEquals(false, positions(TensorType.INT32).isClassifier());
        assertEquals(false, positions(TensorType.INT64).isClassifier());
        GraphBuilder graph = new GraphBuilder("truth");
        int input = graph.input("input", TensorType.FLOAT32, Shape.vector(4), null);
        int output = graph.tensor("output", TensorType.BOOL, Shape.vector(4), null);
        graph.operator(new Cast("output", new int[] {input}, new int[] {output}));
        assertEquals(false, new Model("truth", "0", graph.build(output), null).isClassifier());
    }

    @Test
    void real_numbers_are_scores() {
        GraphBuilder graph = new GraphBuilder("scores");
        int input = graph.input("input", TensorType.INT8, Shape.vector(4), QUANTIZATION);
        int output = graph.tensor("output", TensorType.FLOAT32, Shape.vector(4), null);
        graph.operator(new Cast("output", new int[] {input}, new int[] {output}));
        assertEquals(true, new Model("scores", "0", graph.build(output), null).isClassifier());
    }
}
