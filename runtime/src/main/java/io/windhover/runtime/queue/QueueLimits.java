// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.queue;

import java.time.Duration;

/**
 * What a queue keeps at most.
 *
 * @param bytes of all files together; beyond it the oldest file is deleted
 * @param age older entries are not handed out any more
 * @param entryBytes of one entry's body
 */
public record QueueLimits(long bytes, Duration age, int entryBytes) {
    public static final QueueLimits DEFAULT = new QueueLimits(64L << 20, Duration.ofDays(7), 1 << 20);

    private static final int LEAST_SEGMENTS = 4;
    private static final int LARGEST_SEGMENT = 1 << 20;

    public QueueLimits {
        if (entryBytes < 1 || bytes < (long) LEAST_SEGMENTS * (entryBytes + SegmentFormat.RECORD_BYTES)) {
            throw new IllegalArgumentException("a queue of " + bytes + " bytes does not hold " + LEAST_SEGMENTS
                    + " entries of " + entryBytes + " bytes");
        }
        if (age.isNegative() || age.isZero()) {
            throw new IllegalArgumentException("entries of a queue are kept for " + age);
        }
    }

    /** A file that has reached this is followed by the next one. */
    int segmentBytes() {
        return (int) Math.min(LARGEST_SEGMENT, bytes / LEAST_SEGMENTS);
    }
}
