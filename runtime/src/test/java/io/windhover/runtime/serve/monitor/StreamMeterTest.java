// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.windhover.runtime.serve.monitor.NodeState.Latency;
import io.windhover.runtime.serve.monitor.StreamMeter.Stage;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StreamMeterTest {
    private static final long START = -5_000_000_000L;

    private final StreamMeter meter = new StreamMeter(START);

    private static long at(double seconds) {
        return START + (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    }

    private Latency total(double seconds) {
        return Objects.requireNonNull(meter.latencies(at(seconds)).get("total"));
    }

    @Test
    void the_rate_is_that_of_the_last_whole_seconds() {
        for (int frame = 0; frame < 300; frame++) {
            meter.frame(at(frame / 30.0));
        }
        assertEquals(30, meter.counts(at(10)).framesPerSecond(), 0.1);
        assertEquals(300, meter.counts(at(10)).frames());
        assertEquals(0, meter.counts(at(60)).framesPerSecond());
    }

    @Test
    void latencies_are_forgotten_after_a_minute() {
        for (int i = 1; i <= 100; i++) {
            meter.took(Stage.TOTAL, TimeUnit.MILLISECONDS.toNanos(i), at(1));
        }
        assertEquals(100, total(2).frames());
        assertEquals(50, total(2).p50() / 1000);
        assertEquals(99, total(2).p99() / 1000);
        meter.took(Stage.TOTAL, -7, at(30));
        assertEquals(101, total(31).frames());
        assertEquals(1, total(65).frames());
        assertEquals(0, total(600).frames());
    }
}
