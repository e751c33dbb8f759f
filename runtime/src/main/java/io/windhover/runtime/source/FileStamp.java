// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What tells one content of a file from another without reading it. The inode is no part of it: FAT and some network
 * file systems change it while they are mounted.
 *
 * @param bytes its size
 * @param changedMicros when it was last written, UTC
 */
record FileStamp(long bytes, long changedMicros) {
    private static final long OLD_MICROS = TimeUnit.SECONDS.toMicros(2);

    /** Null for what is no regular file, is empty or has gone. */
    static @Nullable FileStamp of(Path file) throws IOException {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return attributes.isRegularFile() && attributes.size() > 0
                    ? new FileStamp(
                            attributes.size(), attributes.lastModifiedTime().to(TimeUnit.MICROSECONDS))
                    : null;
        } catch (NoSuchFileException gone) {
            return null;
        }
    }

    /** Nobody has written to it for two seconds, as far as the machine's clock tells. */
    boolean isOld() {
        return TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis()) - changedMicros > OLD_MICROS;
    }

    /** A number for this content under a name; two of a million have the same one with a probability of 10^-7. */
    long identity(Path file) {
        long hash = mix(bytes) ^ changedMicros;
        String name = String.valueOf(file.getFileName());
        for (int i = 0; i < name.length(); i++) {
            hash = mix(hash + name.charAt(i));
        }
        return mix(hash);
    }

    /** The finaliser of SplitMix64. */
    private static long mix(long value) {
        long mixed = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return mixed ^ mixed >>> 31;
    }
}
