// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.queue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A file that says whose a folder is: one holder at a time, in this process and in others. POSIX ends a process's locks
 * of a file when the process closes any descriptor of it, so a file that is held here is not opened a second time.
 */
public final class LockFile implements AutoCloseable {
    private static final int OWNER_BYTES = 20;

    /** The files that are held here, or are being looked at. */
    private static final Set<Object> HELD = ConcurrentHashMap.newKeySet();

    private final FileChannel channel;
    private final Object key;

    private LockFile(FileChannel channel, Object key) {
        this.channel = channel;
        this.key = key;
    }

    /** Takes it, and makes it where it is missing; null where somebody has it. */
    public static @Nullable LockFile tryTake(Path file) throws IOException {
        Object key = key(file);
        if (!HELD.add(key)) {
            return null;
        }
        LockFile taken = null;
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                taken = channel.tryLock() == null ? null : new LockFile(channel, key);
                return taken;
            } finally {
                if (taken == null) {
                    channel.close();
                }
            }
        } finally {
            if (taken == null) {
                HELD.remove(key);
            }
        }
    }

    /** Which file it is, whatever its path. */
    private static Object key(Path file) throws IOException {
        try {
            Files.createFile(file);
        } catch (FileAlreadyExistsException there) {
            // Whoever made it.
        }
        Opening.requireFile(file);
        Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        return key == null ? file.toRealPath() : key;
    }

    /** True while it is the file of this path, which somebody may have deleted or replaced. */
    public boolean isAt(Path file) {
        try {
            Object now = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
            return now == null || now.equals(key);
        } catch (IOException gone) {
            return false;
        }
    }

    /** Writes into it that this process has it. */
    public void sign() throws IOException {
        channel.truncate(0);
        channel.write(ByteBuffer.wrap((ownPid() + "\n").getBytes(StandardCharsets.US_ASCII)));
    }

    /** The process that signed it, or "" where that is not known. */
    public static String owner(Path file) throws IOException {
        Object key = key(file);
        if (!HELD.add(key)) {
            return ownPid();
        }
        try (FileChannel channel = Opening.file(file)) {
            ByteBuffer text = ByteBuffer.allocate(OWNER_BYTES);
            int length = Math.max(0, channel.read(text, 0));
            String pid = new String(text.array(), 0, length, StandardCharsets.US_ASCII).strip();
            return pid.matches("[0-9]+") ? pid : "";
        } finally {
            HELD.remove(key);
        }
    }

    private static String ownPid() {
        return Long.toString(ProcessHandle.current().pid());
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            HELD.remove(key);
        }
    }
}
