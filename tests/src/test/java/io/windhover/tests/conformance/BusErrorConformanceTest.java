// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.contract.FaultCode;
import io.windhover.driver.Accelerator;
import io.windhover.driver.Buffer;
import io.windhover.driver.DriverException;
import io.windhover.driver.Job;
import io.windhover.driver.Status;
import io.windhover.junit.Simulated;
import io.windhover.models.graph.Graph;
import io.windhover.models.testing.RandomGraphs;
import io.windhover.runtime.compiler.Compiler;
import io.windhover.runtime.compiler.program.CompileException;
import io.windhover.runtime.compiler.program.CompiledModel;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A bus error at a random burst of a random network stops the job with its code, changes nothing but what the job may
 * write, and leaves the device fit for the next one.
 */
class BusErrorConformanceTest {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final int WATCHDOG_CYCLES = 5_000_000;
    private static final int GUARD_BYTES = 4096;
    /** A burst has at most 16 beats. */
    private static final int BURST_BEATS = 16;

    private static final int INJECTIONS_EACH = 8;

    @Test
    @Simulated("rtl:tiny")
    void errors_end_a_job_and_nothing_else(Accelerator accelerator) {
        inject(accelerator, 0, 6);
    }

    /** About 40 seconds. */
    @Test
    @Tag("full")
    @Simulated("rtl:tiny")
    void a_thousand_errors_end_a_job_and_nothing_else(Accelerator accelerator) {
        inject(accelerator, 100, 135);
    }

    private static void inject(Accelerator accelerator, long firstSeed, int networks) {
        int met = 0;
        for (long seed = firstSeed; seed < firstSeed + networks; seed++) {
            JobProgram program;
            Map<Integer, byte[]> inputs;
            try {
                Graph graph = seed % 2 == 0 ? RandomGraphs.layer(seed) : RandomGraphs.network(seed);
                CompiledModel model = Compiler.compile(graph, accelerator.capabilities());
                program = model.jobs().get(0);
                if (model.jobs().size() > 1 || program.commandCount() == 0) {
                    continue;
                }
                inputs = inputs(graph, RandomGraphs.inputs(graph, seed));
            } catch (CompileException refused) {
                continue;
            }
            Map<Integer, byte[]> expected;
            long reads;
            long writes;
            try (Scene clean = new Scene(accelerator, program, inputs)) {
                clean.run();
                expected = clean.tensors();
                reads = accelerator.counters().readBeats0()
                        + accelerator.counters().readBeats1();
                writes = accelerator.counters().writeBeats();
            }
            Random random = new Random(seed);
            for (int i = 0; i < INJECTIONS_EACH; i++) {
                boolean reading = random.nextBoolean();
                long bursts = 1 + (reading ? reads : writes) / BURST_BEATS;
                String locator = accelerator.locator() + "?" + (reading ? "read_error=" : "write_error=")
                        + (1 + random.nextLong(bursts))
                        + (random.nextBoolean() ? "&stalls=" + (1 + random.nextInt(1000)) : "");
                met += survives(locator, program, inputs, expected, reading) ? 1 : 0;
            }
        }
        System.out.printf("%d bus errors in %d networks from seed %d%n", met, networks, firstSeed);
        assertTrue(met >= networks * INJECTIONS_EACH * 3 / 4, met + " errors were met");
    }

    private static Map<Integer, byte[]> inputs(Graph graph, byte[][] bytes) {
        Map<Integer, byte[]> inputs = new HashMap<>();
        for (int input = 0; input < bytes.length; input++) {
            inputs.put(graph.inputs()[input], bytes[input]);
        }
        return inputs;
    }

    /** False where the job ended before that burst. */
    private static boolean survives(
            String locator,
            JobProgram program,
            Map<Integer, byte[]> inputs,
            Map<Integer, byte[]> expected,
            boolean reading) {
        try (Accelerator accelerator = Accelerator.open(locator);
                Scene scene = new Scene(accelerator, program, inputs)) {
            boolean met = false;
            try {
                scene.run();
            } catch (DriverException fault) {
                assertEquals(Status.DEVICE_FAULT, fault.status(), locator + ": " + fault.getMessage());
                FaultCode code = accelerator.lastFault().code();
                assertEquals(reading ? FaultCode.READ_ERROR : FaultCode.WRITE_ERROR, code, locator);
                met = true;
            }
            scene.assertUntouched(locator);
            if (met) {
                scene.run();
                scene.assertUntouched(locator);
            }
            Map<Integer, byte[]> made = scene.tensors();
            assertEquals(expected.keySet(), made.keySet());
            expected.forEach(
                    (tensor, bytes) -> assertArrayEquals(bytes, made.get(tensor), locator + ", tensor " + tensor));
            return met;
        }
    }

    /** A job's memory, each region of it between two pages of known bytes. */
    private static final class Scene implements AutoCloseable {
        private final Accelerator accelerator;
        private final JobProgram program;
        private final Map<Integer, Buffer> regions = new LinkedHashMap<>();
        private final Map<Integer, byte[]> unwritable = new HashMap<>();
        private final List<Buffer> guards = new ArrayList<>();
        private final byte[] guard = new byte[GUARD_BYTES];

        Scene(Accelerator accelerator, JobProgram program, Map<Integer, byte[]> inputs) {
            this.accelerator = accelerator;
            this.program = program;
            new Random(1).nextBytes(guard);
            Map<Integer, Long> sizes = new TreeMap<>();
            sizes.put(Regions.CONSTANTS, (long) program.programRegionBytes());
            sizes.put(Regions.SCRATCH, Math.max(8, program.scratchBytes()));
            program.inputs().forEach(input -> sizes.merge(input.region(), input.end(), Math::max));
            program.outputs()
                    .forEach(output -> sizes.merge(output.region(), output.offset() + output.bytes(), Math::max));
            addGuard();
            sizes.forEach((region, bytes) -> {
                regions.put(region, accelerator.allocate(bytes));
                addGuard();
            });
            program.writeProgramRegion(buffer(Regions.CONSTANTS).bytes());
            for (InputLocation input : program.inputs()) {
                buffer(input.region())
                        .bytes()
                        .put((int) input.offset(), Objects.requireNonNull(inputs.get(input.tensor())));
            }
            regions.forEach((region, buffer) -> {
                if (program.access(region) == Job.Access.READ_ONLY) {
                    unwritable.put(region, contents(buffer));
                }
            });
        }

        private void addGuard() {
            Buffer buffer = accelerator.allocate(GUARD_BYTES);
            buffer.bytes().put(0, guard);
            guards.add(buffer);
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
            unwritable.forEach((region, bytes) -> assertTrue(
                    Arrays.equals(bytes, contents(buffer(region))), locator + " wrote into region " + region));
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
}
