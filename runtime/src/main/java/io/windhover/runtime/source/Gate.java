// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.source;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Open until it is closed, which ends every pause at it. */
final class Gate {
    private final CountDownLatch closed = new CountDownLatch(1);

    boolean isClosed() {
        return closed.getCount() == 0;
    }

    /** Waits, at most until it is closed; whether it is still open. */
    boolean pause(long nanos) throws InterruptedException {
        return !closed.await(nanos, TimeUnit.NANOSECONDS);
    }

    void close() {
        closed.countDown();
    }
}
