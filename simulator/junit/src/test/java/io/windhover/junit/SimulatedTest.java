// SPDX-License-Identifier: Apache-2.0
package io.windhover.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.contract.FaultCode;
import io.windhover.contract.Field;
import io.windhover.contract.Header;
import io.windhover.contract.LoadTable;
import io.windhover.driver.Accelerator;
import io.windhover.driver.Buffer;
import io.windhover.driver.DriverException;
import io.windhover.driver.Job;
import io.windhover.driver.Status;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SimulatedTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private static void set(Buffer buffer, Field field, long value) {
        int at = field.word() * Long.BYTES;
        buffer.bytes().putLong(at, buffer.bytes().getLong(at) | value << field.lsb());
    }

    /** A job of one command: the activation table, from region 1. */
    private static Job tableLoad(Accelerator accelerator, long region) {
        Buffer program = accelerator.allocate(4096);
        Buffer table = accelerator.allocate(4096);
        set(program, Header.OPCODE, LoadTable.OPCODE);
        set(program, LoadTable.REGION, region);
        set(program, LoadTable.TARGET, 1);
        return accelerator
                .newJob()
                .region(0, program, Job.Access.READ_ONLY)
                .region(1, table, Job.Access.READ_ONLY)
                .program(0, 0, 1)
                .watchdog(100_000);
    }

    private static void runs_a_command(Accelerator accelerator) {
        try (Job job = tableLoad(accelerator, 1)) {
            job.submit();
            job.await(LONG);
            assertEquals(1, accelerator.counters().commands());
        }
    }

    private static void names_a_fault(Accelerator accelerator) {
        try (Job job = tableLoad(accelerator, 5)) {
            job.submit();
            DriverException e = assertThrows(DriverException.class, () -> job.await(LONG));
            assertEquals(Status.DEVICE_FAULT, e.status());
            assertEquals(FaultCode.OUT_OF_REGION, accelerator.lastFault().code());
        }
    }

    @Test
    @Simulated("functional:tiny")
    void the_functional_model_runs_a_command(Accelerator accelerator) {
        assertEquals("tiny", accelerator.capabilities().name());
        runs_a_command(accelerator);
    }

    @Test
    @Simulated("functional:")
    void the_functional_model_names_a_fault(Accelerator accelerator) {
        assertEquals("zynq7020", accelerator.capabilities().name());
        names_a_fault(accelerator);
    }

    @Test
    @Simulated("rtl:tiny")
    void the_simulated_accelerator_runs_a_command(Accelerator accelerator) {
        runs_a_command(accelerator);
    }

    @Test
    @Simulated("rtl:tiny?stalls=5")
    void the_simulated_accelerator_names_a_fault(Accelerator accelerator) {
        names_a_fault(accelerator);
    }

    @Test
    void a_build_that_is_missing_is_named() {
        assertEquals("libwindhover-rtl-ostrich.so", missing("rtl:ostrich?stalls=1"));
        assertEquals("libwindhover-rtl-ostrich-trace.so", missing("rtl:ostrich?stalls=1&wave=w.fst"));
    }

    /** The library that the message of the refused device names. */
    private static String missing(String locator) {
        DriverException e = assertThrows(
                DriverException.class, () -> Accelerator.open(locator).close());
        assertEquals(Status.NOT_FOUND, e.status());
        assertTrue(e.getMessage().startsWith("no device '" + locator + "': "), e.getMessage());
        return e.getMessage().replaceFirst(".*': ", "").replaceFirst(" is not in .*", "");
    }

    @Test
    void an_unknown_option_is_explained() {
        DriverException e = assertThrows(
                DriverException.class,
                () -> Accelerator.open("functional:tiny?speed=9").close());
        assertEquals(
                "option 'speed=9' of the device is not known; write key=value with one of: memory_mib, threads",
                e.getMessage());
    }
}
