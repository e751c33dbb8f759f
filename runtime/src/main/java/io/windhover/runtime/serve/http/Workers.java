// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.http;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Threads for requests, a bounded number. The JDK's server has a thread read a request's head before anybody knows what
 * is asked for, so a health check needs a free thread whatever else goes on: clients that keep a thread waiting are cut
 * off after a few seconds, and after a fraction of one while other requests wait for a thread.
 */
final class Workers implements Executor, AutoCloseable {
    static final Duration LONGEST_HEAD = Duration.ofSeconds(5);

    private static final int MOST_THREADS = 96;
    private static final int MOST_WAITING = 512;
    private static final Duration PRESSED = Duration.ofMillis(250);
    private static final Duration UNPRESSED = Duration.ofDays(1);
    private static final long SWEEP_MS = 100;
    private static final long THREAD_IDLE_S = 10;
    private static final long CLOSE_MS = 1000;
    private static final ThreadLocal<@Nullable Turn> TURN = new ThreadLocal<>();

    private final Runnable refused;
    private final ThreadPoolExecutor threads;
    private final Thread watch;
    private final BlockingQueue<Runnable> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Set<Turn> turns = ConcurrentHashMap.newKeySet();

    /** The hook is run for each client that is cut off or finds no place. */
    Workers(Runnable refused) {
        this.refused = refused;
        threads = new ThreadPoolExecutor(
                0,
                MOST_THREADS,
                THREAD_IDLE_S,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                task -> daemon(task, "http"));
        watch = daemon(this::watch, "http-watch");
        watch.start();
    }

    static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Of the request that this thread serves. */
    static Turn turn() {
        return Objects.requireNonNull(TURN.get(), "not a worker");
    }

    /** Throws where too many wait already; the server then closes the connection. */
    @Override
    public void execute(Runnable task) {
        try {
            threads.execute(() -> serve(task));
        } catch (RejectedExecutionException allBusy) {
            if (threads.isShutdown() || !waiting.offer(task)) {
                refused.run();
                throw allBusy;
            }
        }
    }

    private void serve(Runnable first) {
        for (Runnable task = first; task != null; task = waiting.poll()) {
            Turn turn = new Turn();
            turns.add(turn);
            TURN.set(turn);
            try {
                turn.awaitClient(LONGEST_HEAD);
                task.run();
            } finally {
                TURN.remove();
                turns.remove(turn);
                turn.end();
            }
        }
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(SWEEP_MS);
                sweep();
            }
        } catch (InterruptedException closed) {
            // nothing is left to watch
        }
    }

    private void sweep() {
        Duration limit = waiting.isEmpty() ? UNPRESSED : PRESSED;
        for (Turn turn : turns) {
            if (turn.cut(limit)) {
                refused.run();
            }
        }
        if (threads.getActiveCount() < MOST_THREADS) {
            Runnable overlooked = waiting.poll();
            if (overlooked != null) {
                execute(overlooked);
            }
        }
    }

    @Override
    public void close() {
        watch.interrupt();
        threads.shutdownNow();
        waiting.clear();
        try {
            threads.awaitTermination(CLOSE_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
