// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Topics on which the broker does not take what we send. Each is said once an hour. Strangers choose topics for
 * answers, so their number is bounded; those beyond are not said. Thread-safe.
 */
final class RefusedTopics {
    static final int MOST = 100;
    static final long PAUSE_NANOS = TimeUnit.HOURS.toNanos(1);

    private final Map<String, Long> saidNanos = new HashMap<>();

    /** True where it is to be said now. */
    synchronized boolean isDue(String topic, long nowNanos) {
        saidNanos.values().removeIf(said -> nowNanos - said >= PAUSE_NANOS);
        return saidNanos.size() < MOST && saidNanos.putIfAbsent(topic, nowNanos) == null;
    }
}
