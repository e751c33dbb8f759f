// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.queue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The layout of a segment; all numbers are little-endian.
 *
 * <pre>
 *   header   0  magic "WHQUEUE1"
 *            8  first    u64  sequence number of the first record, as in the file's name
 *           16  created  i64  UTC in milliseconds
 *           24  clock    u32  1: the wall clock had been set, so that created can be believed
 *           28  crc      u32  CRC-32C of bytes 0 to 27
 *   record   0  crc      u32  CRC-32C of bytes 4 to the record's end
 *            4  bytes    u32  of the body
 *            8  sequence u64
 *           16  offset   u64  milliseconds from created, by a clock that does not jump
 *           24  body
 * </pre>
 */
final class SegmentFormat {
    static final int HEADER_BYTES = 32;
    static final int RECORD_BYTES = 24;

    private static final long MAGIC = 0x3145_5545_5551_4857L;
    private static final int CHECKED_HEADER_BYTES = 28;
    private static final int CRC_BYTES = 4;
    /** No queue gets there, and sums of smaller numbers do not overflow. */
    private static final long FIRST_BEYOND = 1L << 62;

    private static final Pattern NAME = Pattern.compile("([0-9a-f]{16})\\.queue");

    private SegmentFormat() {}

    record Header(long first, long createdMillis, boolean clockSet) {
        ByteBuffer encoded() {
            ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.putLong(MAGIC).putLong(first).putLong(createdMillis).putInt(clockSet ? 1 : 0);
            bytes.putInt(crc(bytes, 0, CHECKED_HEADER_BYTES));
            return bytes.flip();
        }

        /** Null where the bytes are no header. */
        static @Nullable Header decode(ByteBuffer bytes) {
            if (bytes.remaining() != HEADER_BYTES
                    || bytes.getLong(0) != MAGIC
                    || bytes.getInt(CHECKED_HEADER_BYTES) != crc(bytes, 0, CHECKED_HEADER_BYTES)) {
                return null;
            }
            return new Header(bytes.getLong(8), bytes.getLong(16), bytes.getInt(24) == 1);
        }
    }

    static ByteBuffer record(long sequence, long offsetMillis, byte[] body) {
        ByteBuffer bytes = ByteBuffer.allocate(RECORD_BYTES + body.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(0)
                .putInt(body.length)
                .putLong(sequence)
                .putLong(offsetMillis)
                .put(body);
        return bytes.putInt(0, crc(bytes, CRC_BYTES, bytes.capacity() - CRC_BYTES))
                .flip();
    }

    static int bodyBytes(ByteBuffer window, int at) {
        return window.getInt(at + 4);
    }

    static long sequence(ByteBuffer window, int at) {
        return window.getLong(at + 8);
    }

    static long offsetMillis(ByteBuffer window, int at) {
        return window.getLong(at + 16);
    }

    /** Whether a record of that many bytes, its header included, is whole. */
    static boolean isWhole(ByteBuffer window, int at, int bytes) {
        return window.getInt(at) == crc(window, at + CRC_BYTES, bytes - CRC_BYTES);
    }

    static String name(long first) {
        return String.format("%016x.queue", first);
    }

    /** The first sequence number by the file's name, or -1 where the name is not a segment's. */
    static long first(Path file) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        long first = name.matches() ? Long.parseUnsignedLong(name.group(1), 16) : -1;
        return first >= 0 && first < FIRST_BEYOND ? first : -1;
    }

    static int crc(ByteBuffer bytes, int from, int count) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().position(0).limit(from + count).position(from));
        return (int) crc.getValue();
    }
}
