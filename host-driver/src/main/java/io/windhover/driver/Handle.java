package io.windhover.driver;

import com.sun.jna.Pointer;

/**
 * A native object that may be used by several threads and closed by any: uses are counted, close waits for them, and use
 * after close throws. Makes no garbage.
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

    /** Refuses new uses and waits for those under way; false when it was closed before. */
    synchronized boolean close() {
        if (closed) {
            return false;
        }
        closed = true;
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
        return true;
    }

    /** The object itself, for the call that frees it. */
    Pointer pointer() {
        return pointer;
    }

    @Override
    public String toString() {
        return name;
    }
}
