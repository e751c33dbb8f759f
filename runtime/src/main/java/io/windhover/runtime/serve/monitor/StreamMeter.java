// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.monitor;

import io.windhover.runtime.serve.monitor.NodeState.Latency;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.IntCountsHistogram;

/** Counts a stream's frames, and remembers the latencies of the last minute. Thread-safe. */
public final class StreamMeter {
    private static final int SLICES = 6;
    private static final long SLICE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int DIGITS = 2;
    private static final long LONGEST_MICROS = TimeUnit.HOURS.toMicros(1);
    /** The rate is that of so many last seconds. */
    private static final int RATE_SECONDS = 5;

    /** Where a frame's time goes, in the order of its way. */
    public enum Stage {
        /** From the source's hands until the device is free for it. */
        WAIT,
        DECODE,
        PREPROCESS,
        ACCELERATE,
        CLASSIFY,
        /** From the source's hands, decoding included, until the result is in the queue's. */
        TOTAL
    }

    /** Slice {@code number} is at {@code number % SLICES}; memory of an old one serves the new one. */
    private final Slice[] slices = new Slice[SLICES];

    private final long startedNanos;
    private final int[] framesOfSecond = new int[RATE_SECONDS + 1];
    private long lastSecond;
    private long frames;
    private long skipped;
    private long refused;
    private long published;

    private static final class Slice {
        final Map<Stage, IntCountsHistogram> latencies = new EnumMap<>(Stage.class);
        long number = -1;

        Slice() {
            for (Stage stage : Stage.values()) {
                IntCountsHistogram histogram = new IntCountsHistogram(DIGITS);
                histogram.setAutoResize(true);
                latencies.put(stage, histogram);
            }
        }

        IntCountsHistogram of(Stage stage) {
            return Objects.requireNonNull(latencies.get(stage));
        }

        void begin(long newNumber) {
            number = newNumber;
            latencies.values().forEach(IntCountsHistogram::reset);
        }
    }

    /**
     * Counts since the start.
     *
     * @param framesPerSecond over the last seconds
     */
    public record Counts(long frames, long skipped, long refused, long published, double framesPerSecond) {}

    /** @param nowNanos as {@link System#nanoTime} says */
    public StreamMeter(long nowNanos) {
        this.startedNanos = nowNanos;
        Arrays.setAll(slices, unused -> new Slice());
    }

    /** Counts a frame that was run. */
    public synchronized void frame(long nowNanos) {
        frames++;
        moveTo(TimeUnit.NANOSECONDS.toSeconds(nowNanos - startedNanos));
        framesOfSecond[(int) (lastSecond % framesOfSecond.length)]++;
    }

    private void moveTo(long second) {
        for (long cleared = Math.max(lastSecond + 1, second - RATE_SECONDS); cleared <= second; cleared++) {
            framesOfSecond[(int) (cleared % framesOfSecond.length)] = 0;
        }
        lastSecond = Math.max(lastSecond, second);
    }

    /** Counts a frame that was left out for a newer one. */
    public synchronized void skipped() {
        skipped++;
    }

    /** Counts a frame that cannot be used. */
    public synchronized void refused() {
        refused++;
    }

    /** Counts a result that was published. */
    public synchronized void published() {
        published++;
    }

    /** Remembers what a stage of one frame took. */
    public synchronized void took(Stage stage, long nanos, long nowNanos) {
        long number = (nowNanos - startedNanos) / SLICE_NANOS;
        Slice slice = slices[(int) (number % SLICES)];
        if (slice.number != number) {
            slice.begin(number);
        }
        slice.of(stage).recordValue(Math.max(0, Math.min(LONGEST_MICROS, TimeUnit.NANOSECONDS.toMicros(nanos))));
    }

    /** What was counted. */
    public synchronized Counts counts(long nowNanos) {
        long second = TimeUnit.NANOSECONDS.toSeconds(nowNanos - startedNanos);
        moveTo(second);
        int recent = 0;
        for (int i = 0; i < framesOfSecond.length; i++) {
            recent += i == second % framesOfSecond.length ? 0 : framesOfSecond[i];
        }
        double seconds = Math.max(1, Math.min(RATE_SECONDS, second));
        return new Counts(frames, skipped, refused, published, recent / seconds);
    }

    /** Latencies of the last minute by the stage's name in lower case. */
    public synchronized Map<String, Latency> latencies(long nowNanos) {
        long oldest = (nowNanos - startedNanos) / SLICE_NANOS - SLICES + 1;
        Map<String, Latency> all = new LinkedHashMap<>();
        for (Stage stage : Stage.values()) {
            Histogram sum = new Histogram(DIGITS);
            sum.setAutoResize(true);
            for (Slice slice : slices) {
                if (slice.number >= oldest) {
                    sum.add(slice.of(stage));
                }
            }
            all.put(
                    stage.name().toLowerCase(Locale.ROOT),
                    new Latency(
                            sum.getTotalCount(),
                            sum.getValueAtPercentile(50),
                            sum.getValueAtPercentile(90),
                            sum.getValueAtPercentile(99),
                            sum.getMaxValue(),
                            Math.round(sum.getMean())));
        }
        return all;
    }
}
