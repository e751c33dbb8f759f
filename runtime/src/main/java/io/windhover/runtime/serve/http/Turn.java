// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.http;

import java.time.Duration;

/** The time that a thread spends on one request: with the node's work, or waiting for the client, which has a limit. */
final class Turn {
    private final Thread thread = Thread.currentThread();
    private long since;
    private long limit;
    private boolean waits;

    /** From here on the thread reads what the client sends, or writes what it takes. */
    synchronized void awaitClient(Duration longest) {
        waits = true;
        since = System.nanoTime();
        limit = longest.toNanos();
    }

    /** From here on the client is not waited for. */
    synchronized void work() {
        waits = false;
    }

    /** Ends a wait that is over its limit, or over the one given: interrupting the thread closes the connection. */
    synchronized boolean cut(Duration otherLimit) {
        if (!waits || System.nanoTime() - since <= Math.min(limit, otherLimit.toNanos())) {
            return false;
        }
        waits = false;
        thread.interrupt();
        return true;
    }

    synchronized void end() {
        waits = false;
        Thread.interrupted();
    }
}
