// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.conformance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.driver.Accelerator;
import io.windhover.driver.Buffer;
import io.windhover.driver.Job;
import io.windhover.runtime.compiler.program.InputLocation;
import io.windhover.runtime.compiler.program.JobProgram;
import io.windhover.runtime.compiler.program.Regions;
import io.windhover.runtime.compiler.program.TensorLocation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntFunction;

/** A job's regions on a device, each between guards of known bytes where there are any. */
final class JobMemory implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofMinutes(5);
    private static final int WATCHDOG_CYCLES = 50_000_000;

    private final Accelerator accelerator;
    private final JobProgram program;
    private final Map<Integer, Buffer> regions = new LinkedHashMap<>();
    private final Map<Integer, byte[]> unwritable = new HashMap<>();
    private final List<Buffer> guards = new ArrayList<>();
    private final byte[] guard;

    /**
     * Makes it and fills it.
     *
     * @param inputs the bytes of tensors that the job reads
     * @param guardBytes 0 for no guards
     */
    JobMemory(Accelerator accelerator, JobProgram program, IntFunction<byte[]> inputs, int guardBytes) {
        this.accelerator = accelerator;
        this.program = program;
        this.guard = new byte[guardBytes];
        new Random(1).nextBytes(guard);
        Map<Integer, Long> sizes = new TreeMap<>();
        sizes.put(Regions.CONSTANTS, (long) program.programRegionBytes());
        sizes.put(Regions.SCRATCH, Math.max(8, program.scratchBytes()));
        program.inputs().forEach(input -> sizes.merge(input.region(), input.end(), Math::max));
        program.outputs().forEach(output -> sizes.merge(output.region(), output.offset() + output.bytes(), Math::max));
        addGuard();
        sizes.forEach((region, bytes) -> {
            regions.put(region, accelerator.allocate(bytes));
            addGuard();
        });
        program.writeProgramRegion(buffer(Regions.CONSTANTS).bytes());
        for (InputLocation input : program.inputs()) {
            buffer(input.region()).bytes().put((int) input.offset(), inputs.apply(input.tensor()));
        }
        regions.forEach((region, buffer) -> {
            if (guard.length > 0 && program.access(region) == Job.Access.READ_ONLY) {
                unwritable.put(region, contents(buffer));
            }
        });
    }

    private void addGuard() {
        if (guard.length > 0) {
            Buffer buffer = accelerator.allocate(guard.length);
            buffer.bytes().put(0, guard);
            guards.add(buffer);
        }
    }

    private static byte[] contents(Buffer buffer) {
        byte[] bytes = new byte[buffer.bytes().capacity()];
        buffer.bytes().get(0, bytes);
        return bytes;
    }

    private Buffer buffer(int region) {
        return Objects.requireNonNull(regions.get(region));
    }

    void run() {
        try (Job job = accelerator.newJob()) {
            regions.forEach((region, buffer) -> job.region(region, buffer, program.access(region)));
            job.program(Regions.CONSTANTS, program.programOffset(), program.commandCount())
                    .watchdog(WATCHDOG_CYCLES);
            job.submit();
            job.await(TIMEOUT);
        }
    }

    void assertUntouched(String locator) {
        for (Buffer buffer : guards) {
            assertTrue(Arrays.equals(guard, contents(buffer)), locator + " wrote outside its regions");
        }
        unwritable.forEach((region, bytes) ->
                assertTrue(Arrays.equals(bytes, contents(buffer(region))), locator + " wrote into region " + region));
    }

    Map<Integer, byte[]> tensors() {
        Map<Integer, byte[]> tensors = new HashMap<>();
        for (TensorLocation place : program.dumped()) {
            byte[] bytes = new byte[place.tensorBytes()];
            place.unpack(buffer(place.region()).bytes(), bytes, 0);
            tensors.put(place.tensor(), bytes);
        }
        return tensors;
    }

    @Override
    public void close() {
        regions.values().forEach(Buffer::close);
        guards.forEach(Buffer::close);
    }
}
