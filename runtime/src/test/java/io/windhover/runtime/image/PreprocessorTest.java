// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.image;

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
        assertTrue(refusal.getMessage().contains("--raw"), refusal.getMessage());
    }
}
