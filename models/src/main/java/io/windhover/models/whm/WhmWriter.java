// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.whm;

import static io.windhover.models.ModelException.require;

import io.windhover.models.FileReplacement;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Collects sections and writes them as one container. */
public final class WhmWriter {
    private final Map<String, ByteBuffer> sections = new LinkedHashMap<>();

    /**
     * Adds the remaining bytes of a buffer under a name of 1 to 8 characters A-Z, 0-9 or _; the bytes are not copied.
     */
    public WhmWriter section(String name, ByteBuffer contents) {
        require(WhmFormat.isName(name), "Section name '%s' is not 1 to 8 characters of A-Z, 0-9 and _.", name);
        require(
                sections.size() < WhmFormat.MAXIMUM_SECTIONS,
                "A model file holds at most %d sections.",
                WhmFormat.MAXIMUM_SECTIONS);
        require(sections.put(name, contents.slice()) == null, "Section %s is written twice.", name);
        return this;
    }

    public WhmWriter section(String name, byte[] contents) {
        return section(name, ByteBuffer.wrap(contents));
    }

    /** Writes the file in one step, as {@link FileReplacement} does. */
    public void write(Path target) throws IOException {
        try (FileReplacement file = FileReplacement.of(target)) {
            writeTo(file.channel());
            file.commit();
        }
    }

    private void writeTo(FileChannel channel) throws IOException {
        ByteBuffer head = head();
        writeAt(channel, head, 0);
        long position = head.limit();
        for (ByteBuffer contents : sections.values()) {
            position = WhmFormat.aligned(position);
            writeAt(channel, contents.duplicate(), position);
            position += contents.limit();
        }
        long length = WhmFormat.aligned(position);
        if (length > position) {
            writeAt(channel, ByteBuffer.allocate(1), length - 1);
        }
    }

    private static void writeAt(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }

    private ByteBuffer head() {
        int tableBytes = sections.size() * WhmFormat.ENTRY_BYTES;
        ByteBuffer head =
                ByteBuffer.allocate(WhmFormat.HEADER_BYTES + tableBytes).order(ByteOrder.LITTLE_ENDIAN);
        long position = head.limit();
        int entry = WhmFormat.HEADER_BYTES;
        for (Map.Entry<String, ByteBuffer> section : sections.entrySet()) {
            position = WhmFormat.aligned(position);
            head.put(entry, section.getKey().getBytes(StandardCharsets.US_ASCII));
            head.putLong(entry + WhmFormat.ENTRY_OFFSET_OFFSET, position);
            head.putLong(
                    entry + WhmFormat.ENTRY_LENGTH_OFFSET, section.getValue().limit());
            head.putInt(entry + WhmFormat.ENTRY_CHECKSUM_OFFSET, WhmFormat.checksum(section.getValue()));
            position += section.getValue().limit();
            entry += WhmFormat.ENTRY_BYTES;
        }
        head.putInt(0, WhmFormat.MAGIC);
        head.putShort(WhmFormat.MAJOR_OFFSET, (short) WhmFormat.MAJOR_VERSION);
        head.putShort(WhmFormat.MINOR_OFFSET, (short) WhmFormat.MINOR_VERSION);
        head.putLong(WhmFormat.FILE_LENGTH_OFFSET, WhmFormat.aligned(position));
        head.putInt(WhmFormat.SECTION_COUNT_OFFSET, sections.size());
        head.putInt(
                WhmFormat.TABLE_CHECKSUM_OFFSET, WhmFormat.checksum(head.slice(WhmFormat.HEADER_BYTES, tableBytes)));
        return head;
    }
}
