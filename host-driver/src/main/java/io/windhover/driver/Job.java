// SPDX-License-Identifier: Apache-2.0
package io.windhover.driver;

import com.sun.jna.Pointer;
import java.time.Duration;
import java.util.function.ToIntFunction;

/**
 * A program with its memory regions, prepared once and submitted once a frame. {@link #submit} and {@link #await} are
 * one native call each and allocate nothing. Jobs of a device run in order of submission.
 */
public final class Job implements AutoCloseable {
    /** What commands may do with a region; the ordinal is the driver's constant. */
    public enum Access {
        READ_ONLY,
        READ_WRITE
    }

    /** Waits are cut into slices so that closing the device is not held up. */
    private static final long SLICE_NANOS = 200_000_000L;

    private final Accelerator accelerator;
    private final Handle handle;

    Job(Accelerator accelerator, Pointer pointer) {
        this.accelerator = accelerator;
        this.handle = new Handle("job on " + accelerator.locator(), pointer);
    }

    /**
     * Region {@code index} (0 to 7) becomes {@code bytes} of the buffer from {@code offset} on (a multiple of 8). A
     * store into a read-only region is a fault before anything is written.
     *
     * @return this job
     */
    public Job region(int index, Buffer buffer, long offset, long bytes, Access access) {
        Pointer job = handle.acquire();
        try {
            Pointer pointer = buffer.handle().acquire();
            try {
                accelerator.check(
                        NativeLibrary.wh_job_set_region(job, index, pointer, offset, bytes, access.ordinal()),
                        "setting region " + index + " to bytes " + offset + " to " + (offset + bytes));
            } finally {
                buffer.handle().release();
            }
        } finally {
            handle.release();
        }
        return this;
    }

    /** Region {@code index} becomes the whole buffer. */
    public Job region(int index, Buffer buffer, Access access) {
        return region(index, buffer, 0, buffer.bytes().capacity(), access);
    }

    /** The program: {@code commands} commands of 64 bytes from {@code offset} of {@code region} on. */
    public Job program(int region, int offset, int commands) {
        return set(job -> NativeLibrary.wh_job_set_program(job, region, offset, commands), "setting the program");
    }

    /** Cycles without progress after which the accelerator stops the job; 0 never. */
    public Job watchdog(int cycles) {
        return set(job -> NativeLibrary.wh_job_set_watchdog(job, cycles), "setting the watchdog");
    }

    private Job set(ToIntFunction<Pointer> call, String doing) {
        Pointer job = handle.acquire();
        try {
            accelerator.check(call.applyAsInt(job), doing);
            return this;
        } finally {
            handle.release();
        }
    }

    /**
     * Queues the job and returns at once.
     *
     * @throws DriverException BUSY while it is in flight, INVALID_ARGUMENT without a program inside its region,
     *     DEVICE_DEAD
     */
    public void submit() {
        int status;
        long job = handle.acquireAddress();
        try {
            status = NativeLibrary.wh_job_submit(job);
        } finally {
            handle.release();
        }
        if (status != Status.OK) {
            throw accelerator.failure(status, "submitting a job");
        }
    }

    /**
     * Waits for the submitted job.
     *
     * @throws DriverException TIMEOUT when it is still running after {@code timeoutNanos} (wait again or reset),
     *     DEVICE_FAULT, ABORTED
     * @throws IllegalStateException when the device is closed meanwhile
     */
    public void await(long timeoutNanos) {
        long deadline = System.nanoTime() + timeoutNanos;
        int status;
        do {
            long left = Math.max(0, deadline - System.nanoTime());
            long job = handle.acquireAddress();
            try {
                status = NativeLibrary.wh_job_wait(job, Math.min(left, SLICE_NANOS));
            } finally {
                handle.release();
            }
        } while (status == Status.TIMEOUT.code() && System.nanoTime() - deadline < 0);
        if (status != Status.OK) {
            throw accelerator.failure(status, "waiting for a job");
        }
    }

    public void await(Duration timeout) {
        await(timeout.toNanos());
    }

    @Override
    public void close() {
        if (!handle.isClosed()) {
            accelerator.check(handle.close(NativeLibrary::wh_job_free), "freeing a job");
            accelerator.forget(this);
        }
    }
}
