// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.emission;

import io.windhover.runtime.compiler.program.MapAllocation;
import io.windhover.runtime.compiler.schedule.Ring;
import io.windhover.runtime.compiler.stage.MapNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which words of the activation banks are taken. Rings are placed from the bottom, long-lived maps at an end of the
 * memory, from the top when both are taken: so the gaps stay whole.
 */
final class ActivationMemory {
    private final int words;
    private final List<MapAllocation> live = new ArrayList<>();
    private int next;

    ActivationMemory(int words) {
        this.words = words;
    }

    /** A place for these rows and blocks of this map, or null when no gap is long enough. */
    @Nullable
    MapAllocation allocate(MapNode map, Ring ring, boolean fromTop) {
        int length = ring.words(map);
        int base = lowestGap(length);
        if (fromTop) {
            int top = highestGap(length);
            boolean flushBelow = base == 0 && top + length != words;
            base = flushBelow ? base : top;
        }
        if (base < 0) {
            return null;
        }
        MapAllocation allocation =
                new MapAllocation(next++, base, ring.firstBlock(), ring.blocks(), map.quads(), ring.groups());
        live.add(allocation);
        return allocation;
    }

    private int lowestGap(int length) {
        int base = 0;
        boolean moved = true;
        while (moved) {
            moved = false;
            for (MapAllocation other : live) {
                if (base < other.base() + other.words() && other.base() < base + length) {
                    base = other.base() + other.words();
                    moved = true;
                }
            }
        }
        return base + length <= words ? base : -1;
    }

    private int highestGap(int length) {
        int base = words - length;
        boolean moved = true;
        while (moved) {
            moved = false;
            for (MapAllocation other : live) {
                if (base < other.base() + other.words() && other.base() < base + length) {
                    base = other.base() - length;
                    moved = true;
                }
            }
        }
        return Math.max(base, -1);
    }

    void free(MapAllocation allocation) {
        live.remove(allocation);
    }
}
