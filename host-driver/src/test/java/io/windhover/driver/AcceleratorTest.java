// SPDX-License-Identifier: Apache-2.0
package io.windhover.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.contract.Contract;
import io.windhover.contract.FaultCode;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class DeviceTest {
    private static final Duration SHORT = Duration.ofMillis(60);
    private static final Duration LONG = Duration.ofSeconds(10);

    private static Job prepared(Accelerator accelerator) {
        return accelerator
                .newJob()
                .region(0, accelerator.allocate(4096), Job.Access.READ_ONLY)
                .program(0, 0, 1);
    }

    private static DriverException refused(String locator) {
        return assertThrows(
                DriverException.class, () -> Accelerator.open(locator).close());
    }

    @Test
    void a_job_runs_and_leaves_its_counters() {
        try (Accelerator accelerator = Accelerator.open("fake:")) {
            Job job = prepared(accelerator);
            job.submit();
            job.await(LONG);
            assertEquals(1234, accelerator.counters().cycles());
            assertEquals(FaultCode.NONE, accelerator.lastFault().code());
        }
    }

    @Test
    void two_jobs_may_be_in_flight() {
        try (Accelerator accelerator = Accelerator.open("fake:")) {
            Job first = prepared(accelerator);
            Job second = prepared(accelerator);
            first.submit();
            second.submit();
            second.await(LONG);
            first.await(LONG);
        }
    }

    @Test
    void capabilities_name_their_configuration() {
        try (Accelerator accelerator = Accelerator.open("fake:")) {
            assertEquals("tiny", accelerator.capabilities().name());
        }
    }

    @Test
    void a_locator_without_a_colon_is_explained() {
        DriverException e = refused("nocolon");
        assertEquals(Status.INVALID_ARGUMENT, e.status());
        assertEquals("device locator 'nocolon' is not SCHEME:CONFIGURATION", e.getMessage());
    }

    @Test
    void a_locator_cannot_leave_the_search_path() {
        assertEquals(Status.INVALID_ARGUMENT, refused("../../lib/evil:").status());
    }

    @Test
    void a_missing_transport_says_which_file_it_looked_for() {
        DriverException e = refused("nothere:");
        assertEquals(Status.NOT_FOUND, e.status());
        assertTrue(e.getMessage().contains("libwindhover-nothere.so"), e.getMessage());
    }

    @Test
    void the_transports_own_message_reaches_the_caller() {
        assertEquals(
                "the fake device is absent; plug it in", refused("fake:absent").getMessage());
    }

    @Test
    void another_contract_is_refused_with_both_digests() {
        DriverException e = refused("fake:?digest=wrong");
        assertEquals(Status.CONTRACT_MISMATCH, e.status());
        assertTrue(e.getMessage().contains(String.format("%016X", Contract.DIGEST)), e.getMessage());
        assertTrue(e.getMessage().contains("0000000000000001"), e.getMessage());
    }

    @Test
    void a_device_fault_names_code_and_command() {
        try (Accelerator accelerator = Accelerator.open("fake:?fault=5")) {
            Job job = prepared(accelerator);
            job.submit();
            DriverException e = assertThrows(DriverException.class, () -> job.await(LONG));
            assertEquals(Status.DEVICE_FAULT, e.status());
            assertTrue(e.getMessage().contains("OUT_OF_MEMORY at command 7"), e.getMessage());
            assertEquals(FaultCode.OUT_OF_MEMORY, accelerator.lastFault().code());
        }
    }

    @Test
    void a_hung_device_times_out_and_a_reset_recovers_it() {
        try (Accelerator accelerator = Accelerator.open("fake:?hang=1")) {
            Job job = prepared(accelerator);
            job.submit();
            assertEquals(
                    Status.TIMEOUT,
                    assertThrows(DriverException.class, () -> job.await(SHORT)).status());
            assertEquals(
                    Status.BUSY,
                    assertThrows(DriverException.class, job::submit).status());
            assertEquals(
                    Status.BUSY, assertThrows(DriverException.class, job::close).status());
            accelerator.reset();
            assertEquals(
                    Status.ABORTED,
                    assertThrows(DriverException.class, () -> job.await(SHORT)).status());
            job.submit();
        }
    }

    @Test
    void a_device_that_stops_answering_is_said_to() {
        try (Accelerator accelerator = Accelerator.open("fake:?broken=1")) {
            Job job = prepared(accelerator);
            job.submit();
            assertEquals(
                    Status.TRANSPORT_FAILED,
                    assertThrows(DriverException.class, () -> job.await(LONG)).status());
            assertEquals(
                    Status.TRANSPORT_FAILED,
                    assertThrows(DriverException.class, job::submit).status());
        }
    }

    @Test
    void a_dead_device_keeps_its_fault_and_says_so_until_it_is_revived() {
        try (Accelerator accelerator = Accelerator.open("fake:?fault=6&dead=3")) {
            Job job = prepared(accelerator);
            job.submit();
            DriverException fault = assertThrows(DriverException.class, () -> job.await(LONG));
            assertTrue(fault.getMessage().contains("WATCHDOG at command 7"), fault.getMessage());
            DriverException dead = assertThrows(DriverException.class, job::submit);
            assertEquals(Status.DEVICE_DEAD, dead.status());
            assertTrue(dead.getMessage().contains("memory does not answer"), dead.getMessage());
            assertEquals(
                    Status.DEVICE_DEAD,
                    assertThrows(DriverException.class, accelerator::reset).status());
            accelerator.reset();
            job.submit();
        }
    }

    @Test
    void closing_while_another_thread_waits_ends_the_wait() {
        Accelerator accelerator = Accelerator.open("fake:?hang=1");
        Job job = prepared(accelerator);
        job.submit();
        CompletableFuture<Void> waiter = CompletableFuture.runAsync(() -> job.await(LONG));
        assertTimeoutPreemptively(LONG, accelerator::close);
        Throwable cause = assertThrows(ExecutionException.class, waiter::get).getCause();
        assertTrue(
                cause instanceof IllegalStateException
                        || (cause instanceof DriverException e && e.status() == Status.ABORTED),
                () -> new CompletionException(cause).toString());
    }

    @Test
    void use_after_close_throws_and_close_is_idempotent() {
        Accelerator accelerator = Accelerator.open("fake:");
        Buffer buffer = accelerator.allocate(16);
        Job job = prepared(accelerator);
        accelerator.close();
        accelerator.close();
        buffer.close();
        job.close();
        assertThrows(IllegalStateException.class, accelerator::counters);
        assertThrows(IllegalStateException.class, buffer::bytes);
        assertThrows(IllegalStateException.class, job::submit);
        assertThrows(IllegalStateException.class, () -> accelerator.allocate(1));
    }

    @Test
    void a_buffer_in_flight_cannot_be_closed() {
        try (Accelerator accelerator = Accelerator.open("fake:?hang=1")) {
            Buffer buffer = accelerator.allocate(4096);
            accelerator
                    .newJob()
                    .region(0, buffer, Job.Access.READ_ONLY)
                    .program(0, 0, 1)
                    .submit();
            assertEquals(
                    Status.BUSY,
                    assertThrows(DriverException.class, buffer::close).status());
        }
    }

    @Test
    void a_buffer_of_an_idle_job_is_closed_after_the_job() {
        try (Accelerator accelerator = Accelerator.open("fake:")) {
            Buffer buffer = accelerator.allocate(4096);
            Job job = accelerator.newJob().region(0, buffer, Job.Access.READ_ONLY);
            assertEquals(
                    Status.BUSY,
                    assertThrows(DriverException.class, buffer::close).status());
            job.close();
            buffer.close();
        }
    }

    @Test
    void a_program_that_leaves_its_region_is_not_submitted() {
        try (Accelerator accelerator = Accelerator.open("fake:")) {
            Job job = accelerator
                    .newJob()
                    .region(0, accelerator.allocate(4096), Job.Access.READ_ONLY)
                    .program(0, 0, 65);
            assertEquals(
                    Status.INVALID_ARGUMENT,
                    assertThrows(DriverException.class, job::submit).status());
            assertThrows(DriverException.class, () -> job.program(0, 0, Contract.PROGRAM_COMMANDS_LIMIT + 1));
        }
    }

    @Test
    void wrong_sizes_are_refused() {
        try (Accelerator accelerator = Accelerator.open("fake:")) {
            assertThrows(DriverException.class, () -> accelerator.allocate(0));
            assertThrows(DriverException.class, () -> accelerator.allocate(1L << 31));
            Buffer buffer = accelerator.allocate(64);
            Job job = accelerator.newJob();
            assertThrows(DriverException.class, () -> job.region(0, buffer, 0, 65, Job.Access.READ_ONLY));
            assertThrows(DriverException.class, () -> job.region(0, buffer, 4, 8, Job.Access.READ_ONLY));
            assertThrows(DriverException.class, () -> job.region(8, buffer, Job.Access.READ_ONLY));
            assertThrows(DriverException.class, () -> job.program(0, 32, 1));
            assertThrows(DriverException.class, job::submit);
        }
    }

    @Test
    void memory_that_is_used_up_is_said_to_be() {
        try (Accelerator accelerator = Accelerator.open("fake:?memory=none")) {
            assertEquals(
                    Status.NO_MEMORY,
                    assertThrows(DriverException.class, () -> accelerator.allocate(8))
                            .status());
        }
    }

    @Test
    void a_frame_allocates_nothing() {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Accelerator accelerator = Accelerator.open("fake:")) {
            Job job = prepared(accelerator);
            for (int i = 0; i < 20_000; i++) {
                frame(job);
            }
            long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            for (int i = 0; i < 1000; i++) {
                frame(job);
            }
            long after = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            assertTrue(after - before < 1000, (after - before) + " bytes in 1000 frames");
        }
    }

    private static void frame(Job job) {
        job.submit();
        job.await(10_000_000_000L);
    }

    @Test
    void a_buffer_is_one_view() {
        try (Accelerator accelerator = Accelerator.open("fake:")) {
            Buffer buffer = accelerator.allocate(16);
            assertSame(buffer.bytes(), buffer.bytes());
            assertEquals(16, buffer.bytes().capacity());
        }
    }
}
