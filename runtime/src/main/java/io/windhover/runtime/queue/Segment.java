// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.queue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** One file of the queue: being written, or as an earlier process or this one left it. */
final class Segment {
    private final Path file;
    private final long first;
    private final long createdElapsedMillis;
    private long size;
    private volatile @Nullable FileChannel writing;

    private Segment(Path file, long first, long createdElapsedMillis, long size, @Nullable FileChannel writing) {
        this.file = file;
        this.first = first;
        this.createdElapsedMillis = createdElapsedMillis;
        this.size = size;
        this.writing = writing;
    }

    /** One that is there already. */
    static Segment found(Path file, long first) throws IOException {
        return new Segment(file, first, 0, Files.size(file), null);
    }

    static Segment create(Path folder, long first, QueueClock clock) throws IOException {
        Path file = folder.resolve(SegmentFormat.name(first));
        FileChannel channel = open(file);
        Segment segment = new Segment(file, first, clock.elapsedMillis(), 0, channel);
        try {
            segment.write(new SegmentFormat.Header(first, clock.wallMillis(), clock.isSynchronised()).encoded());
        } catch (IOException full) {
            channel.close();
            Files.deleteIfExists(file);
            throw full;
        }
        return segment;
    }

    private static FileChannel open(Path file) throws IOException {
        try {
            return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException foreign) {
            throw new IOException(
                    "'" + file.getFileName() + "' is there already, and nothing of the queue's; remove it", foreign);
        }
    }

    Path file() {
        return file;
    }

    /** Of its first record. */
    long first() {
        return first;
    }

    long createdElapsedMillis() {
        return createdElapsedMillis;
    }

    /** Bytes that are written as a whole. */
    long size() {
        return size;
    }

    void append(long sequence, byte[] body, QueueClock clock) throws IOException {
        write(SegmentFormat.record(sequence, clock.elapsedMillis() - createdElapsedMillis, body));
    }

    /** What was begun and did not fit stays behind {@link #size}; the segment must not be written any more then. */
    private void write(ByteBuffer bytes) throws IOException {
        FileChannel channel = writing;
        if (channel == null) {
            throw new IllegalStateException("a segment that is complete is written");
        }
        int count = bytes.remaining();
        while (bytes.hasRemaining()) {
            channel.write(bytes, size + bytes.position());
        }
        size += count;
    }

    /** Does nothing for one that is complete, which may happen meanwhile. */
    void force() throws IOException {
        FileChannel channel = writing;
        if (channel == null) {
            return;
        }
        try {
            channel.force(false);
        } catch (ClosedChannelException completed) {
            return;
        }
    }

    /** Nothing is written to it any more. */
    void complete() throws IOException {
        FileChannel channel = writing;
        if (channel != null) {
            writing = null;
            channel.close();
        }
    }
}
