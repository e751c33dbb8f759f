// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.zoo.Zoo;
import io.windhover.runtime.exception.DeviceException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ReferenceEngineTest {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** Processor time of the thread that runs the frames; -1 when there is none. */
    private static long workingNanos() {
        return Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
                .filter(thread -> thread != null && thread.getThreadName().equals("windhover-reference"))
                .mapToLong(thread -> THREADS.getThreadCpuTime(thread.getThreadId()))
                .max()
                .orElse(-1);
    }

    private static void assertIdle() throws InterruptedException {
        Thread.sleep(500);
        long before = workingNanos();
        Thread.sleep(500);
        assertTrue(workingNanos() - before < 50_000_000L, "the cancelled frame still keeps a core busy");
    }

    /** Its frames take many seconds here. */
    private static ReferenceEngine slow(Duration timeout) {
        return new ReferenceEngine(Zoo.load("vgg_d"), timeout);
    }

    @Test
    void a_frame_that_takes_too_long_is_stopped_and_said_to_be() throws InterruptedException {
        try (ReferenceEngine engine = slow(Duration.ofMillis(100))) {
            engine.submit(0);
            String message =
                    assertThrows(DeviceException.class, () -> engine.await(0)).getMessage();
            assertEquals(
                    "Device 'reference:' did not finish a frame of model 'vgg_d_1.0_224' within 0.1 s and was stopped; "
                            + "raise the timeout (--timeout, or a service's 'timeout' of the model), or choose a faster device.",
                    message);
            assertIdle();
        }
    }

    @Test
    void closing_stops_a_frame_that_runs() throws InterruptedException {
        ReferenceEngine engine = slow(Duration.ofSeconds(100));
        engine.submit(0);
        engine.close();
        assertIdle();
    }

    @Test
    void a_frame_in_time_is_left_alone_after_one_that_was_stopped() {
        try (ReferenceEngine engine = new ReferenceEngine(Zoo.load("lenet_300_100"), Duration.ofSeconds(100))) {
            for (int slot = 0; slot < Engine.SLOTS; slot++) {
                engine.submit(slot);
                engine.await(slot);
                assertTrue(engine.output(slot, 0).hasRemaining());
            }
        }
    }
}
