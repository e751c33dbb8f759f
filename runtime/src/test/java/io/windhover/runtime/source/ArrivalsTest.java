// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArrivalsTest {
    private static final long LOOK = 100_000_000;

    @TempDir
    Path folder;

    private final TakenFiles taken = new TakenFiles();
    private final Arrivals arrivals = new Arrivals(taken);
    /** The clock may overflow. */
    private long now = Long.MAX_VALUE - LOOK;

    private Path write(String name, String text, int age) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        return Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(age)));
    }

    private Path take(long later) {
        now += later;
        Arrivals.Arrival arrival = arrivals.take(now);
        return arrival == null ? null : arrival.file();
    }

    @Test
    void a_file_is_taken_when_two_looks_are_the_same() throws IOException {
        Path file = write("a", "x", -60);
        arrivals.add(file);
        assertNull(take(0));
        assertEquals(LOOK, arrivals.nextLookNanos());
        assertNull(take(LOOK - 1));
        assertEquals(1, arrivals.nextLookNanos());
        write("a", "xx", -60);
        assertNull(take(1));
        write("a", "xx", -59);
        assertNull(take(LOOK));
        assertEquals(file, take(LOOK));
        assertTrue(arrivals.isEmpty());
    }

    @Test
    void a_file_that_is_still_written_holds_up_no_other() throws IOException {
        arrivals.add(write("a", "x", -60));
        Path old = write("b", "x", 60);
        arrivals.add(old);
        assertEquals(old, take(0));
        assertNull(take(0));
    }

    @Test
    void what_is_empty_gone_taken_or_no_file_is_left_out() throws IOException {
        Path known = write("known", "x", 60);
        taken.add(Objects.requireNonNull(FileStamp.of(known)).identity(known));
        arrivals.add(known);
        arrivals.add(write("empty", "", 60));
        arrivals.add(folder.resolve("gone"));
        arrivals.add(Files.createDirectory(folder.resolve("directory")));
        arrivals.add(Files.createSymbolicLink(folder.resolve("link"), known));
        assertNull(take(0));
        assertTrue(arrivals.isEmpty());
    }

    @Test
    void files_that_have_gone_are_forgotten_when_there_are_many() {
        for (long identity = 1; identity <= 200_001; identity++) {
            taken.add(identity * 1_000_003L);
        }
        taken.beginListing();
        assertTrue(taken.contains(1_000_003L));
        taken.endListing();
        assertTrue(taken.contains(1_000_003L));
        assertTrue(!taken.contains(2 * 1_000_003L));
    }
}
