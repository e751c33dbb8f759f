// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.runtime.queue.DiskQueue;
import io.windhover.runtime.queue.QueueClock;
import io.windhover.runtime.queue.QueueLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class SpoolTest {
    /** Files of 1,000 bytes and a little, so that a new one is needed soon. */
    private static final int FILE_BYTES = 1000;

    @TempDir
    Path folder;

    private final QueueClock clock = QueueClock.system(() -> true);
    private QueueLimits limits = new QueueLimits(1 << 20, Duration.ofHours(1), FILE_BYTES);

    private SpoolSettings settings(SpoolSettings.Sync sync, long memoryBytes) {
        return new SpoolSettings(folder.resolve("queue"), limits, sync, 1_000_000, memoryBytes, clock);
    }

    private Spool open(SpoolSettings.Sync sync, long memoryBytes) {
        Spool spool = new Spool(settings(sync, memoryBytes), () -> {});
        spool.start();
        return spool;
    }

    private Spool open() {
        return open(SpoolSettings.Sync.SECOND, 1 << 20);
    }

    private static void add(Spool spool, int number) {
        add(spool, number, () -> {});
    }

    private static void add(Spool spool, int number, Runnable safe) {
        spool.add(new OutgoingMessage(
                "stream/result", Integer.toString(number).getBytes(StandardCharsets.UTF_8), false, 1, safe));
    }

    private static int number(Spool.Stored stored) {
        return Integer.parseInt(new String(SpoolFormat.decode(stored.body()).payload(), StandardCharsets.UTF_8));
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - end < 0, "nothing happened");
            Thread.sleep(1);
        }
    }

    /** Everything up to that number, as it is handed out. */
    private static List<Spool.Stored> upTo(Spool spool, int last) throws InterruptedException {
        List<Spool.Stored> all = new ArrayList<>();
        await(() -> {
            Spool.Stored next = spool.poll();
            while (next != null) {
                all.add(next);
                next = spool.poll();
            }
            return !all.isEmpty() && number(all.get(all.size() - 1)) == last;
        });
        return all;
    }

    private static List<Integer> numbers(List<Spool.Stored> stored) {
        return stored.stream().map(SpoolTest::number).toList();
    }

    private static List<Integer> range(int from, int to) {
        return IntStream.rangeClosed(from, to).boxed().toList();
    }

    @Test
    void a_message_is_counted_at_any_time_until_it_is_settled() {
        limits = QueueLimits.DEFAULT;
        try (Spool spool = open()) {
            for (int i = 1; i <= 3000; i++) {
                add(spool, i);
                for (int look = 0; look < 20; look++) {
                    assertEquals(i, spool.statistics().waiting());
                }
            }
        }
    }

    @Test
    void a_message_is_stored_as_it_is() {
        OutgoingMessage message = new OutgoingMessage("höhle/a", new byte[] {0, 1, -1}, true, 1, () -> {});
        OutgoingMessage copy = SpoolFormat.decode(SpoolFormat.encode(message));
        assertEquals("höhle/a", copy.topic());
        assertEquals(
                List.of(0, 1, -1), List.of((int) copy.payload()[0], (int) copy.payload()[1], (int) copy.payload()[2]));
        assertTrue(copy.retained());
        assertEquals(1, copy.qos());
    }

    @ParameterizedTest
    @EnumSource(SpoolSettings.Sync.class)
    void the_next_process_finds_what_was_not_settled(SpoolSettings.Sync sync) throws InterruptedException {
        AtomicInteger safe = new AtomicInteger();
        try (Spool spool = open(sync, 1 << 20)) {
            range(0, 9).forEach(number -> add(spool, number, safe::incrementAndGet));
            await(() -> safe.get() == 10);
            List<Spool.Stored> sent = upTo(spool, 9);
            assertEquals(range(0, 9), numbers(sent));
            sent.subList(0, 4).forEach(spool::settle);
            assertEquals(6, spool.statistics().waiting());
        }
        try (Spool spool = open(sync, 1 << 20)) {
            assertEquals(range(4, 9), numbers(upTo(spool, 9)));
            assertTrue(spool.statistics().onDisk());
        }
        assertEquals(10, safe.get());
    }

    @Test
    void a_damaged_message_is_lost_and_counted() throws Exception {
        AtomicInteger safe = new AtomicInteger();
        try (Spool spool = open()) {
            range(0, 9).forEach(number -> add(spool, number, safe::incrementAndGet));
            await(() -> safe.get() == 10);
        }
        Path segment = folder.resolve("queue/0000000000000000.queue");
        byte[] bytes = Files.readAllBytes(segment);
        bytes[bytes.length / 2] ^= 1;
        Files.write(segment, bytes);
        try (Spool spool = open()) {
            assertEquals(9, upTo(spool, 9).size());
            assertEquals(1, spool.statistics().damaged());
            assertEquals(1, spool.statistics().lost());
        }
    }

    @Test
    void what_made_room_is_said() throws Exception {
        limits = new QueueLimits(5 * FILE_BYTES, Duration.ofHours(1), FILE_BYTES);
        PrintStream usual = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try (Spool spool = open()) {
            range(0, 999).forEach(number -> add(spool, number));
            await(() -> spool.statistics().lost() > 0
                    && log.toString(StandardCharsets.UTF_8).contains("lost"));
        } finally {
            System.setErr(usual);
        }
        assertTrue(
                log.toString(StandardCharsets.UTF_8).contains("was full; its oldest results are lost: "),
                log::toString);
    }

    @Test
    void while_the_disk_takes_none_messages_wait_in_memory_and_go_there_later() throws Exception {
        Files.createDirectories(folder.resolve("queue"));
        DiskQueue other = DiskQueue.open(folder.resolve("queue"), limits, clock);
        AtomicInteger safe = new AtomicInteger();
        try (Spool spool = open()) {
            range(0, 9).forEach(number -> add(spool, number, safe::incrementAndGet));
            List<Spool.Stored> sent = upTo(spool, 9);
            assertEquals(range(0, 9), numbers(sent));
            assertFalse(spool.statistics().onDisk());
            assertEquals(0, safe.get());
            spool.settle(sent.get(0));
            assertEquals(1, safe.get());
            other.close();
            add(spool, 10);
            await(() -> spool.statistics().onDisk());
            spool.rewind();
            assertEquals(range(1, 10), numbers(upTo(spool, 10)), "what was in flight is older than what is on disk");
        }
    }

    @Test
    void a_disk_that_works_again_is_found_although_nothing_waits() throws Exception {
        Files.createDirectories(folder.resolve("queue"));
        DiskQueue other = DiskQueue.open(folder.resolve("queue"), limits, clock);
        try (Spool spool = open()) {
            add(spool, 0);
            spool.settle(upTo(spool, 0).get(0));
            other.close();
            Thread.sleep(2100);
            add(spool, 1);
            spool.settle(upTo(spool, 1).get(0));
            await(() -> spool.statistics().onDisk());
            assertEquals(0, spool.statistics().waiting());
        }
    }

    @Test
    void memory_is_bounded_and_the_oldest_go() throws Exception {
        Files.createDirectories(folder.resolve("queue"));
        try (DiskQueue other = DiskQueue.open(folder.resolve("queue"), limits, clock);
                Spool spool = open(SpoolSettings.Sync.SECOND, 200)) {
            range(0, 99).forEach(number -> add(spool, number));
            await(() -> spool.statistics().lost() > 80);
            List<Integer> left = numbers(upTo(spool, 99));
            // The disk's thread may have taken the first of them before the oldest of the others went.
            assertEquals(range(96, 99), left.subList(left.size() - 4, left.size()));
            assertEquals(left.stream().sorted().toList(), left);
            assertEquals(100, left.size() + spool.statistics().lost());
            assertEquals(0, other.statistics().entries());
        }
    }

    @Test
    void more_than_the_disk_may_hold_drops_the_oldest() throws InterruptedException {
        limits = new QueueLimits(8_000, Duration.ofHours(1), FILE_BYTES);
        try (Spool spool = open()) {
            AtomicInteger stored = new AtomicInteger();
            range(0, 999).forEach(number -> add(spool, number, stored::incrementAndGet));
            await(() -> stored.get() == 1000);
            assertTrue(spool.statistics().lost() > 500, "what fits is less than half of them");
            List<Integer> left = numbers(upTo(spool, 999));
            assertEquals(range(left.get(0), 999), left);
        }
    }

    @Test
    void a_backlog_is_replayed_no_faster_than_asked() throws InterruptedException {
        try (Spool spool = open()) {
            range(0, 49).forEach(number -> add(spool, number));
        }
        SpoolSettings slow =
                new SpoolSettings(folder.resolve("queue"), limits, SpoolSettings.Sync.SECOND, 100, 1 << 20, clock);
        try (Spool spool = new Spool(slow, () -> {})) {
            spool.start();
            long start = System.nanoTime();
            assertEquals(range(0, 49), numbers(upTo(spool, 49)));
            assertTrue(System.nanoTime() - start > 450_000_000L, "50 at 100 a second");
            add(spool, 50);
            upTo(spool, 50);
            range(51, 99).forEach(number -> add(spool, number));
            long live = System.nanoTime();
            upTo(spool, 99);
            assertTrue(System.nanoTime() - live < 400_000_000L, "new ones are not held back");
        }
    }

    /** New files cannot be made where folders of their names are: the files so far stay readable. */
    private void block(boolean blocked) throws IOException {
        for (int number = 0; number < 1100; number++) {
            Path name = folder.resolve("queue").resolve(String.format("%016x.queue", number));
            if (blocked && !Files.exists(name)) {
                Files.createDirectories(name);
            } else if (!blocked && Files.isDirectory(name)) {
                Files.delete(name);
            }
        }
    }

    private static void take(Spool spool, int most, List<Spool.Stored> sent, String seed) {
        for (int poll = 0; poll < most; poll++) {
            Spool.Stored next = spool.poll();
            if (next == null) {
                return;
            }
            assertTrue(
                    sent.isEmpty() || number(next) > number(sent.get(sent.size() - 1)),
                    seed + ": " + number(next) + " after " + numbers(sent));
            sent.add(next);
        }
    }

    private static byte[] padded(int number) {
        return String.format("%0900d", number).getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void a_disk_that_comes_and_goes_loses_nothing_and_keeps_the_order() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        TreeSet<Integer> settled = new TreeSet<>();
        int count = 0;
        int refused = 0;
        limits = new QueueLimits(400_000, Duration.ofHours(1), FILE_BYTES);
        try (Spool spool = open()) {
            List<Spool.Stored> sent = new ArrayList<>();
            for (int round = 0; round < 10; round++) {
                block(round % 2 == 0);
                for (int step = 0; step < 100; step++) {
                    spool.add(new OutgoingMessage("wide", padded(count++), false, 1, () -> {}));
                    take(spool, random.nextInt(4), sent, "seed " + seed);
                    while (sent.size() > 10) {
                        Spool.Stored done = sent.remove(random.nextInt(5));
                        settled.add(number(done));
                        spool.settle(done);
                    }
                    if (random.nextInt(20) == 0) {
                        sent.clear();
                        spool.rewind();
                    }
                }
                for (int wait = 0;
                        wait < 100 && round % 2 == 0 && spool.statistics().onDisk();
                        wait++) {
                    Thread.sleep(5);
                }
                refused += spool.statistics().onDisk() ? 0 : 1;
                if (round % 2 != 0) {
                    Thread.sleep(1100);
                }
                if (round % 2 != 0 && round < 9) {
                    // Where the disk's thread is late, more would wait than the disk may hold.
                    take(spool, 1000, sent, "seed " + seed);
                    sent.forEach(spool::settle);
                    settled.addAll(numbers(sent));
                    sent.clear();
                }
            }
            block(false);
            spool.rewind();
            settled.addAll(numbers(upTo(spool, count - 1)));
            assertEquals(0, spool.statistics().lost(), "seed " + seed);
            List<Integer> missing = new ArrayList<>(range(0, count - 1));
            missing.removeAll(settled);
            assertEquals(List.of(), missing, "seed " + seed);
            assertTrue(refused >= 3, "the disk refused in " + refused + " rounds");
        }
    }

    @Test
    void the_oldest_message_that_is_not_settled_has_an_age_on_disk_and_in_memory() throws Exception {
        Files.createDirectories(folder.resolve("queue"));
        DiskQueue other = DiskQueue.open(folder.resolve("queue"), limits, clock);
        try (Spool spool = open()) {
            assertEquals(0, spool.oldestAgeMillis());
            add(spool, 0);
            Thread.sleep(50);
            assertTrue(spool.oldestAgeMillis() >= 50);
            Spool.Stored sent = upTo(spool, 0).get(0);
            assertTrue(spool.oldestAgeMillis() >= 50);
            spool.settle(sent);
            assertEquals(0, spool.oldestAgeMillis());
            other.close();
            add(spool, 1);
            await(() -> spool.statistics().onDisk());
            Thread.sleep(50);
            assertTrue(spool.oldestAgeMillis() >= 50);
            spool.settle(upTo(spool, 1).get(0));
            assertEquals(0, spool.oldestAgeMillis());
        }
    }
}
