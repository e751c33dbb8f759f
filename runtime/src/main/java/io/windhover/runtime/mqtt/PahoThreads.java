// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The threads of one client. Paho's receiver ends silently at a packet that it does not expect, and the connection
 * would stay dead until its keep-alive; here that is heard.
 */
final class PahoThreads extends ScheduledThreadPoolExecutor {
    /** What Paho itself takes. */
    private static final int THREADS = 10;

    private volatile Consumer<Throwable> ended = problem -> {};

    PahoThreads() {
        super(THREADS, task -> {
            Thread thread = new Thread(task, "windhover-paho");
            thread.setDaemon(true);
            return thread;
        });
    }

    void onFailure(Consumer<Throwable> listener) {
        ended = listener;
    }

    @Override
    protected void afterExecute(Runnable task, @Nullable Throwable problem) {
        if (task instanceof Future<?> future && future.isDone()) {
            try {
                future.get();
            } catch (ExecutionException failure) {
                ended.accept(failure.getCause() == null ? failure : failure.getCause());
            } catch (CancellationException stopped) {
                return;
            } catch (InterruptedException interruption) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
