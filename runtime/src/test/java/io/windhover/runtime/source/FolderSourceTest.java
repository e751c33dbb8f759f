// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.runtime.exception.InputException;
import io.windhover.runtime.image.ImageDecoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FolderSourceTest {
    private static final byte[] RESULT = {};

    @TempDir
    Path home;

    private Path folder() throws IOException {
        return Files.createDirectories(home.resolve("incoming"));
    }

    private FrameSource open(String pattern, boolean existing, boolean delete) {
        return Sources.open(
                new SourceSettings.Folder(home.resolve("incoming"), pattern, existing, delete), new ImageDecoder());
    }

    private static void age(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60)));
    }

    private Path old(String name) throws IOException {
        Path file = Waiting.image(folder().resolve(name));
        age(file);
        return file;
    }

    private static void nothingComes(FrameSource source, long millis) throws Exception {
        CompletableFuture<String> name = Waiting.nextName(source);
        Thread.sleep(millis);
        assertFalse(name.isDone(), () -> "came: " + name.join());
        source.close();
        assertEquals("none", name.get(2, TimeUnit.SECONDS));
    }

    @Test
    void files_that_are_there_come_in_order_of_names_and_each_once() throws Exception {
        old("b.png");
        old("c.jpg");
        old("a.png");
        old(".hidden.png");
        try (FrameSource source = open("*.png", true, false)) {
            assertEquals("a.png", Waiting.next(source));
            assertEquals("b.png", Waiting.next(source));
            nothingComes(source, 1_500);
        }
    }

    @Test
    void files_come_in_the_order_of_their_appearance() throws Exception {
        old("old.png");
        try (FrameSource source = open("*", false, false)) {
            CompletableFuture<String> first = Waiting.nextName(source);
            Thread.sleep(300);
            for (String name : List.of("z.png", "a.png", "m.png", "b.png")) {
                Waiting.image(folder().resolve(name));
                Thread.sleep(20);
            }
            assertEquals("z.png", first.get(10, TimeUnit.SECONDS));
            assertEquals("a.png", Waiting.next(source));
            assertEquals("m.png", Waiting.next(source));
            assertEquals("b.png", Waiting.next(source));
            nothingComes(source, 300);
        }
    }

    @Test
    void a_file_that_is_moved_in_is_taken_at_once() throws Exception {
        folder();
        Path outside = Waiting.image(home.resolve("outside.png"));
        age(outside);
        try (FrameSource source = open("*", true, false)) {
            CompletableFuture<String> name = Waiting.nextName(source);
            Thread.sleep(300);
            long start = System.nanoTime();
            Files.move(outside, folder().resolve("a.png"));
            assertEquals("a.png", name.get(10, TimeUnit.SECONDS));
            assertTrue(System.nanoTime() - start < 900_000_000L, "only the listing found it");
        }
    }

    @Test
    void a_file_that_was_taken_too_early_comes_again_when_it_is_whole() throws Exception {
        byte[] bytes = Files.readAllBytes(Waiting.image(home.resolve("whole.png")));
        Path file = folder().resolve("a.png");
        Files.write(file, new byte[0]);
        try (FrameSource source = open("*", true, false)) {
            Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
            assertThrows(InputException.class, source::next);
            Files.write(file, Arrays.copyOfRange(bytes, bytes.length / 2, bytes.length), StandardOpenOption.APPEND);
            assertEquals("a.png", Waiting.next(source));
            Thread.sleep(20);
            Path newer = Waiting.image(home.resolve("newer.png"));
            Files.move(newer, file, StandardCopyOption.REPLACE_EXISTING);
            assertEquals("a.png", Waiting.next(source));
            nothingComes(source, 300);
        }
    }

    @Test
    void a_missing_folder_is_waited_for_and_found_again() throws Exception {
        try (FrameSource source = open("*", false, false)) {
            CompletableFuture<String> first = Waiting.nextName(source);
            Waiting.until(() -> source.health().trouble() != null);
            String trouble = Objects.requireNonNull(source.health().trouble());
            assertTrue(trouble.endsWith("(it is not there); it is tried again every second."), trouble);
            Waiting.image(folder().resolve("a.png"));
            assertEquals("a.png", first.get(10, TimeUnit.SECONDS));
            assertEquals(new FrameSource.Health(null, 0), source.health());

            CompletableFuture<String> second = Waiting.nextName(source);
            Files.delete(folder().resolve("a.png"));
            Files.delete(folder());
            Waiting.until(() -> source.health().trouble() != null);
            Waiting.image(folder().resolve("b.png"));
            assertEquals("b.png", second.get(10, TimeUnit.SECONDS));
            assertEquals(new FrameSource.Health(null, 1), source.health());
        }
    }

    @Test
    void another_folder_of_the_name_is_watched_too() throws Exception {
        folder();
        try (FrameSource source = open("*", true, false)) {
            CompletableFuture<String> first = Waiting.nextName(source);
            Thread.sleep(300);
            Files.move(folder(), home.resolve("before"));
            Waiting.image(folder().resolve("a.png"));
            assertEquals("a.png", first.get(10, TimeUnit.SECONDS));
            CompletableFuture<String> second = Waiting.nextName(source);
            Thread.sleep(1_500);
            Waiting.image(home.resolve("before/x.png"));
            long start = System.nanoTime();
            Waiting.image(folder().resolve("b.png"));
            assertEquals("b.png", second.get(10, TimeUnit.SECONDS));
            assertTrue(System.nanoTime() - start < 900_000_000L, "only the listing found it");
        }
    }

    @Test
    void only_regular_files_are_opened_and_names_are_printable() throws Exception {
        Path folder = folder();
        assertEquals(
                0,
                new ProcessBuilder("mkfifo", folder.resolve("pipe.png").toString())
                        .start()
                        .waitFor());
        Files.createDirectory(folder.resolve("sub.png"));
        Waiting.image(folder.resolve("sub.png/inner.png"));
        Files.createSymbolicLink(folder.resolve("link.png"), Waiting.image(home.resolve("target.png")));
        Files.createSymbolicLink(folder.resolve("device.png"), Path.of("/dev/zero"));
        String script =
                "cp target.png \"$(printf 'incoming/odd\\033[31m\\377.png')\"; echo x > \"$(printf 'incoming/not\\nan\\033image.png')\"";
        assertEquals(
                0,
                new ProcessBuilder("bash", "-c", script)
                        .directory(home.toFile())
                        .start()
                        .waitFor());
        try (FrameSource source = open("*", true, false)) {
            String message = assertThrows(InputException.class, source::next).getMessage();
            assertEquals("'not?an?image.png' is not an image; give a PNG, JPEG, BMP, GIF or TIFF file.", message);
            String name = Waiting.next(source);
            assertTrue(name.matches("odd\\?\\[31m.{1,3}\\.png"), name);
            nothingComes(source, 300);
        }
    }

    @Test
    void a_file_is_deleted_after_it_was_run_and_only_then() throws Exception {
        Path done = old("a.png");
        Path refused = old("b.png");
        Path skipped = old("c.png");
        Path changed = old("d.png");
        try (FrameSource source = open("*", true, true)) {
            Objects.requireNonNull(source.next()).outcome().done(RESULT);
            Objects.requireNonNull(source.next()).outcome().refused("no");
            Objects.requireNonNull(source.next()).outcome().skipped();
            assertFalse(Files.exists(done));
            SourceFrame last = Objects.requireNonNull(source.next());
            Waiting.image(changed);
            last.outcome().done(RESULT);
            assertEquals("d.png", Waiting.next(source));
            nothingComes(source, 1_500);
            assertTrue(Files.exists(refused) && Files.exists(skipped) && Files.exists(changed));
        }
    }

    @Test
    void an_outcome_after_the_end_still_deletes() throws Exception {
        Path first = old("a.png");
        Path second = old("b.png");
        FrameSource source = open("*", true, true);
        SourceFrame.Outcome early = Objects.requireNonNull(source.next()).outcome();
        SourceFrame.Outcome late = Objects.requireNonNull(source.next()).outcome();
        early.done(RESULT);
        source.close();
        assertFalse(Files.exists(first));
        late.done(RESULT);
        assertFalse(Files.exists(second));
        assertNull(source.health().trouble());
    }

    @Test
    void a_folder_that_took_a_files_place_is_not_deleted() throws Exception {
        Path file = old("a.png");
        try (FrameSource source = open("*", true, true)) {
            SourceFrame.Outcome outcome = Objects.requireNonNull(source.next()).outcome();
            Path away = home.resolve("away");
            Files.move(file, away);
            Files.createDirectory(file);
            outcome.done(RESULT);
            nothingComes(source, 300);
            assertTrue(Files.exists(file));
        }
    }

    /** Not even root can delete a file of the kernel's. */
    @Test
    void a_file_that_cannot_be_deleted_is_said() throws Exception {
        Path file = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");
        Assumptions.assumeTrue(Files.isRegularFile(file));
        Deletions deletions = new Deletions();
        deletions
                .outcome(new Arrivals.Arrival(file, Objects.requireNonNull(FileStamp.of(file))))
                .done(RESULT);
        assertNull(deletions.trouble());
        deletions.carryOut();
        String trouble = Objects.requireNonNull(deletions.trouble());
        assertTrue(trouble.startsWith("'enabled' was read and cannot be deleted ("), trouble);
    }

    /** Root may write in spite of permissions, but not where the file system's own flag forbids it. */
    private static void setReadOnly(Path folder, boolean readOnly) throws Exception {
        if (!readOnly) {
            int unused = flag(folder, "-i");
        }
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(readOnly ? "r-xr-xr-x" : "rwxr-xr-x"));
        if (readOnly && Files.isWritable(folder)) {
            Assumptions.assumeTrue(flag(folder, "+i") == 0);
        }
    }

    private static int flag(Path folder, String change) throws Exception {
        return new ProcessBuilder("chattr", change, folder.toString())
                .redirectErrorStream(true)
                .start()
                .waitFor();
    }

    private static boolean holds(Path folder, int files) {
        try (Stream<Path> there = Files.list(folder)) {
            return there.count() == files;
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    @Test
    void files_that_could_not_be_deleted_are_tried_again_until_they_can() throws Exception {
        old("a.png");
        old("b.png");
        Path folder = folder();
        try (FrameSource source = open("*", true, true)) {
            setReadOnly(folder, true);
            try {
                Objects.requireNonNull(source.next()).outcome().done(RESULT);
                Objects.requireNonNull(source.next()).outcome().done(RESULT);
                CompletableFuture<String> none = Waiting.nextName(source);
                Waiting.until(() -> source.health().trouble() != null);
                String trouble = Objects.requireNonNull(source.health().trouble());
                assertTrue(trouble.startsWith("'a.png' was read and cannot be deleted ("), trouble);
                Thread.sleep(2_500);
                assertEquals(trouble, source.health().trouble(), "is logged once");
                assertTrue(holds(folder, 2));
                setReadOnly(folder, false);
                Waiting.until(() -> source.health().trouble() == null);
                assertTrue(holds(folder, 0));
                assertFalse(none.isDone(), () -> "came again: " + none.join());
            } finally {
                setReadOnly(folder, false);
            }
        }
    }

    @Test
    void a_listing_tries_a_bounded_number_of_deletions_again_and_each_file_has_its_turn() throws Exception {
        Deletions deletions = new Deletions();
        List<Arrivals.Arrival> files = new ArrayList<>();
        for (int file = 0; file < Deletions.MOST_FAILURES + 2; file++) {
            Path path = old("%05d.png".formatted(file));
            files.add(new Arrivals.Arrival(path, Objects.requireNonNull(FileStamp.of(path))));
        }
        setReadOnly(folder(), true);
        try {
            files.forEach(file -> deletions.outcome(file).done(RESULT));
            deletions.carryOut();
            list(deletions, files);
        } finally {
            setReadOnly(folder(), false);
        }
        String trouble = Objects.requireNonNull(deletions.trouble());
        assertTrue(trouble.startsWith("'00000.png' was read"), trouble);
        list(deletions, files);
        assertTrue(holds(folder(), Deletions.MOST_FAILURES));
        list(deletions, files);
        assertTrue(holds(folder(), 0));
        assertNull(deletions.trouble());
    }

    private static void list(Deletions deletions, List<Arrivals.Arrival> files) {
        deletions.beginListing();
        for (Arrivals.Arrival file : files) {
            if (Files.exists(file.file())) {
                deletions.visit(file, file.stamp().identity(file.file()));
            }
        }
        deletions.endListing();
    }

    @Test
    void waiting_ends_at_once() throws Exception {
        folder();
        Set<String> before = Waiting.threads();
        Waiting.endsAtOnce(open("*", true, false), before);
    }

    @Test
    void waiting_for_a_missing_folder_ends_at_once() throws Exception {
        Set<String> before = Waiting.threads();
        Waiting.endsAtOnce(open("*", true, false), before);
    }

    /** Opening it would wait for a writer, and could not be ended. */
    @Test
    void a_named_pipe_in_a_folders_place_is_waited_out() throws Exception {
        Path pipe = folder();
        Files.delete(pipe);
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        Set<String> before = Waiting.threads();
        Waiting.endsAtOnce(open("*", true, false), before);
    }

    /** More at once than the system's queue of events takes. */
    @Test
    void a_burst_of_files_comes_whole() throws Exception {
        folder();
        byte[] bytes = Files.readAllBytes(Waiting.image(home.resolve("whole.png")));
        try (FrameSource source = open("*", true, false)) {
            CompletableFuture<String> first = Waiting.nextName(source);
            Thread.sleep(200);
            for (int file = 0; file < 3_000; file++) {
                Files.write(folder().resolve("%05d.png".formatted(file)), bytes);
            }
            Set<String> names = new TreeSet<>(Set.of(first.get(10, TimeUnit.SECONDS)));
            while (names.size() < 3_000) {
                assertTrue(names.add(Waiting.next(source)));
            }
            nothingComes(source, 1_500);
        }
    }

    @Test
    @Tag("full")
    @Timeout(600)
    void a_hundred_thousand_files_half_of_them_no_images() throws Exception {
        byte[] bytes = Files.readAllBytes(Waiting.image(home.resolve("whole.png")));
        List<String> names = new ArrayList<>();
        for (int file = 0; file < 100_000; file++) {
            String name = "%06d.png".formatted(file);
            Path path = folder().resolve(name);
            Files.write(path, file % 2 == 0 ? bytes : new byte[] {'n', 'o'});
            age(path);
            names.add(name);
        }
        long before = usedBytes();
        long start = System.nanoTime();
        try (FrameSource source = open("*", true, false)) {
            for (int file = 0; file < names.size(); file++) {
                if (file % 2 == 0) {
                    assertEquals(names.get(file), Waiting.next(source));
                } else {
                    assertThrows(InputException.class, source::next);
                }
            }
            long bytesUsed = usedBytes() - before;
            double seconds = (System.nanoTime() - start) / 1e9;
            System.out.printf("100,000 files: %.1f s, %d bytes%n", seconds, bytesUsed);
            assertTrue(bytesUsed < 8 << 20, bytesUsed + " bytes");
            assertTrue(seconds < 300, seconds + " s");
            nothingComes(source, 1_000);
        }
    }

    private static long usedBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
