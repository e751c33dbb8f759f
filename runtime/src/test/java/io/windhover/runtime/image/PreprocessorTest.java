// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.graph.Preprocessing;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Rounding;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.runtime.exception.WindhoverException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PreprocessorTest {
    private static Tensor tensor(TensorType type, int height, int width, int channels) {
        Quantization quantization =
                type.isByte() ? Quantization.of(1 / 127.5f, type == TensorType.INT8 ? 0 : 128) : null;
        return new Tensor(0, "input", type, Shape.map(height, width, channels), quantization, null);
    }

    private static Pixels random(int width, int height, int channels, long seed) {
        System.out.println("seed " + seed);
        byte[] samples = new byte[width * height * channels];
        new Random(seed).nextBytes(samples);
        return new Pixels(width, height, channels, samples);
    }

    private static ByteBuffer write(Tensor tensor, Preprocessing preprocessing, Pixels image) {
        ByteBuffer target = ByteBuffer.allocateDirect(tensor.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        new Preprocessor(tensor, preprocessing).write(image, target);
        return target;
    }

    @Test
    void an_image_of_the_right_size_becomes_its_pixels_minus_128_in_int8() {
        Pixels image = random(7, 5, 3, 1);
        ByteBuffer codes = write(tensor(TensorType.INT8, 5, 7, 3), null, image);
        for (int i = 0; i < image.samples().length; i++) {
            assertEquals((image.samples()[i] & 255) - 128, codes.get(i));
        }
    }

    @Test
    void an_image_of_the_right_size_becomes_its_pixels_in_uint8() {
        Pixels image = random(4, 4, 1, 2);
        ByteBuffer codes = write(tensor(TensorType.UINT8, 4, 4, 1), null, image);
        for (int i = 0; i < image.samples().length; i++) {
            assertEquals(image.samples()[i], codes.get(i));
        }
    }

    @Test
    void mean_and_deviation_come_before_the_tensors_own_quantisation() {
        Tensor input = tensor(TensorType.INT8, 1, 3, 1);
        Pixels image = new Pixels(3, 1, 1, new byte[] {0, (byte) 128, (byte) 255});
        ByteBuffer codes = write(input, Preprocessing.uniform(1, 127.5f, 127.5f), image);
        assertEquals(-127, codes.get(0), 1);
        assertEquals(1, codes.get(1), 1);
        assertEquals(127, codes.get(2));
    }

    @Test
    void pixels_half_way_between_codes_round_as_the_models_format_does() {
        Pixels image = new Pixels(3, 1, 1, new byte[] {0, 10, 12});
        for (Rounding rounding : Rounding.values()) {
            Tensor input =
                    new Tensor(0, "input", TensorType.INT8, Shape.map(1, 3, 1), Quantization.of(2, 0, rounding), null);
            ByteBuffer codes = write(input, Preprocessing.uniform(1, 5, 1), image);
            boolean even = rounding == Rounding.HALF_TO_EVEN;
            assertEquals(even ? -2 : -3, codes.get(0));
            assertEquals(even ? 2 : 3, codes.get(1));
            assertEquals(4, codes.get(2));
        }
    }

    @Test
    void float_inputs_get_reals_between_0_and_1_without_preprocessing() {
        Pixels image = new Pixels(2, 1, 1, new byte[] {0, (byte) 255});
        ByteBuffer reals = write(tensor(TensorType.FLOAT32, 1, 2, 1), null, image);
        assertEquals(0f, reals.getFloat(0));
        assertEquals(1f, reals.getFloat(4));
    }

    @Test
    void a_constant_image_stays_constant_at_every_size() {
        Random sizes = new Random(3);
        for (int round = 0; round < 20; round++) {
            int width = 1 + sizes.nextInt(300);
            int height = 1 + sizes.nextInt(300);
            byte[] samples = new byte[width * height * 3];
            java.util.Arrays.fill(samples, (byte) 200);
            ByteBuffer codes = write(tensor(TensorType.UINT8, 17, 31, 3), null, new Pixels(width, height, 3, samples));
            for (int i = 0; i < codes.capacity(); i++) {
                assertEquals((byte) 200, codes.get(i), "from " + width + " x " + height);
            }
        }
    }

    @Test
    void shrinking_averages_instead_of_picking_pixels() {
        byte[] stripes = new byte[64 * 64];
        for (int i = 0; i < stripes.length; i++) {
            stripes[i] = (byte) (i % 2 == 0 ? 0 : 255);
        }
        ByteBuffer codes = write(tensor(TensorType.UINT8, 8, 8, 1), null, new Pixels(64, 64, 1, stripes));
        for (int i = 0; i < codes.capacity(); i++) {
            assertTrue(Math.abs((codes.get(i) & 255) - 128) <= 8, "level " + (codes.get(i) & 255));
        }
    }

    /** The triangle filter as its definition says, over rows and columns at once. */
    private static double level(Pixels image, int height, int width, int y, int x, int channel) {
        double sum = 0;
        double all = 0;
        for (int row = 0; row < image.height(); row++) {
            double vertical = triangle(image.height(), height, y, row);
            for (int column = 0; vertical > 0 && column < image.width(); column++) {
                double weight = vertical * triangle(image.width(), width, x, column);
                int at = (row * image.width() + column) * image.channels() + channel;
                sum += weight * (image.samples()[at] & 255);
                all += weight;
            }
        }
        return sum / all;
    }

    private static double triangle(int length, int outputs, int output, int sample) {
        double scale = (double) length / outputs;
        return Math.max(0, 1 - Math.abs(sample + 0.5 - (output + 0.5) * scale) / Math.max(1, scale));
    }

    @Test
    void every_level_is_the_triangles_weighted_mean() {
        Random sizes = new Random(9);
        for (int round = 0; round < 60; round++) {
            Pixels image = random(1 + sizes.nextInt(60), 1 + sizes.nextInt(60), round % 2 * 2 + 1, round);
            int height = 1 + sizes.nextInt(20);
            int width = 1 + sizes.nextInt(20);
            int[] levels = levels(Fit.SQUASH, false, image, height, width);
            for (int i = 0; i < levels.length; i++) {
                int pixel = i / image.channels();
                double exact = level(image, height, width, pixel / width, pixel % width, i % image.channels());
                assertEquals(exact, levels[i], 0.501, "round " + round + ", level " + i);
            }
        }
    }

    @Test
    void grey_images_fill_all_three_channels_and_colours_become_luma() {
        ByteBuffer three = write(tensor(TensorType.UINT8, 1, 1, 3), null, new Pixels(1, 1, 1, new byte[] {77}));
        assertEquals(77, three.get(0));
        assertEquals(77, three.get(2));
        ByteBuffer one =
                write(tensor(TensorType.UINT8, 1, 1, 1), null, new Pixels(1, 1, 3, new byte[] {(byte) 255, 0, 0}));
        assertEquals(76, one.get(0));
    }

    @Test
    void the_next_image_may_have_another_size() {
        Tensor input = tensor(TensorType.UINT8, 4, 4, 3);
        Preprocessor preprocessor = new Preprocessor(input, null);
        ByteBuffer target = ByteBuffer.allocate(input.bytes());
        preprocessor.write(random(9, 30, 3, 4), target);
        preprocessor.write(random(100, 3, 1, 5), target);
        Pixels image = random(4, 4, 3, 6);
        preprocessor.write(image, target);
        assertEquals(ByteBuffer.wrap(image.samples()), target);
    }

    @Test
    void a_tensor_that_is_no_map_takes_an_image_of_as_many_samples_in_their_order() {
        Pixels grey = random(28, 28, 1, 7);
        Tensor vector = tensor(TensorType.UINT8, 1, 1, 784);
        ByteBuffer target = ByteBuffer.allocate(784);
        new Preprocessor(vector, null).write(grey, target);
        assertEquals(ByteBuffer.wrap(grey.samples()), target);
    }

    @Test
    void a_tensor_that_is_no_image_is_refused_with_what_to_do() {
        Preprocessor preprocessor = new Preprocessor(tensor(TensorType.INT8, 1, 1, 640), null);
        WindhoverException refusal = assertThrows(
                WindhoverException.class, () -> preprocessor.write(random(20, 20, 3, 8), ByteBuffer.allocate(640)));
        assertTrue(refusal.getMessage().contains("give its bytes instead"), refusal.getMessage());
    }

    private static int[] levels(Fit fit, boolean bgr, Pixels image, int height, int width) {
        Tensor input = new Tensor(
                0, "input", TensorType.UINT8, Shape.map(height, width, image.channels()), Quantization.of(1, 0), null);
        ByteBuffer target = ByteBuffer.allocateDirect(input.bytes());
        new Preprocessor(input, null, new ImageOptions(fit, bgr)).write(image, target);
        int[] levels = new int[target.capacity()];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = target.get(i) & 255;
        }
        return levels;
    }

    private static final Pixels WIDE = new Pixels(4, 2, 1, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});

    @Test
    void crop_takes_the_middle() {
        assertArrayEquals(new int[] {2, 3, 6, 7}, levels(Fit.CROP, false, WIDE, 2, 2));
        Pixels tall = new Pixels(1, 5, 1, new byte[] {1, 2, 3, 4, 5});
        assertArrayEquals(new int[] {3}, levels(Fit.CROP, false, tall, 1, 1));
    }

    @Test
    void letterbox_keeps_everything_between_bars() {
        assertArrayEquals(
                new int[] {114, 114, 114, 114, 1, 2, 3, 4, 5, 6, 7, 8, 114, 114, 114, 114},
                levels(Fit.LETTERBOX, false, WIDE, 4, 4));
        Pixels tall = new Pixels(1, 2, 1, new byte[] {1, 2});
        assertArrayEquals(new int[] {114, 1, 114, 114, 2, 114}, levels(Fit.LETTERBOX, false, tall, 2, 3));
    }

    @Test
    void images_of_the_inputs_proportions_fit_in_one_way() {
        Pixels image = random(14, 10, 3, 3);
        int[] squashed = levels(Fit.SQUASH, false, image, 5, 7);
        assertArrayEquals(squashed, levels(Fit.CROP, false, image, 5, 7));
        assertArrayEquals(squashed, levels(Fit.LETTERBOX, false, image, 5, 7));
    }

    @Test
    void bgr_swaps_the_outer_channels() {
        Pixels image = new Pixels(2, 1, 3, new byte[] {1, 2, 3, 4, 5, 6});
        assertArrayEquals(new int[] {3, 2, 1, 6, 5, 4}, levels(Fit.SQUASH, true, image, 1, 2));
    }

    /** Of any size and proportions: each input pixel is a bar or lies between the image's extremes. */
    @Test
    void any_image_fits() {
        Random random = new Random(5);
        for (int round = 0; round < 500; round++) {
            int width = 1 + random.nextInt(40);
            int height = 1 + random.nextInt(40);
            byte[] samples = new byte[width * height];
            for (int i = 0; i < samples.length; i++) {
                samples[i] = (byte) (10 + random.nextInt(20));
            }
            Fit fit = Fit.values()[round % 3];
            Pixels image = new Pixels(width, height, 1, samples);
            for (int level : levels(fit, false, image, 1 + random.nextInt(20), 1 + random.nextInt(20))) {
                boolean bar = fit == Fit.LETTERBOX && level == 114;
                assertTrue(bar || (level >= 10 && level < 30), fit + ": " + level);
            }
        }
    }
}
