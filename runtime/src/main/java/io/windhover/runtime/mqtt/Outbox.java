// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Messages on their way: waiting, or sent and not yet acknowledged. Bounded in number and bytes over both; when full,
 * the oldest waiting one is dropped and counted. A retained message replaces a waiting one of its topic. Thread-safe.
 */
final class Outbox {
    private final int messageLimit;
    private final long byteLimit;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<OutgoingMessage> waiting = new ArrayDeque<>();
    private final Map<Long, OutgoingMessage> sent = new LinkedHashMap<>();
    private long bytes;
    private long nextTicket;
    private long dropped;
    private long acknowledged;

    /** A message handed out for sending; the ticket settles it. */
    record Sending(long ticket, OutgoingMessage message) {}

    Outbox(int messageLimit, long byteLimit) {
        this.messageLimit = messageLimit;
        this.byteLimit = byteLimit;
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
                bytes -= waiting.removeFirst().payload().length;
                dropped++;
            }
            changed.signalAll();
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
            changed.signalAll();
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
            while (waiting.isEmpty()) {
                if (left <= 0) {
                    return null;
                }
                left = changed.awaitNanos(left);
            }
            OutgoingMessage message = waiting.removeFirst();
            long ticket = nextTicket++;
            sent.put(ticket, message);
            return new Sending(ticket, message);
        } finally {
            lock.unlock();
        }
    }

    /** The broker will never take it. */
    void drop(long ticket) {
        lock.lock();
        try {
            OutgoingMessage message = sent.remove(ticket);
            if (message != null) {
                bytes -= message.payload().length;
                dropped++;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The broker has it. */
    void acknowledge(long ticket) {
        lock.lock();
        try {
            OutgoingMessage message = sent.remove(ticket);
            if (message != null) {
                bytes -= message.payload().length;
                acknowledged++;
                message.delivered().run();
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The connection is gone: what was not acknowledged waits again, in its old order, before everything newer. */
    void takeBack() {
        lock.lock();
        try {
            List<OutgoingMessage> unsettled = new ArrayList<>(sent.values());
            sent.clear();
            for (int i = unsettled.size() - 1; i >= 0; i--) {
                waiting.addFirst(unsettled.get(i));
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until everything is acknowledged; false when that took too long. */
    boolean awaitEmpty(long timeoutNanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = timeoutNanos;
            while (!waiting.isEmpty() || !sent.isEmpty()) {
                if (left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return waiting.size() + sent.size();
        } finally {
            lock.unlock();
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
