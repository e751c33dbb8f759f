// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private double random;
    private final Backoff backoff = new Backoff(500, 30_000, () -> random);

    private long[] delays(int count) {
        return LongStream.generate(backoff::nextNanos).limit(count).toArray();
    }

    @Test
    void delays_double_up_to_the_limit_and_begin_again() {
        random = 1;
        assertEquals(31_500, LongStream.of(delays(6)).sum());
        assertEquals(90_000, LongStream.of(delays(3)).sum());
        backoff.reset();
        assertEquals(500, delays(1)[0]);
    }

    @Test
    void jitter_halves_at_most() {
        random = 0;
        assertEquals(250, delays(1)[0]);
        random = 0.5;
        assertEquals(750, delays(1)[0]);
    }
}
