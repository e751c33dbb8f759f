// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve;

import io.windhover.runtime.serve.configuration.StreamConfiguration;
import io.windhover.runtime.source.SourceFrame;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Frames that wait for the device, a lane for each stream. The highest priority goes first; lanes of one priority share
 * the inference thread's time evenly: the one that used least of it goes first (start-time fair queueing). A lane that
 * was empty does not catch up on what it did not ask for. Thread-safe.
 */
final class Dispatcher {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Lane> lanes = new ArrayList<>();
    /** By priority, the time used by the lane that went last, before it went: how far that priority's lanes are. */
    private final long[] reachedNanos = new long[StreamConfiguration.HIGHEST_PRIORITY + 1];

    private boolean woken;

    /**
     * A frame that waits, or is run.
     *
     * @param arrivedNanos when the source had it ready
     */
    record Ticket(StreamRunner stream, SourceFrame frame, long arrivedNanos) {}

    /** One stream's frames. */
    final class Lane {
        private final int priority;
        private final int capacity;
        private final boolean newest;
        private final Deque<Ticket> waiting = new ArrayDeque<>();
        private long spentNanos;
        /** Of its last frame, and as long as nothing better is known, of one that is handed out. */
        private long frameNanos;

        private boolean closed;

        private Lane(int priority, int capacity, boolean newest) {
            this.priority = priority;
            this.capacity = capacity;
            this.newest = newest;
        }

        /**
         * Puts a frame in: in a full lane in place of the oldest one where only the newest counts, else it waits for
         * room.
         *
         * @return the frame that was left out: an older one, this one where the lane is closed, or null
         */
        @Nullable
        Ticket put(Ticket ticket) throws InterruptedException {
            lock.lockInterruptibly();
            try {
                while (!closed && !newest && waiting.size() >= capacity) {
                    changed.await();
                }
                if (closed) {
                    return ticket;
                }
                if (waiting.isEmpty()) {
                    spentNanos = Math.max(spentNanos, reachedNanos[priority]);
                }
                Ticket left = waiting.size() >= capacity ? waiting.remove() : null;
                waiting.add(ticket);
                changed.signalAll();
                return left;
            } finally {
                lock.unlock();
            }
        }

        /** How long one of this lane's frames kept the inference thread. */
        void spent(long nanos) {
            lock.lock();
            try {
                spentNanos += nanos - frameNanos;
                frameNanos = nanos;
            } finally {
                lock.unlock();
            }
        }

        /** Takes no further frame; those that wait are still handed out. */
        void close() {
            lock.lock();
            try {
                closed = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * A new lane.
     *
     * @param capacity frames that wait at most
     * @param newest whether a newer frame takes the place of the oldest one
     */
    Lane lane(int priority, int capacity, boolean newest) {
        Lane lane = new Lane(priority, capacity, newest);
        lock.lock();
        try {
            lanes.add(lane);
        } finally {
            lock.unlock();
        }
        return lane;
    }

    /** The next frame; null when none came in time, or {@link #wake} was called. */
    @Nullable
    Ticket take(long timeoutNanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = timeoutNanos;
            Lane next = next();
            while (next == null && left > 0 && !woken) {
                left = changed.awaitNanos(left);
                next = next();
            }
            woken = false;
            if (next == null) {
                return null;
            }
            reachedNanos[next.priority] = Math.max(reachedNanos[next.priority], next.spentNanos);
            next.spentNanos += next.frameNanos;
            Ticket ticket = next.waiting.remove();
            changed.signalAll();
            return ticket;
        } finally {
            lock.unlock();
        }
    }

    /** A frame of a closed lane; null where there is none. */
    @Nullable
    Ticket takeLeftover() {
        lock.lock();
        try {
            for (Lane lane : lanes) {
                if (lane.closed && !lane.waiting.isEmpty()) {
                    return lane.waiting.remove();
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Called while frames are in flight, so it allocates nothing, not even an iterator. */
    private @Nullable Lane next() {
        lanes.removeIf(lane -> lane.closed && lane.waiting.isEmpty());
        Lane best = null;
        for (int i = 0; i < lanes.size(); i++) {
            Lane lane = lanes.get(i);
            if (!lane.waiting.isEmpty() && (best == null || isBefore(lane, best))) {
                best = lane;
            }
        }
        return best;
    }

    private static boolean isBefore(Lane lane, Lane other) {
        return lane.priority != other.priority ? lane.priority > other.priority : lane.spentNanos < other.spentNanos;
    }

    /** Ends a waiting {@link #take}. */
    void wake() {
        lock.lock();
        try {
            woken = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
