// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.runtime.model.ModelLoader;
import io.windhover.runtime.whm.CompiledFile;
import io.windhover.tests.mqtt.OwnMounts;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A disk that is full, read-only or forgetful under the queue. */
class DiskFaultsTest extends Bench {
    private static final int RECORD_HEADER = 24;
    private static final int SEGMENT_HEADER = 32;

    private Path state() throws IOException {
        return Files.createDirectories(folder.resolve("state"));
    }

    /** A program that starts the node where its state folder is another file system, seen by the node alone. */
    private List<String> mounted(String mount) throws IOException, InterruptedException {
        state();
        return OwnMounts.before(mount);
    }

    /** The node's own view of its state folder. */
    private Path inside() {
        return Path.of("/proc/" + node().pid() + "/root" + folder.resolve("state"));
    }

    private static void fill(Path file) throws IOException {
        try (OutputStream output = Files.newOutputStream(file)) {
            byte[] block = new byte[1024];
            while (true) {
                output.write(block);
            }
        } catch (IOException full) {
            assertTrue(String.valueOf(full.getMessage()).contains("space"), full.toString());
        }
    }

    private static boolean isOnDisk(com.google.gson.JsonObject state) {
        return Node.broker(state).get("onDisk").getAsBoolean();
    }

    @Test
    @Fault(
            value = "disk full while the broker is away",
            must = "run on, keep results in memory, say it once, go back to disk within 2 s, lose nothing")
    void disk_full(Outcome outcome) throws Exception {
        startBroker();
        List<String> wrapper = mounted("mount -t tmpfs -o size=4m none " + state());
        Node node = start(camera(broker().port()), Map.of(), wrapper);
        listener().untilResults(20);
        broker().kill();
        node.untilMoreFrames(50);
        fill(inside().resolve("filler"));
        node.until("the disk takes no more", state -> !isOnDisk(state));
        node.untilMoreFrames(50);
        Files.delete(inside().resolve("filler"));
        long millis = node.until("the disk takes results again", DiskFaultsTest::isOnDisk);
        assertTrue(millis < 5000, "after " + millis);
        assertEquals(1, node.said("takes results again"), node.errors());
        restartBroker();
        requireAllInOrder();
        node.requireCalm(CALM);
        outcome.measured(
                "on disk %d ms after there was room; %d results, none lost",
                millis, listener().results());
    }

    @Test
    @Fault(value = "disk full at start", must = "start, keep results in memory, deliver them")
    void disk_full_at_start(Outcome outcome) throws Exception {
        startBroker();
        List<String> wrapper = mounted("mount -t tmpfs -o size=64k none " + state() + " && (head -c 1M /dev/zero >"
                + state().resolve("filler") + " || true)");
        Node node = start(camera(broker().port()), Map.of(), wrapper);
        node.untilFrames(100);
        assertFalse(isOnDisk(node.state()));
        requireAllInOrder();
        node.requireCalm(CALM);
        outcome.measured("%d results, none lost", listener().results());
    }

    @Test
    @Fault(value = "read-only state folder", must = "start, keep results in memory, deliver them")
    void read_only(Outcome outcome) throws Exception {
        startBroker();
        List<String> wrapper = mounted("mount -t tmpfs none " + state() + " && mount -o remount,ro " + state());
        Node node = start(camera(broker().port()), Map.of(), wrapper);
        node.untilFrames(100);
        assertFalse(isOnDisk(node.state()));
        requireAllInOrder();
        node.requireCalm(CALM);
        outcome.measured("%d results, none lost", listener().results());
    }

    @Test
    @Fault(value = "a file in place of the state folder", must = "start, keep results in memory, deliver them")
    void no_folder(Outcome outcome) throws Exception {
        startBroker();
        Files.writeString(folder.resolve("state"), "no folder");
        Node node = start(camera(broker().port()));
        node.untilFrames(100);
        requireAllInOrder();
        node.requireCalm(CALM);
        outcome.measured("%d results, none lost", listener().results());
    }

    @Test
    @Fault(
            value = "folders in place of the locks of the state folder and its queue",
            must = "say which, keep results in memory, deliver them")
    void no_locks(Outcome outcome) throws Exception {
        startBroker();
        Path queueLock = Files.createDirectories(folder.resolve("state/queue/lock"));
        Files.createDirectories(folder.resolve("state/service.lock"));
        Node node = start(camera(broker().port()));
        node.untilFrames(100);
        requireAllInOrder();
        assertEquals(1, node.said("Nothing keeps another service from the state folder"), node.errors());
        assertEquals(1, node.said("takes nothing ('" + queueLock + "' is a folder)"), node.errors());
        node.requireCalm(CALM);
        outcome.measured("%d results, none lost", listener().results());
    }

    @Test
    @Fault(
            value = "state folder deleted while running",
            must = "say it, use a new one, lose at most what was in the folder")
    void folder_deleted(Outcome outcome) throws Exception {
        startBroker();
        Node node = start(camera(broker().port()));
        listener().untilResults(50);
        run("rm", "-r", state().toString());
        long before = listener().results();
        long millis = listener().untilResults(before + 100);
        broker().kill();
        node.untilMoreFrames(50);
        node.until("the disk takes results", DiskFaultsTest::isOnDisk);
        assertTrue(Files.isDirectory(folder.resolve("state/queue")));
        assertEquals(1, node.said("its files were deleted"), node.errors());
        restartBroker();
        long made = node.stop("camera");
        node.until(
                "all is delivered", state -> Node.broker(state).get("waiting").getAsLong() == 0);
        long dropped = Node.broker(node.state()).get("dropped").getAsLong();
        assertTrue(dropped < 50, "dropped " + dropped);
        listener().untilResults(made - dropped);
        node.requireCalm(CALM);
        outcome.measured("100 more results arrived within %d ms; %d of %d lost and counted", millis, dropped, made);
    }

    /** With the broker away the node fills its queue, and is killed; answers how many results there are. */
    private long fillAndKill() throws Exception {
        startBroker();
        broker().kill();
        Node node = start(camera(broker().port()));
        node.untilFrames(100);
        long made = node.stop("camera");
        node.until(
                "all is on disk", state -> Node.broker(state).get("queueBytes").getAsLong() > 0 && isOnDisk(state));
        node.untilSaid("cannot be reached");
        awaitRecords(made);
        node.kill();
        return made;
    }

    private Path segment() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("state/queue"))) {
            return files.filter(file -> file.toString().endsWith(".queue"))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Where each record of the first segment begins, and its end. */
    private static List<Integer> records(Path segment) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(segment)).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        List<Integer> starts = new java.util.ArrayList<>(List.of(SEGMENT_HEADER));
        int at = SEGMENT_HEADER;
        while (at + RECORD_HEADER <= bytes.capacity()) {
            at += RECORD_HEADER + bytes.getInt(at + 4);
            starts.add(at);
        }
        return starts;
    }

    private void awaitRecords(long count) throws Exception {
        long end = System.nanoTime() + 20_000_000_000L;
        while (records(segment()).size() - 1 < count) {
            assertTrue(System.nanoTime() - end < 0, records(segment()).size() + " of " + count);
            Thread.sleep(10);
        }
    }

    /** Starts the node without a camera; what was on disk arrives, but for so many results. */
    private void requireFromDisk(long count, long lost) throws Exception {
        broker().start();
        listener().connect();
        node().write(camera(broker().port()).replace("frames_per_second: 100", "frames_per_second: 0.001"));
        node().start();
        node().untilConnected();
        // The new camera's first frame comes at once.
        listener().untilResults(count - lost + 1);
        node().until(
                        "all is delivered",
                        state -> Node.broker(state).get("waiting").getAsLong() == 0);
        assertEquals(count - lost + 1, listener().results());
        assertEquals(lost, Node.broker(node().state()).get("dropped").getAsLong());
        node().requireCalm(CALM);
    }

    @Test
    @Fault(value = "queue file torn at a random byte of its last record", must = "lose that record, and no other")
    void torn_file(Outcome outcome) throws Exception {
        long seed = System.nanoTime();
        long made = fillAndKill();
        List<Integer> records = records(segment());
        int last = records.get(records.size() - 2);
        int end = records.get(records.size() - 1);
        try (FileChannel file = FileChannel.open(segment(), StandardOpenOption.WRITE)) {
            file.truncate(last + 1 + new Random(seed).nextInt(end - last - 1));
        }
        broker().start();
        listener().connect();
        node().write(camera(broker().port()).replace("frames_per_second: 100", "frames_per_second: 0.001"));
        node().start();
        // The new camera's first frame comes at once, in place of the torn one.
        listener().untilResults(made);
        node().until(
                        "all is delivered",
                        state -> Node.broker(state).get("waiting").getAsLong() == 0);
        assertEquals(made, listener().results());
        node().requireCalm(CALM);
        outcome.measured("%d of %d arrived (seed %d)", made - 1, made, seed);
    }

    @Test
    @Fault(value = "a random bit flipped in a queue file", must = "lose that record and no other, count and say it")
    void flipped_bit(Outcome outcome) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        long made = fillAndKill();
        byte[] bytes = Files.readAllBytes(segment());
        List<Integer> records = records(segment());
        // The last record's own number is not known to be missing.
        int at = records.get(0) + random.nextInt(records.get(records.size() - 2) - records.get(0));
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        Files.write(segment(), bytes);
        requireFromDisk(made, 1);
        node().untilSaid("is damaged; results lost: at most 1;");
        outcome.measured("%d of %d arrived, 1 counted (seed %d)", made - 1, made, seed);
    }

    @Test
    @Fault(
            value = "the note of what is settled is lost, and a file of garbage lies beside",
            must = "say it, lose nothing")
    void strange_files(Outcome outcome) throws Exception {
        long made = fillAndKill();
        Files.deleteIfExists(folder.resolve("state/queue/settled"));
        byte[] garbage = new byte[10_000];
        new Random(1).nextBytes(garbage);
        Files.write(folder.resolve("state/queue/notes.queue"), garbage);
        Files.write(folder.resolve("state/queue/settled"), garbage);
        requireFromDisk(made, 0);
        assertEquals(1, node().said("settled' is damaged"), node().errors());
        outcome.measured("%d of %d arrived", made, made);
    }

    @Test
    @Fault(value = "compiled model on disk damaged", must = "say it, compile it anew, start")
    void damaged_program(Outcome outcome) throws Exception {
        startBroker();
        Path model = folder.resolve("lenet.whm");
        new CompiledFile(new ModelLoader(1 << 20).load("zoo:lenet5").graph(), null).write(model);
        Node node = start(camera(broker().port()).replace("zoo:lenet5", model.toString()));
        node.untilFrames(1);
        node.kill();
        Path program;
        try (Stream<Path> files = Files.list(folder.resolve("state/models"))) {
            program = files.findFirst().orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(program);
        bytes[bytes.length / 2] ^= 16;
        Files.write(program, bytes);
        node.start();
        node.untilFrames(1);
        assertEquals(1, node.said("It is made anew"), node.errors());
        node.requireCalm(CALM);
        outcome.measured("said, compiled anew, runs");
    }

    private static final String LOCKER = """
            import fcntl, sys
            f = open(sys.argv[1], 'a')
            fcntl.lockf(f, fcntl.LOCK_EX)
            print('locked', flush=True)
            sys.stdin.read()
            """;

    @Test
    @Fault(
            value = "queue locked by another process",
            must = "run, keep results in memory, use the disk once it is free")
    void locked_queue(Outcome outcome) throws Exception {
        startBroker();
        Path lock = Files.createDirectories(folder.resolve("state/queue")).resolve("lock");
        Process locker = new ProcessBuilder("python3", "-c", LOCKER, lock.toString()).start();
        ended(locker::destroyForcibly);
        assertEquals('l', locker.getInputStream().read());
        broker().kill();
        Node node = start(camera(broker().port()));
        node.untilFrames(100);
        assertFalse(isOnDisk(node.state()));
        locker.getOutputStream().close();
        long millis = node.until("on disk", DiskFaultsTest::isOnDisk);
        assertTrue(millis < 5000, "after " + millis);
        restartBroker();
        requireAllInOrder();
        node.requireCalm(CALM);
        outcome.measured("on disk %d ms after the lock was gone; none lost", millis);
    }

    @Test
    @Fault(
            value = "second service on the same state folder",
            must = "refuse to start and name the first one's process; the first goes on undisturbed")
    void second_service(Outcome outcome) throws Exception {
        startBroker();
        Node first = start(camera(broker().port()));
        listener().untilResults(20);
        Path other = Files.createDirectory(folder.resolve("other"));
        long start = System.nanoTime();
        Node second = ended(Node.start(other, "node: second\nstate: ../state\n" + camera(broker().port())));
        assertEquals(1, second.await());
        long millis = (System.nanoTime() - start) / 1_000_000;
        assertEquals(1, second.said("belongs to another service (process " + first.pid() + ")"), second.errors());
        first.untilMoreFrames(20);
        requireAllInOrder();
        first.requireCalm(CALM);
        outcome.measured("refused after %d ms; none of the first one's results lost", millis);
    }
}
