// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.reference;

import java.util.concurrent.CancellationException;

/** Interrupting the thread of an inference ends it: kernels look between the pixels of anything that may take long. */
final class Cancellation {
    private Cancellation() {}

    /** Throws {@link CancellationException} when this thread was interrupted, which it stays. */
    static void check() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("the inference was interrupted");
        }
    }
}
