// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.testing;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.Shape;

/** Layers that move elements, one after another: each must cope with what the one before it left. */
final class RandomLayoutChains {
    private RandomLayoutChains() {}

    static Graph chain(String name, long seed) {
        Draw draw = new Draw(seed ^ 0xC4A1L << 32);
        GraphBuilder graph = new GraphBuilder(name);
        LayoutSteps steps = new LayoutSteps(graph, draw);
        int input = steps.input(Shape.map(draw.between(1, 12), draw.between(1, 12), draw.channels(40)));
        int map = input;
        int layers = draw.between(1, 6);
        for (int i = 0; i < layers; i++) {
            map = steps.append(map);
        }
        return graph.build(map == input ? steps.table(map) : map);
    }
}
