// SPDX-License-Identifier: Apache-2.0
package io.windhover.models;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Makes or replaces a regular file in one step: readers see the old file or the whole new one. The contents go to a
 * temporary file beside it, whose name cannot be predicted and which is created exclusively, with the permissions that
 * the umask leaves; {@link #commit} renames it. Without a commit it is removed, even when a signal ends the program.
 */
public final class FileReplacement implements AutoCloseable {
    private static final int NAME_BYTES = 16;
    /** What the usual file systems of Linux allow. */
    private static final int LONGEST_NAME = 255;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path target;
    private final Path temporary;
    private final FileChannel channel;

    private FileReplacement(Path target) throws IOException {
        byte[] name = new byte[NAME_BYTES];
        RANDOM.nextBytes(name);
        this.target = target;
        this.temporary = target.toAbsolutePath()
                .resolveSibling(".windhover-" + HexFormat.of().formatHex(name) + ".part");
        temporary.toFile().deleteOnExit();
        this.channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /**
     * Why this path cannot be replaced (it exists and is not a regular file), or null when it can. Links are not
     * followed.
     */
    public static @Nullable String refusal(Path target) {
        if (target.toString().isEmpty()) {
            return "it has no name";
        }
        if (target.getFileName() == null || Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
            return "it is a folder";
        }
        if (target.getFileName().toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
            return "its name has more than " + LONGEST_NAME + " bytes";
        }
        if (Files.isSymbolicLink(target)) {
            return "it is a symbolic link";
        }
        boolean regular = Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS);
        return regular || !Files.exists(target, LinkOption.NOFOLLOW_LINKS)
                ? null
                : "it is a device, a pipe or a socket";
    }

    /** Starts a replacement; throws when the target is refused or its folder cannot be written. */
    public static FileReplacement of(Path target) throws IOException {
        check(target);
        return new FileReplacement(target);
    }

    private static void check(Path target) throws IOException {
        String refusal = refusal(target);
        if (refusal != null) {
            throw new IOException(refusal);
        }
    }

    /** Where the new contents go. */
    public FileChannel channel() {
        return channel;
    }

    /** Replaces the old file by the new one. */
    public void commit() throws IOException {
        channel.force(true);
        channel.close();
        check(target);
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Removes the temporary file unless it was committed. */
    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(temporary);
    }
}
