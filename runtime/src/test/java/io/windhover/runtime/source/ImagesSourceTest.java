// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.runtime.exception.InputException;
import io.windhover.runtime.image.ImageDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImagesSourceTest {
    private static final double FAST = 1000;

    @TempDir
    Path folder;

    private static FrameSource open(List<Path> files, boolean repeat, double framesPerSecond) {
        return Sources.open(new SourceSettings.Images(files, repeat, framesPerSecond), new ImageDecoder());
    }

    private static String refused(FrameSource source) {
        return String.valueOf(assertThrows(InputException.class, source::next).getMessage());
    }

    @Test
    void files_come_in_order_and_bad_ones_are_passed_over() throws Exception {
        Path broken = Files.writeString(folder.resolve("broken\n.png"), "no image");
        Path pipe = folder.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        Path missing = folder.resolve("missing.png");
        List<Path> files = List.of(
                Waiting.image(folder.resolve("b.png")),
                broken,
                missing,
                pipe,
                folder,
                Waiting.image(folder.resolve("a.png")));
        try (FrameSource source = open(files, false, FAST)) {
            assertEquals("b.png", Waiting.next(source));
            assertEquals(
                    "'" + folder + "/broken?.png' is not an image; give a PNG, JPEG, BMP, GIF or TIFF file.",
                    refused(source));
            assertEquals("There is no image '" + missing + "'; check the path.", refused(source));
            assertEquals("'" + pipe + "' is no file; give an image file.", refused(source));
            assertTrue(refused(source).contains("is no file"));
            assertEquals("a.png", Waiting.next(source));
            assertNull(source.next());
            assertNull(source.health().trouble());
        }
    }

    @Test
    void a_list_is_repeated_and_read_anew() throws Exception {
        Path image = Waiting.image(folder.resolve("a.png"));
        try (FrameSource source = open(List.of(image), true, FAST)) {
            for (int round = 0; round < 5; round++) {
                assertEquals("a.png", Waiting.next(source));
            }
        }
    }

    @Test
    void frames_are_paced() throws Exception {
        Path image = Waiting.image(folder.resolve("a.png"));
        try (FrameSource source = open(List.of(image), true, 50)) {
            long start = System.nanoTime();
            for (int frame = 0; frame < 26; frame++) {
                Waiting.next(source);
            }
            assertTrue(System.nanoTime() - start >= 480_000_000L);
        }
    }

    @Test
    void a_list_without_a_usable_image_does_not_spin() throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.png"), "no image");
        try (FrameSource source = open(List.of(broken, broken), true, FAST)) {
            long start = System.nanoTime();
            for (int file = 0; file < 3; file++) {
                refused(source);
            }
            assertTrue(System.nanoTime() - start >= 1_000_000_000L);
            assertEquals(
                    "None of the 2 images can be used; replace them.",
                    source.health().trouble());
        }
    }

    @Test
    void it_mends_when_a_file_does() throws Exception {
        Path file = Files.writeString(folder.resolve("a.png"), "no image");
        try (FrameSource source = open(List.of(file), true, FAST)) {
            refused(source);
            assertNotNull(source.health().trouble());
            Waiting.image(file);
            assertEquals("a.png", Waiting.next(source));
            assertNull(source.health().trouble());
        }
    }

    @Test
    void waiting_ends_at_once() throws Exception {
        Set<String> before = Waiting.threads();
        FrameSource source = open(List.of(Waiting.image(folder.resolve("a.png"))), true, 0.001);
        Waiting.next(source);
        Waiting.endsAtOnce(source, before);
    }
}
