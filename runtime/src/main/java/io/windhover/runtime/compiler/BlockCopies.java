package io.windhover.runtime.compiler;

import io.windhover.driver.contract.Contract.VectorOperation;
import io.windhover.models.graph.Operator;
import java.util.List;

/** Maps put together from channel blocks of another one, copied by the vector engine; a block may be there several times. */
final class BlockCopies {
    private final VectorPlacer vectors;

    BlockCopies(VectorPlacer vectors) {
        this.vectors = vectors;
    }

    /** A map whose block i is block {@code sources[i]} of {@code map}; blocks that follow one another are copied together. */
    MapNode join(Operator operator, MapNode map, int[] sources) {
        MapNode joined = new MapNode(operator.name() + "/copies", map.height, map.width, sources.length, null);
        int from = 0;
        while (from < sources.length) {
            int to = from + 1;
            while (to < sources.length && sources[to] == sources[to - 1] + 1) {
                to++;
            }
            MapNode part = new MapNode(joined.name, map.height, map.width, to - from, null);
            part.within(joined, from);
            vectors.place(operator, List.of(map.view(sources[from], to - from)), part, Geometry.POINT,
                    VectorStage.Mode.pool(VectorOperation.MAXIMUM_POOL, -128, 127));
            from = to;
        }
        return joined;
    }
}
