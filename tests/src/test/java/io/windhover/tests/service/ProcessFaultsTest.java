// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Signals, kills, clocks and the service manager. */
class ProcessFaultsTest extends Bench {
    private static final String FILES =
            "files: {model: lenet, source: {folder: {path: images, pattern: \"*.png\", delete: true}}}";

    private int images;

    private void addImages(int count) throws IOException {
        Path folderOfImages = Files.createDirectories(folder.resolve("images"));
        for (int i = 0; i < count; i++) {
            image(folderOfImages.resolve(String.format("%06d.png", images)), images);
            images++;
        }
    }

    private String yaml() {
        return LENET + streams(CAMERA, FILES) + mqtt(broker().port(), ", queue: {replay_per_second: 1000000}");
    }

    private void requireAllImages(long seed) throws Exception {
        listener().until("every image has a result, seed " + seed, () -> {
            String[] left = folder.resolve("images").toFile().list();
            return left != null
                    && left.length == 0
                    && listener().sources().stream()
                                    .filter(source -> source.endsWith(".png"))
                                    .count()
                            == images;
        });
    }

    @Test
    @Fault(
            value = "killed (SIGKILL) 10 times at random moments, the broker away every other time",
            must = "lose nothing that was persisted, keep the order of each stream, repeat under the same numbers")
    void killed(Outcome outcome) throws Exception {
        kill(10, outcome);
    }

    @Test
    @Tag("full")
    @Timeout(1800)
    @Fault(
            value = "killed (SIGKILL) 200 times at random moments, the broker away every other time",
            must = "lose nothing that was persisted, keep the order of each stream, repeat under the same numbers")
    void killed_often(Outcome outcome) throws Exception {
        kill(200, outcome);
    }

    /** An image is deleted once its result is safe, so that every image has a result in the end. */
    private void kill(int times, Outcome outcome) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        startBroker("max_queued_messages 0");
        addImages(5);
        Node node = start(yaml());
        for (int kill = 0; kill < times; kill++) {
            boolean away = kill % 2 == 1;
            if (away) {
                broker().kill();
                node.start();
            } else if (kill > 0) {
                broker().start();
                listener().connect();
                node.start();
            }
            addImages(5);
            node.untilFrames(1);
            // A random moment is what this test is about; it decides nothing else.
            TimeUnit.MILLISECONDS.sleep(random.nextInt(500));
            node.kill();
        }
        broker().kill();
        broker().start();
        listener().connect();
        node.start();
        requireAllImages(seed);
        node.setRunning("camera", false);
        node.until(
                "all is delivered", state -> Node.broker(state).get("waiting").getAsLong() == 0);
        assertEquals(List.of(), listener().gaps(), "seed " + seed);
        assertEquals(0, Node.broker(node.state()).get("dropped").getAsLong(), "seed " + seed);
        node.requireCalm(5L * times + CALM);
        outcome.measured(
                "%d images, each with a result; %d results without a gap, %d twice (seed %d)",
                images, listener().results(), listener().duplicates(), seed);
    }

    @Test
    @Fault(
            value = "SIGTERM 5 times at random moments",
            must = "finish frames in flight, deliver, say stopped, exit code 0 within 15 s, lose nothing")
    void terminated(Outcome outcome) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        startBroker();
        addImages(10);
        Node node = start(yaml());
        long slowest = 0;
        for (int time = 0; time < 5; time++) {
            addImages(10);
            node.untilFrames(1);
            TimeUnit.MILLISECONDS.sleep(random.nextInt(500));
            long start = System.nanoTime();
            assertEquals(0, node.terminate(), "seed " + seed);
            slowest = Math.max(slowest, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
            listener().until("it says so", () -> listener().last("available").equals("stopped"));
            node.start();
            listener().until("it says so", () -> listener().last("available").equals("online"));
        }
        assertTrue(slowest < 15_000, "after " + slowest);
        requireAllImages(seed);
        assertEquals(List.of(), listener().gaps(), "seed " + seed);
        assertEquals(0, listener().duplicates(), "seed " + seed);
        assertFalse(
                listener().history().contains("available offline"),
                listener().history().toString());
        node.requireCalm(CALM);
        outcome.measured("%d images and all results, none twice; ended within %d ms (seed %d)", images, slowest, seed);
    }

    @Test
    @Fault(value = "SIGTERM before it has started", must = "end with exit code 0 or 143 within 15 s, no stack trace")
    void terminated_early(Outcome outcome) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        startBroker();
        Node node = start(yaml());
        int[] codes = new int[6];
        for (int time = 0; time < codes.length; time++) {
            TimeUnit.MILLISECONDS.sleep(random.nextInt(700));
            codes[time] = node.terminate();
            assertTrue(codes[time] == 0 || codes[time] == 143, codes[time] + ", seed " + seed);
            node.start();
        }
        node.untilFrames(1);
        node.requireCalm(CALM);
        outcome.measured("exit codes %s", java.util.Arrays.toString(codes));
    }

    /** Holds the end of a pipe of 4,096 bytes that is to be read, and reads nothing. */
    private static final String READER = """
            import fcntl, os, sys, time
            pipe = os.open(sys.argv[1], os.O_RDWR)
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, 4096)
            print('open', flush=True)
            time.sleep(600)
            """;

    @Test
    @Fault(
            value = "its log is a pipe that is full and not read",
            must = "go on: results, refused configurations, reloads; end in order at SIGTERM")
    void log_unread(Outcome outcome) throws Exception {
        startBroker();
        Path pipe = folder.resolve("log");
        run("mkfifo", pipe.toString());
        Process reader = new ProcessBuilder("python3", "-c", READER, pipe.toString()).start();
        ended(reader::destroyForcibly);
        assertEquals("open", reader.inputReader(StandardCharsets.UTF_8).readLine());
        Node node = start(yaml(), Map.of(), List.of("sh", "-c", "exec \"$@\" 2>\"$0\"", pipe.toString()));
        node.untilFrames(1);
        int refused = 0;
        while (refused < 40) {
            node.write(yaml() + "unknown_" + refused + "_" + "x".repeat(200) + ": 1\n");
            node.signal("HUP");
            long wanted = ++refused;
            node.until("refused", state -> ConfigurationFaultsTest.refusals(state) >= wanted);
        }
        node.reload("node: renamed\n" + yaml());
        node.untilMoreFrames(100);
        assertEquals(0, node.terminate());
        outcome.measured("%d refused configurations; results, a reload and the end as ever", refused);
    }

    @Test
    @Fault(value = "SIGHUP again and again while it starts", must = "start")
    void hung_up_early(Outcome outcome) throws Exception {
        startBroker();
        Node node = start(yaml());
        int signals = 0;
        while (!node.errors().contains("serving")) {
            // Before this the program has not read its configuration, and ends as any other does.
            if (Files.isDirectory(folder.resolve("state"))) {
                node.signal("HUP");
                signals++;
            }
            assertTrue(node.isAlive(), "ended by SIGHUP: " + node.errors());
        }
        node.untilFrames(10);
        node.requireCalm(CALM + signals);
        outcome.measured("%d signals, runs", signals);
    }

    /**
     * A library that shifts the clock of the process that loads it, by as many seconds as a file holds. libfaketime 0.9
     * will not do: under it Java's waits on the monotonic clock return at once.
     */
    private static final String SHIFTED_CLOCK = """
            #define _GNU_SOURCE
            #include <dlfcn.h>
            #include <fcntl.h>
            #include <stdint.h>
            #include <stdlib.h>
            #include <sys/mman.h>
            #include <sys/time.h>
            #include <time.h>

            static volatile int64_t *shift;

            __attribute__((constructor)) static void open_shift(void) {
              int file = open(getenv("CLOCK_SHIFT"), O_RDONLY);
              shift = mmap(0, sizeof *shift, PROT_READ, MAP_SHARED, file, 0);
            }

            int clock_gettime(clockid_t clock, struct timespec *now) {
              static int (*real)(clockid_t, struct timespec *);
              if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
              int status = real(clock, now);
              if (!status && shift && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += *shift;
              return status;
            }

            int gettimeofday(struct timeval *restrict now, void *restrict zone) {
              struct timespec time;
              (void)zone;
              int status = clock_gettime(CLOCK_REALTIME, &time);
              now->tv_sec = time.tv_sec;
              now->tv_usec = time.tv_nsec / 1000;
              return status;
            }

            time_t time(time_t *out) {
              struct timespec now;
              clock_gettime(CLOCK_REALTIME, &now);
              if (out) *out = now.tv_sec;
              return now.tv_sec;
            }
            """;

    private Map<String, String> clock(Path shift) throws Exception {
        Path source = Files.writeString(folder.resolve("clock.c"), SHIFTED_CLOCK);
        Path library = folder.resolve("clock.so");
        run("gcc", "-shared", "-fPIC", "-O1", "-o", library.toString(), source.toString(), "-ldl");
        return Map.of("LD_PRELOAD", library.toString(), "CLOCK_SHIFT", shift.toString());
    }

    private static void shift(Path file, Duration by) throws IOException {
        byte[] seconds = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.nativeOrder())
                .putLong(0, by.toSeconds())
                .array();
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.write(seconds);
        }
    }

    private static String day(String result) {
        return com.google.gson.JsonParser.parseString(result)
                .getAsJsonObject()
                .get("time")
                .getAsString()
                .substring(0, 10);
    }

    @Test
    @Fault(
            value = "the clock jumps a day forward, then two back",
            must = "change nothing but the time in results: rate, order, timeouts, watched folders, queue")
    void clock_jumps(Outcome outcome) throws Exception {
        startBroker();
        Path shift = folder.resolve("shift");
        shift(shift, Duration.ZERO);
        addImages(1);
        Node node = start(yaml(), clock(shift), List.of());
        listener().untilResults(20);
        String today = day(listener().last("camera/classification"));
        for (Duration jump : List.of(Duration.ofDays(1), Duration.ofDays(-1))) {
            shift(shift, jump);
            listener()
                    .until(
                            "the clock has jumped " + jump,
                            () -> !day(listener().last("camera/classification")).equals(today));
            long millis = node.untilMoreFrames(100);
            assertTrue(millis > 500 && millis < 6000, "100 frames at 100 a second took " + millis);
            addImages(5);
            requireAllImages(0);
            broker().kill();
            node.untilMoreFrames(50);
            restartBroker();
            node.untilConnected();
        }
        node.setRunning("camera", false);
        node.until(
                "all is delivered", state -> Node.broker(state).get("waiting").getAsLong() == 0);
        assertEquals(List.of(), listener().gaps());
        assertEquals(0, Node.broker(node.state()).get("dropped").getAsLong());
        assertTrue(node.state().get("alive").getAsBoolean());
        node.requireCalm(CALM);
        outcome.measured(
                "rate, order and queue as before; %d results and %d images, none lost",
                listener().results(), images);
    }

    /** A service manager's socket; each line is what came with a datagram. */
    private static final String MANAGER = """
            import socket, sys
            s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            s.bind(sys.argv[1])
            print('bound', flush=True)
            while True:
                print(s.recv(65536).decode().replace('\\n', ' '), flush=True)
            """;

    private BlockingQueue<String> manager(Path socket) throws Exception {
        Process manager = new ProcessBuilder("python3", "-c", MANAGER, socket.toString()).start();
        ended(manager::destroyForcibly);
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        BufferedReader lines = manager.inputReader(StandardCharsets.UTF_8);
        assertEquals("bound", lines.readLine());
        Thread reader = new Thread(() -> lines.lines().forEach(heard::add));
        reader.setDaemon(true);
        reader.start();
        return heard;
    }

    private static String hear(BlockingQueue<String> heard, String wanted, long seconds) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() - end < 0) {
            String said = heard.poll(100, TimeUnit.MILLISECONDS);
            if (said != null && said.contains(wanted)) {
                return said;
            }
        }
        throw new AssertionError("not heard: " + wanted);
    }

    @Test
    @Fault(
            value = "a service manager with a watchdog of 1 s",
            must = "READY when it serves, WATCHDOG, STOPPING at the end")
    void watched(Outcome outcome) throws Exception {
        startBroker();
        Path socket = folder.resolve("notify");
        BlockingQueue<String> heard = manager(socket);
        Node node = start(
                camera(broker().port()),
                Map.of("NOTIFY_SOCKET", socket.toString(), "WATCHDOG_USEC", "1000000"),
                List.of());
        assertTrue(hear(heard, "READY=1", 20).contains("STATUS="));
        for (int beat = 0; beat < 4; beat++) {
            hear(heard, "WATCHDOG=1", 2);
        }
        assertEquals(0, node.terminate());
        hear(heard, "STOPPING=1", 5);
        assertEquals(1, node.said("windhover: stopped; frames run: "), node.errors());
        node.requireCalm(CALM);
        outcome.measured("READY, WATCHDOG twice a second, STOPPING");
    }

    /** Stops one thread of a process, as nothing else does that leaves the others running. */
    private static final String FREEZER = """
            import ctypes, os, sys
            libc = ctypes.CDLL(None, use_errno=True)
            pid, tid = int(sys.argv[1]), 0
            for task in os.listdir(f'/proc/{pid}/task'):
                if open(f'/proc/{pid}/task/{task}/comm').read().startswith('windhover-infer'):
                    tid = int(task)
            ok = libc.ptrace(0x4206, tid, 0, 0) == 0 and libc.ptrace(0x4207, tid, 0, 0) == 0
            print('frozen' if ok else f'cannot: {os.strerror(ctypes.get_errno())}', flush=True)
            sys.stdin.read()
            """;

    @Test
    @Tag("full")
    @Fault(
            value = "the inference thread stands still",
            must = "no WATCHDOG and 503 at /healthz after 15 s and twice a frame's timeout; both again once it goes on")
    void inference_hangs(Outcome outcome) throws Exception {
        startBroker();
        Path socket = folder.resolve("notify");
        BlockingQueue<String> heard = manager(socket);
        String idle = LENET.replace("zoo:lenet5\"", "zoo:lenet5\", timeout: 100ms")
                + streams("asked: {model: lenet, source: {requests: {}}}")
                + mqtt(broker().port(), "");
        Node node = start(idle, Map.of("NOTIFY_SOCKET", socket.toString(), "WATCHDOG_USEC", "1000000"), List.of());
        hear(heard, "WATCHDOG=1", 20);
        Process freezer = new ProcessBuilder("python3", "-c", FREEZER, Long.toString(node.pid()))
                .redirectErrorStream(true)
                .start();
        ended(freezer::destroyForcibly);
        assertEquals("frozen", freezer.inputReader().readLine());
        long start = System.nanoTime();
        long millis = node.until("not alive", state -> !state.get("alive").getAsBoolean(), Duration.ofSeconds(25));
        assertEquals(503, node.get("/healthz").statusCode());
        heard.clear();
        for (int beat = 0; beat < 4; beat++) {
            assertFalse(hear(heard, "STATUS=", 2).contains("WATCHDOG=1"));
        }
        freezer.destroyForcibly().waitFor();
        hear(heard, "WATCHDOG=1", 5);
        assertEquals(200, node.get("/healthz").statusCode());
        assertTrue(System.nanoTime() - start > 0);
        node.requireCalm(CALM);
        outcome.measured("silent after %.1f s; WATCHDOG again when it goes on", millis / 1e3);
    }

    @Test
    @Fault(value = "frozen for 3 s (SIGSTOP)", must = "go on, lose nothing")
    void frozen(Outcome outcome) throws Exception {
        startBroker();
        Node node = start(camera(broker().port()));
        listener().untilResults(20);
        node.signal("STOP");
        TimeUnit.SECONDS.sleep(3);
        node.signal("CONT");
        node.untilMoreFrames(50);
        requireAllInOrder();
        node.requireCalm(CALM);
        outcome.measured("%d results, none lost", listener().results());
    }

    private static long memory(JsonObject state) {
        return Node.broker(state).get("waiting").getAsLong();
    }

    @Test
    @Fault(value = "standard error is closed or full", must = "run on")
    void nobody_reads_the_log(Outcome outcome) throws Exception {
        startBroker();
        broker().kill();
        Node node = start(camera(broker().port()), Map.of(), List.of("sh", "-c", "exec \"$@\" 2>/dev/full", "sh"));
        node.untilFrames(100);
        assertTrue(memory(node.state()) > 50);
        restartBroker();
        requireAllInOrder();
        outcome.measured("%d results, none lost", listener().results());
    }
}
