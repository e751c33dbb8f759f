// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.lowering;

import io.windhover.models.graph.Operator;
import io.windhover.runtime.compiler.channels.BlockRun;
import io.windhover.runtime.compiler.stage.Geometry;
import io.windhover.runtime.compiler.stage.MapNode;
import java.util.List;

/** Maps put together from channel blocks of another one, copied by the vector engine. */
public final class BlockCopies {
    private final VectorStageBuilder vectors;

    public BlockCopies(VectorStageBuilder vectors) {
        this.vectors = vectors;
    }

    /**
     * A map whose block i is block {@code sources[i]} of {@code map}; blocks that follow one another are copied
     * together.
     */
    MapNode join(Operator operator, MapNode map, int[] sources) {
        MapNode joined = new MapNode(operator.name() + "/copies", map.height, map.width, sources.length, null);
        int from = 0;
        while (from < sources.length) {
            int to = from + 1;
            while (to < sources.length && sources[to] == sources[to - 1] + 1) {
                to++;
            }
            copy(operator, map.view(sources[from], to - from), joined.part(joined.name, from, to - from));
            from = to;
        }
        return joined;
    }

    /** The map, or a copy where it is loaded from outside, which brings all of its blocks at once. */
    public MapNode readableBy(Operator operator, MapNode map, List<BlockRun> runs) {
        return runs.size() == 1 || map.root().source == null ? map : copy(operator, map);
    }

    MapNode copy(Operator operator, MapNode map) {
        MapNode copy = new MapNode(map.name + "/copy", map.height, map.width, map.blocks, null);
        copy(operator, map, copy);
        return copy;
    }

    private void copy(Operator operator, MapNode from, MapNode to) {
        vectors.pick(operator, from, to, Geometry.POINT);
    }
}
