// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.conformance;

import io.windhover.driver.Accelerator;
import io.windhover.driver.Buffer;
import io.windhover.driver.Job;
import io.windhover.runtime.compiler.program.CompiledModel;
import io.windhover.runtime.compiler.program.InputLocation;
import io.windhover.runtime.compiler.program.JobProgram;
import io.windhover.runtime.compiler.program.Regions;
import io.windhover.runtime.compiler.program.TensorLocation;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;

/** Runs compiled models on a device without a session, and hands back every tensor the program leaves in memory. */
final class Executor {
    private static final Duration TIMEOUT = Duration.ofMinutes(5);
    private static final int WATCHDOG_CYCLES = 50_000_000;

    private final Accelerator accelerator;

    Executor(Accelerator accelerator) {
        this.accelerator = accelerator;
    }

    /** Tensors by index; {@code inputs} gives the bytes of those that jobs read. */
    Map<Integer, byte[]> run(CompiledModel model, IntFunction<byte[]> inputs) {
        Map<Integer, byte[]> tensors = new HashMap<>();
        for (JobProgram program : model.jobs()) {
            if (program.commandCount() > 0) {
                run(program, inputs, tensors);
            }
        }
        return tensors;
    }

    private void run(JobProgram program, IntFunction<byte[]> inputs, Map<Integer, byte[]> tensors) {
        Map<Integer, Long> sizes = new HashMap<>();
        sizes.put(Regions.CONSTANTS, (long) program.programRegionBytes());
        sizes.put(Regions.SCRATCH, Math.max(8, program.scratchBytes()));
        program.inputs().forEach(input -> sizes.merge(input.region(), input.end(), Math::max));
        program.outputs().forEach(output -> sizes.merge(output.region(), output.offset() + output.bytes(), Math::max));
        Map<Integer, Buffer> regions = new HashMap<>();
        try (Job job = accelerator.newJob()) {
            sizes.forEach((region, bytes) -> regions.put(region, accelerator.allocate(bytes)));
            program.writeProgramRegion(buffer(regions, Regions.CONSTANTS).bytes());
            for (InputLocation input : program.inputs()) {
                buffer(regions, input.region()).bytes().put((int) input.offset(), inputs.apply(input.tensor()));
            }
            regions.forEach((region, buffer) -> job.region(region, buffer, program.access(region)));
            job.program(Regions.CONSTANTS, program.programOffset(), program.commandCount())
                    .watchdog(WATCHDOG_CYCLES);
            job.submit();
            job.await(TIMEOUT);
            for (TensorLocation place : program.dumped()) {
                byte[] bytes = new byte[place.tensorBytes()];
                place.unpack(buffer(regions, place.region()).bytes(), bytes, 0);
                tensors.put(place.tensor(), bytes);
            }
        } finally {
            regions.values().forEach(Buffer::close);
        }
    }

    private static Buffer buffer(Map<Integer, Buffer> regions, int region) {
        return Objects.requireNonNull(regions.get(region));
    }
}
