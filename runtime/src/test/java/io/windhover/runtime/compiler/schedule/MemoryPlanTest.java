// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.runtime.compiler.program.CompileException;
import io.windhover.runtime.compiler.program.MapAddress;
import io.windhover.runtime.compiler.stage.MapNode;
import io.windhover.runtime.compiler.stage.MemoryArea;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MemoryPlanTest {
    private final MemoryPlan memory = new MemoryPlan("network");
    private final MapNode map = new MapNode("map", 3, 5, 1, null);

    private static Segment loading(MapNode map) {
        return new Segment(0, 1, 1, false, List.of(new ScheduleStep.Load(map, 0, 1, 0, 3)), Map.of(), false, 0);
    }

    @Test
    void working_memory_is_handed_out_in_whole_lines() {
        memory.place(List.of(MemoryArea.of(1), MemoryArea.of(65)));
        assertEquals(64 + 128, memory.scratchBytes());
        memory.rewind(64);
        assertEquals(64, memory.scratchBytes());
    }

    @Test
    void an_output_begins_its_region_and_is_asked_for_twice() {
        assertEquals(new MapAddress(4, 0), memory.keep(map, 4));
        assertEquals(new MapAddress(4, 0), memory.keep(map, 5));
        assertEquals(new MapAddress(4, 0), memory.kept(map));
    }

    @Test
    void a_dump_has_no_home_until_dumps_are_wanted() {
        MapAddress dump = memory.keep(map, 1);
        assertNull(memory.kept(map));
        assertTrue(memory.dump(true));
        assertEquals(dump, memory.kept(map));
    }

    @Test
    void a_map_waits_at_its_home_or_in_working_memory() {
        memory.spill(List.of(loading(map)));
        assertEquals(new MapAddress(1, 0), memory.spilled(map));
        memory.keep(map, 4);
        memory.spill(List.of(loading(map)));
        assertEquals(new MapAddress(4, 0), memory.spilled(map));
        memory.spill(List.of());
        assertNull(memory.spilled(map));
    }

    @Test
    void a_network_input_lies_where_its_region_begins() {
        assertEquals(new MapAddress(5, 64), memory.address(MemoryArea.input(new MapAddress(5, 64), 100)));
    }

    @Test
    void more_than_two_gibibytes_are_refused_with_the_network_named() {
        List<MemoryArea> areas = List.of(MemoryArea.of(1L << 30), MemoryArea.of(1L << 30));
        CompileException refusal = assertThrows(CompileException.class, () -> memory.place(areas));
        assertTrue(refusal.getMessage().contains("'network'"), refusal.getMessage());
    }
}
