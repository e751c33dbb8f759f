// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.emission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.runtime.compiler.program.MapAllocation;
import io.windhover.runtime.compiler.schedule.Ring;
import io.windhover.runtime.compiler.stage.MapNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ActivationMemoryTest {
    private final ActivationMemory memory = new ActivationMemory(100);

    /** Of one word for each group of four rows. */
    private static MapNode map(int groups) {
        return new MapNode("map", 4 * groups, 4, 1, null);
    }

    private MapAllocation allocate(int words, boolean fromTop) {
        MapNode map = map(words);
        return memory.allocate(map, Ring.whole(map), fromTop);
    }

    @Test
    void rings_are_placed_from_the_bottom_and_long_lived_maps_at_the_top() {
        assertEquals(0, allocate(30, false).base());
        assertEquals(80, allocate(20, true).base());
        assertEquals(30, allocate(50, false).base());
        assertNull(allocate(1, false));
    }

    @Test
    void the_lowest_gap_that_is_long_enough_is_taken() {
        MapAllocation first = allocate(10, false);
        allocate(10, false);
        MapAllocation third = allocate(30, false);
        allocate(10, false);
        memory.free(first);
        memory.free(third);
        assertEquals(20, allocate(20, false).base());
        assertEquals(0, allocate(10, false).base());
    }

    @Test
    void two_allocations_of_the_same_words_are_told_apart() {
        MapAllocation first = allocate(10, false);
        memory.free(first);
        MapAllocation second = allocate(10, false);
        assertEquals(first.base(), second.base());
        assertNotEquals(first.id(), second.id());
    }

    @Test
    void no_two_live_allocations_overlap() {
        long seed = 5;
        Random random = new Random(seed);
        List<MapAllocation> live = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            if (!live.isEmpty() && random.nextInt(2) == 0) {
                memory.free(live.remove(random.nextInt(live.size())));
                continue;
            }
            MapAllocation made = allocate(1 + random.nextInt(30), random.nextBoolean());
            if (made != null) {
                live.forEach(other -> assertTrue(
                        made.base() + made.words() <= other.base() || other.base() + other.words() <= made.base(),
                        "seed " + seed + ": " + made + " and " + other));
                assertTrue(made.base() >= 0 && made.base() + made.words() <= 100);
                live.add(made);
            }
        }
        live.forEach(memory::free);
        assertNotNull(allocate(100, false), "nothing is lost");
    }
}
