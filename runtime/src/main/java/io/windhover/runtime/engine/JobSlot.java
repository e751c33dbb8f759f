// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.engine;

import io.windhover.driver.Accelerator;
import io.windhover.driver.Buffer;
import io.windhover.driver.Job;
import io.windhover.runtime.compiler.program.InputLocation;
import io.windhover.runtime.compiler.program.JobProgram;
import io.windhover.runtime.compiler.program.Regions;
import io.windhover.runtime.compiler.program.TensorLocation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One job of one frame with its memory. Between submit and the unpacked outputs nothing is allocated. */
final class JobSlot implements AutoCloseable {
    private final Job job;
    private final JobProgram program;
    private final Accelerator accelerator;
    private final List<Buffer> owned = new ArrayList<>();
    private final Map<Integer, Buffer> regions = new TreeMap<>();
    private final Map<Integer, ByteBuffer> inputs = new HashMap<>();
    private final Unpacked[] outputs;

    /** A device output and the NHWC bytes it is unpacked into. */
    private record Unpacked(TensorLocation location, ByteBuffer memory, byte[] bytes, ByteBuffer view) {}

    JobSlot(Accelerator accelerator, JobProgram program) {
        this.accelerator = accelerator;
        this.program = program;
        this.job = accelerator.newJob();
        Map<Integer, Long> sizes = new TreeMap<>();
        program.inputs().forEach(input -> sizes.merge(input.region(), input.end(), Math::max));
        program.outputs().forEach(output -> sizes.merge(output.region(), output.offset() + output.bytes(), Math::max));
        sizes.forEach(this::own);
        for (InputLocation input : program.inputs()) {
            inputs.put(
                    input.tensor(),
                    region(input.region())
                            .bytes()
                            .slice((int) input.offset(), input.tensorBytes())
                            .order(ByteOrder.LITTLE_ENDIAN));
        }
        this.outputs = program.outputs().stream().map(this::unpacked).toArray(Unpacked[]::new);
    }

    private void map(int region, Buffer buffer) {
        job.region(region, buffer, program.access(region));
        regions.put(region, buffer);
    }

    private void own(int region, long bytes) {
        Buffer buffer = accelerator.allocate(bytes);
        owned.add(buffer);
        map(region, buffer);
    }

    private Buffer region(int region) {
        return Objects.requireNonNull(regions.get(region));
    }

    private Unpacked unpacked(TensorLocation location) {
        byte[] bytes = new byte[location.tensorBytes()];
        return new Unpacked(
                location,
                region(location.region()).bytes(),
                bytes,
                ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
    }

    /** Uses the scratch memory given, or memory of its own. */
    void mapScratch(@Nullable Buffer shared) {
        if (shared != null) {
            map(Regions.SCRATCH, shared);
        } else if (program.scratchBytes() > 0) {
            own(Regions.SCRATCH, program.scratchBytes());
        }
    }

    /** The job's constants and commands begin at this offset of the buffer. */
    void setProgram(Buffer programs, long offset, int watchdogCycles) {
        if (hasCommands()) {
            job.region(
                    Regions.CONSTANTS,
                    programs,
                    offset,
                    program.programRegionBytes(),
                    program.access(Regions.CONSTANTS));
            job.program(Regions.CONSTANTS, program.programOffset(), program.commandCount())
                    .watchdog(watchdogCycles);
        }
    }

    /** A network that runs on the host altogether has none. */
    boolean hasCommands() {
        return program.commandCount() > 0;
    }

    /** Its inputs by tensor: the memory that the accelerator reads. */
    Map<Integer, ByteBuffer> inputs() {
        return inputs;
    }

    void submit() {
        if (hasCommands()) {
            job.submit();
        }
    }

    void await(long timeoutNanos) {
        if (hasCommands()) {
            job.await(timeoutNanos);
        }
        for (Unpacked output : outputs) {
            output.location().unpack(output.memory(), output.bytes(), 0);
        }
    }

    /** The bytes of an output, or null when the tensor is none. */
    @Nullable
    ByteBuffer output(int tensor) {
        for (Unpacked output : outputs) {
            if (output.location().tensor() == tensor) {
                return output.view();
            }
        }
        return null;
    }

    /** What the job left in memory of a tensor, or null. */
    byte @Nullable [] left(int tensor) {
        for (Unpacked output : outputs) {
            if (output.location().tensor() == tensor) {
                return output.bytes();
            }
        }
        for (TensorLocation location : program.dumped()) {
            if (location.tensor() == tensor) {
                byte[] bytes = new byte[location.tensorBytes()];
                location.unpack(region(location.region()).bytes(), bytes, 0);
                return bytes;
            }
        }
        return null;
    }

    @Override
    public void close() {
        job.close();
        owned.forEach(Buffer::close);
    }
}
