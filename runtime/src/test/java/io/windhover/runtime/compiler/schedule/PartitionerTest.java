// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.driver.Capabilities;
import io.windhover.runtime.compiler.program.CompileException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionerTest {
    private static final Capabilities TINY = Capabilities.named("tiny");

    private static List<Segment> partition(Chain chain, int words) {
        return new Partitioner(chain.stages, chain.liveness, TINY, words, new Tilings()).partition();
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 100, 200, 512})
    void segments_cover_every_stage_once_and_fit_the_memory(int words) {
        Chain chain = new Chain(12, 40, 16, 2);
        int next = 0;
        for (Segment segment : partition(chain, words)) {
            assertEquals(next, segment.from());
            assertTrue(segment.to() > segment.from());
            next = segment.to();
            int taken = segment.rings().entrySet().stream()
                    .mapToInt(ring -> ring.getValue().words(ring.getKey()))
                    .sum();
            assertTrue(taken <= words, taken + " words of " + words);
        }
        assertEquals(chain.stages.size(), next);
    }

    @Test
    void more_memory_takes_no_more_segments_and_costs_no_more() {
        List<Segment> few = partition(new Chain(12, 40, 16, 2), 60);
        List<Segment> many = partition(new Chain(12, 40, 16, 2), 512);
        assertTrue(many.size() <= few.size());
        assertTrue(cost(many) <= cost(few), cost(many) + " and " + cost(few));
    }

    private static long cost(List<Segment> segments) {
        return segments.stream().mapToLong(Segment::cost).sum();
    }

    @Test
    void a_layer_of_which_no_band_fits_is_named() {
        Chain chain = new Chain(2, 40, 16, 2);
        CompileException refusal = assertThrows(CompileException.class, () -> partition(chain, 8));
        assertTrue(refusal.getMessage().contains("'pool 0'"), refusal.getMessage());
        assertTrue(refusal.getMessage().contains("use a smaller input"), refusal.getMessage());
    }
}
