package io.windhover.driver;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import java.nio.file.Files;
import java.nio.file.Path;

/** The C functions of {@code windhover.h}, by direct mapping. */
final class NativeLibrary {
    static {
        Path library = Installation.driverLibrary();
        if (!Files.isReadable(library)) {
            throw new DriverException(
                    Status.NOT_FOUND,
                    "the driver library " + library + " is missing; build it with: make -C host-driver/native");
        }
        Native.register(NativeLibrary.class, com.sun.jna.NativeLibrary.getInstance(library.toString()));
    }

    private NativeLibrary() {}

    static native int wh_abi_version();

    static native long wh_contract_digest();

    static native int wh_device_open(
            String locator, String searchPath, byte[] message, int messageBytes, PointerByReference device);

    static native int wh_device_close(Pointer device);

    static native int wh_device_registers(Pointer device, int offsetBytes, int count, int[] values);

    static native int wh_device_trace(Pointer device, int maximumEntries, int[] words, IntByReference entries);

    static native int wh_device_last_fault(
            Pointer device, IntByReference code, IntByReference command, IntByReference detail);

    static native int wh_device_reset(Pointer device);

    static native int wh_buffer_allocate(Pointer device, long bytes, PointerByReference buffer);

    static native int wh_buffer_address(Pointer buffer, PointerByReference host, LongByReference bytes);

    static native int wh_buffer_free(Pointer buffer);

    static native int wh_job_create(Pointer device, PointerByReference job);

    static native int wh_job_set_region(Pointer job, int index, Pointer buffer, long offsetBytes, long bytes, int access);

    static native int wh_job_set_program(Pointer job, int region, int offsetBytes, int commands);

    static native int wh_job_set_watchdog(Pointer job, int cycles);

    /** The per-frame calls take the raw address: no object is made. */
    static native int wh_job_submit(long job);

    static native int wh_job_wait(long job, long timeoutNanos);

    static native int wh_job_free(Pointer job);
}
