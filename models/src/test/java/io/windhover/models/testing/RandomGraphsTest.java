// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.graph.Graph;
import io.windhover.models.reference.ReferenceExecutor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RandomGraphsTest {
    @ParameterizedTest
    @EnumSource(RandomLayer.class)
    void every_kind_of_layer_builds_and_runs(RandomLayer kind) {
        for (long seed = 0; seed < 60; seed++) {
            Graph graph = RandomGraphs.layer(kind, seed);
            List<byte[]> outputs = new ReferenceExecutor(graph).infer(RandomGraphs.inputs(graph, seed));
            assertEquals(graph.tensor(graph.outputs()[0]).bytes(), outputs.get(0).length, graph.name());
        }
    }

    @Test
    void networks_build_run_and_stay_small() {
        for (long seed = 0; seed < 100; seed++) {
            Graph graph = RandomGraphs.network(seed);
            new ReferenceExecutor(graph).infer(RandomGraphs.inputs(graph, seed));
            assertTrue(graph.macs() < 40_000_000, graph.name() + " has " + graph.macs());
            Graph binary = RandomGraphs.binaryNetwork(seed);
            new ReferenceExecutor(binary).infer(RandomGraphs.inputs(binary, seed));
            assertTrue(binary.macs() < 40_000_000, binary.name() + " has " + binary.macs());
            Graph mixture = RandomGraphs.mixture(seed);
            new ReferenceExecutor(mixture).infer(RandomGraphs.inputs(mixture, seed));
            assertTrue(mixture.macs() < 40_000_000, mixture.name() + " has " + mixture.macs());
        }
    }

    @Test
    void a_seed_gives_the_same_graph_and_input_again() {
        for (long seed = 0; seed < 2L * RandomLayer.values().length; seed++) {
            Graph first = RandomGraphs.layer(seed);
            Graph second = RandomGraphs.layer(seed);
            assertArrayEquals(
                    new ReferenceExecutor(first)
                            .infer(RandomGraphs.inputs(first, seed))
                            .get(0),
                    new ReferenceExecutor(second)
                            .infer(RandomGraphs.inputs(second, seed))
                            .get(0));
        }
    }
}
