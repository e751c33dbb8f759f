// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * Does on a thread of its own what an interrupt of the caller's would cut in half: waits would end at once, and files
 * that are open would be closed. The caller waits, and is interrupted still.
 */
final class Undisturbed {
    private Undisturbed() {}

    static void run(Runnable task) {
        Boolean unused = get(() -> {
            task.run();
            return true;
        });
    }

    static <T> T get(Supplier<T> task) {
        FutureTask<T> future = new FutureTask<>(task::get);
        new Thread(future, "windhover-control").start();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException interruption) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException reason) {
                throw reason;
            }
            if (failure.getCause() instanceof Error reason) {
                throw reason;
            }
            throw new IllegalStateException(failure.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
