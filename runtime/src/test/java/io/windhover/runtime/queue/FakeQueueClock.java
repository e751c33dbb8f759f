// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.queue;

import java.time.Duration;

/** Stands still until told otherwise. */
final class FakeQueueClock implements QueueClock {
    long elapsed = 1_000_000;
    long wall = 1_700_000_000_000L;
    boolean synchronised = true;

    void pass(Duration time) {
        elapsed += time.toMillis();
        wall += time.toMillis();
    }

    @Override
    public long elapsedMillis() {
        return elapsed;
    }

    @Override
    public long wallMillis() {
        return wall;
    }

    @Override
    public boolean isSynchronised() {
        return synchronised;
    }
}
