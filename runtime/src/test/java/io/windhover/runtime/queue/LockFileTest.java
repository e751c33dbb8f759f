// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
}
