// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.contract.FaultCode;
import io.windhover.driver.Accelerator;
import io.windhover.driver.DriverException;
import io.windhover.driver.Status;
import io.windhover.junit.Simulated;
import io.windhover.models.graph.Graph;
import io.windhover.models.testing.RandomGraphs;
import io.windhover.models.zoo.Zoo;
import io.windhover.runtime.compiler.Compiler;
import io.windhover.runtime.compiler.program.CompileException;
import io.windhover.runtime.compiler.program.CompiledModel;
import io.windhover.runtime.compiler.program.JobProgram;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A bus error at a random burst of a network stops the job with its code, changes nothing but what the job may write,
 * and leaves the device fit for the next one.
 */
class BusErrorConformanceTest {
    private static final int GUARD_BYTES = 4096;
    /** A burst has at most 16 beats. */
    private static final int BURST_BEATS = 16;

    private static final int INJECTIONS_EACH = 8;
    private static final int INJECTIONS_IN_THE_ZOO = 2;

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

    /** About a minute. */
    @Test
    @Tag("full")
    @Simulated("rtl:tiny")
    void errors_in_networks_of_the_zoo_end_a_job_and_nothing_else(Accelerator accelerator) {
        Random random = new Random(7);
        int met = 0;
        for (String name : Zoo.names()) {
            met += inject(accelerator, Zoo.reduced(name), random, INJECTIONS_IN_THE_ZOO);
        }
        assertMet(met, Zoo.names().size() * INJECTIONS_IN_THE_ZOO);
    }

    private static void inject(Accelerator accelerator, long firstSeed, int networks) {
        int met = 0;
        for (long seed = firstSeed; seed < firstSeed + networks; seed++) {
            Graph graph = seed % 2 == 0 ? RandomGraphs.layer(seed) : RandomGraphs.network(seed);
            met += inject(accelerator, graph, new Random(seed), INJECTIONS_EACH);
        }
        assertMet(met, networks * INJECTIONS_EACH);
    }

    /** A few networks cannot be placed, or leave the job nothing to do; and a late burst may not come. */
    private static void assertMet(int met, int tried) {
        System.out.printf("%d of %d bus errors were met%n", met, tried);
        assertTrue(met >= tried * 3 / 4, met + " errors were met");
    }

    /** How many of the errors were met by the job. */
    private static int inject(Accelerator accelerator, Graph graph, Random random, int injections) {
        JobProgram program;
        Map<Integer, byte[]> inputs;
        try {
            CompiledModel model = Compiler.compile(graph, accelerator.capabilities());
            program = model.jobs().get(0);
            if (model.jobs().size() > 1 || program.commandCount() == 0) {
                return 0;
            }
            inputs = inputs(graph, RandomGraphs.inputs(graph, random.nextLong()));
        } catch (CompileException refused) {
            return 0;
        }
        Map<Integer, byte[]> expected;
        long reads;
        long writes;
        try (JobMemory clean = new JobMemory(accelerator, program, inputs::get, GUARD_BYTES)) {
            clean.run();
            expected = clean.tensors();
            reads = accelerator.counters().readBeats0() + accelerator.counters().readBeats1();
            writes = accelerator.counters().writeBeats();
        }
        int met = 0;
        for (int i = 0; i < injections; i++) {
            boolean reading = random.nextBoolean();
            long bursts = 1 + (reading ? reads : writes) / BURST_BEATS;
            String locator = accelerator.locator() + "?" + (reading ? "read_error=" : "write_error=")
                    + (1 + random.nextLong(bursts))
                    + (random.nextBoolean() ? "&stalls=" + (1 + random.nextInt(1000)) : "");
            met += survives(locator, program, inputs, expected, reading) ? 1 : 0;
        }
        return met;
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
                JobMemory memory = new JobMemory(accelerator, program, inputs::get, GUARD_BYTES)) {
            boolean met = false;
            try {
                memory.run();
            } catch (DriverException fault) {
                assertEquals(Status.DEVICE_FAULT, fault.status(), locator + ": " + fault.getMessage());
                FaultCode code = accelerator.lastFault().code();
                assertEquals(reading ? FaultCode.READ_ERROR : FaultCode.WRITE_ERROR, code, locator);
                met = true;
            }
            memory.assertUntouched(locator);
            if (met) {
                memory.run();
                memory.assertUntouched(locator);
            }
            Map<Integer, byte[]> made = memory.tensors();
            assertEquals(expected.keySet(), made.keySet());
            expected.forEach(
                    (tensor, bytes) -> assertArrayEquals(bytes, made.get(tensor), locator + ", tensor " + tensor));
            return met;
        }
    }
}
