// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import static io.windhover.models.ModelException.require;

import io.windhover.models.ModelException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The zip that TFLite Metadata appends to a model file. Its central directory says where an entry stands; the entry
 * itself is read, unpacked and checked by the library, up to {@link #MOST_BYTES}.
 */
final class AssociatedFiles {
    static final int MOST_BYTES = 1 << 20;
    private static final int MOST_ENTRIES = 256;

    private static final int END_MAGIC = 0x06054B50;
    private static final int END_BYTES = 22;
    private static final int END_COUNT_AT = 10;
    private static final int END_DIRECTORY_BYTES_AT = 12;
    private static final int END_DIRECTORY_AT = 16;
    private static final int END_COMMENT_AT = 20;
    private static final int MOST_COMMENT_BYTES = 0xFFFF;
    private static final int ENTRY_MAGIC = 0x02014B50;
    private static final int ENTRY_BYTES = 46;
    private static final int ENTRY_NAME_BYTES_AT = 28;
    private static final int ENTRY_EXTRA_BYTES_AT = 30;
    private static final int ENTRY_COMMENT_BYTES_AT = 32;
    private static final int ENTRY_LOCAL_AT = 42;

    private final ByteBuffer file;

    /** @param file the whole model file, little-endian */
    AssociatedFiles(ByteBuffer file) {
        this.file = file;
    }

    /** The contents of the file of this name; null when there is no zip, or none of that name in it. */
    byte @Nullable [] find(String name) {
        int end = end();
        if (end < 0) {
            return null;
        }
        int count = unsigned(end + END_COUNT_AT);
        long directoryBytes = Integer.toUnsignedLong(file.getInt(end + END_DIRECTORY_BYTES_AT));
        long directory = end - directoryBytes;
        long start = directory - Integer.toUnsignedLong(file.getInt(end + END_DIRECTORY_AT));
        require(
                count <= MOST_ENTRIES && start >= 0,
                "The zip at the file's end is damaged: it has %d entries from byte %d on; fetch the file again.",
                count,
                start);
        long entry = directory;
        for (int i = 0; i < count; i++) {
            require(
                    entry + ENTRY_BYTES <= end && file.getInt((int) entry) == ENTRY_MAGIC,
                    "The zip at the file's end is damaged: entry %d is not where it should be; fetch the file again.",
                    i);
            int at = (int) entry;
            int nameBytes = unsigned(at + ENTRY_NAME_BYTES_AT);
            require(
                    entry + ENTRY_BYTES + nameBytes <= end,
                    "The zip at the file's end is damaged: entry %d has no end; fetch the file again.",
                    i);
            if (text(at + ENTRY_BYTES, nameBytes).equals(name)) {
                return read(name, start + Integer.toUnsignedLong(file.getInt(at + ENTRY_LOCAL_AT)), directory);
            }
            entry += ENTRY_BYTES
                    + nameBytes
                    + unsigned(at + ENTRY_EXTRA_BYTES_AT)
                    + unsigned(at + ENTRY_COMMENT_BYTES_AT);
        }
        return null;
    }

    /** Where the record stands that ends a zip, or -1. */
    private int end() {
        int last = file.limit() - END_BYTES;
        for (int at = last; at >= 0 && at >= last - MOST_COMMENT_BYTES; at--) {
            if (file.getInt(at) == END_MAGIC && at + END_BYTES + unsigned(at + END_COMMENT_AT) == file.limit()) {
                return at;
            }
        }
        return -1;
    }

    private byte[] read(String name, long from, long directory) {
        require(
                from < directory,
                "The zip at the file's end is damaged: '%s' stands outside it; fetch the file again.",
                name);
        byte[] packed = new byte[(int) Math.min(directory - from, MOST_BYTES + MOST_COMMENT_BYTES)];
        file.get((int) from, packed);
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(packed))) {
            ZipEntry entry = zip.getNextEntry();
            require(
                    entry != null && entry.getName().equals(name),
                    "The zip at the file's end is damaged: '%s' is not where it should be; fetch " + "the file again.",
                    name);
            byte[] contents = zip.readNBytes(MOST_BYTES + 1);
            require(
                    contents.length <= MOST_BYTES,
                    "'%s' in the zip at the file's end has more than %d bytes; it is no list of names.",
                    name,
                    MOST_BYTES);
            return contents;
        } catch (IOException | IllegalArgumentException problem) {
            throw new ModelException(
                    "'" + name + "' in the zip at the file's end is damaged (" + problem.getMessage()
                            + "); fetch the file again.",
                    problem);
        }
    }

    private int unsigned(int at) {
        return Short.toUnsignedInt(file.getShort(at));
    }

    private String text(int at, int bytes) {
        byte[] text = new byte[bytes];
        file.get(at, text);
        return new String(text, StandardCharsets.UTF_8);
    }
}
