// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.runtime.compiler.stage.MapNode;
import io.windhover.runtime.compiler.stage.Stage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleTest {
    private static final int ROWS = 33;

    private final Chain chain = new Chain(3, ROWS, 8, 2);

    private Schedule schedule(int bandRows, boolean skewed) {
        return new Schedule(chain.stages, chain.liveness, 0, chain.stages.size(), bandRows, skewed);
    }

    @Test
    void a_band_as_high_as_the_map_is_the_only_one() {
        Schedule schedule = schedule(ROWS, false);
        assertEquals(1, schedule.bands());
        List<ScheduleStep> steps = schedule.steps();
        assertEquals(new ScheduleStep.Load(chain.input, 0, 2, 0, ROWS), steps.get(0));
        assertEquals(new ScheduleStep.Run(chain.stages.get(0), 0, ROWS), steps.get(1));
        assertEquals(new ScheduleStep.Store(chain.stages.get(2), 0, ROWS), steps.get(steps.size() - 1));
    }

    /** Every row is made once and in order; what a step reads has been made and is still in its ring. */
    @ParameterizedTest
    @CsvSource({"1, false", "1, true", "4, false", "4, true", "7, true", "16, true", "32, false", "33, true"})
    void what_a_step_reads_is_there_and_not_yet_overwritten(int bandRows, boolean skewed) {
        Schedule schedule = schedule(bandRows, skewed);
        List<ScheduleStep> steps = schedule.steps();
        Map<MapNode, Ring> rings = schedule.rings(steps);
        Map<MapNode, Integer> made = new HashMap<>();
        int stored = 0;
        for (ScheduleStep step : steps) {
            if (step instanceof ScheduleStep.Load load) {
                extend(made, load.map(), load);
            } else if (step instanceof ScheduleStep.Run run) {
                Stage stage = run.stage();
                MapNode input = stage.inputs.get(0);
                checkHeld(made, rings, input, stage.inputLow(0, run.low()), stage.inputHigh(0, run.high()));
                extend(made, stage.output, run);
            } else if (step instanceof ScheduleStep.Store store) {
                assertEquals(stored, store.low());
                stored = store.high();
                checkHeld(made, rings, store.stage().output, store.low(), store.high());
            }
        }
        assertEquals(ROWS, stored);
        chain.stages.forEach(stage -> assertEquals(ROWS, made.get(stage.output), stage.name));
    }

    private static void extend(Map<MapNode, Integer> made, MapNode map, ScheduleStep step) {
        assertEquals(made.getOrDefault(map, 0), step.low(), map.name);
        made.put(map, step.high());
    }

    private static void checkHeld(
            Map<MapNode, Integer> made, Map<MapNode, Ring> rings, MapNode map, int low, int high) {
        assertTrue(high <= made.getOrDefault(map, 0), () -> map.name + ": row " + high + " is not there");
        assertTrue(made.get(map) - low <= 4 * rings.get(map).groups(), () -> map.name + ": row " + low + " is gone");
    }

    @Test
    void rings_shrink_with_the_bands() {
        Schedule narrow = schedule(1, false);
        Schedule wide = schedule(16, false);
        MapNode between = chain.stages.get(0).output;
        int narrowGroups = narrow.rings(narrow.steps()).get(between).groups();
        int wideGroups = wide.rings(wide.steps()).get(between).groups();
        assertTrue(narrowGroups < wideGroups, narrowGroups + " and " + wideGroups);
    }

    @Test
    void what_stays_on_chip_has_no_ring_of_the_segment() {
        chain.liveness.keepUpTo(chain.input.words());
        Schedule first = new Schedule(chain.stages, chain.liveness, 0, 2, 4, false);
        Map<MapNode, Ring> rings = first.rings(first.steps());
        assertTrue(rings.containsKey(chain.stages.get(0).output));
        assertTrue(!rings.containsKey(chain.stages.get(1).output));
    }
}
