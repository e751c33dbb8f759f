// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.runtime.exception.WindhoverException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pictures of every kind beside what Pillow decodes them to: make_images.py in the resources wrote both. */
class ImageFormatsTest {
    /** Rounding of alpha and of 16 bits; a JPEG decoder's inverse transform and upsampling. */
    private static final int ROUNDING = 1;
    /** Two ways through one profile, each in 8 bits. */
    private static final int PROFILE_ROUNDING = 2;

    record Expected(String name, int width, int height, int channels, byte[] samples) {
        static Expected parse(String line) {
            String[] fields = line.split(" ", -1);
            return new Expected(
                    fields[0],
                    Integer.parseInt(fields[1]),
                    Integer.parseInt(fields[2]),
                    Integer.parseInt(fields[3]),
                    HexFormat.of().parseHex(fields[4]));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Expected> expected() throws IOException {
        return new String(resource("expected.txt"), StandardCharsets.US_ASCII)
                .lines()
                .map(Expected::parse);
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream stream = ImageFormatsTest.class.getResourceAsStream(name)) {
            return stream.readAllBytes();
        }
    }

    private static int level(int channels, byte[] samples, int pixel, int colour) {
        return samples[pixel * channels + (channels == 3 ? colour : 0)] & 255;
    }

    @ParameterizedTest
    @MethodSource("expected")
    void a_picture_has_the_levels_that_a_viewer_shows(Expected expected) throws IOException {
        Pixels seen = new ImageDecoder().decode(resource(expected.name), expected.name);
        assertEquals(expected.width + " x " + expected.height, seen.width() + " x " + seen.height());
        for (int i = 0; i < 3 * expected.width * expected.height; i++) {
            int wanted = level(expected.channels, expected.samples, i / 3, i % 3);
            int got = level(seen.channels(), seen.samples(), i / 3, i % 3);
            assertEquals(
                    wanted,
                    got,
                    expected.name.startsWith("profile") ? PROFILE_ROUNDING : ROUNDING,
                    "colour " + i % 3 + " of pixel " + i / 3);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "grey1.png",
                "grey4.png",
                "grey8.png",
                "grey8.tif",
                "rgb8.png",
                "rgb24.bmp",
                "palette8.bmp",
                "rgb.gif",
                "interlaced.png"
            })
    void eight_bits_without_alpha_come_out_to_the_last_bit(String name) throws IOException {
        Expected expected =
                expected().filter(one -> one.name.equals(name)).findFirst().orElseThrow();
        Pixels seen = new ImageDecoder().decode(resource(name), name);
        for (int i = 0; i < 3 * expected.width * expected.height; i++) {
            assertEquals(
                    level(expected.channels, expected.samples, i / 3, i % 3),
                    level(seen.channels(), seen.samples(), i / 3, i % 3));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "float.tif, real",
        "bits32.tif, real",
        "cmyk.tif, photometric interpretation 5",
        "jpeg.tif, compression 7"
    })
    void what_has_no_agreed_meaning_is_refused_for_what_it_is(String name, String reason) throws IOException {
        byte[] contents = resource(name);
        String message = assertThrows(WindhoverException.class, () -> new ImageDecoder().decode(contents, name))
                .getMessage();
        assertTrue(message.contains(name) && message.contains(reason) && message.contains("PNG"), message);
    }

    @Test
    void files_of_other_kinds_are_no_images_even_where_the_jdk_reads_them() {
        byte[] digits = {0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4};
        byte[] wirelessBitmap = {0, 0, 8, 1, (byte) 0xAA};
        for (byte[] contents : new byte[][] {digits, wirelessBitmap}) {
            String message = assertThrows(WindhoverException.class, () -> new ImageDecoder().decode(contents, "digits"))
                    .getMessage();
            assertTrue(message.contains("not an image"), message);
        }
    }

    @Test
    void thirty_five_bytes_that_claim_millions_of_pixels_cost_no_memory() {
        byte[] gif = HexFormat.of().parseHex("47494638396101000100800000000000ffffff2c00000000ffffe8030002024c01003b");
        String message = assertThrows(WindhoverException.class, () -> new ImageDecoder().decode(gif, "bomb.gif"))
                .getMessage();
        assertTrue(message.contains("65535 x 1000") && message.contains("35 bytes"), message);
    }

    @Test
    void a_colour_mask_of_thirty_bits_costs_no_table_of_a_thousand_million_levels() {
        ByteBuffer bitmap = ByteBuffer.allocate(74).order(ByteOrder.LITTLE_ENDIAN);
        bitmap.put((byte) 'B')
                .put((byte) 'M')
                .putInt(74)
                .putInt(0)
                .putInt(66)
                .putInt(40)
                .putInt(2)
                .putInt(1)
                .putShort((short) 1)
                .putShort((short) 32)
                .putInt(3);
        bitmap.putInt(8)
                .putInt(0)
                .putInt(0)
                .putInt(0)
                .putInt(0)
                .putInt(0x3FFFFFFF)
                .putInt(0x40000000)
                .putInt(0x80000000)
                .putInt(5)
                .putInt(6);
        String message = assertThrows(
                        WindhoverException.class, () -> new ImageDecoder().decode(bitmap.array(), "mask.bmp"))
                .getMessage();
        assertTrue(message.contains("30 bits"), message);
    }

    @ParameterizedTest
    @CsvSource({
        "progressive.jpg, 0.6",
        "444.jpg, 0.7",
        "interlaced.png, 0.6",
        "rgb.gif, 0.9",
        "rgb8.tif, 0.7",
        "rgb24.bmp, 0.8"
    })
    void a_picture_whose_end_is_missing_is_refused(String name, double kept) throws IOException {
        byte[] whole = resource(name);
        byte[] cut = java.util.Arrays.copyOf(whole, (int) (whole.length * kept));
        assertThrows(WindhoverException.class, () -> new ImageDecoder().decode(cut, name));
    }

    @Test
    void damaged_pictures_of_every_kind_are_decoded_or_explained() throws IOException {
        long seed = 20261126;
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (Expected whole : expected().toList()) {
            byte[] contents = resource(whole.name);
            for (int mutant = 0; mutant < 60; mutant++) {
                byte[] damaged = contents.clone();
                for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                    damaged[random.nextInt(Math.min(damaged.length, 400))] ^= (byte) (1 << random.nextInt(8));
                }
                try {
                    new ImageDecoder(1 << 20).decode(damaged, "mutant");
                } catch (WindhoverException explained) {
                    assertTrue(explained.getMessage().contains("mutant"));
                }
            }
        }
    }
}
