// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import io.windhover.runtime.queue.QueueClock;
import io.windhover.runtime.queue.QueueLimits;
import java.nio.file.Path;

/**
 * How messages wait on disk.
 *
 * @param folder of the queue
 * @param sync when they are forced to the disk itself
 * @param replayPerSecond messages from before the last connect that are sent in a second
 * @param memoryBytes that wait in memory at most while the disk takes none
 */
public record SpoolSettings(
        Path folder, QueueLimits limits, Sync sync, int replayPerSecond, long memoryBytes, QueueClock clock) {
    public static final int DEFAULT_REPLAY_PER_SECOND = 500;
    public static final long DEFAULT_MEMORY_BYTES = 8L << 20;

    /** When messages are forced to the disk itself, and so what a power cut costs. */
    public enum Sync {
        /** Before they count as stored: nothing. */
        EACH,
        /** Once a second: the last second. */
        SECOND,
        /** When the operating system does. */
        NEVER
    }

    /** With the system's clocks. */
    public static SpoolSettings of(Path folder, QueueLimits limits, Sync sync, int replayPerSecond) {
        return new SpoolSettings(
                folder,
                limits,
                sync,
                replayPerSecond,
                DEFAULT_MEMORY_BYTES,
                QueueClock.system(ClockState::isSynchronised));
    }
}
