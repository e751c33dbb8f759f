// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.queue;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The clocks by which entries grow old. */
public interface QueueClock {
    /** Never steps back or jumps while the process runs. */
    long elapsedMillis();

    /** UTC, since 1970. */
    long wallMillis();

    /** Whether the wall clock has been set from outside since the machine started. */
    boolean isSynchronised();

    static QueueClock system(BooleanSupplier synchronised) {
        return new QueueClock() {
            @Override
            public long elapsedMillis() {
                return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
            }

            @Override
            public long wallMillis() {
                return System.currentTimeMillis();
            }

            @Override
            public boolean isSynchronised() {
                return synchronised.getAsBoolean();
            }
        };
    }
}
