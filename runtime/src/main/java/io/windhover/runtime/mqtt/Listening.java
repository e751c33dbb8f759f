// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** Which of its subscriptions a node wants now, and which the broker has. Thread-safe. */
final class Listening {
    private final List<Subscription> all;
    private final Set<String> wanted;
    /** Of this connection. */
    private final Set<String> joined = new HashSet<>();
    /** The broker may send for them, in this connection or from its session. */
    private final Set<String> held = new HashSet<>();

    private volatile boolean changed;
    private boolean connected;
    private boolean ended;

    Listening(List<Subscription> all) {
        this.all = all;
        this.wanted = all.stream().map(Subscription::filter).collect(Collectors.toCollection(HashSet::new));
    }

    /** Whether {@link #surplus} and {@link #missing} may say something new; asking forgets it. */
    boolean hasChanged() {
        if (!changed) {
            return false;
        }
        changed = false;
        return true;
    }

    /** A connection begins; the broker may know every filter from the one before. */
    synchronized void begin() {
        connected = true;
        changed = true;
        joined.clear();
        all.forEach(subscription -> held.add(subscription.filter()));
    }

    synchronized void end() {
        connected = false;
        notifyAll();
    }

    synchronized void want(String filter) {
        if (!ended) {
            wanted.add(filter);
            changed = true;
        }
    }

    /** Wants it no more; returns when the broker sends no more for it, there is no connection, or the time is over. */
    synchronized void leave(String filter, long timeoutNanos) throws InterruptedException {
        wanted.remove(filter);
        changed = true;
        await(() -> !held.contains(filter), timeoutNanos);
    }

    /** Wants nothing any more, but for filters that the broker is to keep messages of. */
    synchronized void stop(Set<String> keep) {
        ended = true;
        changed = true;
        wanted.retainAll(keep);
    }

    /** Wants nothing any more; returns as {@link #leave} does. */
    synchronized void stop(long timeoutNanos) throws InterruptedException {
        stop(Set.of());
        await(held::isEmpty, timeoutNanos);
    }

    private void await(BooleanSupplier left, long timeoutNanos) throws InterruptedException {
        long end = System.nanoTime() + timeoutNanos;
        long more = timeoutNanos;
        while (connected && !left.getAsBoolean() && more > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, more);
            more = end - System.nanoTime();
        }
    }

    /** Filters to unsubscribe. */
    synchronized List<String> surplus() {
        return held.stream().filter(filter -> !wanted.contains(filter)).toList();
    }

    synchronized void left(List<String> filters) {
        filters.forEach(held::remove);
        filters.forEach(joined::remove);
        notifyAll();
    }

    /** What to subscribe. */
    synchronized List<Subscription> missing() {
        return all.stream()
                .filter(subscription ->
                        wanted.contains(subscription.filter()) && !joined.contains(subscription.filter()))
                .toList();
    }

    synchronized void joined(List<Subscription> subscriptions) {
        subscriptions.forEach(subscription -> {
            joined.add(subscription.filter());
            held.add(subscription.filter());
        });
    }
}
