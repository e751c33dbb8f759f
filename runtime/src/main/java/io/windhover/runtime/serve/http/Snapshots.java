// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.http;

import io.windhover.runtime.serve.configuration.HttpConfiguration;
import io.windhover.runtime.serve.monitor.NodeView;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The node's state, asked for by one thread a few times a second at most, however many clients want it. */
final class Snapshots implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);
    private static final long FRESH_NS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long LONGEST_WAIT_NS = TimeUnit.SECONDS.toNanos(2);

    private final HttpConfiguration http;
    private final NodeView view;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(task -> Workers.daemon(task, "http-state"));
    private @Nullable Future<Snapshot> newest;
    private long askedAt;
    private boolean failed;

    Snapshots(HttpConfiguration http, NodeView view) {
        this.http = http;
        this.view = view;
    }

    /** At most a fifth of a second old; a refusal where the node does not say how it is. */
    Snapshot get() throws Refusal, InterruptedException {
        try {
            Snapshot snapshot = ask().get(patience(), TimeUnit.NANOSECONDS);
            noteSuccess();
            return snapshot;
        } catch (TimeoutException hangs) {
            throw new Refusal(Refusal.UNAVAILABLE, "the service does not say how it is");
        } catch (ExecutionException broken) {
            noteFailure(broken);
            throw new Refusal(Refusal.UNAVAILABLE, "the service cannot say how it is; its log has more");
        }
    }

    private synchronized Future<Snapshot> ask() {
        long now = System.nanoTime();
        if (newest == null || (newest.isDone() && now - askedAt > FRESH_NS)) {
            askedAt = now;
            newest = thread.submit(() -> Snapshot.of(view.state(), view.isAlive(), http));
        }
        return newest;
    }

    /** Nothing where the node has been asked for long, so that those who ask do not pile up. */
    private synchronized long patience() {
        return Math.max(0, LONGEST_WAIT_NS - (System.nanoTime() - askedAt));
    }

    /** Something was changed: the next one asked for is a new one. */
    synchronized void forget() {
        newest = null;
    }

    private synchronized void noteSuccess() {
        failed = false;
    }

    private synchronized void noteFailure(ExecutionException failure) {
        if (!failed) {
            LOG.warn("The state of the node cannot be shown", failure.getCause());
        }
        failed = true;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
