// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.windhover.models.graph.FloatActivation;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

class RankingTest {
    private static List<Double> scores(GraphBuilder graph, int output, byte[] contents) {
        return new Ranking(graph.build(output))
                .top(ByteBuffer.wrap(contents).order(ByteOrder.LITTLE_ENDIAN), 2, 0).stream()
                        .map(Classification.Score::score)
                        .toList();
    }

    @Test
    void logistic_outputs_are_probabilities_already() {
        GraphBuilder real = new GraphBuilder("real");
        int input = real.input("input", TensorType.FLOAT32, Shape.vector(2), null);
        int output = real.tensor("output", TensorType.FLOAT32, Shape.vector(2), null);
        real.operator(new FloatActivation(
                "output", new int[] {input}, new int[] {output}, FloatActivation.Function.LOGISTIC, 0, 0));
        byte[] bytes = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(0.75f)
                .putFloat(0.5f)
                .array();
        assertEquals(List.of(0.75, 0.5), scores(real, output, bytes));
    }

    @Test
    void a_table_is_looked_through_only_where_it_rewrites_codes() {
        assertEquals(List.of(0.75, 0.5), scores("logistic", "requantise"));
        assertEquals(
                1,
                scores("logistic", "leaky relu").stream()
                        .mapToDouble(Double::doubleValue)
                        .sum(),
                1e-9);
    }

    private static List<Double> scores(String first, String second) {
        GraphBuilder graph = new GraphBuilder("codes");
        Quantization quantization = Quantization.of(1 / 256f, -128);
        int input = graph.input("input", TensorType.INT8, Shape.vector(2), quantization);
        int middle = graph.tensor("middle", TensorType.INT8, Shape.vector(2), quantization);
        int output = graph.tensor("output", TensorType.INT8, Shape.vector(2), quantization);
        graph.operator(new LookupTable("middle", new int[] {input}, new int[] {middle}, first, new byte[256]));
        graph.operator(new LookupTable("output", new int[] {middle}, new int[] {output}, second, new byte[256]));
        return scores(graph, output, new byte[] {64, 0});
    }
}
