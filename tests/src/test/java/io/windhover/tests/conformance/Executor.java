// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.conformance;

import io.windhover.driver.Accelerator;
import io.windhover.driver.Buffer;
import io.windhover.driver.Job;
import io.windhover.runtime.compiler.program.CompiledModel;
import io.windhover.runtime.compiler.program.InputLocation;
import io.windhover.runtime.compiler.program.Regions;
import io.windhover.runtime.compiler.program.TensorLocation;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;

/** Runs compiled models on a device without a session, and hands back every tensor the program leaves in memory. */
final class Executor {
    private static final Duration TIMEOUT = Duration.ofMinutes(5);
    private static final int WATCHDOG_CYCLES = 50_000_000;

    private final Accelerator accelerator;

    Executor(Accelerator accelerator) {
        this.accelerator = accelerator;
    }

    /** Tensors by index; {@code inputs} gives the bytes of those the program reads. */
    Map<Integer, byte[]> run(CompiledModel model, IntFunction<byte[]> inputs) {
        Map<Integer, byte[]> tensors = new HashMap<>();
        if (model.commandCount() == 0) {
            return tensors;
        }
        Map<Integer, Buffer> regions = new HashMap<>();
        try (Job job = accelerator.newJob()) {
            Buffer program = accelerator.allocate(model.programRegionBytes());
            model.writeProgramRegion(program.bytes());
            regions.put(Regions.CONSTANTS, program);
            regions.put(Regions.SCRATCH, accelerator.allocate(Math.max(8, model.scratchBytes())));
            for (InputLocation input : model.inputs()) {
                Buffer buffer = accelerator.allocate(input.regionBytes());
                buffer.bytes().put(0, inputs.apply(input.tensor()));
                regions.put(input.region(), buffer);
            }
            for (TensorLocation output : model.outputs()) {
                regions.computeIfAbsent(output.region(), region -> accelerator.allocate(output.bytes()));
            }
            regions.forEach((region, buffer) -> job.region(region, buffer, model.access(region)));
            job.program(Regions.CONSTANTS, model.programOffset(), model.commandCount())
                    .watchdog(WATCHDOG_CYCLES);
            job.submit();
            job.await(TIMEOUT);
            for (TensorLocation place : model.dumped()) {
                byte[] bytes = new byte[place.tensorBytes()];
                place.unpack(regions.get(place.region()).bytes(), bytes, 0);
                tensors.put(place.tensor(), bytes);
            }
        } finally {
            regions.values().forEach(Buffer::close);
        }
        return tensors;
    }
}
