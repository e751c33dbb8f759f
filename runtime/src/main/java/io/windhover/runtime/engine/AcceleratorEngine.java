// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.engine;

import io.windhover.driver.Accelerator;
import io.windhover.driver.Buffer;
import io.windhover.driver.DriverException;
import io.windhover.driver.Status;
import io.windhover.models.graph.Graph;
import io.windhover.runtime.compiler.program.CompiledModel;
import io.windhover.runtime.compiler.program.Regions;
import io.windhover.runtime.exception.DeviceException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A compiled network on an accelerator. Programs and weights lie in one buffer; every slot has inputs and outputs of
 * its own. A frame is one job, or several with the host's parts between them. The accelerator runs one job at a time,
 * so slots share the scratch memory unless tensors in it are to be read afterwards.
 */
public final class AcceleratorEngine implements Engine {
    /** Far longer than any command runs; a program that makes no progress for so long never will. */
    private static final int WATCHDOG_CYCLES = 50_000_000;

    private final Accelerator accelerator;
    private final Graph graph;
    private final Duration timeout;
    private final Buffer program;
    private final @Nullable Buffer sharedScratch;
    private final AcceleratorSlot[] slots = new AcceleratorSlot[SLOTS];
    private @Nullable IntConsumer done;
    private boolean failed;
    private boolean closed;

    /**
     * @param keepAllTensors the program was compiled to leave every tensor in memory, and they will be read
     * @param timeout longest wait for one frame
     */
    public AcceleratorEngine(
            Accelerator accelerator, Graph graph, CompiledModel compiled, boolean keepAllTensors, Duration timeout) {
        this.accelerator = accelerator;
        this.graph = graph;
        this.timeout = timeout;
        long[] offsets = new long[compiled.jobs().size()];
        this.program = programs(accelerator, compiled, offsets);
        this.sharedScratch =
                compiled.scratchBytes() > 0 && !keepAllTensors ? accelerator.allocate(compiled.scratchBytes()) : null;
        List<HostPart> parts = compiled.host().stream()
                .map(positions -> new HostPart(graph, positions))
                .toList();
        for (int slot = 0; slot < SLOTS; slot++) {
            slots[slot] = new AcceleratorSlot(accelerator, graph, compiled, parts);
            slots[slot].mapScratch(sharedScratch);
            slots[slot].setPrograms(program, offsets, WATCHDOG_CYCLES);
        }
    }

    /** One buffer with the constants and commands of every job, which begin at {@code offsets}. */
    private static Buffer programs(Accelerator accelerator, CompiledModel compiled, long[] offsets) {
        long bytes = 0;
        for (int job = 0; job < offsets.length; job++) {
            offsets[job] = bytes;
            bytes = Regions.aligned(bytes + compiled.jobs().get(job).programRegionBytes());
        }
        Buffer programs = accelerator.allocate(Math.max(1, bytes));
        for (int job = 0; job < offsets.length; job++) {
            compiled.jobs().get(job).writeProgramRegion(programs.bytes().clear().position((int) offsets[job]));
        }
        return programs;
    }

    /** Has each job of every further frame told by its number when it has ended; null for nobody. */
    public void afterEachJob(@Nullable IntConsumer listener) {
        done = listener;
    }

    /** What each part on the host took of the slot's last frame; its outputs must have been read for the last part. */
    public long[] hostNanos(int slot) {
        return slots[slot].hostNanos().clone();
    }

    @Override
    public ByteBuffer input(int slot, int index) {
        return slots[slot].input(graph.inputs()[index]);
    }

    @Override
    public void submit(int slot) {
        try {
            slots[slot].submit();
        } catch (DriverException failure) {
            throw explain(failure);
        }
    }

    @Override
    public void await(int slot) {
        try {
            slots[slot].await(timeout.toNanos(), done);
        } catch (DriverException failure) {
            failed = true;
            throw explain(failure);
        }
    }

    private RuntimeException explain(DriverException failure) {
        if (failure.status() == Status.TIMEOUT) {
            try {
                accelerator.reset();
            } catch (DriverException dead) {
                return new DeviceException(
                        "Device '" + accelerator.locator() + "' did not finish a frame of model '" + graph.name()
                                + "' within " + timeout.toMillis() / 1000.0 + " s, and resetting it did not help: "
                                + dead.getMessage(),
                        dead);
            }
            return new DeviceException(
                    "Device '" + accelerator.locator() + "' did not finish a frame of model '" + graph.name()
                            + "' within "
                            + timeout.toMillis() / 1000.0
                            + " s and was reset; raise the timeout (--timeout, or a service's 'timeout' of the model), or choose a faster device.",
                    failure);
        }
        if (failure.status() == Status.DEVICE_FAULT) {
            return new DeviceException(
                    "Device '" + accelerator.locator() + "' stopped model '" + graph.name() + "': "
                            + accelerator.lastFault()
                            + "; run it again, compile a .whm file anew, and report it if that does not help.",
                    failure);
        }
        return new DeviceException(
                "Device '" + accelerator.locator() + "' failed in model '" + graph.name() + "': "
                        + failure.getMessage(),
                failure);
    }

    @Override
    public ByteBuffer output(int slot, int index) {
        return slots[slot].output(graph.outputs()[index]);
    }

    @Override
    public byte[] activation(int slot, int tensorIndex) {
        return slots[slot].tensor(tensorIndex);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        boolean running = failed;
        for (AcceleratorSlot slot : slots) {
            running |= slot.isRunning();
        }
        if (running) {
            accelerator.endJobs();
        }
        for (AcceleratorSlot slot : slots) {
            slot.close();
        }
        program.close();
        if (sharedScratch != null) {
            sharedScratch.close();
        }
    }
}
