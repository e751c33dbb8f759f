// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.runtime.compiler.stage.MapNode;
import org.junit.jupiter.api.Test;

class LivenessTest {
    private final Chain chain = new Chain(4, 16, 8, 1);
    private final Liveness liveness = chain.liveness;

    private MapNode made(int stage) {
        return chain.stages.get(stage).output;
    }

    @Test
    void a_map_lives_from_the_stage_that_makes_it_to_the_last_that_reads_it() {
        assertEquals(new Liveness.Span(1, 1, 2), liveness.span(made(1)));
        assertEquals(new Liveness.Span(3, 3, 3), liveness.span(made(3)));
        assertFalse(liveness.isProduced(chain.input));
    }

    @Test
    void a_map_leaves_a_segment_that_ends_before_its_reader_and_an_output_always_does() {
        assertTrue(liveness.leaves(made(1), 2));
        assertFalse(liveness.leaves(made(1), 3));
        assertTrue(liveness.leaves(made(3), 4));
    }

    @Test
    void small_maps_stay_on_chip_between_segments() {
        liveness.keepUpTo(made(0).words());
        assertTrue(liveness.isResident(made(1), 0, 2));
        assertFalse(liveness.isResident(made(1), 0, 4), "its whole life is within the segment");
        liveness.keepUpTo(made(0).words() - 1);
        assertFalse(liveness.isResident(made(1), 0, 2));
    }

    @Test
    void resident_words_are_those_of_maps_that_are_live() {
        liveness.keepUpTo(made(0).words());
        assertEquals(2 * made(0).words(), liveness.residentWords(1, 2));
        assertEquals(made(0).words(), liveness.residentWords(0, 1));
    }

    /** The first of several of one size, so that the same network gives the same program in every process. */
    @Test
    void of_maps_of_one_size_the_first_is_sent_through_memory() {
        liveness.keepUpTo(made(0).words());
        assertTrue(liveness.evictLargest(1));
        assertFalse(liveness.isResident(made(0), 0, 1));
        assertTrue(liveness.isResident(made(1), 0, 2));
        assertTrue(liveness.evictLargest(1));
        assertFalse(liveness.evictLargest(1), "nothing that is live at this stage is left");
    }

    @Test
    void a_dump_is_stored_only_while_it_is_wanted() {
        chain.memory.keep(made(1), 1);
        assertFalse(liveness.isStored(made(1)));
        chain.memory.dump(true);
        assertTrue(liveness.isStored(made(1)));
        chain.memory.dump(false);
        assertFalse(liveness.isStored(made(1)));
    }
}
