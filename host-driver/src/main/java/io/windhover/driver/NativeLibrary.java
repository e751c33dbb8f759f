// SPDX-License-Identifier: Apache-2.0
package io.windhover.driver;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import io.windhover.contract.Contract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The C functions of {@code windhover.h}, by direct mapping; {@link #load} comes before any of them. */
final class NativeLibrary {
    static final int ABI_VERSION = 3;

    /** JNA logs stack traces of what it throws as well. */
    private static final Logger JNA_LOG = Logger.getLogger("com.sun.jna.Native");

    private static boolean loaded;

    private NativeLibrary() {}

    /**
     * Loads the driver library, once.
     *
     * @throws DriverException when it is missing, cannot be loaded, or was built for another interface or contract
     */
    static synchronized void load() {
        if (!loaded) {
            Native.register(NativeLibrary.class, open(Installation.driverLibrary()));
            loaded = true;
        }
    }

    /** The library, checked before its functions are bound. */
    static com.sun.jna.NativeLibrary open(Path path) {
        if (!Files.isReadable(path)) {
            throw new DriverException(
                    Status.NOT_FOUND,
                    "the driver library " + path + " is missing; build it with: make -C host-driver/native");
        }
        requireJna();
        com.sun.jna.NativeLibrary library;
        int version;
        long digest;
        try {
            library = com.sun.jna.NativeLibrary.getInstance(path.toString());
            version = library.getFunction("wh_abi_version").invokeInt(new Object[0]);
            digest = version == ABI_VERSION
                    ? library.getFunction("wh_contract_digest").invokeLong(new Object[0])
                    : 0;
        } catch (UnsatisfiedLinkError e) {
            throw new DriverException(
                    Status.NOT_FOUND,
                    path
                            + " is not a driver library for this machine, or lies where programs are not allowed (noexec): "
                            + reason(path, e));
        }
        requireSame(path, "interface version", Integer.toString(version), Integer.toString(ABI_VERSION));
        requireSame(path, "contract", String.format("%016X", digest), String.format("%016X", Contract.DIGEST));
        return library;
    }

    /** The loader's own reason, without JNA's list of every folder and jar that it searched. */
    private static String reason(Path path, UnsatisfiedLinkError failure) {
        String[] lines = String.valueOf(failure.getMessage()).split("\\R", -1);
        String reason = lines.length > 1 && lines[0].endsWith(":") ? lines[1] : lines[0];
        return reason.replace(path + ": ", "");
    }

    private static void requireSame(Path path, String what, String found, String wanted) {
        if (!found.equals(wanted)) {
            throw new DriverException(
                    Status.CONTRACT_MISMATCH,
                    "the driver library " + path + " has " + what + " " + found + ", but these classes have " + wanted
                            + "; build both from the same sources");
        }
    }

    /** JNA unpacks a library of its own when it is first used, into the user's cache folder. */
    private static void requireJna() {
        JNA_LOG.setLevel(Level.OFF);
        try {
            Native.getDefaultStringEncoding();
        } catch (LinkageError e) {
            Throwable reason = e.getCause() != null ? e.getCause() : e;
            throw new DriverException(
                    Status.NOT_FOUND,
                    "JNA cannot unpack its library and load it (" + reason.getMessage()
                            + "); name a folder that may hold programs with -Djna.tmpdir=FOLDER");
        }
    }

    static native int wh_device_open(
            String locator, String transports, byte[] message, int messageBytes, PointerByReference device);

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

    static native int wh_job_set_region(
            Pointer job, int index, Pointer buffer, long offsetBytes, long bytes, int access);

    static native int wh_job_set_program(Pointer job, int region, int offsetBytes, int commands);

    static native int wh_job_set_watchdog(Pointer job, int cycles);

    /** The per-frame calls take the raw address: no object is made. */
    static native int wh_job_submit(long job);

    static native int wh_job_wait(long job, long timeoutNanos);

    static native int wh_job_free(Pointer job);

    static native int wh_notify(String socketPath, String state);
}
