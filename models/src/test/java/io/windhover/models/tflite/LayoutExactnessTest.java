// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import static io.windhover.models.tflite.Restated.clamp;
import static io.windhover.models.tflite.Restated.round;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.ModelException;
import io.windhover.models.tflite.Layer.Codes;
import io.windhover.models.tflite.ModelFile.Options;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Operators that move codes, on tensors of all ranks, against their definitions by index. */
class LayoutExactnessTest {
    private static final int CALLS = 600;

    /** Builds and checks one random call. */
    @FunctionalInterface
    private interface Call {
        void check(Layer layer, Codes input);
    }

    private static void repeat(int lowestRank, int highestRank, Call call) {
        for (long seed = 0; seed < CALLS; seed++) {
            Layer layer = new Layer(seed, seed % 3 == 0);
            Codes input = layer.input(layer.shape(layer.between(lowestRank, highestRank)));
            try {
                call.check(layer, input);
            } catch (RuntimeException | AssertionError problem) {
                throw new AssertionError("seed " + seed + ": " + problem.getMessage(), problem);
            }
        }
    }

    private static int likeInput(Layer layer, Codes input, int... shape) {
        return layer.output(input.scale(), input.zeroPoint(), shape);
    }

    private static void assertOutput(Layer layer, int output, int[] shape, ToIntFunction<int[]> expected) {
        assertArrayEquals(
                NdArray.generate(shape, expected).codes(), layer.run(output).get(0));
    }

    private static int[] changed(int[] array, int position, int value) {
        int[] copy = array.clone();
        copy[position] = value;
        return copy;
    }

    private static int[] without(int[] array, int position) {
        return IntStream.range(0, array.length)
                .filter(d -> d != position)
                .map(d -> array[d])
                .toArray();
    }

    private static int[] inserted(int[] array, int position, int value) {
        int[] longer = Arrays.copyOf(array, array.length + 1);
        System.arraycopy(array, position, longer, position + 1, array.length - position);
        longer[position] = value;
        return longer;
    }

    @Test
    void slices_take_what_they_say() {
        repeat(1, 5, (layer, input) -> {
            int[] shape = input.array().shape();
            int[] begin = new int[shape.length];
            int[] size = new int[shape.length];
            int[] written = new int[shape.length];
            for (int d = 0; d < shape.length; d++) {
                begin[d] = layer.between(0, shape[d] - 1);
                size[d] = layer.between(1, shape[d] - begin[d]);
                written[d] = begin[d] + size[d] == shape[d] && layer.random.nextBoolean() ? -1 : size[d];
            }
            int output = likeInput(layer, input, size);
            layer.file.operator(
                    BuiltinOperator.SLICE,
                    new int[] {input.index(), layer.file.integers(begin), layer.file.integers(written)},
                    output);
            assertOutput(layer, output, size, index -> input.array().at(plus(index, begin)));
        });
    }

    private static int[] plus(int[] index, int[] offset) {
        return IntStream.range(0, index.length).map(d -> index[d] + offset[d]).toArray();
    }

    @Test
    void strided_slices_follow_pythons_indexing() {
        repeat(1, 5, (layer, input) -> {
            int[] shape = input.array().shape();
            int rank = shape.length;
            int[] begin = new int[rank];
            int[] end = new int[rank];
            int[] stride = new int[rank];
            int[] first = new int[rank];
            int[] counts = new int[rank];
            int beginMask = 0;
            int endMask = 0;
            int shrinkMask = 0;
            int[] result = new int[0];
            for (int d = 0; d < rank; d++) {
                stride[d] = layer.between(1, 3);
                first[d] = layer.between(0, shape[d] - 1);
                int last = layer.between(first[d] + 1, shape[d]);
                begin[d] = layer.random.nextBoolean() ? first[d] : first[d] - shape[d];
                end[d] = last == shape[d]
                        ? shape[d] + layer.between(0, 3)
                        : layer.random.nextBoolean() ? last : last - shape[d];
                if (layer.random.nextInt(4) == 0) {
                    shrinkMask |= 1 << d;
                    counts[d] = 1;
                    continue;
                }
                if (layer.random.nextInt(4) == 0) {
                    beginMask |= 1 << d;
                    first[d] = 0;
                }
                if (layer.random.nextInt(4) == 0) {
                    endMask |= 1 << d;
                    last = shape[d];
                }
                counts[d] = (last - first[d] + stride[d] - 1) / stride[d];
                result = inserted(result, result.length, counts[d]);
            }
            int output = likeInput(layer, input, result);
            layer.file.operator(
                    BuiltinOperator.STRIDED_SLICE,
                    new int[] {
                        input.index(), layer.file.integers(begin), layer.file.integers(end), layer.file.integers(stride)
                    },
                    new int[] {output},
                    Options.none().with(0, beginMask).with(1, endMask).with(4, shrinkMask));
            assertOutput(
                    layer,
                    output,
                    counts,
                    index -> input.array()
                            .at(IntStream.range(0, rank)
                                    .map(d -> first[d] + index[d] * stride[d])
                                    .toArray()));
        });
    }

    @Test
    void strided_slices_walk_backwards() {
        repeat(1, 4, (layer, input) -> {
            int[] shape = input.array().shape();
            int rank = shape.length;
            int[] begin = new int[rank];
            int[] end = new int[rank];
            int[] stride = new int[rank];
            int[] first = new int[rank];
            int[] counts = new int[rank];
            int beginMask = 0;
            int endMask = 0;
            for (int d = 0; d < rank; d++) {
                stride[d] = -layer.between(1, 3);
                first[d] = layer.between(0, shape[d] - 1);
                int stop = layer.between(-1, first[d] - 1);
                begin[d] = layer.random.nextBoolean() ? first[d] : first[d] - shape[d];
                end[d] = stop < 0 ? -shape[d] - layer.between(1, 3) : stop;
                if (layer.random.nextInt(4) == 0) {
                    beginMask |= 1 << d;
                    first[d] = shape[d] - 1;
                } else if (first[d] == shape[d] - 1) {
                    begin[d] += layer.random.nextBoolean() && begin[d] >= 0 ? 5 : 0;
                }
                if (layer.random.nextInt(4) == 0) {
                    endMask |= 1 << d;
                    stop = -1;
                }
                counts[d] = (first[d] - stop - stride[d] - 1) / -stride[d];
            }
            int output = likeInput(layer, input, counts);
            layer.file.operator(
                    BuiltinOperator.STRIDED_SLICE,
                    new int[] {
                        input.index(), layer.file.integers(begin), layer.file.integers(end), layer.file.integers(stride)
                    },
                    new int[] {output},
                    Options.none().with(0, beginMask).with(1, endMask));
            assertOutput(
                    layer,
                    output,
                    counts,
                    index -> input.array()
                            .at(IntStream.range(0, rank)
                                    .map(d -> first[d] + index[d] * stride[d])
                                    .toArray()));
        });
    }

    @Test
    void an_ellipsis_and_a_new_dimension_leave_their_part_alone() {
        repeat(4, 4, (layer, input) -> {
            int[] shape = input.array().shape();
            int[] result = {1, shape[0], shape[1], shape[2], 1};
            int output = likeInput(layer, input, result);
            int[] begin = {0, 0, shape[3] - 1};
            layer.file.operator(
                    BuiltinOperator.STRIDED_SLICE,
                    new int[] {
                        input.index(),
                        layer.file.integers(begin),
                        layer.file.integers(0, 0, shape[3]),
                        layer.file.integers(1, 1, 1)
                    },
                    new int[] {output},
                    Options.none().with(2, 2).with(3, 1));
            assertOutput(
                    layer,
                    output,
                    new int[] {1, shape[0], shape[1], shape[2], 1},
                    index -> input.array().at(index[1], index[2], index[3], shape[3] - 1));
        });
    }

    @Test
    void split_parts_follow_one_another() {
        repeat(1, 5, (layer, input) -> {
            int[] shape = input.array().shape();
            int axis = layer.between(0, shape.length - 1);
            boolean equal = layer.random.nextBoolean();
            int[] sizes = equal ? new int[shape[axis]] : sizes(layer, shape[axis]);
            if (equal) {
                Arrays.fill(sizes, 1);
            }
            int[] outputs = IntStream.of(sizes)
                    .map(size -> likeInput(layer, input, changed(shape, axis, size)))
                    .toArray();
            int writtenAxis = layer.random.nextBoolean() ? axis : axis - shape.length;
            int[] written = sizes.clone();
            written[layer.between(0, sizes.length - 1)] = -1;
            int[] inputs = equal
                    ? new int[] {layer.file.integers(writtenAxis), input.index()}
                    : new int[] {input.index(), layer.file.integers(written), layer.file.integers(writtenAxis)};
            layer.file.operator(
                    equal ? BuiltinOperator.SPLIT : BuiltinOperator.SPLIT_V, inputs, outputs, Options.none());
            List<int[]> results = layer.run(outputs);
            int start = 0;
            for (int i = 0; i < sizes.length; i++) {
                int from = start;
                NdArray expected = NdArray.generate(
                        changed(shape, axis, sizes[i]),
                        index -> input.array().at(changed(index, axis, index[axis] + from)));
                assertArrayEquals(expected.codes(), results.get(i));
                start += sizes[i];
            }
        });
    }

    private static int[] sizes(Layer layer, int extent) {
        int[] sizes = new int[0];
        for (int left = extent; left > 0; left -= sizes[sizes.length - 1]) {
            sizes = inserted(sizes, sizes.length, layer.between(1, left));
        }
        return sizes;
    }

    @Test
    void concatenations_along_any_axis_are_copies_or_rescaled_in_single_precision() {
        repeat(1, 5, (layer, input) -> {
            int[] shape = input.array().shape();
            int axis = layer.between(shape.length >= 4 ? 1 : 0, shape.length - 1);
            Codes[] parts = new Codes[layer.between(1, 4)];
            parts[0] = input;
            int total = shape[axis];
            for (int i = 1; i < parts.length; i++) {
                boolean other = layer.random.nextBoolean();
                int[] partShape = changed(shape, axis, layer.between(1, 5));
                parts[i] = layer.input(
                        other ? layer.scale() : input.scale(),
                        other ? layer.zeroPoint() : input.zeroPoint(),
                        partShape);
                total += partShape[axis];
            }
            int[] joined = changed(shape, axis, total);
            int output = likeInput(layer, input, joined);
            layer.file.operator(
                    BuiltinOperator.CONCATENATION,
                    Arrays.stream(parts).mapToInt(Codes::index).toArray(),
                    new int[] {output},
                    Options.none().with(0, layer.random.nextBoolean() ? axis : axis - shape.length));
            assertOutput(layer, output, joined, index -> joinedCode(layer, parts, axis, index));
        });
    }

    private static int joinedCode(Layer layer, Codes[] parts, int axis, int[] index) {
        Codes like = parts[0];
        int position = index[axis];
        for (Codes part : parts) {
            int extent = part.array().shape()[axis];
            if (position < extent) {
                int code = part.array().at(changed(index, axis, position));
                if (part.scale() == like.scale() && part.zeroPoint() == like.zeroPoint()) {
                    return code;
                }
                float scale = part.scale() * (1f / like.scale());
                float offset = -part.zeroPoint() * scale;
                return clamp(round((float) code * scale + offset) + like.zeroPoint(), layer.minimum(), layer.maximum());
            }
            position -= extent;
        }
        throw new AssertionError();
    }

    @Test
    void packed_tensors_lie_side_by_side_along_the_new_dimension() {
        repeat(0, 4, (layer, input) -> {
            int[] shape = input.array().shape();
            int axis = layer.between(0, shape.length);
            Codes[] parts = new Codes[layer.between(1, 4)];
            parts[0] = input;
            for (int i = 1; i < parts.length; i++) {
                parts[i] = layer.input(input.scale(), input.zeroPoint(), shape);
            }
            int[] packed = inserted(shape, axis, parts.length);
            int output = likeInput(layer, input, packed);
            layer.file.operator(
                    BuiltinOperator.PACK,
                    Arrays.stream(parts).mapToInt(Codes::index).toArray(),
                    new int[] {output},
                    Options.none()
                            .with(0, parts.length)
                            .with(1, layer.random.nextBoolean() ? axis : axis - packed.length));
            assertOutput(
                    layer, output, packed, index -> parts[index[axis]].array().at(without(index, axis)));
        });
    }

    @Test
    void unpacked_tensors_lose_the_dimension() {
        repeat(1, 5, (layer, input) -> {
            int[] shape = input.array().shape();
            int axis = layer.between(0, shape.length - 1);
            int[] outputs = new int[shape[axis]];
            Arrays.setAll(outputs, i -> likeInput(layer, input, without(shape, axis)));
            layer.file.operator(
                    BuiltinOperator.UNPACK,
                    new int[] {input.index()},
                    outputs,
                    Options.none()
                            .with(0, shape[axis])
                            .with(1, layer.random.nextBoolean() ? axis : axis - shape.length));
            List<int[]> results = layer.run(outputs);
            for (int i = 0; i < outputs.length; i++) {
                int taken = i;
                NdArray expected = NdArray.generate(
                        without(shape, axis), index -> input.array().at(inserted(index, axis, taken)));
                assertArrayEquals(expected.codes(), results.get(i));
            }
        });
    }

    @Test
    void transposes_exchange_dimensions() {
        repeat(1, 6, (layer, input) -> {
            int[] shape = input.array().shape();
            int[] permutation = IntStream.range(0, shape.length).toArray();
            for (int d = permutation.length - 1; d > 0; d--) {
                int other = layer.between(0, d);
                int moved = permutation[d];
                permutation[d] = permutation[other];
                permutation[other] = moved;
            }
            int[] result = IntStream.of(permutation).map(d -> shape[d]).toArray();
            int output = likeInput(layer, input, result);
            layer.file.operator(
                    BuiltinOperator.TRANSPOSE, new int[] {input.index(), layer.file.integers(permutation)}, output);
            assertOutput(layer, output, result, index -> {
                int[] from = new int[index.length];
                for (int d = 0; d < from.length; d++) {
                    from[permutation[d]] = index[d];
                }
                return input.array().at(from);
            });
        });
    }

    @Test
    void pads_surround_with_the_zero_point_a_code_or_a_reflection() {
        repeat(2, 5, (layer, input) -> {
            int[] shape = input.array().shape();
            int kind = layer.between(0, shape.length == 5 ? 1 : 3);
            int[] amounts = new int[2 * shape.length];
            int[] result = shape.clone();
            for (int d = shape.length >= 4 ? 1 : 0; d < shape.length - (kind >= 2 ? 1 : 0); d++) {
                int most = kind == 2 ? shape[d] - 1 : kind == 3 ? shape[d] : 3;
                amounts[2 * d] = layer.between(0, most);
                amounts[2 * d + 1] = layer.between(0, most);
                result[d] += amounts[2 * d] + amounts[2 * d + 1];
            }
            int output = likeInput(layer, input, result);
            int amountsIndex = layer.file.integers(amounts);
            Codes value = layer.constant(input.scale(), input.zeroPoint());
            switch (kind) {
                case 0 -> layer.file.operator(BuiltinOperator.PAD, new int[] {input.index(), amountsIndex}, output);
                case 1 ->
                    layer.file.operator(
                            BuiltinOperator.PADV2, new int[] {input.index(), amountsIndex, value.index()}, output);
                default ->
                    layer.file.operator(
                            BuiltinOperator.MIRROR_PAD,
                            new int[] {input.index(), amountsIndex},
                            new int[] {output},
                            Options.none().with(0, (byte) (kind - 2)));
            }
            assertOutput(layer, output, result, index -> {
                int[] from = new int[index.length];
                for (int d = 0; d < from.length; d++) {
                    from[d] = index[d] - amounts[2 * d];
                    if (kind >= 2 && from[d] < 0) {
                        from[d] = -from[d] - (kind - 2);
                    } else if (kind >= 2 && from[d] >= shape[d]) {
                        from[d] = 2 * shape[d] - 2 - from[d] + kind - 2;
                    } else if (from[d] < 0 || from[d] >= shape[d]) {
                        return kind == 0 ? input.zeroPoint() : value.array().codes()[0];
                    }
                }
                return input.array().at(from);
            });
        });
    }

    @Test
    void blocks_move_between_pixels_and_channels() {
        repeat(4, 4, (layer, small) -> {
            int block = layer.between(1, 3);
            int[] shape = small.array().shape();
            int[] wide = {1, shape[1] * block, shape[2] * block, shape[3]};
            int[] deep = {1, shape[1], shape[2], shape[3] * block * block};
            boolean toDepth = layer.random.nextBoolean();
            Codes input = layer.input(toDepth ? wide : deep);
            int[] result = toDepth ? deep : wide;
            int output = likeInput(layer, input, result);
            layer.file.operator(
                    toDepth ? BuiltinOperator.SPACE_TO_DEPTH : BuiltinOperator.DEPTH_TO_SPACE,
                    new int[] {input.index()},
                    new int[] {output},
                    Options.none().with(0, block));
            assertOutput(layer, output, result, index -> {
                if (toDepth) {
                    int place = index[3] / shape[3];
                    return input.array()
                            .at(
                                    0,
                                    index[1] * block + place / block,
                                    index[2] * block + place % block,
                                    index[3] % shape[3]);
                }
                int place = index[1] % block * block + index[2] % block;
                return input.array().at(0, index[1] / block, index[2] / block, place * shape[3] + index[3]);
            });
        });
    }

    @Test
    void reversals_start_from_the_end() {
        repeat(1, 5, (layer, input) -> {
            int[] shape = input.array().shape();
            boolean[] turned = new boolean[shape.length];
            int[] axes = new int[0];
            for (int d = 0; d < shape.length; d++) {
                turned[d] = layer.random.nextBoolean();
                if (turned[d]) {
                    axes = inserted(axes, 0, layer.random.nextBoolean() ? d : d - shape.length);
                }
            }
            if (axes.length == 0) {
                axes = new int[] {-1};
                turned[shape.length - 1] = true;
            }
            int output = likeInput(layer, input, shape);
            layer.file.operator(
                    BuiltinOperator.REVERSE_V2, new int[] {input.index(), layer.file.integers(axes)}, output);
            assertOutput(layer, output, shape, index -> input.array().at(mirrored(index, shape, turned)));
        });
    }

    private static int[] mirrored(int[] index, int[] shape, boolean[] turned) {
        return IntStream.range(0, index.length)
                .map(d -> turned[d] ? shape[d] - 1 - index[d] : index[d])
                .toArray();
    }

    @Test
    void long_reversals_are_exact() {
        for (int axis = 0; axis < 3; axis++) {
            Layer layer = new Layer(axis, false);
            int[] shape = changed(new int[] {1, 2, 3, 2}, axis + 1, 448);
            int[] step = changed(new int[] {1, 1, 1, 1}, axis + 1, -1);
            boolean[] turned = {false, axis == 0, axis == 1, axis == 2};
            Codes input = layer.input(shape);
            int reversed = likeInput(layer, input, shape);
            int strided = likeInput(layer, input, shape);
            int zeros = layer.file.integers(0, 0, 0, 0);
            layer.file.operator(
                    BuiltinOperator.REVERSE_V2, new int[] {input.index(), layer.file.integers(axis - 3)}, reversed);
            layer.file.operator(
                    BuiltinOperator.STRIDED_SLICE,
                    new int[] {input.index(), zeros, zeros, layer.file.integers(step)},
                    new int[] {strided},
                    Options.none().with(0, 15).with(1, 15));
            int[] expected = NdArray.generate(shape, index -> input.array().at(mirrored(index, shape, turned)))
                    .codes();
            List<int[]> results = layer.run(reversed, strided);
            assertArrayEquals(expected, results.get(0));
            assertArrayEquals(expected, results.get(1));
        }
    }

    @Test
    void broadcasts_repeat_dimensions_of_one_and_missing_ones() {
        repeat(1, 5, (layer, input) -> {
            int[] shape = input.array().shape();
            int missing = layer.between(0, 5 - shape.length);
            int[] result = new int[missing + shape.length];
            for (int d = 0; d < result.length; d++) {
                int extent = d < missing ? 1 : shape[d - missing];
                result[d] = extent == 1 && !(result.length >= 4 && d == 0) ? layer.between(1, 5) : extent;
            }
            int output = likeInput(layer, input, result);
            layer.file.operator(
                    BuiltinOperator.BROADCAST_TO, new int[] {input.index(), layer.file.integers(result)}, output);
            assertOutput(layer, output, result, index -> input.array().at(index));
        });
    }

    @Test
    void elements_are_gathered_by_constant_indexes() {
        repeat(1, 5, (layer, input) -> {
            int[] shape = input.array().shape();
            int depth = layer.between(1, shape.length);
            int[] rows = layer.random.nextBoolean()
                    ? new int[] {layer.between(1, 4)}
                    : new int[] {layer.between(1, 3), layer.between(1, 4)};
            int count = NdArray.elements(rows);
            int[] positions = new int[count * depth];
            Arrays.setAll(positions, i -> layer.between(0, shape[i % depth] - 1));
            int[] result = rows;
            for (int d = depth; d < shape.length; d++) {
                result = inserted(result, result.length, shape[d]);
            }
            int indexes = layer.file.integersOf(inserted(rows, rows.length, depth), positions);
            int output = likeInput(layer, input, result);
            layer.file.operator(BuiltinOperator.GATHER_ND, new int[] {input.index(), indexes}, output);
            assertOutput(layer, output, result, index -> {
                int row = rows.length == 1 ? index[0] : index[0] * rows[1] + index[1];
                int[] from = new int[shape.length];
                for (int d = 0; d < from.length; d++) {
                    from[d] = d < depth ? positions[row * depth + d] : index[rows.length + d - depth];
                }
                return input.array().at(from);
            });
        });
    }

    @Test
    void moves_that_are_not_as_they_say_are_refused() {
        refused(BuiltinOperator.REVERSE_V2, "turns dimension 1 round twice", new int[] {1, -2}, 2, 3, 4);
        refused(BuiltinOperator.REVERSE_V2, "its axis 3 is not one of", new int[] {3}, 2, 3, 4);
        refused(BuiltinOperator.BROADCAST_TO, "it makes [2, 3, 5]", new int[] {2, 3, 5}, 2, 3, 4);
        refused(BuiltinOperator.GATHER_ND, "it takes element -1 of 2", new int[] {-1}, 3, 4);
        refused(BuiltinOperator.GATHER_ND, "it takes element 2 of 2", new int[] {2}, 3, 4);
    }

    private static void refused(int builtin, String words, int[] constant, int... made) {
        Layer layer = new Layer(0, false);
        Codes input = layer.input(2, 3, 4);
        int output = likeInput(layer, input, made);
        layer.file.operator(builtin, new int[] {input.index(), layer.file.integers(constant)}, output);
        String message =
                assertThrows(ModelException.class, () -> layer.run(output)).getMessage();
        assertTrue(message.contains(words), message);
    }
}
