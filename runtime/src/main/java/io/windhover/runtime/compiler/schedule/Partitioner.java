// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.schedule;

import io.windhover.driver.Capabilities;
import io.windhover.runtime.compiler.program.CompileException;
import io.windhover.runtime.compiler.schedule.Tilings.Tiling;
import io.windhover.runtime.compiler.stage.Stage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/** Cuts the stages into segments of least total cost. */
public final class Partitioner {
    private static final int LONGEST_SEGMENT = 12;

    private final List<Stage> stages;
    private final Liveness liveness;
    private final Capabilities capabilities;
    private final SegmentPlanner planner;
    private final Tilings tilings;

    /**
     * {@code activationWords} may be less than the device has, to leave room for fragmentation.
     *
     * @param tilings what earlier searches found, over the same stages and with the same maps stored
     */
    public Partitioner(
            List<Stage> stages, Liveness liveness, Capabilities capabilities, int activationWords, Tilings tilings) {
        this.stages = stages;
        this.liveness = liveness;
        this.capabilities = capabilities;
        this.tilings = tilings;
        planner = new SegmentPlanner(stages, liveness, capabilities, activationWords);
    }

    /** Segments in order; sends resident maps through memory where nothing fits otherwise. */
    public List<Segment> partition() {
        while (true) {
            Tiling[] best = new Tiling[stages.size() + 1];
            int stuck = search(best);
            if (stuck < 0) {
                return chain(best);
            }
            if (!liveness.evictLargest(stuck)) {
                Stage stage = stages.get(stuck);
                throw CompileException.layer(
                        stage.name,
                        "one band of its maps (%d columns, %d channel blocks in, %d out) does not fit the %d activation words of a bank; "
                                + "use a smaller input.",
                        stage.output.width,
                        stage.inputs.get(0).root().blocks,
                        stage.output.root().blocks,
                        capabilities.activationBankWords());
            }
        }
    }

    /** Fills the best segment ending before each stage; returns a stage that no segment reaches beyond, or -1. */
    private int search(Tiling[] best) {
        long[] cost = new long[stages.size() + 1];
        Arrays.fill(cost, Long.MAX_VALUE);
        cost[0] = 0;
        int reached = 0;
        for (int from = 0; from < stages.size(); from++) {
            if (cost[from] == Long.MAX_VALUE) {
                continue;
            }
            int misses = 0;
            for (int to = from + 1; to <= Math.min(stages.size(), from + LONGEST_SEGMENT) && misses < 3; to++) {
                Tiling tiling = tilings.of(planner, from, to).orElse(null);
                misses = tiling == null ? misses + 1 : 0;
                if (tiling != null && cost[from] + tiling.cost() < cost[to]) {
                    cost[to] = cost[from] + tiling.cost();
                    best[to] = tiling;
                    reached = Math.max(reached, to);
                }
            }
        }
        return cost[stages.size()] == Long.MAX_VALUE ? reached : -1;
    }

    private List<Segment> chain(Tiling[] best) {
        List<Segment> segments = new ArrayList<>();
        for (int to = best.length - 1; to > 0; to = best[to].from()) {
            Tiling tiling = best[to];
            segments.add(
                    Objects.requireNonNull(planner.segment(tiling.from(), to, tiling.bandRows(), tiling.skewed())));
        }
        Collections.reverse(segments);
        return segments;
    }
}
