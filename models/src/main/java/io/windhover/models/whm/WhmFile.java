// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.whm;

import static io.windhover.models.ModelException.require;

import io.windhover.models.FileContents;
import io.windhover.models.ModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A container that was read and passed its checks. Sections are read-only little-endian views of its bytes, not copies.
 */
public final class WhmFile {
    /** Largest file read unless the caller says otherwise. */
    public static final long DEFAULT_LIMIT_BYTES = 512L << 20;

    private final Map<String, ByteBuffer> sections;

    private WhmFile(Map<String, ByteBuffer> sections) {
        this.sections = sections;
    }

    /** Reads and checks a file of at most {@link #DEFAULT_LIMIT_BYTES}. */
    public static WhmFile open(Path file) throws IOException {
        return open(file, FileContents.read(file, DEFAULT_LIMIT_BYTES));
    }

    /** Checks the contents of a file; a {@link ModelException} names the file and what is wrong with it. */
    public static WhmFile open(Path file, byte[] contents) {
        try {
            return read(ByteBuffer.wrap(contents));
        } catch (ModelException problem) {
            throw new ModelException("Cannot use model " + file + ": " + problem.getMessage(), problem);
        }
    }

    /** Checks a container held in memory, from position 0 to the limit. */
    public static WhmFile read(ByteBuffer contents) {
        ByteBuffer file = contents.duplicate().position(0).slice().order(ByteOrder.LITTLE_ENDIAN);
        int count = checkHeader(file);
        ByteBuffer table = file.slice(WhmFormat.HEADER_BYTES, count * WhmFormat.ENTRY_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        require(
                WhmFormat.checksum(table) == file.getInt(WhmFormat.TABLE_CHECKSUM_OFFSET),
                "its section table is damaged; compile the model again.");
        Map<String, ByteBuffer> sections = new LinkedHashMap<>();
        long end = (long) WhmFormat.HEADER_BYTES + table.limit();
        for (int i = 0; i < count; i++) {
            ByteBuffer entry = table.slice(i * WhmFormat.ENTRY_BYTES, WhmFormat.ENTRY_BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN);
            String name = name(entry);
            ByteBuffer section = section(file, entry, name, end);
            end = entry.getLong(WhmFormat.ENTRY_OFFSET_OFFSET) + section.limit();
            require(sections.put(name, section) == null, "section %s occurs twice; compile the model again.", name);
        }
        return new WhmFile(sections);
    }

    private static int checkHeader(ByteBuffer file) {
        require(
                file.limit() >= WhmFormat.HEADER_BYTES,
                "it has %d bytes and is no .whm file; compile the model again.",
                file.limit());
        require(file.getInt(0) == WhmFormat.MAGIC, "it does not start like a .whm file; compile the model first.");
        int major = Short.toUnsignedInt(file.getShort(WhmFormat.MAJOR_OFFSET));
        require(
                major == WhmFormat.MAJOR_VERSION,
                "it has format version %d, this program reads %d; compile the model again.",
                major,
                WhmFormat.MAJOR_VERSION);
        long length = file.getLong(WhmFormat.FILE_LENGTH_OFFSET);
        require(
                length == file.limit(),
                "it has %d bytes but was written with %d; copy it again.",
                file.limit(),
                length);
        long count = Integer.toUnsignedLong(file.getInt(WhmFormat.SECTION_COUNT_OFFSET));
        require(
                count <= WhmFormat.MAXIMUM_SECTIONS && WhmFormat.HEADER_BYTES + count * WhmFormat.ENTRY_BYTES <= length,
                "it claims %d sections; compile the model again.",
                count);
        return (int) count;
    }

    private static String name(ByteBuffer entry) {
        byte[] bytes = new byte[WhmFormat.NAME_BYTES];
        entry.get(0, bytes);
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        String name = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
        require(WhmFormat.isName(name), "a section has the illegal name '%s'; compile the model again.", name);
        return name;
    }

    private static ByteBuffer section(ByteBuffer file, ByteBuffer entry, String name, long previousEnd) {
        long offset = entry.getLong(WhmFormat.ENTRY_OFFSET_OFFSET);
        long length = entry.getLong(WhmFormat.ENTRY_LENGTH_OFFSET);
        require(
                offset >= previousEnd
                        && offset <= file.limit()
                        && offset % WhmFormat.ALIGNMENT_BYTES == 0
                        && length >= 0
                        && length <= file.limit() - offset,
                "section %s lies at %d with %d bytes, outside its place in the file; compile the model again.",
                name,
                offset,
                length);
        ByteBuffer contents = file.slice((int) offset, (int) length).asReadOnlyBuffer();
        require(
                WhmFormat.checksum(contents) == entry.getInt(WhmFormat.ENTRY_CHECKSUM_OFFSET),
                "section %s fails its checksum; copy the file again or compile the model again.",
                name);
        return contents;
    }

    /** Names of all sections in file order. */
    public List<String> names() {
        return new ArrayList<>(sections.keySet());
    }

    public boolean has(String name) {
        return sections.containsKey(name);
    }

    /**
     * A fresh view of a section's bytes, from position 0; a {@link ModelException} when the file has no such section.
     */
    public ByteBuffer section(String name) {
        ByteBuffer section = sections.get(name);
        if (section == null) {
            throw new ModelException("The model file has no section " + name + "; compile the model again.");
        }
        return section.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }
}
