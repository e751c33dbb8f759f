// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PacerTest {
    private long now = Long.MAX_VALUE - 1_000_000_000L;
    private final Pacer pacer = new Pacer(10, () -> now);

    private void expect(long millis) {
        assertEquals(millis * 1_000_000, pacer.nextNanos());
    }

    private void pass(long millis) {
        now += millis * 1_000_000;
    }

    @Test
    void the_grid_does_not_drift_and_the_clock_may_overflow() {
        expect(0);
        for (int frame = 1; frame < 100; frame++) {
            pass(30);
            expect(70);
            pass(70 + frame % 5);
            now -= frame % 5 * 1_000_000L;
        }
    }

    @Test
    void lateness_within_a_period_is_made_up() {
        expect(0);
        pass(150);
        expect(0);
        expect(50);
    }

    @Test
    void no_burst_follows_a_stall() {
        expect(0);
        pass(60_000);
        expect(0);
        expect(100);
    }
}
