// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/** Warnings of one kind, at most one a minute: what strangers send must not fill the log. Thread-safe. */
final class Seldom {
    private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private long last = System.nanoTime() - PAUSE_NANOS;
    private long silent;

    synchronized void warn(Logger log, String sentence) {
        long now = System.nanoTime();
        if (now - last < PAUSE_NANOS) {
            silent++;
            return;
        }
        log.warn("{}{}", sentence, silent == 0 ? "" : " (and " + silent + " more in the minutes before)");
        last = now;
        silent = 0;
    }
}
