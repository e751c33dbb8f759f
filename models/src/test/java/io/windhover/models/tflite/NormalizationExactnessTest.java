// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import static io.windhover.models.tflite.Restated.clamp;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.ModelException;
import io.windhover.models.reference.ReferenceExecutor;
import io.windhover.models.tflite.Layer.Codes;
import io.windhover.models.tflite.ModelFile.Options;
import io.windhover.models.tflite.Restated.Factor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** L2_NORMALIZATION over the last dimension of any rank against its definition. */
class NormalizationExactnessTest {
    private static final int CALLS = 1500;
    private static final float SCALE = 1f / 128;

    private static int normalize(Layer layer, Codes input, float scale, int zeroPoint, Options options) {
        int output = layer.output(scale, zeroPoint, input.array().shape());
        return write(layer.file, input.index(), output, options);
    }

    private static int write(ModelFile file, int input, int output, Options options) {
        file.operator(BuiltinOperator.L2_NORMALIZATION, new int[] {input}, new int[] {output}, options);
        return output;
    }

    /** Rows of up to 600 elements, small codes among them so that short lengths occur, and rows of zeros. */
    private static Codes rows(Layer layer) {
        int[] shape = layer.shape(layer.between(1, 4));
        if (layer.random.nextInt(4) == 0) {
            shape[shape.length - 1] = layer.between(1, 600);
        }
        Codes input = layer.input(layer.scale(), layer.zeroPoint(), shape);
        int spread = 1 << layer.between(0, 8);
        int[] codes = input.array().codes();
        for (int i = 0; i < codes.length; i++) {
            codes[i] = clamp(
                    input.zeroPoint() + layer.random.nextInt(spread) - spread / 2, layer.minimum(), layer.maximum());
        }
        layer.replace(input);
        return input;
    }

    @Test
    void codes_are_divided_by_the_root_of_their_squares() {
        for (long seed = 0; seed < CALLS; seed++) {
            Layer layer = new Layer(seed, seed % 3 == 0);
            Codes input = rows(layer);
            int zeroPoint = layer.unsigned ? 128 : 0;
            int output = normalize(layer, input, SCALE, zeroPoint, Options.none());
            int[] codes = input.array().codes();
            int channels = input.array().shape()[input.array().shape().length - 1];
            int[] expected = new int[codes.length];
            for (int row = 0; row < codes.length; row += channels) {
                long sum = Arrays.stream(codes, row, row + channels)
                        .mapToLong(code -> (long) (code - input.zeroPoint()) * (code - input.zeroPoint()))
                        .sum();
                Factor factor = inverseRoot(sum);
                for (int i = row; i < row + channels; i++) {
                    int x = codes[i] - input.zeroPoint();
                    int code = layer.unsigned
                            ? factor.apply(128 * x) + 128
                            : new Factor(factor.multiplier(), factor.shift() + 7).apply(x);
                    expected[i] = clamp(code, layer.minimum(), layer.maximum());
                    double real = sum == 0 ? 0 : 128 * x / Math.sqrt((double) sum);
                    assertEquals(real, code - zeroPoint, 1.01, "seed " + seed);
                }
            }
            assertArrayEquals(expected, layer.run(output).get(0), "seed " + seed);
        }
    }

    /** Newton's method on sum * 4^n, 1/4 to 1, with 28 fraction bits. */
    private static Factor inverseRoot(long sum) {
        if (sum <= 1) {
            return new Factor(Integer.MAX_VALUE, 0);
        }
        long scaled = sum;
        int shift = -11;
        for (; scaled >= 1 << 29; scaled /= 4) {
            shift--;
        }
        for (; scaled < 1 << 27; scaled *= 4) {
            shift++;
        }
        long half = (scaled / 2 + 1) / 2;
        long x = 1 << 28;
        for (int i = 0; i < 5; i++) {
            long cube = Math.min(product(product(x, x), x) * 64, Integer.MAX_VALUE);
            x = (product(3 << 27, x) - product(half, cube)) * 8;
        }
        long root = product(x, 1518500250);
        return shift > 0 ? new Factor(root << shift, 0) : new Factor(root, shift);
    }

    /** Over 2^31, ties up; of positive numbers. */
    private static long product(long a, long b) {
        return (a * b + (1L << 30)) >> 31;
    }

    @Test
    void real_numbers_are_divided_in_single_precision() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            int rank = 1 + random.nextInt(4);
            int[] shape = new int[rank];
            Arrays.setAll(shape, d -> rank == 4 && d == 0 ? 1 : 1 + random.nextInt(6));
            float[] values = new float[NdArray.elements(shape)];
            float size = random.nextInt(5) == 0 ? 1e-7f : 10;
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextInt(8) == 0 ? 0 : size * (2 * random.nextFloat() - 1);
            }
            float[] expected = values.clone();
            for (int row = 0; row < values.length; row += shape[rank - 1]) {
                float sum = 0;
                for (int i = row; i < row + shape[rank - 1]; i++) {
                    sum += values[i] * values[i];
                }
                for (int i = row; i < row + shape[rank - 1]; i++) {
                    expected[i] = values[i] / Math.max((float) Math.sqrt(sum), 1e-6f);
                }
            }
            assertArrayEquals(expected, reals(values, shape), "seed " + seed);
        }
    }

    private static float[] reals(float[] values, int... shape) {
        ModelFile file = new ModelFile();
        int input = file.tensor(Schema.Type.FLOAT32, 0, 0, shape);
        int output = write(file, input, file.tensor(Schema.Type.FLOAT32, 0, 0, shape), Options.none());
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        byte[] result = new ReferenceExecutor(TfliteImporter.read("reals", file.build(new int[] {input}, output)))
                .infer(bytes.array())
                .get(0);
        float[] made = new float[values.length];
        ByteBuffer.wrap(result).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(made);
        return made;
    }

    @Test
    void other_outputs_activations_and_sums_beyond_32_bits_are_refused() {
        Options none = Options.none();
        assertRefused(
                false, 1f / 64, 0, 4, none, "its output has scale 0.015625 and zero point 0 instead of 1/128 and 0.");
        assertRefused(
                true, SCALE, 0, 4, none, "its output has scale 0.0078125 and zero point 0 instead of 1/128 and 128.");
        assertRefused(false, SCALE, 0, 131_072, none, "sums 131072 squares of up to 128, which overflow 32 bits.");
        assertRefused(false, SCALE, 0, 4, Options.none().with(0, (byte) 1), "it has a fused activation.");
    }

    private static void assertRefused(
            boolean unsigned, float scale, int zeroPoint, int channels, Options options, String words) {
        Layer layer = new Layer(0, unsigned);
        Codes input = layer.input(0.1f, unsigned ? 127 : -1, 1, channels);
        int output = normalize(layer, input, scale, zeroPoint, options);
        String message =
                assertThrows(ModelException.class, () -> layer.run(output)).getMessage();
        assertTrue(message.contains(words), message);
    }
}
