// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.schedule;

import io.windhover.runtime.compiler.program.FieldLimits;
import io.windhover.runtime.compiler.stage.MapNode;
import io.windhover.runtime.compiler.stage.Stage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** From which stage to which stage every root map is needed, and which of them stay on chip between segments. */
public final class Liveness {
    /**
     * Orders of the first and last stage that make a map and of the last that reads it (or makes it, when none reads
     * it).
     */
    public record Span(int firstProducer, int lastProducer, int lastUse) {}

    private final MemoryPlan memory;
    private final Map<MapNode, Span> spans = new LinkedHashMap<>();
    private final List<Stage> stages;
    private final Map<MapNode, Boolean> stored = new LinkedHashMap<>();
    private final Map<MapNode, List<Stage>> producers = new LinkedHashMap<>();
    /** In the order of the stages: of maps of one size the first goes, whatever their hashes are in this process. */
    private final Set<MapNode> resident = new LinkedHashSet<>();

    public Liveness(List<Stage> stages, MemoryPlan memory) {
        this.stages = stages;
        this.memory = memory;
        for (int position = 0; position < stages.size(); position++) {
            int order = position;
            Stage stage = stages.get(order);
            MapNode root = stage.output.root();
            producers.computeIfAbsent(root, key -> new ArrayList<>()).add(stage);
            Span old = spans.get(root);
            spans.put(root, new Span(old == null ? order : old.firstProducer, order, order));
            for (MapNode input : stage.inputs) {
                spans.computeIfPresent(
                        input.root(), (key, span) -> new Span(span.firstProducer, span.lastProducer, order));
            }
        }
        noteStored();
    }

    /** True when these rows go to memory other than to wait there. */
    boolean isStored(MapNode map) {
        return memory.isStored(map);
    }

    /** Takes note of which maps are stored now. */
    public void noteStored() {
        stored.clear();
        for (Stage stage : stages) {
            MapNode root = stage.output.root();
            stored.merge(root, isStored(stage.output), Boolean::logicalOr);
        }
    }

    /** Lets maps of at most {@code words} words in a bank stay on chip between segments. */
    public void keepUpTo(int words) {
        resident.clear();
        for (MapNode root : spans.keySet()) {
            if (root.wholeRing() <= FieldLimits.RING && root.words() <= words) {
                resident.add(root);
            }
        }
    }

    /**
     * The largest resident map that is live at this stage goes through memory from now on; false when there is none.
     */
    boolean evictLargest(int order) {
        MapNode largest = null;
        for (MapNode root : resident) {
            Span span = span(root);
            boolean live = span.firstProducer <= order && span.lastUse >= order;
            if (live && (largest == null || root.words() > largest.words())) {
                largest = root;
            }
        }
        return largest != null && resident.remove(largest);
    }

    public Span span(MapNode root) {
        return java.util.Objects.requireNonNull(spans.get(root));
    }

    List<Stage> producers(MapNode root) {
        return producers.getOrDefault(root, List.of());
    }

    public boolean isProduced(MapNode root) {
        return spans.containsKey(root);
    }

    /** True when the map is needed after stage {@code to - 1} or asked for outside. */
    boolean leaves(MapNode root, int to) {
        return span(root).lastUse >= to || span(root).lastProducer >= to || stored.getOrDefault(root, false);
    }

    /**
     * True when the segment must hold the whole map because an earlier segment left it on chip or a later one will read
     * it there.
     */
    public boolean isResident(MapNode root, int from, int to) {
        if (!resident.contains(root)) {
            return false;
        }
        Span span = span(root);
        return span.firstProducer < from || span.lastUse >= to || span.lastProducer >= to;
    }

    /** Maps that are wholly on chip while stages {@code from} to {@code to} run, in the order of the stages. */
    List<MapNode> held(int from, int to) {
        List<MapNode> held = new ArrayList<>();
        for (MapNode root : resident) {
            Span span = span(root);
            if (span.firstProducer < to
                    && Math.max(span.lastUse, span.lastProducer) >= from
                    && isResident(root, from, to)) {
                held.add(root);
            }
        }
        return held;
    }

    /** Words in every bank that they take. */
    int residentWords(int from, int to) {
        return held(from, to).stream().mapToInt(MapNode::words).sum();
    }
}
