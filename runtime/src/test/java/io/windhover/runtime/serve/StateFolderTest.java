// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.windhover.runtime.queue.LockFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFolderTest {
    @TempDir
    private Path folder;

    /** Null where the folder is guarded. */
    private LockFile taken() throws IOException {
        return LockFile.tryTake(folder.resolve("service.lock"));
    }

    @Test
    void a_folder_that_could_not_be_guarded_is_as_soon_as_it_can_be() throws IOException {
        Files.createDirectory(folder.resolve("service.lock"));
        try (StateFolder state = StateFolder.take(folder)) {
            state.watch();
            Files.delete(folder.resolve("service.lock"));
            state.watch();
            assertNull(taken());
        }
    }

    @Test
    void a_folder_whose_lock_was_deleted_is_guarded_again_unless_another_has_it() throws IOException {
        try (StateFolder state = StateFolder.take(folder)) {
            Files.delete(folder.resolve("service.lock"));
            LockFile other = taken();
            assertNotNull(other);
            state.watch();
            other.close();
            state.watch();
            assertNull(taken());
        }
        LockFile free = taken();
        assertNotNull(free);
        free.close();
    }
}
