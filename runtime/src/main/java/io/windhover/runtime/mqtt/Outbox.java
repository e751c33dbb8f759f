// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Messages on their way: waiting, or sent and not yet acknowledged. Those in memory are bounded in number and bytes
 * over both; when full, the oldest waiting one is dropped and counted. A retained message replaces a waiting one of its
 * topic. Messages of the spool follow when none in memory waits. Thread-safe.
 */
final class Outbox {
    /** Of the spool's messages that are sent and not yet acknowledged. */
    private static final long MOST_STORED_BYTES = 4L << 20;

    private final int messageLimit;
    private final long byteLimit;
    private final @Nullable Spool spool;
    private final ReentrantLock lock = new ReentrantLock();
    /** There may be something to {@link #take}. */
    private final Condition more = lock.newCondition();
    /** {@link #size} may have become less. */
    private final Condition fewer = lock.newCondition();

    private final Deque<OutgoingMessage> waiting = new ArrayDeque<>();
    private final Map<Long, Sending> sent = new LinkedHashMap<>();
    private boolean spoolOpen = true;
    private long bytes;
    private long storedBytes;
    private long nextTicket;
    private long dropped;
    private long acknowledged;

    /**
     * A message handed out for sending; the ticket settles it.
     *
     * @param stored where it came from the spool
     */
    record Sending(long ticket, OutgoingMessage message, Spool.@Nullable Stored stored) {}

    Outbox(int messageLimit, long byteLimit) {
        this(messageLimit, byteLimit, null);
    }

    Outbox(int messageLimit, long byteLimit, @Nullable SpoolSettings spool) {
        this.messageLimit = messageLimit;
        this.byteLimit = byteLimit;
        this.spool = spool == null ? null : new Spool(spool, this::signal);
        if (this.spool != null) {
            this.spool.start();
        }
    }

    private void signal() {
        lock.lock();
        try {
            more.signalAll();
            fewer.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Adds a message that is to outlive the process, where there is a spool. */
    void addDurably(OutgoingMessage message) {
        if (spool == null) {
            add(message);
        } else {
            spool.add(message);
        }
    }

    void add(OutgoingMessage message) {
        lock.lock();
        try {
            if (message.retained()) {
                replaceWaiting(message.topic());
            }
            waiting.addLast(message);
            bytes += message.payload().length;
            while (waiting.size() > 1 && (waiting.size() + sent.size() > messageLimit || bytes > byteLimit)) {
                OutgoingMessage oldest = waiting.removeFirst();
                bytes -= oldest.payload().length;
                dropped++;
                oldest.lose();
            }
            more.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Puts messages before everything that waits; a retained one is left out when a newer one of its topic waits. */
    void addFirst(List<OutgoingMessage> messages) {
        lock.lock();
        try {
            for (int i = messages.size() - 1; i >= 0; i--) {
                OutgoingMessage message = messages.get(i);
                if (waiting.stream()
                        .noneMatch(later -> later.retained() && later.topic().equals(message.topic()))) {
                    waiting.addFirst(message);
                    bytes += message.payload().length;
                }
            }
            more.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void replaceWaiting(String topic) {
        waiting.removeIf(old -> {
            boolean same = old.retained() && old.topic().equals(topic);
            bytes -= same ? old.payload().length : 0;
            return same;
        });
    }

    /** The next message to send, or null when none came in time. */
    @Nullable
    Sending take(long timeoutNanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = timeoutNanos;
            Sending next = next();
            while (next == null && left > 0) {
                long pause = spool == null ? 0 : spool.pauseNanos();
                long wait = pause > 0 ? Math.min(pause, left) : left;
                left -= wait - more.awaitNanos(wait);
                next = next();
            }
            if (next != null) {
                sent.put(next.ticket(), next);
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Sending next() {
        OutgoingMessage message = waiting.pollFirst();
        if (message != null) {
            return new Sending(nextTicket++, message, null);
        }
        if (spool == null || !spoolOpen || storedBytes >= MOST_STORED_BYTES) {
            return null;
        }
        Spool.Stored stored = spool.poll();
        if (stored == null) {
            return null;
        }
        storedBytes += stored.body().length;
        return new Sending(nextTicket++, SpoolFormat.decode(stored.body()), stored);
    }

    /** The broker will never take it. */
    void drop(long ticket) {
        lock.lock();
        try {
            Sending sending = settle(ticket);
            if (sending != null) {
                dropped++;
                sending.message().settle();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The largest that is sent and not yet acknowledged; null when there is none. */
    @Nullable
    Sending largestSent() {
        lock.lock();
        try {
            return sent.values().stream()
                    .filter(sending -> sending.message().qos() > 0)
                    .max(Comparator.comparingInt(sending -> sending.message().payload().length))
                    .orElse(null);
        } finally {
            lock.unlock();
        }
    }

    /** The broker has it. */
    void acknowledge(long ticket) {
        lock.lock();
        try {
            Sending sending = settle(ticket);
            if (sending != null) {
                acknowledged++;
                sending.message().delivered().run();
                sending.message().settle();
            }
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Sending settle(long ticket) {
        Sending sending = sent.remove(ticket);
        if (sending != null) {
            Spool.Stored stored = sending.stored();
            if (spool != null && stored != null) {
                boolean wasFull = storedBytes >= MOST_STORED_BYTES;
                storedBytes -= stored.body().length;
                spool.settle(stored);
                if (wasFull) {
                    more.signalAll();
                }
            } else {
                bytes -= sending.message().payload().length;
            }
            fewer.signalAll();
        }
        return sending;
    }

    /** A new connection begins: what waited on disk is sent no faster than its settings say. */
    void replay() {
        if (spool != null) {
            spool.replay();
        }
    }

    /**
     * The connection is gone: what was not acknowledged waits again, in its old order, before everything newer. What
     * was to be sent at most once is dropped and counted.
     */
    void takeBack() {
        lock.lock();
        try {
            List<OutgoingMessage> unsettled = new ArrayList<>();
            for (Sending sending : sent.values()) {
                if (sending.stored() == null && sending.message().qos() == 0) {
                    bytes -= sending.message().payload().length;
                    dropped++;
                } else if (sending.stored() == null) {
                    unsettled.add(sending.message());
                }
            }
            sent.clear();
            storedBytes = 0;
            for (int i = unsettled.size() - 1; i >= 0; i--) {
                waiting.addFirst(unsettled.get(i));
            }
            if (spool != null) {
                spool.rewind();
            }
            more.signalAll();
            fewer.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until everything is acknowledged, the spool's messages included; false when that took too long. */
    boolean awaitEmpty(long timeoutNanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = timeoutNanos;
            while (size() > 0) {
                if (left <= 0) {
                    return false;
                }
                left = fewer.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Messages that were acknowledged or given up. */
    long settled() {
        lock.lock();
        try {
            return acknowledged
                    + dropped
                    + (spool == null ? 0 : spool.statistics().lost());
        } finally {
            lock.unlock();
        }
    }

    /** From now on the spool's messages stay on disk; neither {@link #size} nor {@link #awaitEmpty} count them. */
    void leaveSpool() {
        lock.lock();
        try {
            spoolOpen = false;
            fewer.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Messages not acknowledged. */
    long size() {
        lock.lock();
        try {
            if (spool == null || !spoolOpen) {
                return (long) waiting.size() + sent.size();
            }
            long stored = sent.values().stream()
                    .filter(sending -> sending.stored() != null)
                    .count();
            return waiting.size() + sent.size() - stored + spool.statistics().waiting();
        } finally {
            lock.unlock();
        }
    }

    /** What the spool holds; null without one. */
    Spool.@Nullable Statistics stored() {
        return spool == null ? null : spool.statistics();
    }

    /** How long the oldest of the spool's messages has waited; 0 without one. May read from the disk. */
    long oldestStoredMillis() {
        return spool == null ? 0 : spool.oldestAgeMillis();
    }

    /** What was not acknowledged is lost; the spool's files are left for the next process. */
    void close() {
        lock.lock();
        try {
            sent.values().forEach(sending -> sending.message().lose());
            waiting.forEach(OutgoingMessage::lose);
        } finally {
            lock.unlock();
        }
        if (spool != null) {
            spool.close();
        }
    }

    long dropped() {
        lock.lock();
        try {
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    long acknowledged() {
        lock.lock();
        try {
            return acknowledged;
        } finally {
            lock.unlock();
        }
    }
}
