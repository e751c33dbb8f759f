// SPDX-License-Identifier: Apache-2.0
package io.windhover.driver;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import io.windhover.contract.Contract;
import io.windhover.contract.FaultCode;
import io.windhover.contract.Register;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * An open accelerator. Safe for use by several threads. {@link #close} ends running jobs and closes buffers and jobs of
 * the device first; it may be called more than once. Any use after close throws {@link IllegalStateException}.
 */
public final class Accelerator implements AutoCloseable {
    private static final int MESSAGE_BYTES = 1024;
    private static final int TRACE_WORDS = 5;

    private final String locator;
    private final Handle handle;
    private final Capabilities capabilities;
    private final Set<AutoCloseable> children = new LinkedHashSet<>();

    private Accelerator(String locator, Pointer pointer) {
        this.locator = locator;
        this.handle = new Handle("device " + locator, pointer);
        this.capabilities = readCapabilities();
    }

    /**
     * Opens a device.
     *
     * @param locator {@code SCHEME:CONFIGURATION?OPTIONS}; the scheme names the transport, which gives the rest its
     *     meaning
     * @throws DriverException when there is no such device or driver library, or one was built from another contract
     */
    public static Accelerator open(String locator) {
        NativeLibrary.load();
        PointerByReference device = new PointerByReference();
        byte[] message = new byte[MESSAGE_BYTES];
        int status = NativeLibrary.wh_device_open(
                locator, Installation.transports(locator), message, message.length, device);
        if (status != Status.OK) {
            int length = 0;
            while (length < message.length && message[length] != 0) {
                length++;
            }
            throw new DriverException(Status.of(status), new String(message, 0, length, StandardCharsets.UTF_8));
        }
        return new Accelerator(locator, device.getValue());
    }

    private Capabilities readCapabilities() {
        Registers r = registers(Register.CONFIGURATION, Register.CLOCK_HZ);
        return new Capabilities(
                r.get(Register.CONFIGURATION),
                r.get(Register.INT8_REDUCTION),
                r.get(Register.INT8_PIXELS),
                r.get(Register.XNOR_LANES),
                r.get(Register.ACTIVATION_BANK_WORDS),
                r.get(Register.WEIGHT_WORDS),
                r.get(Register.LINE_BYTES),
                r.get(Register.TRACE_ENTRIES),
                r.get(Register.CLOCK_HZ));
    }

    public String locator() {
        return locator;
    }

    public Capabilities capabilities() {
        return capabilities;
    }

    /**
     * Memory that host and accelerator share, zeroed.
     *
     * @param bytes 1 to 2^31 - 1
     */
    public Buffer allocate(long bytes) {
        PointerByReference buffer = new PointerByReference();
        Pointer device = handle.acquire();
        try {
            check(NativeLibrary.wh_buffer_allocate(device, bytes, buffer), "allocating " + bytes + " bytes");
            return adopt(new Buffer(this, buffer.getValue(), bytes));
        } finally {
            handle.release();
        }
    }

    public Job newJob() {
        PointerByReference job = new PointerByReference();
        Pointer device = handle.acquire();
        try {
            check(NativeLibrary.wh_job_create(device, job), "creating a job");
            return adopt(new Job(this, job.getValue()));
        } finally {
            handle.release();
        }
    }

    private <T extends AutoCloseable> T adopt(T child) {
        synchronized (children) {
            children.add(child);
        }
        return child;
    }

    void forget(AutoCloseable child) {
        synchronized (children) {
            children.remove(child);
        }
    }

    /** Counters of the last job; they stand until the next one starts. */
    public Counters counters() {
        Registers totals = registers(Register.CYCLES_LOW, Register.WRITE_BEATS);
        return new Counters(
                totals.unsigned(Register.CYCLES_LOW) | totals.unsigned(Register.CYCLES_HIGH) << Integer.SIZE,
                registers(Register.COMMANDS_DONE, Register.COMMANDS_DONE).get(Register.COMMANDS_DONE),
                totals.unsigned(Register.READ_BEATS_0),
                totals.unsigned(Register.READ_BEATS_1),
                totals.unsigned(Register.WRITE_BEATS),
                eachQueue(Register.BUSY),
                eachQueue(Register.STALL),
                eachQueue(Register.WAITING));
    }

    private List<Long> eachQueue(int first) {
        Registers counters = registers(first, first + Integer.BYTES * (Contract.QUEUES - 1));
        return IntStream.range(0, Contract.QUEUES)
                .mapToObj(queue -> counters.unsigned(first + Integer.BYTES * queue))
                .toList();
    }

    /** What registers from {@code first} on held, by their byte offsets. */
    private record Registers(int first, int[] values) {
        int get(int register) {
            return values[(register - first) / Integer.BYTES];
        }

        long unsigned(int register) {
            return Integer.toUnsignedLong(get(register));
        }
    }

    private Registers registers(int first, int last) {
        int[] values = new int[(last - first) / Integer.BYTES + 1];
        Pointer device = handle.acquire();
        try {
            check(NativeLibrary.wh_device_registers(device, first, values.length, values), "reading registers");
            return new Registers(first, values);
        } finally {
            handle.release();
        }
    }

    /** Trace of the last job: one entry for every traced command, in order of completion. */
    public List<TraceEntry> trace() {
        int[] words = new int[TRACE_WORDS * capabilities.traceEntries()];
        IntByReference entries = new IntByReference();
        Pointer device = handle.acquire();
        try {
            check(
                    NativeLibrary.wh_device_trace(device, capabilities.traceEntries(), words, entries),
                    "reading the trace");
        } finally {
            handle.release();
        }
        List<TraceEntry> trace = new ArrayList<>();
        for (int i = 0; i < TRACE_WORDS * entries.getValue(); i += TRACE_WORDS) {
            trace.add(new TraceEntry(
                    Integer.toUnsignedLong(words[i + 4]),
                    Integer.toUnsignedLong(words[i]),
                    words[i + 1],
                    Integer.toUnsignedLong(words[i + 2]),
                    Integer.toUnsignedLong(words[i + 3])));
        }
        return trace;
    }

    /** Fault of the last faulted job; code NONE when there was none since open or reset. */
    public Fault lastFault() {
        IntByReference code = new IntByReference();
        IntByReference command = new IntByReference();
        IntByReference detail = new IntByReference();
        Pointer device = handle.acquire();
        try {
            check(NativeLibrary.wh_device_last_fault(device, code, command, detail), "reading the fault");
        } finally {
            handle.release();
        }
        FaultCode[] faults = FaultCode.values();
        if (code.getValue() < 0 || code.getValue() >= faults.length) {
            throw new DriverException(
                    Status.TRANSPORT_FAILED, locator + " reports the unknown fault code " + code.getValue());
        }
        return new Fault(faults[code.getValue()], command.getValue(), detail.getValue());
    }

    /**
     * Ends the running job and drops queued ones; their waits throw {@link DriverException} with ABORTED.
     *
     * @throws DriverException DEVICE_DEAD when bursts of the stopped job are still unanswered; another reset revives
     *     the device once the memory has answered them
     */
    public void reset() {
        Pointer device = handle.acquire();
        try {
            check(NativeLibrary.wh_device_reset(device), "resetting");
        } finally {
            handle.release();
        }
    }

    void check(int status, String doing) {
        if (status != Status.OK) {
            throw failure(status, doing);
        }
    }

    DriverException failure(int code, String doing) {
        Status status = Status.of(code);
        String why = status == Status.DEVICE_FAULT ? lastFault().toString() : status.meaning();
        return new DriverException(status, locator + ": " + doing + " failed: " + why);
    }

    /**
     * Ends the running job and drops queued ones like {@link #reset}, whether or not the device can be used afterwards.
     */
    public void endJobs() {
        Pointer device = handle.acquire();
        try {
            NativeLibrary.wh_device_reset(device);
        } finally {
            handle.release();
        }
    }

    @Override
    public void close() {
        if (handle.isClosed()) {
            return;
        }
        endJobs();
        List<AutoCloseable> open;
        synchronized (children) {
            open = new ArrayList<>(children);
        }
        open.stream().filter(Job.class::isInstance).map(Job.class::cast).forEach(Job::close);
        open.stream().filter(Buffer.class::isInstance).map(Buffer.class::cast).forEach(Buffer::close);
        int status = handle.close(NativeLibrary::wh_device_close);
        if (status != Status.OK) {
            throw new DriverException(
                    Status.of(status),
                    locator + ": closing failed: " + Status.of(status).meaning());
        }
    }
}
