// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.queue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of a segment in order. What is no whole record (a torn end, flipped bits) is skipped up to the next
 * one that is; a record counts only with the next sequence number or a later one of the same segment. Bytes that cannot
 * be read are a failure or, for a reader that passes over, zeros.
 */
final class SegmentReader implements AutoCloseable {
    private static final int WINDOW_BYTES = 64 << 10;
    private static final int PAGE_BYTES = 4 << 10;
    /** A failing disk may take seconds for each. */
    private static final int MOST_BAD_PAGES = 16;

    private final FileChannel channel;
    private final SegmentFormat.@Nullable Header header;
    private final int entryBytes;
    private final boolean passingOver;
    private final long first;
    private ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long windowStart;
    private long position = SegmentFormat.HEADER_BYTES;
    private long next;
    private int badPages;

    /** A record; its offset is that of its header. */
    record Found(QueueEntry entry, long offsetMillis) {}

    private SegmentReader(FileChannel channel, long first, int entryBytes, boolean passingOver) throws IOException {
        this.channel = channel;
        this.passingOver = passingOver;
        this.first = first;
        this.next = first;
        this.entryBytes = entryBytes;
        window.limit(0);
        ByteBuffer start = ByteBuffer.allocate(SegmentFormat.HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        fill(start, 0);
        SegmentFormat.Header found = SegmentFormat.Header.decode(start.flip());
        this.header = found == null || found.first() != first ? null : found;
    }

    static SegmentReader open(Path file, long first, int entryBytes, boolean passingOver) throws IOException {
        return open(Opening.file(file), first, entryBytes, passingOver);
    }

    /** Closes the channel in the end, also where it fails. */
    static SegmentReader open(FileChannel channel, long first, int entryBytes, boolean passingOver) throws IOException {
        try {
            return new SegmentReader(channel, first, entryBytes, passingOver);
        } catch (IOException unreadable) {
            channel.close();
            throw unreadable;
        }
    }

    /** Null where the header was damaged. */
    SegmentFormat.@Nullable Header header() {
        return header;
    }

    /** The next record within the first {@code written} bytes, or null where there is none. */
    @Nullable
    Found next(long written) throws IOException {
        long size = passingOver ? Math.min(written, channel.size()) : written;
        while (size - position >= SegmentFormat.RECORD_BYTES) {
            int at = load(SegmentFormat.RECORD_BYTES);
            int bodyBytes = SegmentFormat.bodyBytes(window, at);
            long sequence = SegmentFormat.sequence(window, at);
            boolean plausible = bodyBytes >= 0
                    && bodyBytes <= entryBytes
                    && size - position - SegmentFormat.RECORD_BYTES >= bodyBytes
                    && sequence >= next
                    && sequence - first < size / SegmentFormat.RECORD_BYTES;
            if (plausible) {
                int bytes = SegmentFormat.RECORD_BYTES + bodyBytes;
                at = load(bytes);
                if (SegmentFormat.isWhole(window, at, bytes)) {
                    return take(at, bodyBytes, sequence);
                }
            }
            position++;
        }
        return null;
    }

    private Found take(int at, int bodyBytes, long sequence) {
        byte[] body = new byte[bodyBytes];
        window.get(at + SegmentFormat.RECORD_BYTES, body);
        position += SegmentFormat.RECORD_BYTES + bodyBytes;
        next = sequence + 1;
        return new Found(new QueueEntry(sequence, body), SegmentFormat.offsetMillis(window, at));
    }

    /** Has the next bytes in the window; answers where they begin there. */
    private int load(int bytes) throws IOException {
        if (position < windowStart || position + bytes > windowStart + window.limit()) {
            if (window.capacity() < bytes) {
                window = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
            }
            windowStart = position;
            window.clear();
            fill(window, position);
            window.flip();
            if (window.limit() < bytes) {
                throw new IOException("a segment of the queue became shorter while it was read");
            }
        }
        return (int) (position - windowStart);
    }

    private void fill(ByteBuffer bytes, long from) throws IOException {
        while (bytes.hasRemaining()) {
            long at = from + bytes.position();
            try {
                if (channel.read(bytes, at) < 0) {
                    return;
                }
            } catch (ClosedChannelException interrupted) {
                throw interrupted;
            } catch (IOException unreadable) {
                if (!passingOver || ++badPages > MOST_BAD_PAGES) {
                    throw unreadable;
                }
                bytes.put(new byte[(int) Math.min(bytes.remaining(), PAGE_BYTES - at % PAGE_BYTES)]);
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
