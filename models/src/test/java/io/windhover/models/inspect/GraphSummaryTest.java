// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import io.windhover.models.graph.Graph;
import io.windhover.models.zoo.Zoo;
import org.junit.jupiter.api.Test;

class GraphSummaryTest {
    @Test
    void the_summary_lists_every_operator_and_tensor_with_its_size() {
        Graph graph = Zoo.load("lenet5");
        JsonObject summary = GraphSummary.of(graph);
        assertEquals("lenet5", summary.get("name").getAsString());
        assertEquals(graph.macs(), summary.get("macs").getAsLong());
        assertEquals(
                graph.operators().size(), summary.getAsJsonArray("operators").size());
        assertEquals(graph.tensors().size(), summary.getAsJsonArray("tensors").size());
        JsonObject first = summary.getAsJsonArray("operators").get(0).getAsJsonObject();
        assertEquals("Convolution", first.get("operator").getAsString());
        assertEquals(24 * 24 * 20 * 25, first.get("macs").getAsInt());
        JsonObject image = summary.getAsJsonArray("tensors").get(0).getAsJsonObject();
        assertEquals("[1,28,28,1]", image.get("shape").toString());
        assertEquals(
                -128,
                image.getAsJsonObject("quantization")
                        .getAsJsonArray("zero_points")
                        .get(0)
                        .getAsInt());
    }
}
