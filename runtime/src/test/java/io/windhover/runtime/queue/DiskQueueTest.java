// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class DiskQueueTest {
    /** Files of 1,000 bytes and a little. */
    private static final QueueLimits SMALL = new QueueLimits(4_000, Duration.ofHours(1), 500);

    private static final QueueLimits ROOMY = new QueueLimits(1 << 20, Duration.ofHours(1), 500);

    @TempDir
    Path folder;

    private final FakeQueueClock clock = new FakeQueueClock();

    private DiskQueue open(QueueLimits limits) throws IOException {
        return DiskQueue.open(folder, limits, clock);
    }

    private static void append(DiskQueue queue, String... entries) throws IOException {
        for (String entry : entries) {
            queue.append(entry.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String text(QueueEntry entry) {
        return new String(entry.body(), StandardCharsets.UTF_8);
    }

    /** All that can be polled now. */
    private static List<String> rest(DiskQueue queue) throws IOException {
        List<String> all = new ArrayList<>();
        for (QueueEntry entry = queue.poll(); entry != null; entry = queue.poll()) {
            all.add(text(entry));
        }
        return all;
    }

    private static QueueEntry next(DiskQueue queue) throws IOException {
        return Objects.requireNonNull(queue.poll());
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".queue"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void entries_come_out_in_order_and_once() throws IOException {
        try (DiskQueue queue = open(ROOMY)) {
            append(queue, "a", "b", "");
            assertEquals(List.of("a", "b", ""), rest(queue));
            append(queue, "c");
            assertEquals("c", text(next(queue)));
            assertNull(queue.poll());
        }
    }

    @Test
    void where_its_files_are_deleted_it_goes_on_with_new_ones() throws IOException {
        Path inner = folder.resolve("inner");
        try (DiskQueue queue = DiskQueue.open(inner, ROOMY, clock)) {
            append(queue, "a", "b");
            queue.settle(next(queue).sequence());
            for (String name : List.of("lock", "settled", SegmentFormat.name(0))) {
                Files.delete(inner.resolve(name));
            }
            Files.delete(inner);
            assertThrows(IOException.class, queue::force);
            append(queue, "c");
            queue.force();
            assertThrows(IOException.class, () -> DiskQueue.open(inner, ROOMY, clock), "it is locked");
            assertTrue(rest(queue).contains("c"));
        }
        try (DiskQueue queue = DiskQueue.open(inner, ROOMY, clock)) {
            assertEquals(List.of("c"), rest(queue));
        }
    }

    @Test
    void unsettled_entries_come_again_after_rewind() throws IOException {
        try (DiskQueue queue = open(ROOMY)) {
            append(queue, "a", "b", "c");
            queue.settle(next(queue).sequence());
            next(queue);
            queue.rewind();
            assertEquals(List.of("b", "c"), rest(queue));
        }
    }

    @Test
    void the_next_process_finds_what_was_not_settled() throws IOException {
        try (DiskQueue queue = open(ROOMY)) {
            append(queue, "a", "b", "c");
            queue.settle(next(queue).sequence());
        }
        try (DiskQueue queue = open(ROOMY)) {
            append(queue, "d");
            assertEquals(List.of("b", "c", "d"), rest(queue));
        }
    }

    @Test
    void sequence_numbers_grow_over_processes() throws IOException {
        long last = -1;
        for (int process = 0; process < 5; process++) {
            try (DiskQueue queue = open(ROOMY)) {
                append(queue, "x");
                QueueEntry entry = next(queue);
                assertTrue(entry.sequence() > last, entry.sequence() + " after " + last);
                last = entry.sequence();
                queue.settle(last);
            }
        }
    }

    @Test
    void files_of_settled_entries_are_deleted() throws IOException {
        try (DiskQueue queue = open(ROOMY)) {
            byte[] large = new byte[500];
            for (int i = 0; i < 1_000; i++) {
                queue.append(large);
                queue.settle(next(queue).sequence());
            }
            assertEquals(1, segments().size());
            assertEquals(0, queue.statistics().entries());
        }
    }

    @Test
    void the_oldest_entries_make_room_and_are_counted() throws IOException {
        try (DiskQueue queue = open(SMALL)) {
            for (int i = 0; i < 100; i++) {
                append(queue, String.format("%0100d", i));
            }
            DiskQueue.Statistics statistics = queue.statistics();
            assertTrue(statistics.bytes() <= 4_000, statistics.toString());
            assertEquals(100, statistics.dropped() + statistics.entries());
            List<String> left = rest(queue);
            assertEquals(statistics.entries(), left.size());
            assertEquals(String.format("%0100d", 99), left.get(left.size() - 1));
            assertTrue(left.size() >= 20, left.size() + " left");
        }
    }

    @Test
    void an_entry_that_is_dropped_while_it_is_handed_out_can_still_be_settled() throws IOException {
        try (DiskQueue queue = open(SMALL)) {
            append(queue, "first");
            long first = next(queue).sequence();
            for (int i = 0; i < 100; i++) {
                append(queue, "x".repeat(100));
            }
            queue.settle(first);
            queue.rewind();
            assertEquals(queue.statistics().entries(), rest(queue).size());
        }
    }

    @Test
    void an_entry_over_the_limit_is_refused() throws IOException {
        try (DiskQueue queue = open(ROOMY)) {
            assertThrows(IllegalArgumentException.class, () -> queue.append(new byte[501]));
            assertNull(queue.poll());
        }
    }

    @Test
    void a_second_process_is_refused() throws IOException {
        try (DiskQueue queue = open(ROOMY)) {
            append(queue, "a");
            assertThrows(IOException.class, () -> open(ROOMY));
            append(queue, "b");
            assertEquals(List.of("a", "b"), rest(queue));
        }
        open(ROOMY).close();
    }

    @Test
    void old_entries_expire() throws IOException {
        try (DiskQueue queue = open(ROOMY)) {
            append(queue, "old");
            clock.pass(Duration.ofMinutes(50));
            append(queue, "new");
            clock.pass(Duration.ofMinutes(20));
            assertEquals(List.of("new"), rest(queue));
            assertEquals(1, queue.statistics().expired());
        }
    }

    @Test
    void time_without_power_counts_where_the_clock_was_set() throws IOException {
        try (DiskQueue queue = open(ROOMY)) {
            append(queue, "old");
        }
        clock.pass(Duration.ofHours(2));
        try (DiskQueue queue = open(ROOMY)) {
            assertEquals(List.of(), rest(queue));
            assertEquals(1, queue.statistics().expired());
        }
    }

    @Test
    void a_clock_that_was_never_set_makes_nothing_old() throws IOException {
        clock.synchronised = false;
        clock.wall = 0;
        try (DiskQueue queue = open(ROOMY)) {
            append(queue, "from 1970");
        }
        clock.synchronised = true;
        clock.wall = 1_700_000_000_000L;
        try (DiskQueue queue = open(ROOMY)) {
            assertEquals(List.of("from 1970"), rest(queue));
        }
    }

    @Test
    void a_jump_of_the_clock_makes_nothing_old() throws IOException {
        try (DiskQueue queue = open(ROOMY)) {
            append(queue, "a");
            clock.wall += Duration.ofDays(4_000).toMillis();
            append(queue, "b");
            clock.wall -= Duration.ofDays(8_000).toMillis();
            assertEquals(List.of("a", "b"), rest(queue));
        }
    }

    /** Kill and power cut leave a file of any length. */
    @Test
    void a_torn_file_costs_only_what_was_torn() throws IOException {
        List<String> entries = List.of("one", "", "three", "a somewhat longer entry");
        try (DiskQueue queue = open(ROOMY)) {
            append(queue, entries.toArray(String[]::new));
        }
        Path file = segments().get(0);
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length <= whole.length; length++) {
            Files.write(file, java.util.Arrays.copyOf(whole, length));
            try (DiskQueue queue = open(ROOMY)) {
                append(queue, "after");
                List<String> found = rest(queue);
                int survived = found.size() - 1;
                assertEquals(entries.subList(0, survived), found.subList(0, survived), "at length " + length);
                assertEquals(wholeEntries(entries, length), survived, "at length " + length);
                assertEquals("after", found.get(survived));
            }
            for (Path segment : segments()) {
                Files.delete(segment);
            }
            Files.delete(folder.resolve("settled"));
        }
    }

    private static int wholeEntries(List<String> entries, int length) {
        int end = SegmentFormat.HEADER_BYTES;
        for (int i = 0; i < entries.size(); i++) {
            end += SegmentFormat.RECORD_BYTES + entries.get(i).length();
            if (end > length) {
                return i;
            }
        }
        return entries.size();
    }

    @Test
    void a_flipped_byte_costs_one_entry_at_most() throws IOException {
        List<String> entries = List.of("one", "two", "three", "four", "five");
        try (DiskQueue queue = open(ROOMY)) {
            append(queue, entries.toArray(String[]::new));
        }
        Path file = segments().get(0);
        byte[] whole = Files.readAllBytes(file);
        Random random = new Random(20261128);
        for (int at = 0; at < whole.length; at++) {
            byte[] flipped = whole.clone();
            flipped[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, flipped);
            try (DiskQueue queue = open(ROOMY)) {
                List<String> found = rest(queue);
                assertTrue(found.size() >= entries.size() - 1, "at byte " + at + ": " + found);
                assertTrue(entries.containsAll(found), "at byte " + at + ": " + found);
                boolean last = at >= whole.length - SegmentFormat.RECORD_BYTES - "five".length();
                assertEquals(
                        last ? 0 : entries.size() - found.size(),
                        queue.statistics().damaged(),
                        "at byte " + at);
                queue.rewind();
            }
            Files.delete(folder.resolve("settled"));
            Files.write(file, whole);
        }
    }

    @Test
    void garbage_of_any_kind_is_no_entry() throws IOException {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            byte[] garbage = new byte[random.nextInt(5_000)];
            random.nextBytes(garbage);
            Files.write(folder.resolve(SegmentFormat.name(random.nextInt(3) * 1_000_000_000_000L)), garbage);
            Files.write(folder.resolve("settled"), java.util.Arrays.copyOf(garbage, random.nextInt(40)));
            Files.writeString(folder.resolve("notes.queue"), "not ours");
            try (DiskQueue queue = open(ROOMY)) {
                append(queue, "kept");
                assertEquals(List.of("kept"), rest(queue));
            }
            for (Path file : segments()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void a_file_that_somebody_removed_is_damage_not_an_end() throws IOException {
        try (DiskQueue queue = open(SMALL)) {
            for (int i = 0; i < 30; i++) {
                append(queue, String.format("%0100d", i));
            }
            Files.delete(segments().get(1));
            int found = rest(queue).size();
            assertEquals(
                    30,
                    found + queue.statistics().damaged() + queue.statistics().dropped());
            assertTrue(queue.statistics().damaged() > 0);
        }
    }

    /** Three files with 8 entries of 124 bytes each. */
    private static void fillThreeFiles(DiskQueue queue) throws IOException {
        for (int i = 0; i < 24; i++) {
            append(queue, String.format("%0100d", i));
        }
    }

    /** All that can be polled by one who tries again a second after each failure, three times at most. */
    private List<String> restAfterFailures(DiskQueue queue) throws IOException {
        List<String> all = new ArrayList<>();
        for (int failures = 0; failures < 3; failures++) {
            try {
                for (QueueEntry entry = queue.poll(); entry != null; entry = queue.poll()) {
                    all.add(text(entry));
                }
            } catch (IOException unreadable) {
                clock.pass(Duration.ofSeconds(1));
            }
        }
        all.addAll(rest(queue));
        return all;
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> String.format("%0100d", i))
                .toList();
    }

    private static List<String> join(List<String> some, List<String> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }

    private static void shorten(Path file, long bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(bytes);
        }
    }

    @Test
    void what_is_missing_of_a_shortened_file_is_passed_over() throws IOException {
        for (int whole : new int[] {0, 4}) {
            Path home = folder.resolve("whole" + whole);
            try (DiskQueue queue = DiskQueue.open(home, SMALL, clock)) {
                fillThreeFiles(queue);
                Path second = home.resolve(SegmentFormat.name(8));
                shorten(second, whole == 0 ? 0 : SegmentFormat.HEADER_BYTES + whole * 124 + 50);
                assertEquals(join(numbers(0, 8 + whole), numbers(16, 24)), restAfterFailures(queue));
                assertEquals(8 - whole, queue.statistics().damaged());
                for (int sequence = 0; sequence < 24; sequence++) {
                    queue.settle(sequence);
                }
                assertTrue(Files.notExists(second));
            }
        }
    }

    @Test
    void a_file_whose_bytes_cannot_be_read_is_passed_over() throws IOException {
        try (DiskQueue queue = open(SMALL)) {
            fillThreeFiles(queue);
            makeUnreadable(segments().get(1));
            assertEquals(join(numbers(0, 8), numbers(16, 24)), restAfterFailures(queue));
            assertEquals(8, queue.statistics().damaged());
        }
    }

    /** Its reads fail with EIO, like those of a bad sector. */
    private static void makeUnreadable(Path file) throws IOException {
        Files.delete(file);
        Files.createSymbolicLink(file, Path.of("/proc/self/mem"));
    }

    @Test
    void a_bad_sector_costs_what_it_touches() throws IOException {
        try (DiskQueue queue = open(ROOMY)) {
            for (int i = 0; i < 800; i++) {
                append(queue, String.format("%0100d", i));
            }
        }
        byte[] file = Files.readAllBytes(segments().get(0));
        assertThrows(IOException.class, () -> sequences(file, 4_096, 8_192, false));
        List<Long> expected = new ArrayList<>();
        for (long sequence = 0; sequence < 800; sequence++) {
            long start = SegmentFormat.HEADER_BYTES + sequence * 124;
            if (start + 124 <= 4_096 || start >= 8_192) {
                expected.add(sequence);
            }
        }
        assertEquals(expected, sequences(file, 4_096, 8_192, true));
        assertThrows(IOException.class, () -> sequences(file, 4_096, file.length, true), "slow on a failing disk");
    }

    private static List<Long> sequences(byte[] file, long badFrom, long badTo, boolean passingOver) throws IOException {
        List<Long> sequences = new ArrayList<>();
        try (SegmentReader records = SegmentReader.open(badSector(file, badFrom, badTo), 0, 500, passingOver)) {
            SegmentReader.Found found = records.next(file.length);
            while (found != null) {
                sequences.add(found.entry().sequence());
                found = records.next(file.length);
            }
        }
        return sequences;
    }

    /** A file some of whose bytes cannot be read: a read ends before them, and fails from there on up to their end. */
    private static FileChannel badSector(byte[] file, long badFrom, long badTo) throws IOException {
        FileChannel channel = mock(FileChannel.class);
        when(channel.size()).thenReturn((long) file.length);
        when(channel.read(any(), anyLong())).thenAnswer(call -> {
            ByteBuffer bytes = call.getArgument(0);
            long from = call.getArgument(1);
            if (from >= badFrom && from < badTo) {
                throw new IOException("Input/output error");
            }
            if (from >= file.length) {
                return -1;
            }
            long end = from < badFrom ? Math.min(badFrom, file.length) : file.length;
            int count = (int) Math.min(bytes.remaining(), end - from);
            bytes.put(file, (int) from, count);
            return count;
        });
        return channel;
    }

    @Test
    void the_newest_file_is_ended_before_it_is_passed_over() throws IOException {
        try (DiskQueue queue = open(ROOMY)) {
            append(queue, "a", "b", "c");
            shorten(segments().get(0), 60);
            assertEquals(List.of("a"), restAfterFailures(queue));
            append(queue, "d");
            assertEquals(List.of("d"), rest(queue));
            assertEquals(2, queue.statistics().damaged());
            assertEquals(2, segments().size());
            queue.settle(0);
            assertEquals(1, segments().size());
        }
    }

    @Test
    void quick_failures_are_no_reason_to_pass_a_file_over() throws IOException {
        try (DiskQueue queue = open(ROOMY)) {
            append(queue, "a", "b");
            byte[] whole = Files.readAllBytes(segments().get(0));
            shorten(segments().get(0), 0);
            for (int i = 0; i < 100; i++) {
                assertThrows(IOException.class, queue::poll);
            }
            Files.write(segments().get(0), whole);
            assertEquals(List.of("a", "b"), rest(queue));
        }
    }

    @Test
    void a_newest_file_that_cannot_be_read_does_not_keep_the_queue_shut() throws IOException {
        try (DiskQueue queue = open(SMALL)) {
            fillThreeFiles(queue);
        }
        makeUnreadable(segments().get(2));
        try (DiskQueue queue = open(SMALL)) {
            append(queue, "after");
            assertEquals(join(numbers(0, 16), List.of("after")), restAfterFailures(queue));
        }
    }

    @Test
    void a_deleted_note_of_what_is_settled_is_written_anew() throws IOException {
        for (String name : List.of("force", "checkpoint")) {
            Path home = folder.resolve(name);
            Path killed = folder.resolve(name + "-killed");
            try (DiskQueue queue = DiskQueue.open(home, ROOMY, clock)) {
                append(queue, "a", "b", "c");
                queue.settle(next(queue).sequence());
                queue.force();
                Files.delete(home.resolve("settled"));
                if (name.equals("force")) {
                    queue.force();
                } else {
                    queue.checkpoint();
                }
                copy(home, killed);
            }
            try (DiskQueue queue = DiskQueue.open(killed, ROOMY, clock)) {
                assertEquals(List.of("b", "c"), rest(queue));
            }
        }
    }

    @Test
    void a_file_with_a_number_beyond_all_queues_is_foreign() throws IOException {
        for (String name : List.of("7fffffffffffffff", "7ffffffffffffffe", "4000000000000000", "ffffffffffffffff")) {
            Path foreign = folder.resolve(name + ".queue");
            Files.writeString(foreign, "not ours");
            try (DiskQueue queue = open(ROOMY)) {
                append(queue, name);
                assertEquals(List.of(name), rest(queue));
                queue.settle(queue.end() - 1);
                assertEquals(0, queue.statistics().damaged());
            }
            assertTrue(Files.exists(foreign));
            Files.delete(foreign);
        }
    }

    /** The oracle is a list; "kill" opens a copy of the files as they are, without closing the queue. */
    @Test
    void random_use_loses_nothing_and_keeps_the_order() throws IOException {
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            List<String> unsettled = new ArrayList<>();
            List<QueueEntry> out = new ArrayList<>();
            Path home = folder.resolve("seed" + seed);
            DiskQueue queue = DiskQueue.open(home, ROOMY, clock);
            for (int step = 0; step < 400; step++) {
                switch (random.nextInt(8)) {
                    case 0, 1, 2 -> {
                        String entry = step + "-" + "y".repeat(random.nextInt(480));
                        append(queue, entry);
                        unsettled.add(entry);
                    }
                    case 3, 4 -> {
                        QueueEntry entry = queue.poll();
                        assertEquals(out.size() == unsettled.size(), entry == null, "seed " + seed);
                        if (entry != null) {
                            assertEquals(unsettled.get(out.size()), text(entry), "seed " + seed);
                            out.add(entry);
                        }
                    }
                    case 5 -> {
                        if (!out.isEmpty()) {
                            queue.settle(out.remove(0).sequence());
                            unsettled.remove(0);
                        }
                    }
                    case 6 -> {
                        queue.rewind();
                        out.clear();
                    }
                    default -> {
                        Path copy = folder.resolve("copy" + seed + "-" + step);
                        copy(home, copy);
                        try (DiskQueue killed = DiskQueue.open(copy, ROOMY, clock)) {
                            List<String> found = rest(killed);
                            int more = found.size() - unsettled.size();
                            assertTrue(more >= 0, "seed " + seed + " lost " + -more);
                            assertEquals(unsettled, found.subList(more, found.size()), "seed " + seed);
                        }
                        queue.checkpoint();
                    }
                }
            }
            queue.close();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectory(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    /** Opening it for reading or for writing alone waits for somebody at its other end, and cannot be interrupted. */
    private static Path pipe(Path path) throws Exception {
        assertEquals(0, new ProcessBuilder("mkfifo", path.toString()).start().waitFor());
        return path;
    }

    private static String failure(Executable call) throws Exception {
        return CompletableFuture.supplyAsync(
                        () -> assertThrows(IOException.class, call).getMessage())
                .get(10, TimeUnit.SECONDS);
    }

    @Test
    void a_pipe_in_a_files_place_is_named_and_holds_nothing_up() throws Exception {
        Path settled = pipe(folder.resolve("settled"));
        assertEquals("'settled' is no regular file", failure(() -> open(ROOMY)));
        Files.delete(settled);
        String first = SegmentFormat.name(0);
        pipe(folder.resolve(first));
        try (DiskQueue queue = open(ROOMY)) {
            assertEquals(
                    "'" + first + "' is there already, and nothing of the queue's; remove it",
                    failure(() -> append(queue, "a")));
            Files.delete(folder.resolve(first));
            append(queue, "a");
            Files.delete(folder.resolve(first));
            pipe(folder.resolve(first));
            assertEquals("'" + first + "' is no regular file", failure(queue::poll));
        }
    }

    @Test
    void a_pipe_in_the_folders_place_holds_nothing_up() throws Exception {
        Path inner = folder.resolve("inner");
        DiskQueue queue = DiskQueue.open(inner, ROOMY, clock);
        append(queue, "a");
        Files.move(inner, folder.resolve("away"));
        pipe(inner);
        assertNotNull(failure(queue::poll));
        assertNotNull(failure(queue::force));
        Files.delete(inner);
        Files.move(folder.resolve("away"), inner);
        assertEquals(List.of("a"), rest(queue));
        queue.close();
    }

    @Test
    void the_age_of_the_oldest_entry_that_is_not_settled_is_known() throws IOException {
        try (DiskQueue queue = open(ROOMY)) {
            assertEquals(0, queue.oldestAgeMillis());
            append(queue, "a");
            clock.pass(Duration.ofSeconds(5));
            append(queue, "b");
            clock.pass(Duration.ofSeconds(2));
            assertEquals(7_000, queue.oldestAgeMillis(), "waiting");
            QueueEntry first = next(queue);
            next(queue);
            clock.pass(Duration.ofSeconds(1));
            assertEquals(8_000, queue.oldestAgeMillis(), "handed out");
            queue.settle(first.sequence());
            assertEquals(3_000, queue.oldestAgeMillis());
            queue.rewind();
            assertEquals(3_000, queue.oldestAgeMillis(), "handed out before");
        }
        clock.pass(Duration.ofSeconds(10));
        try (DiskQueue queue = open(ROOMY)) {
            assertEquals(13_000, queue.oldestAgeMillis(), "of an earlier process");
            append(queue, "c");
            clock.pass(Duration.ofSeconds(1));
            queue.settle(next(queue).sequence());
            assertEquals(1_000, queue.oldestAgeMillis());
            queue.settle(next(queue).sequence());
            assertEquals(0, queue.oldestAgeMillis());
        }
    }

    @Test
    void an_entry_that_cannot_be_read_is_as_old_as_its_file() throws IOException {
        try (DiskQueue queue = open(ROOMY)) {
            append(queue, "a");
            clock.pass(Duration.ofSeconds(5));
            Path file = folder.resolve(SegmentFormat.name(0));
            Path away = Files.move(file, folder.resolve("away"));
            assertEquals(5_000, queue.oldestAgeMillis());
            Files.move(away, file);
        }
    }
}
