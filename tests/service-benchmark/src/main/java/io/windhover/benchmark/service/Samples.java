// SPDX-License-Identifier: Apache-2.0
package io.windhover.benchmark.service;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Measured times, in nanoseconds. Thread-safe. */
final class Samples {
    private final List<Long> nanos = Collections.synchronizedList(new ArrayList<>());

    void add(long sample) {
        nanos.add(sample);
    }

    int count() {
        return nanos.size();
    }

    void clear() {
        nanos.clear();
    }

    /** The least sample that so many hundredths of all do not exceed, in milliseconds. */
    double percentileMillis(double percent) {
        List<Long> sorted;
        synchronized (nanos) {
            sorted = new ArrayList<>(nanos);
        }
        if (sorted.isEmpty()) {
            throw new IllegalStateException("nothing was measured");
        }
        Collections.sort(sorted);
        int rank = (int) Math.ceil(percent / 100 * sorted.size());
        return sorted.get(Math.max(1, rank) - 1) / 1e6;
    }
}
