// SPDX-License-Identifier: Apache-2.0
package io.windhover.models;

import static io.windhover.models.ModelException.require;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files read whole and once, into memory of our own: what becomes of a file afterwards changes nothing. */
public final class FileContents {
    private static final int MOST_BYTES = Integer.MAX_VALUE - 8;
    /** Read at once: the channel keeps a buffer of this size outside the heap. */
    private static final int STEP_BYTES = 1 << 20;

    private FileContents() {}

    /**
     * The bytes of a file of at most this size; a {@link ModelException} when it is larger, or changes its size
     * meanwhile.
     */
    public static byte[] read(Path file, long limitBytes) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            return read(channel, file, limitBytes);
        }
    }

    /** The same of a file that is open, from its start. */
    public static byte[] read(SeekableByteChannel channel, Path file, long limitBytes) throws IOException {
        long size = channel.size();
        require(
                size <= Math.min(limitBytes, MOST_BYTES),
                "File %s has %d bytes, more than the limit of %d; raise the limit if that is intended.",
                file,
                size,
                limitBytes);
        byte[] contents = new byte[(int) size];
        int next = 0;
        int count = 0;
        while (next < contents.length && count >= 0) {
            count = channel.read(ByteBuffer.wrap(contents, next, Math.min(STEP_BYTES, contents.length - next)));
            next += Math.max(0, count);
        }
        require(
                next == contents.length && channel.read(ByteBuffer.allocate(1)) < 0,
                "File %s changed its size while it was read; use it again when nobody writes to it.",
                file);
        return contents;
    }
}
