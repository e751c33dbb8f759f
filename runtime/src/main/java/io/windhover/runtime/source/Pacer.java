// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.source;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * When the next frame is due: on a grid that does not drift. Whoever comes later than one period begins a new grid, so
 * that no burst follows a stall.
 */
final class Pacer {
    private final long periodNanos;
    private final LongSupplier nanoTime;
    private long dueNanos;
    private boolean started;

    Pacer(double framesPerSecond, LongSupplier nanoTime) {
        this.periodNanos = Math.round(TimeUnit.SECONDS.toNanos(1) / framesPerSecond);
        this.nanoTime = nanoTime;
    }

    /** Nanoseconds until the next frame is due, 0 where it is; counts it as taken. */
    long nextNanos() {
        long now = nanoTime.getAsLong();
        dueNanos += periodNanos;
        if (!started || now - dueNanos > periodNanos) {
            dueNanos = now;
            started = true;
        }
        return Math.max(0, dueNanos - now);
    }
}
