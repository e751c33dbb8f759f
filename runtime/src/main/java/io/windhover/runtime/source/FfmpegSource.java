// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.source;

import io.windhover.models.Reason;
import io.windhover.runtime.exception.InputException;
import io.windhover.runtime.image.Pixels;
import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Frames that FFmpeg decodes, in a process of its own that is started again when it ends or falls silent. Each frame
 * has memory of its own: whoever got one may keep it.
 */
final class FfmpegSource implements FrameSource {
    private static final int CHANNELS = 3;
    private static final long FIRST_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long LONGEST_DELAY_NANOS = TimeUnit.SECONDS.toNanos(30);
    /** A process that gave frames for so long was in order; the next one is started soon. */
    private static final long STEADY_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** From one start to the next where a file is repeated. */
    private static final long REPEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final SourceSettings.Ffmpeg settings;
    private final FfmpegInput input;
    private final String program;
    private final Backoff backoff;
    private final int frameBytes;
    private final Gate gate = new Gate();
    private final Object lock = new Object();
    private volatile @Nullable FfmpegRun run;
    private volatile Health health = Health.WELL;
    private String passThrough = "-fps_mode";
    private boolean ended;
    private boolean failed;
    private long number;
    private long framesOfRun;
    private long runStart;
    private long startDue = System.nanoTime();

    FfmpegSource(SourceSettings.Ffmpeg settings) {
        this(
                settings,
                "ffmpeg",
                new Backoff(
                        FIRST_DELAY_NANOS,
                        LONGEST_DELAY_NANOS,
                        () -> ThreadLocalRandom.current().nextDouble()));
    }

    FfmpegSource(SourceSettings.Ffmpeg settings, String program, Backoff backoff) {
        this.settings = settings;
        this.input = FfmpegInput.of(settings.input());
        this.program = program;
        this.backoff = backoff;
        this.frameBytes = Math.multiplyExact(settings.width() * CHANNELS, settings.height());
    }

    /** A frame that is cut short, the last one before FFmpeg's end, is refused. */
    @Override
    public @Nullable SourceFrame next() throws InterruptedException {
        while (!ended && gate.pause(startDue - System.nanoTime())) {
            FfmpegRun current = running();
            FfmpegRun.Delivery delivery =
                    current == null ? null : current.await(settings.silence().toNanos());
            if (current == null || gate.isClosed()) {
                continue;
            }
            if (delivery == null) {
                current.stop();
                fail("FFmpeg gave no frame of " + input.shown() + " for "
                        + settings.silence().toMillis() / 1e3 + " s");
            } else if (delivery.isFrame()) {
                return frame(delivery.bytes());
            } else {
                end(current);
                requireWhole(delivery);
            }
        }
        return null;
    }

    /** The process, started where there is none; null where that fails or the source is closed. */
    private @Nullable FfmpegRun running() {
        synchronized (lock) {
            if (run != null || gate.isClosed()) {
                return run;
            }
            try {
                runStart = System.nanoTime();
                framesOfRun = 0;
                run = FfmpegRun.start(program, FfmpegCommand.of(settings, passThrough), frameBytes);
                health = new Health(health.trouble(), health.restarts() + (failed ? 1 : 0));
                failed = false;
            } catch (IOException problem) {
                boolean missing = String.valueOf(problem.getMessage()).contains("error=2,");
                setTrouble(
                        missing
                                ? "FFmpeg is not installed; install it with 'apt-get install ffmpeg'."
                                : "FFmpeg cannot be started (" + Printable.line(Reason.of(problem)) + ").");
                startDue = System.nanoTime() + backoff.nextNanos();
            }
            return run;
        }
    }

    private SourceFrame frame(byte[] samples) {
        framesOfRun++;
        if (health.trouble() != null) {
            setTrouble(null);
        }
        Pixels pixels = new Pixels(settings.width(), settings.height(), CHANNELS, samples);
        return SourceFrame.picture("frame " + number++, pixels, 0);
    }

    private void end(FfmpegRun current) {
        int exitCode = current.exitCode();
        String message = input.printable(current.message());
        if (exitCode == 0 && framesOfRun > 0 && !input.isLive()) {
            run = null;
            ended = !settings.repeat();
            startDue = runStart + REPEAT_NANOS;
        } else if (message.contains("fps_mode") && passThrough.equals("-fps_mode")) {
            run = null;
            passThrough = "-vsync";
        } else {
            fail("FFmpeg ended with exit code " + exitCode + " while reading " + input.shown()
                    + (message.isEmpty() ? "" : " (" + message + ")"));
        }
    }

    private void fail(String clause) {
        if (framesOfRun > 0 && System.nanoTime() - runStart > STEADY_NANOS) {
            backoff.reset();
        }
        run = null;
        failed = true;
        setTrouble(clause + "; it is started again.");
        startDue = System.nanoTime() + backoff.nextNanos();
    }

    private void requireWhole(FfmpegRun.Delivery delivery) {
        if (delivery.count() > 0) {
            throw new InputException("The last frame of " + input.shown() + " was cut short: it has " + delivery.count()
                    + " of " + frameBytes + " bytes.");
        }
    }

    private void setTrouble(@Nullable String trouble) {
        health = new Health(trouble, health.restarts());
    }

    @Override
    public Health health() {
        return health;
    }

    @Override
    public void close() {
        gate.close();
        FfmpegRun current;
        synchronized (lock) {
            current = run;
        }
        if (current != null) {
            current.wake();
            current.stop();
        }
    }
}
