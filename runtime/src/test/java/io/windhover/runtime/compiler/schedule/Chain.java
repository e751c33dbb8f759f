// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.schedule;

import io.windhover.contract.VectorOperation;
import io.windhover.runtime.compiler.program.MapAddress;
import io.windhover.runtime.compiler.program.Regions;
import io.windhover.runtime.compiler.stage.Geometry;
import io.windhover.runtime.compiler.stage.MapNode;
import io.windhover.runtime.compiler.stage.MemoryArea;
import io.windhover.runtime.compiler.stage.Stage;
import io.windhover.runtime.compiler.stage.VectorStage;
import java.util.ArrayList;
import java.util.List;

/** Pools one after another, each of 3x3 pixels with padding, from a network input to an output. */
final class Chain {
    private static final Geometry POOL = new Geometry(3, 3, 1, 1, 1, 1, 1, 1);

    final MapNode input;
    final List<Stage> stages = new ArrayList<>();
    final MemoryPlan memory = new MemoryPlan("chain");
    final Liveness liveness;

    Chain(int length, int rows, int columns, int blocks) {
        MemoryArea area = MemoryArea.input(new MapAddress(Regions.INPUT, 0), 8L * rows * columns * blocks);
        input = new MapNode("input", rows, columns, blocks, new MapNode.Direct(area, 8 * blocks));
        MapNode from = input;
        for (int i = 0; i < length; i++) {
            MapNode to = new MapNode("map " + i, rows, columns, blocks, null);
            VectorStage.Mode mode = VectorStage.Mode.pool(VectorOperation.MAXIMUM_POOL, -128, 127);
            Stage stage = new VectorStage("pool " + i, i, List.of(from), to, POOL, mode);
            from.consumers.add(stage);
            to.producers.add(stage);
            stages.add(stage);
            from = to;
        }
        memory.keep(from, 3);
        liveness = new Liveness(stages, memory);
    }
}
