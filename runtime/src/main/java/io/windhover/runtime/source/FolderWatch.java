// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells of changes in a folder as soon as they happen, where the system can (inotify). It may miss some: on network
 * file systems, when there are very many, or when the user's watches are used up. So the folder is listed now and then,
 * too.
 */
final class FolderWatch {
    private final Path folder;
    private final Gate gate = new Gate();
    private final @Nullable WatchService service = service();
    private @Nullable WatchKey key;
    private @Nullable Object watched;

    FolderWatch(Path folder) {
        this.folder = folder;
    }

    private static @Nullable WatchService service() {
        try {
            return FileSystems.getDefault().newWatchService();
        } catch (IOException | UnsupportedOperationException unavailable) {
            return null;
        }
    }

    /** Watches the folder that now has the name; another one may have had it. */
    void renew() throws IOException {
        Object current = Files.readAttributes(folder, BasicFileAttributes.class).fileKey();
        if (service == null || (key != null && key.isValid() && Objects.equals(current, watched))) {
            return;
        }
        if (key != null) {
            key.cancel();
            key = null;
        }
        try {
            key = folder.register(service, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
            watched = current;
        } catch (IOException | ClosedWatchServiceException unavailable) {
            // The folder is listed now and then, and then this is tried again.
        }
    }

    /**
     * Waits for a change, at most so long.
     *
     * @param changed takes the path of each file that was made or changed
     * @return whether changes may have been missed, so that the folder is to be listed
     */
    boolean await(long nanos, Consumer<Path> changed) throws InterruptedException {
        WatchKey signalled = poll(nanos);
        if (signalled == null) {
            return false;
        }
        boolean missed = false;
        for (WatchEvent<?> event : signalled.pollEvents()) {
            if (event.context() instanceof Path name) {
                changed.accept(folder.resolve(name));
            } else {
                missed = true;
            }
        }
        return !signalled.reset() || missed;
    }

    private @Nullable WatchKey poll(long nanos) throws InterruptedException {
        if (service == null) {
            gate.pause(nanos);
            return null;
        }
        try {
            return service.poll(nanos, TimeUnit.NANOSECONDS);
        } catch (ClosedWatchServiceException closed) {
            return null;
        }
    }

    /** Ends {@link #await}. */
    void close() {
        gate.close();
        if (service != null) {
            try {
                service.close();
            } catch (IOException problem) {
                throw new UncheckedIOException(problem);
            }
        }
    }
}
