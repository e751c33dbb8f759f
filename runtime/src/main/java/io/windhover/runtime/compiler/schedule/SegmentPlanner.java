// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.schedule;

import io.windhover.contract.Queue;
import io.windhover.driver.Capabilities;
import io.windhover.runtime.compiler.program.FieldLimits;
import io.windhover.runtime.compiler.stage.CostModel;
import io.windhover.runtime.compiler.stage.MapNode;
import io.windhover.runtime.compiler.stage.Stage;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the cheapest way to run a given run of stages as one segment. */
public final class SegmentPlanner {
    private static final int[] BAND_ROWS = {1, 2, 3, 4, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 56};
    /** Taller maps are cut into bands that are as many times higher, so that they are not more. */
    private static final int PLAIN_ROWS = 1024;

    private final List<Stage> stages;
    private final Liveness liveness;
    private final Capabilities capabilities;
    private final int activationWords;

    public SegmentPlanner(List<Stage> stages, Liveness liveness, Capabilities capabilities, int activationWords) {
        this.stages = stages;
        this.liveness = liveness;
        this.capabilities = capabilities;
        this.activationWords = activationWords;
    }

    /** The cheapest plan, or null when none fits on chip. */
    @Nullable
    public Segment plan(int from, int to) {
        int unit = (stages.get(to - 1).output.height + PLAIN_ROWS - 1) / PLAIN_ROWS;
        Segment plan = plan(from, to, unit);
        return plan == null && unit > 1 && to - from == 1 ? plan(from, to, 1) : plan;
    }

    private @Nullable Segment plan(int from, int to, int unit) {
        int available = activationWords - liveness.residentWords(from, to);
        int rows = stages.get(to - 1).output.height;
        Segment best = available < 0 ? null : attempt(from, to, rows, false, available, null);
        for (int bandUnits : BAND_ROWS) {
            int bandRows = bandUnits * unit;
            if (bandRows >= rows || available < 0) {
                break;
            }
            Segment skewed = attempt(from, to, bandRows, true, available, null);
            Segment plan = skewed != null ? skewed : attempt(from, to, bandRows, false, available, null);
            if (plan == null && bandUnits > 1) {
                break;
            }
            best = plan != null && (best == null || plan.cost() < best.cost()) ? plan : best;
        }
        return best;
    }

    /** The same tiling with whatever is stored now, or null when it no longer fits. */
    @Nullable
    public Segment refit(Segment segment) {
        return segment(segment.from(), segment.to(), segment.bandRows(), segment.skewed());
    }

    /** The run of stages in these bands, or null when it does not fit. */
    @Nullable
    Segment segment(int from, int to, int bandRows, boolean skewed) {
        int available = activationWords - liveness.residentWords(from, to);
        return attempt(from, to, bandRows, skewed, available, null);
    }

    int activationWords() {
        return activationWords;
    }

    /** Maps that stay on chip while these stages run. */
    List<MapNode> held(int from, int to) {
        return liveness.held(from, to);
    }

    private @Nullable Segment attempt(
            int from, int to, int bandRows, boolean skewed, int available, @Nullable Segment best) {
        Schedule schedule = new Schedule(stages, liveness, from, to, bandRows, skewed);
        int weightWords =
                stages.subList(from, to).stream().mapToInt(Stage::weightWords).sum();
        boolean residentWeights = schedule.bands() > 1 && weightWords <= capabilities.weightWords();
        if (!schedule.isPossible()) {
            return best;
        }
        List<ScheduleStep> steps = schedule.steps();
        Map<MapNode, Ring> rings = schedule.rings(steps);
        int words = 0;
        for (Map.Entry<MapNode, Ring> ring : rings.entrySet()) {
            words += ring.getValue().words(ring.getKey());
            if (ring.getValue().groups() > FieldLimits.RING) {
                return best;
            }
        }
        if (words > available) {
            return best;
        }
        long weightBytes = 32L * weightWords * (residentWeights ? 1 : schedule.bands());
        long cost = cost(schedule, steps, weightBytes, skewed, weightWords);
        return best != null && best.cost() <= cost
                ? best
                : new Segment(from, to, bandRows, skewed, steps, rings, residentWeights, cost);
    }

    private long cost(Schedule schedule, List<ScheduleStep> steps, long weightBytes, boolean skewed, int weightWords) {
        long[] busy = new long[Queue.values().length];
        long loads = 0;
        long stores = 0;
        long patches = 0;
        for (ScheduleStep step : steps) {
            int rows = step.high() - step.low();
            if (step instanceof ScheduleStep.Run run) {
                long cycles = run.stage().cycles(rows, capabilities.int8Pixels(), capabilities.int8Reduction());
                int commands = Math.max(1, run.stage().slices().size());
                busy[run.stage().queue().ordinal()] += cycles + (long) commands * CostModel.COMMAND_CYCLES;
            } else if (step instanceof ScheduleStep.Load load) {
                long cycles = CostModel.transfer(load.bytes()) + CostModel.MEMORY_LATENCY_CYCLES;
                if (load.map().source instanceof MapNode.Patch) {
                    patches += cycles / 2;
                } else {
                    loads += cycles;
                }
            } else if (step instanceof ScheduleStep.Store store) {
                stores += CostModel.transfer((long) store.stage().output.rowBytes() * rows)
                        + CostModel.MEMORY_LATENCY_CYCLES;
            }
        }
        long weights = CostModel.transfer(weightBytes);
        long compute = busy[Queue.INT8.ordinal()] + busy[Queue.XNOR.ordinal()] + busy[Queue.VECTOR.ordinal()];
        if (schedule.bands() == 1) {
            return Math.max(compute + loads / 2 + patches + stores / 2, weights / 2) + 100;
        }
        long read = Math.max(patches, (loads + patches + weights) / 2);
        long exposed = weightWords > capabilities.weightWords() / 2 ? weights / 4 : 0;
        long longest = Math.max(
                Math.max(busy[Queue.INT8.ordinal()], busy[Queue.VECTOR.ordinal()]),
                Math.max(busy[Queue.XNOR.ordinal()], Math.max(read, stores)));
        long total = compute + read + stores;
        if (skewed) {
            return longest + (total - longest) / schedule.bands() + exposed + 300;
        }
        return Math.max(compute, longest) + (total - Math.max(compute, longest)) / 2 + exposed + 300;
    }
}
