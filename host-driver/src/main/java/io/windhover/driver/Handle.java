// SPDX-License-Identifier: Apache-2.0
package io.windhover.driver;

import com.sun.jna.Pointer;
import java.util.function.ToIntFunction;

/**
 * A native object that may be used by several threads and closed by any: uses are counted, close waits for them, and
 * use after close throws. Makes no garbage.
 */
final class Handle {
    private final String name;
    private final Pointer pointer;
    private final long address;
    private int uses;
    private boolean closed;

    Handle(String name, Pointer pointer) {
        this.name = name;
        this.pointer = pointer;
        this.address = Pointer.nativeValue(pointer);
    }

    /** Begins a use; every call is paired with {@link #release}. */
    synchronized Pointer acquire() {
        if (closed) {
            throw new IllegalStateException(name + " is closed");
        }
        uses++;
        return pointer;
    }

    long acquireAddress() {
        acquire();
        return address;
    }

    synchronized void release() {
        uses--;
        notifyAll();
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /**
     * Waits for the uses under way, then frees the object; it stays open when the native call refuses.
     *
     * @param free the native call; answers 0 when the object is gone
     * @return its answer, or 0 when the object was closed before
     */
    synchronized int close(ToIntFunction<Pointer> free) {
        boolean interrupted = false;
        while (uses > 0) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        int status = closed ? 0 : free.applyAsInt(pointer);
        closed |= status == 0;
        return status;
    }

    @Override
    public String toString() {
        return name;
    }
}
