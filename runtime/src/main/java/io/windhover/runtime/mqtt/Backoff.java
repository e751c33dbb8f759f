// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt to connect: doubling from half a second to a limit, with full jitter so that
 * many nodes do not come back at the same moment. Losses soon after connecting count as failures.
 */
final class Backoff {
    private static final long FIRST_MILLIS = 500;
    /** A connection lost sooner was lost at once. */
    static final long QUICK_NANOS = Duration.ofSeconds(5).toNanos();

    private static final int SUSPICIOUS_LOSSES = 3;

    private final long longestMillis;
    private final RandomGenerator random;
    private int failures;
    private int quickLosses;

    Backoff(Duration longest, RandomGenerator random) {
        this.longestMillis = Math.max(1, longest.toMillis());
        this.random = random;
    }

    /** Wait after a failed attempt. */
    long afterFailureMillis() {
        long ceiling = Math.min(longestMillis, FIRST_MILLIS << Math.min(failures, 10));
        failures++;
        return ceiling / 2 + random.nextLong(ceiling / 2 + 1);
    }

    /** Wait after a refusal, of our credentials or of what we need: it will not get better soon. */
    long afterRefusalMillis() {
        failures = 10;
        return longestMillis;
    }

    /** Wait after losing a connection that lasted this long. */
    long afterLossMillis(long connectedNanos) {
        if (connectedNanos > QUICK_NANOS) {
            failures = 0;
            quickLosses = 0;
            return afterFailureMillis();
        }
        quickLosses++;
        return quickLosses >= SUSPICIOUS_LOSSES ? longestMillis : afterFailureMillis();
    }

    /** Wait after losing a connection for a reason that is known and mended. */
    long afterExplainedLossMillis() {
        failures = 0;
        quickLosses = 0;
        return random.nextLong(Math.min(longestMillis, FIRST_MILLIS));
    }

    /** True once several connections in a row were lost at once, as happens when two clients share an id. */
    boolean suspectsSharedClientId() {
        return quickLosses >= SUSPICIOUS_LOSSES;
    }
}
