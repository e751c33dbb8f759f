// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.windhover.models.tflite.Layer.Codes;
import io.windhover.models.tflite.ModelFile.Options;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Resizing against its definition: exact fractions for int8, single precision for uint8, whole positions for the
 * nearest pixel.
 */
class ResizeExactnessTest {
    private static final int CALLS = 600;

    /** How positions are counted. */
    private record Grid(boolean alignCorners, boolean halfPixel) {
        double span(int input, int output) {
            return alignCorners && output > 1 ? (double) (input - 1) / (output - 1) : (double) input / output;
        }

        int nearest(int position, int input, int output) {
            float scale = alignCorners && output > 1 ? (input - 1) / (float) (output - 1) : input / (float) output;
            float at = (position + (halfPixel ? 0.5f : 0)) * scale;
            return Math.max(0, Math.min(input - 1, (int) (alignCorners ? Math.floor(at + 0.5) : Math.floor(at))));
        }

        /** In units of 1 / 1024, the step rounded to such a unit first. */
        long fixed(int position, int input, int output) {
            long step = (long) Math.floor(span(input, output) * 1024 + 0.5);
            return position * step + (halfPixel ? step / 2 - 512 : 0);
        }

        float real(int position, int input, int output) {
            float step = alignCorners && output > 1 ? (float) (input - 1) / (output - 1) : (float) input / output;
            return halfPixel ? (position + 0.5f) * step - 0.5f : position * step;
        }
    }

    @ParameterizedTest
    @CsvSource({"false, false", "true, false", "false, true"})
    void every_resized_pixel_is_exact(boolean alignCorners, boolean halfPixel) {
        Grid grid = new Grid(alignCorners, halfPixel);
        for (long seed = 0; seed < CALLS; seed++) {
            Layer layer = new Layer(seed, seed % 3 == 0);
            boolean bilinear = layer.random.nextBoolean();
            Codes input = layer.input(1, layer.between(1, 12), layer.between(1, 12), layer.between(1, 4));
            int[] shape = input.array().shape();
            int[] result = {1, layer.between(1, 25), layer.between(1, 25), shape[3]};
            int output = layer.output(input.scale(), input.zeroPoint(), result);
            byte align = (byte) (alignCorners ? 1 : 0);
            byte half = (byte) (halfPixel ? 1 : 0);
            layer.file.operator(
                    bilinear ? BuiltinOperator.RESIZE_BILINEAR : BuiltinOperator.RESIZE_NEAREST_NEIGHBOR,
                    new int[] {input.index(), layer.file.integers(result[1], result[2])},
                    new int[] {output},
                    bilinear
                            ? Options.none().with(2, align).with(3, half)
                            : Options.none().with(0, align).with(1, half));
            NdArray expected = NdArray.generate(result, index -> {
                if (!bilinear) {
                    return input.array()
                            .at(
                                    0,
                                    grid.nearest(index[1], shape[1], result[1]),
                                    grid.nearest(index[2], shape[2], result[2]),
                                    index[3]);
                }
                return layer.unsigned
                        ? real(grid, input.array(), result, index)
                        : fixed(grid, input.array(), result, index);
            });
            assertArrayEquals(
                    expected.codes(), layer.run(output).get(0), "seed " + seed + (bilinear ? " bilinear" : " nearest"));
        }
    }

    private static int fixed(Grid grid, NdArray map, int[] result, int[] index) {
        long y = grid.fixed(index[1], map.shape()[1], result[1]);
        long x = grid.fixed(index[2], map.shape()[2], result[2]);
        long top = Math.max(0, y / 1024);
        long left = Math.max(0, x / 1024);
        long bottom = Math.min(map.shape()[1] - 1, Math.max(0, (long) Math.ceil(y / 1024.0)));
        long right = Math.min(map.shape()[2] - 1, Math.max(0, (long) Math.ceil(x / 1024.0)));
        long down = y - 1024 * top;
        long across = x - 1024 * left;
        long sum = 0;
        for (int corner = 0; corner < 4; corner++) {
            boolean lower = corner >= 2;
            boolean righter = corner % 2 == 1;
            sum += (long) map.at(0, (int) (lower ? bottom : top), (int) (righter ? right : left), index[3])
                    * (lower ? down : 1024 - down)
                    * (righter ? across : 1024 - across);
        }
        return (int) Restated.round(sum / 1048576.0);
    }

    private static int real(Grid grid, NdArray map, int[] result, int[] index) {
        float y = grid.real(index[1], map.shape()[1], result[1]);
        float x = grid.real(index[2], map.shape()[2], result[2]);
        int top = Math.max(0, (int) Math.floor(y));
        int left = Math.max(0, (int) Math.floor(x));
        int bottom = Math.min(map.shape()[1] - 1, (int) Math.ceil(y));
        int right = Math.min(map.shape()[2] - 1, (int) Math.ceil(x));
        float value = map.at(0, top, left, index[3]) * (1 - (y - top)) * (1 - (x - left));
        value += map.at(0, bottom, left, index[3]) * (y - top) * (1 - (x - left));
        value += map.at(0, top, right, index[3]) * (1 - (y - top)) * (x - left);
        value += map.at(0, bottom, right, index[3]) * (y - top) * (x - left);
        return (int) (value + 0.5f);
    }
}
