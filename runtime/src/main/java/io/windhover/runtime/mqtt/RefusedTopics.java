// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Topics on which the broker does not take what we send. Each is said once an hour. Some brokers end the connection at
 * a refusal (mosquitto does with {@code max_queued_messages 0}); nothing is sent there for a while then. Strangers
 * choose topics for answers, so their number is bounded; those beyond are not said, nor avoided. Thread-safe.
 */
final class RefusedTopics {
    static final int MOST = 100;
    static final long PAUSE_NANOS = TimeUnit.HOURS.toNanos(1);

    static final long AVOIDED_NANOS = TimeUnit.MINUTES.toNanos(10);
    /** A connection that ends so soon after a refusal ends because of that. */
    static final long SOON_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Map<String, Long> saidNanos = new HashMap<>();
    private final Map<String, Avoided> avoided = new HashMap<>();
    private @Nullable String refused;
    private long refusedNanos;

    /** The broker refused a message there. */
    synchronized void refuse(String topic, long nowNanos) {
        refused = topic;
        refusedNanos = nowNanos;
    }

    /** Messages of so many bytes and more. */
    private record Avoided(long sinceNanos, int bytes) {
        boolean isOver(long nowNanos) {
            return nowNanos - sinceNanos >= AVOIDED_NANOS;
        }
    }

    /** The connection was lost; true where that is for a refusal, whose topic is avoided from now on. */
    synchronized boolean lose(long nowNanos) {
        String topic = refused;
        refused = null;
        return topic != null && nowNanos - refusedNanos < SOON_NANOS && avoid(topic, 0, nowNanos);
    }

    /** Avoids messages of so many bytes and more on a topic from now on; false where there are too many topics. */
    synchronized boolean avoid(String topic, int bytes, long nowNanos) {
        avoided.values().removeIf(entry -> entry.isOver(nowNanos));
        if (avoided.size() >= MOST) {
            return false;
        }
        avoided.put(topic, new Avoided(nowNanos, bytes));
        return true;
    }

    /** True where a message of so many bytes is not to be sent now. */
    synchronized boolean isAvoided(String topic, int bytes, long nowNanos) {
        Avoided entry = avoided.get(topic);
        return entry != null && bytes >= entry.bytes && !entry.isOver(nowNanos);
    }

    /** True where it is to be said now. */
    synchronized boolean isDue(String topic, long nowNanos) {
        saidNanos.values().removeIf(said -> nowNanos - said >= PAUSE_NANOS);
        return saidNanos.size() < MOST && saidNanos.putIfAbsent(topic, nowNanos) == null;
    }
}
