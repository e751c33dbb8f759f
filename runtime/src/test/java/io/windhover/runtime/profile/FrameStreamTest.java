// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.windhover.runtime.exception.WindhoverException;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameStreamTest {
    private static final int CLOCK_HZ = 1_000_000;

    @Test
    void the_first_frame_is_left_out() {
        FrameStream stream = FrameStream.of(
                List.of(
                        "doorbell 100",
                        "interrupt 900",
                        "doorbell 910",
                        "interrupt 1400",
                        "doorbell 1420",
                        "interrupt 1900"),
                3,
                CLOCK_HZ);
        assertEquals(new FrameStream(2, 500, 15, 0.5, 2000), stream);
    }

    @Test
    void a_doorbell_that_waits_for_the_running_job_is_no_idle_time() {
        FrameStream stream =
                FrameStream.of(List.of("doorbell 0", "doorbell 50", "interrupt 900", "interrupt 1400"), 2, CLOCK_HZ);
        assertEquals(new FrameStream(1, 500, 0, 0.5, 2000), stream);
    }

    @Test
    void a_frame_without_its_interrupt_is_an_error() {
        assertThrows(
                WindhoverException.class,
                () -> FrameStream.of(List.of("doorbell 100", "interrupt 900", "doorbell 910"), 2, CLOCK_HZ));
    }
}
