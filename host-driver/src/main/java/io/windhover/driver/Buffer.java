// SPDX-License-Identifier: Apache-2.0
package io.windhover.driver;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Memory that host and accelerator share. Closing it while a job, in flight or not, has it as a region throws BUSY:
 * close the job first. Views of it must not be used after close.
 */
public final class Buffer implements AutoCloseable {
    private final Accelerator accelerator;
    private final Handle handle;
    private final ByteBuffer view;

    Buffer(Accelerator accelerator, Pointer pointer, long bytes) {
        this.accelerator = accelerator;
        this.handle = new Handle("buffer of " + bytes + " bytes on " + accelerator.locator(), pointer);
        PointerByReference host = new PointerByReference();
        accelerator.check(NativeLibrary.wh_buffer_address(pointer, host, new LongByReference()), "mapping a buffer");
        this.view = host.getValue().getByteBuffer(0, bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The whole buffer, little-endian; always the same view, so its position is shared. */
    public ByteBuffer bytes() {
        if (handle.isClosed()) {
            throw new IllegalStateException(handle + " is closed");
        }
        return view;
    }

    Handle handle() {
        return handle;
    }

    @Override
    public void close() {
        if (!handle.isClosed()) {
            accelerator.check(handle.close(NativeLibrary::wh_buffer_free), "freeing a buffer");
            accelerator.forget(this);
        }
    }
}
