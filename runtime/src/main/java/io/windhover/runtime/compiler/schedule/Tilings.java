// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.schedule;

import io.windhover.runtime.compiler.stage.MapNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The cheapest tiling of each run of stages that was ever looked for. It depends on the run, the memory and the maps
 * that stay on chip meanwhile, so it holds in every search over the same stages while the same maps are stored.
 */
public final class Tilings {
    /** @param held maps that stay on chip while the stages run, in the order of {@link Liveness} */
    private record Question(int from, int to, int activationWords, List<MapNode> held) {}

    /** How a run of stages is cut into bands; its steps are left out, which would fill the heap. */
    record Tiling(int from, int to, int bandRows, boolean skewed, long cost) {}

    private final Map<Question, Optional<Tiling>> found = new HashMap<>();

    /** What the planner finds, or found before; empty when nothing fits on chip. */
    Optional<Tiling> of(SegmentPlanner planner, int from, int to) {
        Question question = new Question(from, to, planner.activationWords(), planner.held(from, to));
        Optional<Tiling> known = found.get(question);
        if (known == null) {
            known = Optional.ofNullable(planner.plan(from, to)).map(Tilings::tiling);
            found.put(question, known);
        }
        return known;
    }

    private static Tiling tiling(Segment segment) {
        return new Tiling(segment.from(), segment.to(), segment.bandRows(), segment.skewed(), segment.cost());
    }
}
