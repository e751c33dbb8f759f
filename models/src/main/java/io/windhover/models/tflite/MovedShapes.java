// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import io.windhover.models.graph.Shape;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The shapes that operators make which take, move or multiply parts of tensors of any rank. */
final class MovedShapes {
    private MovedShapes() {}

    /** Null for operators whose results' shape is not known. */
    static ShapeInference.@Nullable Rule rule(SourceOperator source) {
        return switch (source.builtin()) {
            case BuiltinOperator.STRIDED_SLICE ->
                slice -> StridedSliceImporter.shape(slice, slice.source(0).dimensions());
            case BuiltinOperator.SLICE -> MovedShapes::sliced;
            case BuiltinOperator.SPLIT -> MovedShapes::split;
            case BuiltinOperator.ARG_MAX, BuiltinOperator.ARG_MIN ->
                pick -> without(pick.source(0).dimensions(), axis(pick, pick.integer(1)));
            case BuiltinOperator.SQUEEZE -> MovedShapes::squeezed;
            case BuiltinOperator.EXPAND_DIMS -> MovedShapes::expanded;
            case BuiltinOperator.PACK -> MovedShapes::packed;
            case BuiltinOperator.UNPACK -> MovedShapes::unpacked;
            case BuiltinOperator.GATHER -> MovedShapes::gathered;
            case BuiltinOperator.TOPK_V2 -> MovedShapes::best;
            case BuiltinOperator.TILE -> MovedShapes::tiled;
            case BuiltinOperator.BATCH_MATMUL -> MovedShapes::product;
            case BuiltinOperator.TRANSPOSE_CONV, BuiltinOperator.BROADCAST_TO -> MovedShapes::computed;
            default -> null;
        };
    }

    private static int axis(SourceOperator source, int axis) {
        return source.axis(axis, Shape.of(source.source(0).dimensions()));
    }

    private static int[] without(int[] dimensions, int axis) {
        return IntStream.range(0, dimensions.length)
                .filter(d -> d != axis)
                .map(d -> dimensions[d])
                .toArray();
    }

    private static int[] with(int[] dimensions, int axis, int... extents) {
        return IntStream.concat(
                        IntStream.concat(Arrays.stream(dimensions, 0, axis), Arrays.stream(extents)),
                        Arrays.stream(dimensions, axis, dimensions.length))
                .toArray();
    }

    private static int[] replaced(int[] dimensions, int axis, int extent) {
        int[] result = dimensions.clone();
        result[axis] = extent;
        return result;
    }

    private static int[] sliced(SourceOperator source) {
        int[] input = source.source(0).dimensions();
        int[] begin = source.integers(1);
        int[] size = source.integers(2);
        source.require(
                begin.length == input.length && size.length == input.length, "it slices %d dimensions.", begin.length);
        int[] result = new int[input.length];
        Arrays.setAll(result, d -> size[d] == -1 ? input[d] - begin[d] : size[d]);
        return result;
    }

    /** SPLIT: equal parts. */
    private static int[] split(SourceOperator source) {
        int[] input = source.source(1).dimensions();
        int axis = source.axis(source.integer(0), Shape.of(input));
        int parts = source.outputIndexes().length;
        source.require(input[axis] % parts == 0, "%d is no multiple of %d; another size may be.", input[axis], parts);
        return replaced(input, axis, input[axis] / parts);
    }

    private static int[] squeezed(SourceOperator source) {
        int[] input = source.source(0).dimensions();
        int[] named = Arrays.stream(source.integerOptions(Schema.SqueezeOptions.DIMENSIONS))
                .map(axis -> axis(source, axis))
                .toArray();
        return IntStream.range(0, input.length)
                .filter(d -> input[d] != 1
                        || (named.length > 0 && Arrays.stream(named).noneMatch(axis -> axis == d)))
                .map(d -> input[d])
                .toArray();
    }

    private static int[] expanded(SourceOperator source) {
        int[] input = source.source(0).dimensions();
        int axis = source.integer(1);
        axis = axis < 0 ? axis + input.length + 1 : axis;
        source.require(axis >= 0 && axis <= input.length, "its axis %d is not one of its output's.", axis);
        return with(input, axis, 1);
    }

    private static int[] packed(SourceOperator source) {
        int[] input = source.source(0).dimensions();
        int axis = source.option(Schema.PackOptions.AXIS, 0);
        axis = axis < 0 ? axis + input.length + 1 : axis;
        source.require(axis >= 0 && axis <= input.length, "its axis %d is not one of its output's.", axis);
        return with(input, axis, source.inputIndexes().length);
    }

    private static int[] unpacked(SourceOperator source) {
        int[] input = source.source(0).dimensions();
        int axis = axis(source, source.option(Schema.UnpackOptions.AXIS, 0));
        source.require(
                input[axis] == source.outputIndexes().length,
                "it was exported for %d parts of dimension %d; %s",
                source.outputIndexes().length,
                axis,
                ShapeInference.ADVICE);
        return without(input, axis);
    }

    private static int[] gathered(SourceOperator source) {
        int[] input = source.source(0).dimensions();
        source.require(
                source.option(Schema.GatherOptions.BATCH_DIMENSIONS, 0) == 0, "it gathers from each frame of a batch.");
        int axis = axis(source, source.option(Schema.GatherOptions.AXIS, 0));
        return with(without(input, axis), axis, source.source(1).dimensions());
    }

    private static int[] best(SourceOperator source) {
        int[] input = source.source(0).dimensions();
        return replaced(input, input.length - 1, source.integer(1));
    }

    private static int[] tiled(SourceOperator source) {
        int[] input = source.source(0).dimensions();
        int[] times = source.integers(1);
        source.require(times.length == input.length, "it repeats %d dimensions.", times.length);
        int[] result = new int[input.length];
        Arrays.setAll(result, d -> (int) Math.min(Integer.MAX_VALUE, (long) input[d] * times[d]));
        return result;
    }

    private static int[] product(SourceOperator source) {
        int[] left = turned(source, 0, Schema.BatchMatMulOptions.ADJOINT_X);
        int[] right = turned(source, 1, Schema.BatchMatMulOptions.ADJOINT_Y);
        source.require(
                left[left.length - 1] == right[right.length - 2],
                "%s and %s do not fit together at this size; another size may.",
                Arrays.toString(left),
                Arrays.toString(right));
        int[] batch = ShapeInference.broadcast(
                source, Arrays.copyOf(left, left.length - 2), Arrays.copyOf(right, right.length - 2));
        return with(batch, batch.length, left[left.length - 2], right[right.length - 1]);
    }

    private static int[] turned(SourceOperator source, int input, int adjoint) {
        int[] dimensions = source.source(input).dimensions().clone();
        int rank = dimensions.length;
        source.require(rank >= 2, "%s is no matrix.", source.source(input));
        if (source.byteOption(adjoint, 0) != 0) {
            int rows = dimensions[rank - 2];
            dimensions[rank - 2] = dimensions[rank - 1];
            dimensions[rank - 1] = rows;
        }
        return dimensions;
    }

    /** The shape is an operand: the first of a TRANSPOSE_CONV, the second of a BROADCAST_TO. */
    private static int[] computed(SourceOperator source) {
        return source.integers(source.builtin() == BuiltinOperator.TRANSPOSE_CONV ? 0 : 1);
    }
}
