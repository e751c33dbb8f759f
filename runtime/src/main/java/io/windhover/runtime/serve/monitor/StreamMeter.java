// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.monitor;

import io.windhover.runtime.serve.monitor.NodeState.Latency;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
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

    private final Deque<Slice> slices = new ArrayDeque<>();
    private final long startedNanos;
    private final int[] framesOfSecond = new int[RATE_SECONDS + 1];
    private long lastSecond;
    private long frames;
    private long skipped;
    private long refused;
    private long published;

    private record Slice(long number, Map<Stage, IntCountsHistogram> latencies) {
        static Slice of(long number) {
            Map<Stage, IntCountsHistogram> latencies = new EnumMap<>(Stage.class);
            for (Stage stage : Stage.values()) {
                IntCountsHistogram histogram = new IntCountsHistogram(DIGITS);
                histogram.setAutoResize(true);
                latencies.put(stage, histogram);
            }
            return new Slice(number, latencies);
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
        Slice slice = slices.peekLast();
        if (slice == null || slice.number() < number) {
            slice = Slice.of(number);
            slices.addLast(slice);
            forget(number);
        }
        long micros = Math.max(0, Math.min(LONGEST_MICROS, TimeUnit.NANOSECONDS.toMicros(nanos)));
        java.util.Objects.requireNonNull(slice.latencies().get(stage)).recordValue(micros);
    }

    private void forget(long number) {
        while (!slices.isEmpty() && slices.element().number() <= number - SLICES) {
            slices.remove();
        }
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
        forget((nowNanos - startedNanos) / SLICE_NANOS);
        Map<String, Latency> all = new LinkedHashMap<>();
        for (Stage stage : Stage.values()) {
            Histogram sum = new Histogram(DIGITS);
            sum.setAutoResize(true);
            slices.forEach(slice ->
                    sum.add(java.util.Objects.requireNonNull(slice.latencies().get(stage))));
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
