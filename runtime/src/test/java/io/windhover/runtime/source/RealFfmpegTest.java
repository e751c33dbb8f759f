// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpServer;
import io.windhover.runtime.image.ImageDecoder;
import io.windhover.runtime.image.Pixels;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What only FFmpeg itself can show. */
@Timeout(60)
class RealFfmpegTest {
    @TempDir
    Path folder;

    @BeforeAll
    static void ffmpegIsInstalled() throws Exception {
        try {
            Process process = new ProcessBuilder("ffmpeg", "-version")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            assertEquals(0, process.waitFor());
        } catch (IOException missing) {
            throw new AssertionError("FFmpeg is not installed; install it with 'apt-get install ffmpeg'.", missing);
        }
    }

    private static void ffmpeg(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("ffmpeg", "-nostdin", "-loglevel", "error"));
        command.addAll(List.of(arguments));
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
    }

    /** Two seconds of 10 frames each, red. */
    private Path movie(String name) throws Exception {
        Path file = folder.resolve(name);
        ffmpeg("-f", "lavfi", "-i", "color=red:size=64x48:rate=10:duration=2", "-c:v", "mpeg2video", file.toString());
        return file;
    }

    private static FrameSource open(
            String input, @Nullable Double framesPerSecond, boolean repeat, Duration silence, String... options) {
        return Sources.open(
                new SourceSettings.Ffmpeg(input, List.of(options), 16, 8, framesPerSecond, silence, repeat),
                new ImageDecoder());
    }

    private static void assertRed(SourceFrame frame) {
        Pixels pixels =
                ((SourceFrame.Content.Picture) Objects.requireNonNull(frame).content()).pixels();
        assertEquals(16 * 8 * 3, pixels.samples().length);
        assertTrue((pixels.samples()[0] & 255) > 200, Arrays.toString(pixels.samples()));
        assertTrue((pixels.samples()[1] & 255) < 50, Arrays.toString(pixels.samples()));
    }

    @Test
    void every_frame_of_a_file_comes_once() throws Exception {
        try (FrameSource source = open(movie("a b'c.ts").toString(), null, false, Duration.ofSeconds(10))) {
            for (int frame = 0; frame < 20; frame++) {
                assertRed(source.next());
            }
            assertNull(source.next());
            assertEquals(FrameSource.Health.WELL, source.health());
        }
    }

    @Test
    void fewer_frames_a_second_may_be_asked_for() throws Exception {
        try (FrameSource source = open(movie("a.ts").toString(), 5.0, false, Duration.ofSeconds(10))) {
            int frames = 0;
            while (source.next() != null) {
                frames++;
            }
            assertTrue(frames >= 9 && frames <= 11, frames + " frames");
        }
    }

    @Test
    void a_file_that_is_read_as_it_plays_is_paced() throws Exception {
        try (FrameSource source = open(movie("a.ts").toString(), null, false, Duration.ofSeconds(10), "-re")) {
            Waiting.next(source);
            long start = System.nanoTime();
            for (int frame = 1; frame < 11; frame++) {
                Waiting.next(source);
            }
            assertTrue(System.nanoTime() - start > 700_000_000L);
        }
    }

    @Test
    void a_file_is_repeated() throws Exception {
        try (FrameSource source = open(movie("a.ts").toString(), null, true, Duration.ofSeconds(10))) {
            for (int frame = 0; frame < 50; frame++) {
                assertEquals("frame " + frame, Waiting.next(source));
            }
        }
    }

    @Test
    void what_ffmpeg_cannot_read_is_said_in_its_words() throws Exception {
        Path file = Files.writeString(folder.resolve("no.mp4"), "no movie");
        for (String input : List.of("/dev/video99", file.toString(), "rtsp://me:hush@127.0.0.1:1/a")) {
            try (FrameSource source = open(input, null, false, Duration.ofSeconds(10))) {
                CompletableFuture<String> unused = Waiting.nextName(source);
                Waiting.until(() -> source.health().trouble() != null);
                String trouble = Objects.requireNonNull(source.health().trouble());
                assertTrue(
                        trouble.matches(
                                "FFmpeg ended with exit code [0-9]+ while reading .* \\(.*\\); it is started again."),
                        trouble);
                assertFalse(trouble.contains("hush") || trouble.contains("pipe:0"), trouble);
            }
        }
    }

    @Test
    void a_camera_with_a_password_is_read_and_found_again() throws Exception {
        byte[] stream = Files.readAllBytes(movie("a.ts"));
        try (RtspServer server = new RtspServer(stream, "me:it's a 'secret'");
                FrameSource source = open(
                        "rtsp://me:it's%20a%20'secret'@127.0.0.1:" + server.port() + "/1",
                        null,
                        false,
                        Duration.ofSeconds(10),
                        "-rtsp_transport",
                        "tcp",
                        "-fflags",
                        "nobuffer")) {
            for (int frame = 0; frame < 60; frame++) {
                assertRed(source.next());
            }
            assertNoProcessShows("secret");
            CompletableFuture<Void> cut = CompletableFuture.runAsync(() -> {
                try {
                    server.cut();
                } catch (InterruptedException interrupt) {
                    throw new IllegalStateException(interrupt);
                }
            });
            while (server.players() < 2) {
                assertRed(source.next());
            }
            cut.join();
            assertRed(source.next());
            assertEquals(1, source.health().restarts());
        }
    }

    private static void assertNoProcessShows(String secret) {
        assertTrue(ProcessHandle.current()
                .children()
                .map(child -> child.info().commandLine().orElse(""))
                .noneMatch(line -> line.contains(secret)));
    }

    @Test
    void a_wrong_password_is_said_and_not_shown() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] stream = Files.readAllBytes(movie("a.ts"));
        server.createContext("/", exchange -> {
                    exchange.sendResponseHeaders(200, stream.length);
                    exchange.getResponseBody().write(stream);
                    exchange.close();
                })
                .setAuthenticator(new BasicAuthenticator("camera") {
                    @Override
                    public boolean checkCredentials(String user, String password) {
                        return password.equals("right one");
                    }
                });
        server.start();
        String host = "127.0.0.1:" + server.getAddress().getPort();
        try (FrameSource good = open("http://me:right%20one@" + host + "/a.ts", null, false, Duration.ofSeconds(10));
                FrameSource bad = open("http://me:wrong@" + host + "/a.ts", null, false, Duration.ofSeconds(10))) {
            assertRed(good.next());
            CompletableFuture<String> unused = Waiting.nextName(bad);
            Waiting.until(() -> bad.health().trouble() != null);
            assertEquals(
                    "FFmpeg ended with exit code 1 while reading http://" + host + "/a.ts (http://" + host
                            + "/a.ts: Server returned 401 Unauthorized (authorization failed)); it is started again.",
                    bad.health().trouble());
        } finally {
            server.stop(0);
        }
    }

    @Test
    void a_camera_that_falls_silent_is_left_within_the_time() throws Exception {
        Path pipe = folder.resolve("pipe.ts");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        FrameSource source = open(pipe.toString(), null, false, Duration.ofMillis(500));
        CompletableFuture<String> name = Waiting.nextName(source);
        Waiting.until(() -> source.health().restarts() >= 1);
        source.close();
        assertEquals("none", name.get(5, TimeUnit.SECONDS));
    }
}
