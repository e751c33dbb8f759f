// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.runtime.exception.WindhoverException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {
    private static byte[] encoded(int type, int width, int height, String format) throws IOException {
        BufferedImage image = new BufferedImage(width, height, type);
        Random random = new Random(1);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, random.nextInt(1 << 24));
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, format, bytes);
        return bytes.toByteArray();
    }

    private static String refusal(byte[] contents) {
        return assertThrows(WindhoverException.class, () -> new ImageDecoder().decode(contents, "photo"))
                .getMessage();
    }

    @Test
    void grey_samples_come_out_as_they_went_in() throws IOException {
        BufferedImage image = new BufferedImage(256, 1, BufferedImage.TYPE_BYTE_GRAY);
        byte[] ramp = new byte[256];
        for (int i = 0; i < 256; i++) {
            ramp[i] = (byte) i;
        }
        image.getRaster().setDataElements(0, 0, 256, 1, ramp);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "png", bytes);
        Pixels pixels = new ImageDecoder().decode(bytes.toByteArray(), "ramp");
        assertEquals(1, pixels.channels());
        assertArrayEquals(ramp, pixels.samples());
    }

    @Test
    void what_follows_the_end_of_a_png_does_not_matter() throws IOException {
        byte[] png = encoded(BufferedImage.TYPE_INT_RGB, 5, 4, "png");
        byte[] longer = java.util.Arrays.copyOf(png, png.length + 1000);
        java.util.Arrays.fill(longer, png.length, longer.length, (byte) 'x');
        assertArrayEquals(
                new ImageDecoder().decode(png, "whole").samples(),
                new ImageDecoder().decode(longer, "longer").samples());
    }

    @Test
    void colours_come_out_red_green_blue() throws IOException {
        BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, 0x0A141E);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "png", bytes);
        assertArrayEquals(
                new byte[] {10, 20, 30},
                new ImageDecoder().decode(bytes.toByteArray(), "pixel").samples());
    }

    @Test
    void text_is_not_an_image() {
        assertTrue(refusal("hello".getBytes(StandardCharsets.US_ASCII)).contains("'photo' is not an image"));
    }

    @Test
    void an_empty_file_is_not_an_image() {
        assertTrue(refusal(new byte[0]).contains("not an image"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpg", "bmp", "gif"})
    void a_file_cut_in_the_middle_is_refused(String format) throws IOException {
        byte[] whole = encoded(BufferedImage.TYPE_INT_RGB, 64, 64, format);
        assertTrue(refusal(Arrays.copyOf(whole, whole.length / 2)).contains("photo"));
    }

    @Test
    void damaged_files_never_do_anything_but_decode_or_explain() throws IOException {
        long seed = 20260101;
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (String format : new String[] {"png", "jpg", "bmp", "gif"}) {
            byte[] whole = encoded(BufferedImage.TYPE_INT_RGB, 24, 24, format);
            for (int mutant = 0; mutant < 200; mutant++) {
                byte[] damaged = whole.clone();
                for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                    damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
                }
                decodeOrExplain(damaged);
            }
        }
    }

    private static void decodeOrExplain(byte[] damaged) {
        try {
            new ImageDecoder(1 << 20).decode(damaged, "mutant");
        } catch (WindhoverException explained) {
            assertTrue(explained.getMessage().contains("mutant"));
        }
    }

    @Test
    void too_many_pixels_are_refused_before_decoding() throws IOException {
        byte[] image = encoded(BufferedImage.TYPE_BYTE_GRAY, 100, 50, "png");
        WindhoverException refusal =
                assertThrows(WindhoverException.class, () -> new ImageDecoder(4999).decode(image, "large"));
        assertTrue(refusal.getMessage().contains("100 x 50"), refusal.getMessage());
        assertEquals(5000, new ImageDecoder(5000).decode(image, "large").samples().length);
    }

    @Test
    void a_header_that_claims_a_gigantic_image_costs_no_memory() throws IOException {
        byte[] bitmap = encoded(BufferedImage.TYPE_INT_RGB, 2, 2, "bmp");
        bitmap[18 + 2] = 0x7F;
        bitmap[22 + 2] = 0x7F;
        assertTrue(refusal(bitmap).contains("photo"));
    }

    @Test
    void missing_files_and_directories_are_named(@TempDir Path folder) {
        ImageDecoder decoder = new ImageDecoder();
        assertTrue(assertThrows(WindhoverException.class, () -> decoder.decode(folder.resolve("absent.png")))
                .getMessage()
                .contains("absent.png"));
        assertTrue(assertThrows(WindhoverException.class, () -> decoder.decode(folder))
                .getMessage()
                .contains("is a directory"));
    }
}
