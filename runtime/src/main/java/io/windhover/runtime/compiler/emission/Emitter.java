// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.emission;

import io.windhover.driver.Capabilities;
import io.windhover.runtime.compiler.program.MapAddress;
import io.windhover.runtime.compiler.program.MapAllocation;
import io.windhover.runtime.compiler.program.ScheduledCommand;
import io.windhover.runtime.compiler.schedule.Liveness;
import io.windhover.runtime.compiler.schedule.MemoryPlan;
import io.windhover.runtime.compiler.schedule.Ring;
import io.windhover.runtime.compiler.schedule.ScheduleStep;
import io.windhover.runtime.compiler.schedule.Segment;
import io.windhover.runtime.compiler.stage.MapNode;
import io.windhover.runtime.compiler.stage.Stage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns segments into instructions, in an order in which every instruction follows those it depends on. */
public final class Emitter {
    private final List<Stage> stages;
    private final Liveness liveness;
    private final MemoryPlan plan;
    private final ActivationMemory memory;
    private final Map<MapNode, MapAllocation> allocations = new HashMap<>();
    private final MoveEmitter moves;
    private final ComputeEmitter computes;
    private final List<ScheduledCommand> program = new ArrayList<>();

    public Emitter(List<Stage> stages, Liveness liveness, MemoryPlan plan, Capabilities capabilities) {
        this.stages = stages;
        this.liveness = liveness;
        this.plan = plan;
        memory = new ActivationMemory(capabilities.activationBankWords());
        moves = new MoveEmitter(program, plan, capabilities);
        computes = new ComputeEmitter(program, capabilities, moves);
    }

    /** The whole program without tokens, or null when maps are too scattered on chip for a segment's rings. */
    @Nullable
    public List<ScheduledCommand> emit(List<Segment> segments) {
        for (Segment segment : segments) {
            if (!allocate(segment)) {
                return null;
            }
            computes.enter(segment, stages);
            for (ScheduleStep step : segment.steps()) {
                emit(step, segment);
            }
            leave(segment);
        }
        return program;
    }

    private boolean allocate(Segment segment) {
        for (Stage stage : stages.subList(segment.from(), segment.to())) {
            MapNode root = stage.output.root();
            if (!allocations.containsKey(root)
                    && liveness.isResident(root, segment.from(), segment.to())
                    && !allocate(root, Ring.whole(root), true)) {
                return false;
            }
        }
        return segment.rings().entrySet().stream()
                .sorted((a, b) -> Integer.compare(
                        b.getValue().words(b.getKey()), a.getValue().words(a.getKey())))
                .allMatch(ring -> allocate(ring.getKey(), ring.getValue(), false));
    }

    private boolean allocate(MapNode root, Ring ring, boolean fromTop) {
        MapAllocation allocation = memory.allocate(root, ring, fromTop);
        if (allocation != null) {
            allocations.put(root, allocation);
        }
        return allocation != null;
    }

    private void leave(Segment segment) {
        allocations.entrySet().removeIf(entry -> {
            MapNode root = entry.getKey();
            boolean stays = liveness.isProduced(root)
                    && liveness.isResident(root, segment.from(), segment.to())
                    && Math.max(
                                    liveness.span(root).lastUse(),
                                    liveness.span(root).lastProducer())
                            >= segment.to();
            if (!stays) {
                memory.free(entry.getValue());
            }
            return !stays;
        });
    }

    private MapAllocation allocation(MapNode map) {
        return java.util.Objects.requireNonNull(allocations.get(map.root()), map.name);
    }

    private void emit(ScheduleStep step, Segment segment) {
        if (step instanceof ScheduleStep.Load load) {
            int layer = stages.subList(segment.from(), segment.to()).stream()
                    .filter(stage -> stage.inputs.stream().anyMatch(input -> input.root() == load.map()))
                    .mapToInt(stage -> stage.layer)
                    .findFirst()
                    .orElse(0);
            moves.load(load, allocation(load.map()), layer);
        } else if (step instanceof ScheduleStep.Store store) {
            store(store, segment);
        } else if (step instanceof ScheduleStep.Run run) {
            List<MapAllocation> inputs =
                    run.stage().inputs.stream().map(this::allocation).toList();
            computes.run(run.stage(), run.low(), run.high(), inputs, allocation(run.stage().output));
        }
    }

    /**
     * A stage's rows go to the memory of its own map and of the maps it is part of, and to where a later segment will
     * read them.
     */
    private void store(ScheduleStep.Store store, Segment segment) {
        MapNode map = store.stage().output;
        MapNode root = map.root();
        MapAllocation allocation = allocation(map);
        for (MapNode holder : map.lineage()) {
            MapAddress kept = plan.kept(holder);
            if (kept != null) {
                moves.store(map, allocation, kept, holder, store.low(), store.high(), store.stage().layer);
            }
            for (MapNode.Copy copy : holder.copies) {
                moves.strided().store(map, allocation, holder, copy, store.low(), store.high(), store.stage().layer);
            }
        }
        MapAddress spilled = plan.spilled(root);
        if (spilled != null
                && !spilled.equals(plan.kept(root))
                && !liveness.isResident(root, segment.from(), segment.to())) {
            moves.store(map, allocation, spilled, root, store.low(), store.high(), store.stage().layer);
        }
    }
}
