// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve;

import io.windhover.runtime.source.Printable;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/**
 * Warnings of one kind, at most five different ones a minute, each on one line of bounded length: what strangers send
 * must neither fill the log nor write lines of its own. Thread-safe.
 */
final class Seldom {
    private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final int MOST = 5;
    private static final int LONGEST = 500;

    private final Set<String> said = new HashSet<>();
    private long begun = System.nanoTime();
    private long silent;

    synchronized void warn(Logger log, String words) {
        String sentence = Printable.line(words.length() > LONGEST ? words.substring(0, LONGEST) + "..." : words);
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
