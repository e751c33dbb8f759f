// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.engine;

import io.windhover.driver.Accelerator;
import io.windhover.driver.Buffer;
import io.windhover.driver.DriverException;
import io.windhover.driver.Status;
import io.windhover.models.graph.Graph;
import io.windhover.runtime.compiler.program.CompiledModel;
import io.windhover.runtime.exception.DeviceException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A compiled network on an accelerator. Program and weights lie in one buffer; every slot has inputs and outputs of its
 * own. The accelerator runs one job at a time, so slots share the scratch memory unless tensors in it are to be read
 * afterwards.
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
        this.program = accelerator.allocate(Math.max(1, compiled.programRegionBytes()));
        compiled.writeProgramRegion(program.bytes().clear());
        this.sharedScratch =
                compiled.scratchBytes() > 0 && !keepAllTensors ? accelerator.allocate(compiled.scratchBytes()) : null;
        HostPart head = new HostPart(graph, compiled.head());
        HostPart tail = new HostPart(graph, compiled.tail());
        for (int slot = 0; slot < SLOTS; slot++) {
            slots[slot] = new AcceleratorSlot(accelerator, graph, compiled, head, tail);
            slots[slot].mapScratch(sharedScratch, compiled.scratchBytes());
            slots[slot].setProgram(program, WATCHDOG_CYCLES);
        }
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
            slots[slot].await(timeout.toNanos());
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
