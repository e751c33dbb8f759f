// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.source;

import java.util.function.DoubleSupplier;

/** How long to wait before another attempt: twice as long each time, up to a limit, with jitter. */
final class Backoff {
    private final long firstNanos;
    private final long mostNanos;
    private final DoubleSupplier random;
    private long nanos;

    /**
     * Begins with the first delay.
     *
     * @param random gives 0 to 1
     */
    Backoff(long firstNanos, long mostNanos, DoubleSupplier random) {
        this.firstNanos = firstNanos;
        this.mostNanos = mostNanos;
        this.random = random;
        this.nanos = firstNanos;
    }

    /** Half to all of the delay. */
    long nextNanos() {
        long delay = nanos;
        nanos = Math.min(mostNanos, 2 * nanos);
        return (long) (delay * (0.5 + random.getAsDouble() / 2));
    }

    void reset() {
        nanos = firstNanos;
    }
}
