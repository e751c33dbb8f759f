// SPDX-License-Identifier: Apache-2.0
package io.windhover.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FileReplacementTest {
    @TempDir
    Path folder;

    private static FileReplacement begin(Path target, String contents) throws IOException {
        FileReplacement replacement = FileReplacement.of(target);
        replacement.channel().write(ByteBuffer.wrap(contents.getBytes(StandardCharsets.UTF_8)));
        return replacement;
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void the_old_file_stays_until_the_new_one_is_whole() throws IOException {
        Path target = Files.writeString(folder.resolve("file"), "old");
        try (FileReplacement replacement = begin(target, "new")) {
            assertEquals("old", Files.readString(target));
            replacement.commit();
        }
        assertEquals("new", Files.readString(target));
        assertEquals(List.of("file"), names());
    }

    @Test
    void nothing_is_left_of_what_was_not_committed() throws IOException {
        Path target = folder.resolve("file");
        begin(target, "half").close();
        assertEquals(List.of(), names());
    }

    @Test
    void temporary_names_differ_each_time_and_are_short_where_the_target_is_long() throws IOException {
        Path target = folder.resolve("n".repeat(255));
        try (FileReplacement first = begin(target, "first");
                FileReplacement second = begin(target, "second")) {
            assertEquals(2, names().size());
            first.commit();
            second.commit();
        }
        assertEquals("second", Files.readString(target));
    }

    @Test
    void permissions_are_those_of_any_new_file() throws IOException {
        Path other = Files.writeString(folder.resolve("other"), "");
        Path target = folder.resolve("file");
        try (FileReplacement replacement = begin(target, "new")) {
            replacement.commit();
        }
        assertEquals(Files.getPosixFilePermissions(other), Files.getPosixFilePermissions(target));
    }

    @Test
    void links_folders_pipes_and_devices_are_not_replaced() throws Exception {
        Path precious = Files.writeString(folder.resolve("precious"), "precious");
        Path link = Files.createSymbolicLink(folder.resolve("link"), precious);
        Path dangling = Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("absent"));
        Path pipe = folder.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        for (Path target : List.of(link, dangling, pipe, folder, Path.of("/dev/null"), Path.of("/"))) {
            assertThrows(IOException.class, () -> FileReplacement.of(target), target.toString());
        }
        assertNull(FileReplacement.refusal(precious));
        assertNull(FileReplacement.refusal(folder.resolve("new")));
        assertEquals(List.of("dangling", "link", "pipe", "precious"), names());
    }

    @Test
    void a_link_put_in_the_targets_place_meanwhile_is_not_replaced() throws IOException {
        Path precious = Files.writeString(folder.resolve("precious"), "precious");
        Path target = folder.resolve("file");
        try (FileReplacement replacement = begin(target, "new")) {
            Files.createSymbolicLink(target, precious);
            assertThrows(IOException.class, replacement::commit);
        }
        assertTrue(Files.isSymbolicLink(target));
        assertEquals("precious", Files.readString(precious));
        assertEquals(List.of("file", "precious"), names());
    }

    @Test
    void a_signal_leaves_nothing_behind() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Waiting.class.getName(),
                        folder.resolve("file").toString())
                .inheritIO()
                .start();
        while (names().isEmpty() && process.isAlive()) {
            Thread.sleep(20);
        }
        assertEquals(1, names().size());
        process.destroy();
        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        assertEquals(List.of(), names());
        assertTrue(Files.notExists(folder.resolve("file"), LinkOption.NOFOLLOW_LINKS));
    }

    /** A program that is ended while it writes. */
    static final class Waiting {
        public static void main(String[] arguments) throws Exception {
            try (FileReplacement replacement = begin(Path.of(arguments[0]), "half")) {
                Thread.sleep(TimeUnit.MINUTES.toMillis(1));
                replacement.commit();
            }
        }
    }
}
