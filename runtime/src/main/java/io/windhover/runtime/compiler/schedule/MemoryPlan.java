// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.schedule;

import io.windhover.runtime.compiler.program.CompileException;
import io.windhover.runtime.compiler.program.MapAddress;
import io.windhover.runtime.compiler.program.Regions;
import io.windhover.runtime.compiler.stage.MapNode;
import io.windhover.runtime.compiler.stage.MemoryArea;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where in memory everything lies that does not stay on chip. */
public final class MemoryPlan {
    private static final int SCRATCH_ALIGNMENT = 64;

    private final String network;
    private final IdentityHashMap<MemoryArea, MapAddress> areas = new IdentityHashMap<>();
    private final IdentityHashMap<MapNode, MapAddress> outputs = new IdentityHashMap<>();
    private final Map<MapNode, MapAddress> dumps = new LinkedHashMap<>();
    private final IdentityHashMap<MapNode, MapAddress> spills = new IdentityHashMap<>();
    /** Where the next output of each region may begin. */
    private final Map<Integer, Long> outputEnds = new HashMap<>();

    private boolean dumping;
    private long scratchBytes;

    public MemoryPlan(String network) {
        this.network = network;
    }

    public long scratchBytes() {
        return scratchBytes;
    }

    /** Gives working memory beyond these bytes to others. */
    public void rewind(long bytes) {
        scratchBytes = bytes;
    }

    private MapAddress scratch(long bytes) {
        long offset = scratchBytes;
        scratchBytes += (bytes + SCRATCH_ALIGNMENT - 1) / SCRATCH_ALIGNMENT * SCRATCH_ALIGNMENT;
        if (scratchBytes > Integer.MAX_VALUE) {
            throw new CompileException(
                    "Network '" + network + "' needs more than 2 GiB of working memory; use smaller inputs.");
        }
        return new MapAddress(Regions.SCRATCH, (int) offset);
    }

    /**
     * Where the map lies after a job: in the region of an output, or dumped to working memory. Asked again, the same.
     */
    public MapAddress keep(MapNode map, int region) {
        MemoryArea area = map.denseArea();
        boolean isOutput = region != Regions.SCRATCH;
        if (area != null) {
            return areas.computeIfAbsent(area, key -> isOutput ? output(region, area.bytes) : scratch(area.bytes));
        }
        MapAddress kept = outputs.getOrDefault(map, dumps.get(map));
        if (kept != null) {
            return kept;
        }
        MapAddress address = isOutput ? output(region, map.bytes()) : scratch(map.bytes());
        (isOutput ? outputs : dumps).put(map, address);
        return address;
    }

    /** Behind the outputs that lie in the region already. */
    private MapAddress output(int region, long bytes) {
        long offset = outputEnds.getOrDefault(region, 0L);
        if (offset + bytes > Integer.MAX_VALUE) {
            throw new CompileException("The outputs of network '" + network + "' take more than 2 GiB; split it.");
        }
        outputEnds.put(region, Regions.aligned(offset + bytes));
        return new MapAddress(region, (int) offset);
    }

    /** Finds working memory for the areas that no output lies in. */
    public void place(List<MemoryArea> unplaced) {
        unplaced.forEach(area -> areas.computeIfAbsent(area, key -> scratch(key.bytes)));
    }

    /** Whether maps that are only dumped are stored; false when there are none. */
    public boolean dump(boolean wanted) {
        dumping = wanted && !dumps.isEmpty();
        return dumping;
    }

    /** Finds working memory for maps that wait there between segments: those that a segment loads. */
    public void spill(List<Segment> segments) {
        spills.clear();
        for (Segment segment : segments) {
            for (ScheduleStep step : segment.steps()) {
                if (step instanceof ScheduleStep.Load load && load.map().source == null) {
                    spills.computeIfAbsent(load.map(), map -> {
                        MapAddress kept = kept(map);
                        return kept != null ? kept : scratch(map.bytes());
                    });
                }
            }
        }
    }

    public MapAddress address(MemoryArea area) {
        return area.fixed != null ? area.fixed : Objects.requireNonNull(areas.get(area));
    }

    /** Where the map is stored for others to read after the job, or null. */
    @Nullable
    public MapAddress kept(MapNode map) {
        MapAddress output = outputs.get(map);
        return output != null || !dumping ? output : dumps.get(map);
    }

    /** Where the map waits between segments, or null when no segment loads it. */
    @Nullable
    public MapAddress spilled(MapNode map) {
        return spills.get(map);
    }

    /** True when these rows go to memory other than to wait there. */
    boolean isStored(MapNode map) {
        return map.lineage().stream().anyMatch(holder -> kept(holder) != null || !holder.copies.isEmpty());
    }
}
