// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.queue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Up to where the queue is settled, in the file {@code settled}: two slots of 16 bytes, written in turn, each a
 * sequence number (u64), a CRC-32C of it (u32) and four bytes of zeros. The larger whole one counts, so that a torn
 * write costs repetitions and no entry.
 */
final class SettledFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SettledFile.class);
    static final String NAME = "settled";
    private static final int SLOT_BYTES = 16;
    private static final int SLOTS = 2;

    private final FileChannel channel;
    private long settled;
    private int turn;

    private SettledFile(FileChannel channel) {
        this.channel = channel;
    }

    static SettledFile open(Path folder) throws IOException {
        Opening.requireFile(folder.resolve(NAME));
        SettledFile file = new SettledFile(FileChannel.open(
                folder.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
        ByteBuffer slots = ByteBuffer.allocate(SLOTS * SLOT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (slots.hasRemaining() && file.channel.read(slots, slots.position()) >= 0) {}
        for (int slot = 0; slot < SLOTS; slot++) {
            int at = slot * SLOT_BYTES;
            if (slots.position() >= at + SLOT_BYTES
                    && slots.getInt(at + Long.BYTES) == SegmentFormat.crc(slots, at, Long.BYTES)
                    && slots.getLong(at) > file.settled) {
                file.settled = slots.getLong(at);
                file.turn = (slot + 1) % SLOTS;
            }
        }
        if (slots.position() > 0 && file.settled == 0) {
            LOG.warn("'{}' is damaged; what was delivered before may be sent again.", folder.resolve(NAME));
        }
        return file;
    }

    /** The first sequence number that is not settled; 0 when nothing is known. */
    long settled() {
        return settled;
    }

    void write(long newSettled) throws IOException {
        if (newSettled == settled) {
            return;
        }
        ByteBuffer slot = ByteBuffer.allocate(SLOT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        slot.putLong(newSettled)
                .putInt(SegmentFormat.crc(slot, 0, Long.BYTES))
                .putInt(0)
                .flip();
        while (slot.hasRemaining()) {
            channel.write(slot, (long) turn * SLOT_BYTES + slot.position());
        }
        settled = newSettled;
        turn = (turn + 1) % SLOTS;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
