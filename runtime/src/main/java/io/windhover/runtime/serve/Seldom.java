// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/**
 * Warnings of one kind, at most five different ones a minute: what strangers send must not fill the log. Thread-safe.
 */
final class Seldom {
    private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final int MOST = 5;

    private final Set<String> said = new HashSet<>();
    private long begun = System.nanoTime();
    private long silent;

    synchronized void warn(Logger log, String sentence) {
        long now = System.nanoTime();
        if (now - begun >= PAUSE_NANOS) {
            begun = now;
            said.clear();
        }
        if (said.size() == MOST || !said.add(sentence)) {
            silent++;
            return;
        }
        log.warn(
                "{}{}{}",
                sentence,
                silent == 0 ? "" : " (and " + silent + " more since the last such line)",
                said.size() == MOST ? " More of this minute are only counted." : "");
        silent = 0;
    }
}
