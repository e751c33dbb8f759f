// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.whm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.ModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WhmFileTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void write_three_sections() throws IOException {
        file = folder.resolve("model.whm");
        new WhmWriter()
                .section("GRAPH", new byte[] {1, 2, 3})
                .section("EMPTY", new byte[0])
                .section("WEIGHTS", new byte[1000])
                .write(file);
    }

    @Test
    void sections_come_back_in_order_and_whole() throws IOException {
        WhmFile whm = WhmFile.open(file);
        assertEquals(List.of("GRAPH", "EMPTY", "WEIGHTS"), whm.names());
        byte[] graph = new byte[3];
        whm.section("GRAPH").get(graph);
        assertArrayEquals(new byte[] {1, 2, 3}, graph);
        assertEquals(0, whm.section("EMPTY").remaining());
        assertEquals(1000, whm.section("WEIGHTS").remaining());
    }

    @Test
    void sections_cannot_be_written() throws IOException {
        ByteBuffer graph = WhmFile.open(file).section("GRAPH");
        assertThrows(ReadOnlyBufferException.class, () -> graph.put(0, (byte) 9));
    }

    @Test
    void a_container_without_sections_is_legal() throws IOException {
        Path empty = folder.resolve("empty.whm");
        new WhmWriter().write(empty);
        assertEquals(List.of(), WhmFile.open(empty).names());
    }

    @Test
    void every_single_flipped_byte_of_header_table_and_contents_is_found() throws IOException {
        byte[] original = Files.readAllBytes(file);
        ByteBuffer pristine = ByteBuffer.wrap(original.clone());
        WhmFile whole = WhmFile.read(pristine);
        for (int position = 0; position < original.length; position++) {
            byte[] damaged = original.clone();
            damaged[position] ^= 0x10;
            boolean checked = !isMinorVersionOrPadding(position, whole);
            if (checked) {
                assertThrows(ModelException.class, () -> WhmFile.read(ByteBuffer.wrap(damaged)), "byte " + position);
            }
        }
    }

    private static boolean isMinorVersionOrPadding(int position, WhmFile whole) {
        boolean minorOrReserved = position == 6 || position == 7 || (position >= 24 && position < 32);
        boolean table = position < WhmFormat.HEADER_BYTES + whole.names().size() * WhmFormat.ENTRY_BYTES;
        boolean graph = position >= 192 && position < 195;
        boolean weights = position >= 256 && position < 1256;
        return minorOrReserved || !(table || graph || weights);
    }

    @Test
    void a_truncated_file_is_refused_with_its_name_and_advice() throws IOException {
        byte[] original = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(original, original.length - 64));
        ModelException problem = assertThrows(ModelException.class, () -> WhmFile.open(file));
        assertTrue(
                problem.getMessage().contains("model.whm")
                        && problem.getMessage().contains("copy it again"),
                problem.getMessage());
    }

    @Test
    void a_file_truncated_after_it_was_opened_keeps_its_sections() throws IOException {
        WhmFile whm = WhmFile.open(file);
        byte[] before = bytes(whm.section("GRAPH"));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(1);
        }
        assertArrayEquals(before, bytes(whm.section("GRAPH")));
    }

    private static byte[] bytes(ByteBuffer section) {
        byte[] bytes = new byte[section.remaining()];
        section.get(bytes);
        return bytes;
    }

    @Test
    void a_missing_section_is_named() throws IOException {
        WhmFile whm = WhmFile.open(file);
        ModelException problem = assertThrows(ModelException.class, () -> whm.section("PROGRAM"));
        assertTrue(problem.getMessage().contains("PROGRAM"), problem.getMessage());
    }

    @Test
    void writing_over_a_file_leaves_no_temporary_behind_and_open_readers_alone() throws IOException {
        WhmFile before = WhmFile.open(file);
        new WhmWriter().section("GRAPH", new byte[] {9}).write(file);
        assertEquals(3, before.section("GRAPH").remaining());
        assertEquals(1, WhmFile.open(file).section("GRAPH").remaining());
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(1, files.count());
        }
    }

    @Test
    void illegal_and_repeated_names_are_refused_when_writing() {
        WhmWriter writer = new WhmWriter().section("A", new byte[0]);
        assertThrows(ModelException.class, () -> writer.section("A", new byte[0]));
        assertThrows(ModelException.class, () -> writer.section("lower", new byte[0]));
        assertThrows(ModelException.class, () -> writer.section("NINECHARS", new byte[0]));
    }
}
