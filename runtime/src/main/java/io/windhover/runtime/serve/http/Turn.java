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

    /**
     * Ends a wait that is over its limit, or over the one given and not for a processor: interrupting the thread closes
     * the connection.
     */
    synchronized boolean cut(Duration otherLimit) {
        long waited = System.nanoTime() - since;
        if (!waits || waited <= Math.min(limit, otherLimit.toNanos()) || (waited <= limit && !isInSystemCall())) {
            return false;
        }
        waits = false;
        thread.interrupt();
        return true;
    }

    /** Where it waits for its client. A thread of a busy machine that has no processor is elsewhere. */
    private boolean isInSystemCall() {
        StackTraceElement[] calls = thread.getStackTrace();
        return calls.length > 0 && calls[0].isNativeMethod();
    }

    synchronized void end() {
        waits = false;
        Thread.interrupted();
    }
}
