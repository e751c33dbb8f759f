// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve;

import io.windhover.models.Reason;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.queue.LockFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a service keeps from one start to the next, for one service at a time. */
final class StateFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StateFolder.class);
    private static final String LOCK = "service.lock";
    private static final List<String> FOLDERS = List.of("queue", "models");
    private static final List<String> FILES = List.of("retained", LOCK, "queue/lock", "queue/settled");
    /** One that is ending now may still hold it. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long POLL_MILLIS = 50;

    private final Path folder;
    private @Nullable LockFile lock;
    private boolean closed;
    /** Whether it was said that another service has the folder. */
    private boolean isSaid;

    private StateFolder(Path folder, @Nullable LockFile lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /**
     * Takes the folder. A disk that takes no files keeps no service from starting: it runs without what it would keep.
     *
     * @throws WindhoverException where another service has it
     */
    static StateFolder take(Path folder) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        Path file = folder.resolve(LOCK);
        try {
            Files.createDirectories(folder);
            while (true) {
                LockFile taken = LockFile.tryTake(file);
                if (taken != null) {
                    sign(taken, file);
                    return new StateFolder(folder, taken);
                }
                if (System.nanoTime() - end > 0) {
                    String owner = LockFile.owner(file);
                    throw new WindhoverException("The state folder '" + folder.normalize()
                            + "' belongs to another service" + (owner.isEmpty() ? "" : " (process " + owner + ")")
                            + "; stop that one, or give this one another 'state'.");
                }
                Thread.sleep(POLL_MILLIS);
            }
        } catch (IOException unusable) {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                LOG.warn(
                        "Nothing keeps another service from the state folder '{}' ({}: {}).",
                        folder,
                        LOCK,
                        Reason.of(unusable));
            } else {
                LOG.warn("The state folder '{}' takes no files ({}).", folder, Reason.of(unusable));
            }
            return new StateFolder(folder, null);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new WindhoverException("The start was interrupted.", interruption);
        }
    }

    /** Guards the folder again, where it could not be or its lock was deleted. */
    synchronized void watch() {
        Path file = folder.resolve(LOCK);
        if (closed || (lock != null && lock.isAt(file)) || !Files.isDirectory(folder)) {
            return;
        }
        try {
            LockFile taken = LockFile.tryTake(file);
            if (taken != null) {
                closeLock();
                lock = taken;
                isSaid = false;
                sign(taken, file);
                LOG.info("The state folder '{}' is kept from other services again.", folder);
            } else if (!isSaid) {
                isSaid = true;
                LOG.warn("Another service has the state folder '{}' now; stop one of the two.", folder);
            }
        } catch (IOException unusable) {
            LOG.debug("The state folder is not guarded: {}", unusable.getMessage());
        }
    }

    /** A full disk takes no name, but the lock is held. */
    private static void sign(LockFile taken, Path file) {
        try {
            taken.sign();
        } catch (IOException full) {
            LOG.warn("'{}' does not say which process has it ({}).", file, Reason.of(full));
        }
    }

    /**
     * A {@link WindhoverException} says what of it cannot be used, which a start warns of. Nothing in it is changed,
     * but a file is made and removed to see that it takes one.
     */
    static void check(Path folder) {
        Path there = folder.toAbsolutePath().normalize();
        while (there.getParent() != null && !Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
            there = there.getParent();
        }
        try {
            Files.delete(Files.createTempFile(there, ".windhover", ".check"));
        } catch (IOException unusable) {
            String why = Files.isDirectory(there) ? Reason.of(unusable) : "'" + there + "' is no folder";
            throw new WindhoverException("The state folder '" + folder.normalize() + "' takes no files (" + why
                    + "); give another 'state'.");
        }
        FOLDERS.forEach(name -> require(folder.resolve(name), Files::isDirectory, "folder"));
        FILES.forEach(name -> require(folder.resolve(name), Files::isRegularFile, "file"));
    }

    private static void require(Path part, Predicate<Path> isRight, String right) {
        if (Files.exists(part, LinkOption.NOFOLLOW_LINKS) && !(isRight.test(part) && Files.isWritable(part))) {
            throw new WindhoverException("'" + part.normalize() + "' is no " + right
                    + " that can be written to; remove it, or give another 'state'.");
        }
    }

    /** True where both paths lead to one folder. */
    static boolean isSame(Path one, Path other) {
        try {
            return one.toAbsolutePath()
                            .normalize()
                            .equals(other.toAbsolutePath().normalize())
                    || (Files.exists(other) && Files.isSameFile(one, other));
        } catch (IOException unreadable) {
            return false;
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        closeLock();
    }

    private void closeLock() {
        try {
            if (lock != null) {
                lock.close();
            }
        } catch (IOException ended) {
            LOG.debug("The lock of the state folder was not closed: {}", ended.getMessage());
        }
    }
}
