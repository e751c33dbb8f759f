// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Cameras and folders that are away, strange or broken. */
class SourceFaultsTest extends Bench {
    private static final int FRAME_BYTES = 8 * 8 * 3;
    private static final String FRAME = "head -c " + FRAME_BYTES + " /dev/zero";

    private static String trouble(JsonObject state) {
        JsonObject stream = Node.stream(state, "camera");
        return stream.get("trouble").isJsonNull() ? "" : stream.get("trouble").getAsString();
    }

    private static long of(JsonObject state, String counter) {
        return Node.stream(state, "camera").get(counter).getAsLong();
    }

    /** A program in place of FFmpeg; it takes the options and gives frames of 8 by 8 pixels. */
    private void ffmpeg(String script) throws IOException {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Path program = Files.writeString(bin.resolve("new"), "#!/bin/sh\nPATH=/usr/bin:/bin\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.move(program, bin.resolve("ffmpeg"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private Node startFfmpeg(String input) throws Exception {
        startBroker();
        String source = "camera: {model: lenet, frames: every, source: {ffmpeg: {input: \"" + input
                + "\", width: 8, height: 8, silence: 1s}}}";
        return start(
                LENET + streams(source) + mqtt(broker().port(), ""),
                Map.of("PATH", folder.resolve("bin").toString()),
                List.of());
    }

    @Test
    @Fault(value = "FFmpeg is not installed, then it is", must = "say it and how to install it; run once it is there")
    void no_ffmpeg(Outcome outcome) throws Exception {
        Node node = startFfmpeg("/dev/camera");
        node.until("it says so", state -> trouble(state).contains("apt-get install ffmpeg"));
        listener()
                .until("health says so", () -> listener().last("status/camera").equals("offline"));
        ffmpeg("while :; do " + FRAME + "; sleep 0.02; done");
        long millis = node.untilFrames(20);
        listener()
                .until("health says so", () -> listener().last("status/camera").equals("online"));
        node.requireCalm(CALM);
        outcome.measured("said; 20 frames %d ms after it was installed", millis);
    }

    @Test
    @Fault(value = "FFmpeg ends after three frames, each time", must = "start it again, ever later; say its last words")
    void dying(Outcome outcome) throws Exception {
        ffmpeg(FRAME + "; " + FRAME + "; " + FRAME + "; echo 'Connection reset by peer' >&2; exit 1");
        Node node = startFfmpeg("/dev/camera");
        node.until("it says so", state -> trouble(state).contains("Connection reset by peer"));
        long millis = node.until("three starts", state -> of(state, "restarts") >= 3 && of(state, "frames") >= 9);
        node.requireCalm(CALM);
        outcome.measured("3 restarts after %.1f s", millis / 1e3);
    }

    @Test
    @Fault(value = "FFmpeg stalls after three frames", must = "end it after the configured silence, start it again")
    void stalling(Outcome outcome) throws Exception {
        ffmpeg("trap '' TERM\n" + FRAME + "; " + FRAME + "; " + FRAME + "; while :; do sleep 1; done");
        Node node = startFfmpeg("/dev/camera");
        node.until("it says so", state -> trouble(state).contains("gave no frame"));
        node.until("started again", state -> of(state, "restarts") >= 1 && of(state, "frames") >= 6);
        assertEquals(0, node.terminate());
        assertEquals(List.of(), left());
        node.requireCalm(CALM);
        outcome.measured("said, ended although it ignores SIGTERM, started again; none left at the end");
    }

    /** Processes of this test's FFmpeg. */
    private List<String> left() {
        String program = folder.resolve("bin/ffmpeg").toString();
        return ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(line -> line.contains(program))
                .toList();
    }

    @Test
    @Fault(value = "FFmpeg gives frames that are cut short", must = "refuse and count them, run the whole ones")
    void truncated(Outcome outcome) throws Exception {
        ffmpeg(FRAME + "; head -c 100 /dev/zero; exit 0");
        Node node = startFfmpeg("/dev/camera");
        node.until("frames are refused", state -> of(state, "refused") >= 1 && of(state, "frames") >= 1);
        node.requireCalm(CALM);
        outcome.measured("whole ones run, cut ones counted");
    }

    @Test
    @Fault(
            value = "FFmpeg floods its standard error, with the camera's password in it",
            must = "run on; log and password kept")
    void flooding(Outcome outcome) throws Exception {
        String address = "rtsp://viewer:hunter2-4711@camera/stream";
        ffmpeg("cat >/dev/null\nyes 'error while opening " + address + "' >&2 &\n" + "i=0; while [ $i -lt 100 ]; do "
                + FRAME + "; i=$((i + 1)); done; kill $!; exit 1");
        Node node = startFfmpeg(address);
        node.untilFrames(100);
        node.until("it ended", state -> !trouble(state).isEmpty());
        assertFalse(node.state().toString().contains("hunter2-4711"));
        assertFalse(run("cat", "/proc/" + node.pid() + "/cmdline").contains("hunter2-4711"));
        node.requireCalm(CALM, "hunter2-4711");
        outcome.measured(
                "100 frames; %d lines of log, no password",
                node.errors().lines().count());
    }

    @Test
    @Fault(value = "the service is killed under a running FFmpeg", must = "FFmpeg ends, too")
    void killed_with_ffmpeg(Outcome outcome) throws Exception {
        ffmpeg("while :; do " + FRAME + " || exit 1; sleep 0.02; done");
        requireNoneLeft(outcome, 10);
    }

    @Test
    @Fault(value = "the service is killed while FFmpeg waits for a silent camera", must = "FFmpeg ends, too")
    void killed_with_waiting_ffmpeg(Outcome outcome) throws Exception {
        ffmpeg(FRAME + "; exec tail -f \"$0\" >/dev/null");
        requireNoneLeft(outcome, 1);
    }

    private void requireNoneLeft(Outcome outcome, int frames) throws Exception {
        Node node = startFfmpeg("/dev/camera");
        node.untilFrames(frames);
        node.kill();
        long end = System.nanoTime() + 10_000_000_000L;
        while (!left().isEmpty()) {
            assertTrue(System.nanoTime() - end < 0, "left: " + left());
        }
        outcome.measured("no process left");
    }

    private String watching(String more) {
        return LENET
                + streams("camera: {model: lenet, source: {folder: {path: images, pattern: \"*.png\"" + more + "}}}")
                + mqtt(broker().port(), "");
    }

    @Test
    @Fault(
            value = "watched folder missing at start, made, removed, made again",
            must = "say it, take what appears each time")
    void folder_away(Outcome outcome) throws Exception {
        startBroker();
        Node node = start(watching(""));
        node.until("it says so", state -> !trouble(state).isEmpty());
        Path images = folder.resolve("images");
        long slowest = 0;
        for (int time = 0; time < 3; time++) {
            Files.createDirectory(images);
            image(images.resolve(time + ".png"), time);
            slowest = Math.max(slowest, node.untilFrames(time + 1L));
            node.until("no trouble", state -> trouble(state).isEmpty());
            run("rm", "-r", images.toString());
            node.until("it says so", state -> !trouble(state).isEmpty());
        }
        assertEquals(3, listener().sources().size());
        node.requireCalm(CALM);
        outcome.measured("3 of 3 images taken, each within %d ms", slowest);
    }

    /** Files that are no images, each in another way. */
    private int writeStrangeFiles(Path images) throws Exception {
        image(images.resolve("whole.tmp"), 1);
        byte[] png = Files.readAllBytes(images.resolve("whole.tmp"));
        Files.delete(images.resolve("whole.tmp"));
        byte[] huge = png.clone();
        ByteBuffer.wrap(huge).putInt(16, 0x7fffffff).putInt(20, 0x7fffffff);
        byte[] flipped = png.clone();
        flipped[png.length / 2] ^= 64;
        byte[] random = new byte[50_000];
        new Random(1).nextBytes(random);
        Files.write(images.resolve("cut.png"), java.util.Arrays.copyOf(png, png.length / 2));
        Files.write(images.resolve("flipped.png"), flipped);
        Files.write(images.resolve("huge.png"), huge);
        Files.write(images.resolve("random.png"), random);
        Files.writeString(images.resolve("text.png"), "no image\n");
        Files.writeString(images.resolve("page.png"), "<svg xmlns='http://www.w3.org/2000/svg'/>");
        Files.write(images.resolve("magic.png"), java.util.Arrays.copyOf(png, 8));
        int written = 7;
        // These are not opened at all.
        Files.createDirectory(images.resolve("folder.png"));
        Files.createSymbolicLink(images.resolve("link.png"), Path.of("/dev/zero"));
        run("mkfifo", images.resolve("pipe.png").toString());
        return written;
    }

    @Test
    @Fault(
            value = "images that are none: cut, huge, random, text, links, pipes, folders",
            must = "refuse, count, run the others")
    void no_images(Outcome outcome) throws Exception {
        startBroker();
        Path images = Files.createDirectory(folder.resolve("images"));
        int strange = writeStrangeFiles(images);
        Node node = start(watching(""));
        node.until("all are refused", state -> of(state, "refused") >= strange);
        for (int i = 0; i < 10; i++) {
            image(images.resolve(i + ".png"), i);
        }
        node.untilFrames(10);
        assertEquals(strange, of(node.state(), "refused"));
        assertEquals(10, of(node.state(), "frames"));
        assertEquals("", trouble(node.state()));
        node.requireCalm(CALM);
        outcome.measured("%d refused and counted, 3 never opened, 10 of 10 images run", strange);
    }

    @Test
    @Tag("full")
    @Timeout(600)
    @Fault(
            value = "a folder with 100,000 files, half of them no images",
            must = "run the images, count the others, stay small")
    void many_files(Outcome outcome) throws Exception {
        startBroker("max_queued_messages 0");
        Path images = Files.createDirectory(folder.resolve("images"));
        image(folder.resolve("one.png"), 1);
        for (int i = 0; i < 50_000; i++) {
            Files.createLink(images.resolve(i + ".png"), folder.resolve("one.png"));
            Files.write(images.resolve(i + "-none.png"), "no image".getBytes(StandardCharsets.UTF_8));
        }
        Node node = start(watching(""));
        long millis = node.until(
                "all are looked at",
                state -> of(state, "frames") == 50_000 && of(state, "refused") == 50_000,
                Duration.ofMinutes(8));
        node.until(
                "all is delivered", state -> Node.broker(state).get("waiting").getAsLong() == 0);
        listener().untilResults(50_000);
        assertEquals(List.of(), listener().gaps());
        long memory = Long.parseLong(run("sh", "-c", "awk '/VmHWM/ {print $2}' /proc/" + node.pid() + "/status")
                .strip());
        node.requireCalm(CALM);
        outcome.measured("50,000 results and 50,000 refusals in %.0f s; %d MB at most", millis / 1e3, memory / 1024);
    }

    @Test
    @Fault(
            value = "a listed image is missing, appears and is replaced by garbage",
            must = "refuse and count, run it while it is one")
    void listed_images(Outcome outcome) throws Exception {
        startBroker();
        Node node = start(LENET
                + streams(
                        "camera: {model: lenet, source: {images: {files: [one.png], repeat: true, frames_per_second: 20}}}")
                + mqtt(broker().port(), ""));
        node.until("it is refused", state -> of(state, "refused") > 0);
        image(folder.resolve("one.png"), 1);
        node.untilFrames(20);
        Files.writeString(folder.resolve("one.png"), "garbage");
        long refused = of(node.state(), "refused");
        node.until("it is refused again", state -> of(state, "refused") > refused);
        image(folder.resolve("one.png"), 2);
        long millis = node.untilMoreFrames(20);
        node.requireCalm(CALM);
        outcome.measured("20 frames %d ms after it was an image again", millis);
    }
}
