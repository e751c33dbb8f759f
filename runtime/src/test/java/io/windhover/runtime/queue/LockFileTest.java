// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockFileTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("lock");
    }

    /** As the kernel sees it, for whom another process would ask. */
    private boolean isLocked() throws IOException {
        String inode = ":" + Files.getAttribute(file, "unix:ino") + " ";
        String pid = " " + ProcessHandle.current().pid() + " ";
        return Files.readAllLines(Path.of("/proc/locks")).stream()
                .anyMatch(line -> line.contains(inode) && line.contains(pid));
    }

    private static LockFile take(Path path) throws IOException {
        LockFile taken = LockFile.tryTake(path);
        assertNotNull(taken);
        return taken;
    }

    @Test
    void who_asks_in_vain_in_this_process_leaves_it_locked_for_others() throws IOException {
        try (LockFile first = take(file)) {
            first.sign();
            assertTrue(isLocked());
            Path other = Files.createSymbolicLink(folder.resolve("link"), file);
            assertNull(LockFile.tryTake(file));
            assertNull(LockFile.tryTake(other));
            assertEquals(Long.toString(ProcessHandle.current().pid()), LockFile.owner(file));
            assertTrue(isLocked());
        }
        assertFalse(isLocked());
        take(file).close();
    }

    @Test
    void a_file_that_was_replaced_is_another_one() throws IOException {
        LockFile first = take(file);
        Files.delete(file);
        LockFile second = take(file);
        first.close();
        assertNull(LockFile.tryTake(file));
        second.close();
        take(file).close();
    }

    @Test
    void what_somebody_else_wrote_is_no_process() throws IOException {
        Files.writeString(file, "../../etc/passwd and more than twenty characters");
        assertEquals("", LockFile.owner(file));
        Files.writeString(file, "4711\n");
        assertEquals("4711", LockFile.owner(file));
    }

    /** Opening it for reading or for writing alone waits for somebody at its other end, and cannot be interrupted. */
    private static Path pipe(Path path) throws Exception {
        assertEquals(0, new ProcessBuilder("mkfifo", path.toString()).start().waitFor());
        return path;
    }

    @Test
    void what_is_no_regular_file_is_neither_taken_nor_read() throws Exception {
        pipe(file);
        CompletableFuture<Void> asked = CompletableFuture.runAsync(() -> {
            String taking = assertThrows(IOException.class, () -> LockFile.tryTake(file))
                    .getMessage();
            assertEquals("'lock' is no regular file", taking);
            assertEquals(
                    taking,
                    assertThrows(IOException.class, () -> LockFile.owner(file)).getMessage());
        });
        asked.get(10, TimeUnit.SECONDS);
    }
}
