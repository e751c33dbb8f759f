// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.runtime.exception.InputException;
import io.windhover.runtime.image.Pixels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against scripts in FFmpeg's place. Frames are of 4 x 2 pixels, 24 bytes. */
@Timeout(60)
class FfmpegSourceTest {
    private static final String FRAME = "head -c 24 /dev/zero";

    @TempDir
    Path folder;

    private Path script(String body) throws IOException {
        Path script = folder.resolve("ffmpeg");
        Path made = Files.createFile(
                folder.resolve("made" + System.nanoTime()),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(made, "#!/bin/bash\necho run >> '" + folder + "/runs'\n" + body + "\n");
        return Files.move(made, script, StandardCopyOption.REPLACE_EXISTING);
    }

    private FrameSource open(String input, boolean repeat, Duration silence) {
        SourceSettings.Ffmpeg settings = new SourceSettings.Ffmpeg(input, List.of(), 4, 2, null, silence, repeat);
        Backoff backoff = new Backoff(1_000_000, 50_000_000, () -> 1);
        return new FfmpegSource(settings, folder.resolve("ffmpeg").toString(), backoff);
    }

    private FrameSource camera() {
        return open("rtsp://me:hush-hush@cam/1", false, Duration.ofSeconds(20));
    }

    private FrameSource file(boolean repeat) {
        return open("movie.mp4", repeat, Duration.ofSeconds(20));
    }

    private long runs() throws IOException {
        Path runs = folder.resolve("runs");
        return Files.exists(runs) ? Files.readAllLines(runs).size() : 0;
    }

    private static void waitForTrouble(FrameSource source, String clause) throws InterruptedException {
        Waiting.until(() -> String.valueOf(source.health().trouble()).contains(clause));
        assertFalse(String.valueOf(source.health().trouble()).contains("hush"));
    }

    @Test
    void frames_are_read_whole_however_they_arrive() throws Exception {
        script(
                "for i in 1 2 3; do for part in 1 2 3 4; do printf '\\x01\\x02\\x03\\xff\\x05\\x06'; sleep 0.02; done; done");
        try (FrameSource source = file(false)) {
            for (int number = 0; number < 3; number++) {
                SourceFrame frame = Objects.requireNonNull(source.next());
                Pixels pixels = ((SourceFrame.Content.Picture) frame.content()).pixels();
                assertEquals("frame " + number, frame.name());
                assertEquals(4, pixels.width());
                assertEquals(-1, pixels.samples()[21]);
            }
            assertNull(source.next());
            assertNull(source.next());
            assertEquals(FrameSource.Health.WELL, source.health());
            assertEquals(1, runs());
        }
    }

    @Test
    void a_camera_whose_process_ends_is_started_again() throws Exception {
        script(FRAME + "; echo 'rtsp://me:hush-hush@cam/1: gone' >&2; exit 7");
        try (FrameSource source = camera()) {
            for (int number = 0; number < 4; number++) {
                assertEquals("frame " + number, Waiting.next(source));
            }
            assertEquals(new FrameSource.Health(null, 3), source.health());
            CompletableFuture<String> more = Waiting.nextName(source);
            assertEquals("frame 4", more.get(10, TimeUnit.SECONDS));
            script("echo 'rtsp://me:hush-hush@cam/1: gone' >&2; exit 7");
            CompletableFuture<String> unused = Waiting.nextName(source);
            waitForTrouble(
                    source,
                    "FFmpeg ended with exit code 7 while reading rtsp://cam/1 (rtsp://cam/1: gone); it is started again.");
        }
    }

    @Test
    void a_camera_that_ends_cleanly_is_started_again() throws Exception {
        script(FRAME);
        try (FrameSource source = camera()) {
            Waiting.next(source);
            Waiting.next(source);
            assertEquals(1, source.health().restarts());
        }
    }

    @Test
    void attempts_wait_longer_and_longer() throws Exception {
        script("exit 1");
        try (FrameSource source = camera()) {
            CompletableFuture<String> unused = Waiting.nextName(source);
            Thread.sleep(1_500);
            assertTrue(runs() < 40, runs() + " runs");
            assertTrue(runs() > 5, runs() + " runs");
        }
    }

    @Test
    void a_silent_process_is_replaced_with_all_it_started() throws Exception {
        script("trap '' TERM; " + FRAME + "; sleep 1234.5 & sleep 1234.5");
        try (FrameSource source = open("/dev/video0", false, Duration.ofMillis(300))) {
            Waiting.next(source);
            CompletableFuture<String> second = Waiting.nextName(source);
            waitForTrouble(source, "FFmpeg gave no frame of /dev/video0 for 0.3 s; it is started again.");
            assertEquals("frame 1", second.get(10, TimeUnit.SECONDS));
            assertNull(source.health().trouble());
        }
        assertEquals(0, sleepers("1234.5"));
    }

    private static long sleepers(String argument) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains("sleep " + argument))
                .count();
    }

    @Test
    void a_slow_taker_is_no_silence() throws Exception {
        script("for i in 1 2 3; do " + FRAME + "; done; exec sleep 60");
        try (FrameSource source = open("/dev/video0", false, Duration.ofSeconds(1))) {
            for (int number = 0; number < 3; number++) {
                Waiting.next(source);
                Thread.sleep(1_300);
            }
            assertEquals(FrameSource.Health.WELL, source.health());
        }
    }

    @Test
    void a_flood_of_messages_is_drained() throws Exception {
        script("head -c 200000000 /dev/zero | tr '\\0' x >&2; " + FRAME
                + "; yes 'rtsp://a:hush@b' | head -c 100000000 >&2; exit 3");
        long before = usedBytes();
        try (FrameSource source = camera()) {
            assertEquals("frame 0", Waiting.next(source));
            CompletableFuture<String> unused = Waiting.nextName(source);
            waitForTrouble(source, "exit code 3 while reading rtsp://cam/1 (rtsp://b)");
            assertTrue(usedBytes() - before < 8 << 20);
        }
    }

    private static long usedBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void a_frame_that_is_cut_short_is_refused() throws Exception {
        script("head -c 31 /dev/zero");
        try (FrameSource source = file(false)) {
            Waiting.next(source);
            assertEquals(
                    "The last frame of movie.mp4 was cut short: it has 7 of 24 bytes.",
                    assertThrows(InputException.class, source::next).getMessage());
            assertNull(source.next());
        }
    }

    @Test
    void a_file_is_repeated_without_spinning() throws Exception {
        script(FRAME);
        try (FrameSource source = file(true)) {
            long start = System.nanoTime();
            for (int frame = 0; frame < 4; frame++) {
                Waiting.next(source);
            }
            assertTrue(System.nanoTime() - start >= 700_000_000L);
            assertEquals(FrameSource.Health.WELL, source.health());
        }
    }

    @Test
    void a_missing_ffmpeg_is_said_and_found_when_it_is_there() throws Exception {
        try (FrameSource source = camera()) {
            CompletableFuture<String> first = Waiting.nextName(source);
            waitForTrouble(source, "FFmpeg is not installed; install it with 'apt-get install ffmpeg'.");
            script(FRAME + "; exec sleep 60");
            assertEquals("frame 0", first.get(10, TimeUnit.SECONDS));
            assertEquals(FrameSource.Health.WELL, source.health());
        }
    }

    @Test
    void an_ffmpeg_that_cannot_be_run_is_said() throws Exception {
        Files.createDirectory(folder.resolve("ffmpeg"));
        try (FrameSource source = camera()) {
            CompletableFuture<String> unused = Waiting.nextName(source);
            waitForTrouble(source, "FFmpeg cannot be started (");
        }
    }

    @Test
    void an_older_ffmpeg_is_called_its_own_way() throws Exception {
        script("case \"$*\" in *fps_mode*) echo \"Unrecognized option 'fps_mode'.\" >&2; exit 1;; esac; " + FRAME
                + "; exec sleep 60");
        try (FrameSource source = camera()) {
            assertEquals("frame 0", Waiting.next(source));
            assertEquals(2, runs());
            assertEquals(FrameSource.Health.WELL, source.health());
        }
    }

    @Test
    void an_address_with_a_password_is_given_by_the_standard_input_alone() throws Exception {
        script("cat > '" + folder + "/stdin'; { echo \"$*\"; env; } > '" + folder + "/seen'; " + FRAME
                + "; exec sleep 60");
        try (FrameSource source = camera()) {
            Waiting.next(source);
            assertTrue(Files.readString(folder.resolve("stdin")).contains("file 'rtsp://me:hush-hush@cam/1'"));
            String seen = Files.readString(folder.resolve("seen"));
            assertFalse(seen.contains("hush"), seen);
            assertTrue(Pattern.compile("-i pipe:0 ").matcher(seen).find(), seen);
        }
    }

    @Test
    void a_process_that_does_not_read_and_says_nothing_ends_with_the_source() throws Exception {
        script("trap '' TERM; sleep 2345.6");
        Set<String> before = Waiting.threads();
        FrameSource source = camera();
        Waiting.endsAtOnce(source, before);
        assertEquals(0, sleepers("2345.6"));
    }

    @Test
    void a_process_whose_frames_nobody_takes_ends_with_the_source() throws Exception {
        script("cat /dev/zero");
        Set<String> before = Waiting.threads();
        FrameSource source = camera();
        Waiting.next(source);
        Thread.sleep(200);
        source.close();
        assertNull(source.next());
        Waiting.until(() -> before.containsAll(Waiting.threads()));
        assertEquals(1, runs());
    }

    @Test
    void waiting_for_another_attempt_ends_at_once() throws Exception {
        Set<String> before = Waiting.threads();
        SourceSettings.Ffmpeg settings =
                new SourceSettings.Ffmpeg("/dev/video0", List.of(), 4, 2, null, Duration.ofSeconds(5), false);
        Backoff hour = new Backoff(TimeUnit.HOURS.toNanos(1), TimeUnit.HOURS.toNanos(1), () -> 1);
        Waiting.endsAtOnce(new FfmpegSource(settings, folder + "/missing", hour), before);
    }

    @Test
    void a_close_that_comes_before_the_start_wins() throws Exception {
        script(FRAME);
        FrameSource source = camera();
        source.close();
        assertNull(source.next());
        assertEquals(0, runs());
    }
}
