// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.source;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Files in the order in which they appeared, each until it is whole. Java is not told when a writer closes a file, so a
 * file counts as whole when nobody has written to it for two seconds, or when two looks at it, 100 ms apart, are the
 * same. One that is still written to does not hold up those behind it.
 */
final class Arrivals {
    static final int MOST = 10_000;

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Map<Path, Look> waiting = new LinkedHashMap<>();
    private final TakenFiles taken;
    private long nextLookNanos;

    /** A look at a file; no stamp where there was none yet. */
    private record Look(@Nullable FileStamp stamp, long nanos) {}

    /** A file that is whole. */
    record Arrival(Path file, FileStamp stamp) {}

    /** Those taken before are left out. */
    Arrivals(TakenFiles taken) {
        this.taken = taken;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    int room() {
        return MOST - waiting.size();
    }

    boolean contains(Path file) {
        return waiting.containsKey(file);
    }

    void add(Path file) {
        waiting.putIfAbsent(file, new Look(null, 0));
    }

    /** Nanoseconds until another file may be whole. */
    long nextLookNanos() {
        return nextLookNanos;
    }

    /** The first that is whole; null where there is none now. */
    @Nullable
    Arrival take(long nowNanos) {
        nextLookNanos = Long.MAX_VALUE;
        for (Iterator<Map.Entry<Path, Look>> files = waiting.entrySet().iterator(); files.hasNext(); ) {
            Map.Entry<Path, Look> entry = files.next();
            Look before = entry.getValue();
            long wait = before.stamp == null ? 0 : before.nanos + LOOK_NANOS - nowNanos;
            if (wait > 0) {
                nextLookNanos = Math.min(nextLookNanos, wait);
                continue;
            }
            FileStamp stamp = look(entry.getKey());
            if (stamp == null) {
                files.remove();
            } else if (stamp.isOld() || stamp.equals(before.stamp)) {
                files.remove();
                return new Arrival(entry.getKey(), stamp);
            } else {
                entry.setValue(new Look(stamp, nowNanos));
                nextLookNanos = Math.min(nextLookNanos, LOOK_NANOS);
            }
        }
        return null;
    }

    /** Null for what is not to be taken. What cannot be looked at is left to the next listing. */
    private @Nullable FileStamp look(Path file) {
        try {
            FileStamp stamp = FileStamp.of(file);
            return stamp == null || taken.contains(stamp.identity(file)) ? null : stamp;
        } catch (IOException unreadable) {
            return null;
        }
    }
}
