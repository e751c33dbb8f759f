// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import static io.windhover.models.ModelException.require;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Files of a fixed batch above 1, read as the network of one frame: the first dimension of all that is computed is the
 * batch, outermost, and is divided by it. Operators that may compute one frame from another are refused.
 */
final class FixedBatch {
    /** Element by element, with broadcasting. */
    private static final Set<Integer> ELEMENTWISE = Set.of(
            BuiltinOperator.ABS,
            BuiltinOperator.ADD,
            BuiltinOperator.CAST,
            BuiltinOperator.CEIL,
            BuiltinOperator.COS,
            BuiltinOperator.DEQUANTIZE,
            BuiltinOperator.DIV,
            BuiltinOperator.ELU,
            BuiltinOperator.EQUAL,
            BuiltinOperator.EXP,
            BuiltinOperator.FLOOR,
            BuiltinOperator.FLOOR_DIV,
            BuiltinOperator.FLOOR_MOD,
            BuiltinOperator.GELU,
            BuiltinOperator.GREATER,
            BuiltinOperator.GREATER_EQUAL,
            BuiltinOperator.HARD_SWISH,
            BuiltinOperator.LEAKY_RELU,
            BuiltinOperator.LESS,
            BuiltinOperator.LESS_EQUAL,
            BuiltinOperator.LOG,
            BuiltinOperator.LOGICAL_AND,
            BuiltinOperator.LOGICAL_NOT,
            BuiltinOperator.LOGICAL_OR,
            BuiltinOperator.LOGISTIC,
            BuiltinOperator.MAXIMUM,
            BuiltinOperator.MINIMUM,
            BuiltinOperator.MUL,
            BuiltinOperator.NEG,
            BuiltinOperator.NOT_EQUAL,
            BuiltinOperator.POW,
            BuiltinOperator.PRELU,
            BuiltinOperator.QUANTIZE,
            BuiltinOperator.RELU,
            BuiltinOperator.RELU6,
            BuiltinOperator.RELU_0_TO_1,
            BuiltinOperator.RELU_N1_TO_1,
            BuiltinOperator.ROUND,
            BuiltinOperator.RSQRT,
            BuiltinOperator.SELECT,
            BuiltinOperator.SELECT_V2,
            BuiltinOperator.SIGN,
            BuiltinOperator.SIN,
            BuiltinOperator.SQRT,
            BuiltinOperator.SQUARE,
            BuiltinOperator.SQUARED_DIFFERENCE,
            BuiltinOperator.SUB,
            BuiltinOperator.TANH);

    /** Over dimensions behind the first, or over none. */
    private static final Set<Integer> WITHIN_FRAMES = Set.of(
            BuiltinOperator.AVERAGE_POOL_2D,
            BuiltinOperator.BATCH_TO_SPACE_ND,
            BuiltinOperator.CONV_2D,
            BuiltinOperator.DEPTHWISE_CONV_2D,
            BuiltinOperator.DEPTH_TO_SPACE,
            BuiltinOperator.FULLY_CONNECTED,
            BuiltinOperator.L2_NORMALIZATION,
            BuiltinOperator.LOCAL_RESPONSE_NORMALIZATION,
            BuiltinOperator.LOG_SOFTMAX,
            BuiltinOperator.MAX_POOL_2D,
            BuiltinOperator.RESIZE_BILINEAR,
            BuiltinOperator.RESIZE_NEAREST_NEIGHBOR,
            BuiltinOperator.SOFTMAX,
            BuiltinOperator.SPACE_TO_BATCH_ND,
            BuiltinOperator.SPACE_TO_DEPTH,
            BuiltinOperator.TOPK_V2,
            BuiltinOperator.TRANSPOSE_CONV);

    private static final Set<Integer> WINDOWED = Set.of(
            BuiltinOperator.AVERAGE_POOL_2D,
            BuiltinOperator.CONV_2D,
            BuiltinOperator.DEPTHWISE_CONV_2D,
            BuiltinOperator.MAX_POOL_2D);

    private final SourceModel model;
    private final int batch;
    /** Tensors whose first dimension is, or was, the batch and what a frame has along it. */
    private final Set<Integer> batched = new HashSet<>();
    /** Constant sizes of slices whose first is -1 now, all that there is. */
    private final Set<Integer> shortened = new HashSet<>();

    private FixedBatch(SourceModel model, int batch) {
        this.model = model;
        this.batch = batch;
    }

    /** The batch, for one frame of which the tensors are from now on; 1 where the inputs are of one frame. */
    static int apply(SourceModel model, List<SourceOperator> operators) {
        int batch = batch(model, operators);
        if (batch > 1) {
            FixedBatch fixed = new FixedBatch(model, batch);
            for (int input : model.inputs()) {
                fixed.divide(model.tensor(input));
            }
            operators.forEach(fixed::divide);
        }
        return batch;
    }

    /** The first dimension of maps, which all inputs must have. */
    private static int batch(SourceModel model, List<SourceOperator> operators) {
        int batch = ofLines(model, operators);
        for (int index : model.inputs()) {
            int[] dimensions = model.tensor(index).dimensions();
            batch = dimensions.length == 4 ? Math.max(batch, dimensions[0]) : batch;
        }
        for (int index : model.inputs()) {
            SourceTensor input = model.tensor(index);
            require(
                    batch == 1 || (input.dimensions().length > 0 && input.dimensions()[0] == batch),
                    "Input %s is %s beside another of batch %d; export the model with batch 1.",
                    input,
                    Arrays.toString(input.dimensions()),
                    batch);
        }
        return batch;
    }

    /** The same of inputs of another rank, where it is that of the first map that a window moves over. */
    private static int ofLines(SourceModel model, List<SourceOperator> operators) {
        int batch = operators.stream()
                .filter(source -> WINDOWED.contains(source.builtin()))
                .map(source -> source.source(0).dimensions())
                .filter(map -> map.length == 4)
                .mapToInt(map -> map[0])
                .findFirst()
                .orElse(1);
        boolean all = Arrays.stream(model.inputs())
                .mapToObj(input -> model.tensor(input).dimensions())
                .allMatch(dimensions -> dimensions.length > 0 && dimensions[0] == batch);
        return all ? batch : 1;
    }

    private void divide(SourceTensor tensor) {
        model.takeOneFrame(tensor.index(), batch);
        batched.add(tensor.index());
    }

    private void divide(SourceOperator source) {
        boolean ofFrames = Arrays.stream(source.inputIndexes()).anyMatch(batched::contains);
        if (!ofFrames || source.builtin() == BuiltinOperator.SHAPE) {
            return;
        }
        source.require(source.outputIndexes().length > 0, "it has no output.");
        boolean apart = ELEMENTWISE.contains(source.builtin()) ? isAligned(source) : isApart(source);
        for (int output : source.outputIndexes()) {
            int[] dimensions = model.tensor(output).dimensions();
            apart &= dimensions.length > 0 && dimensions[0] % batch == 0;
        }
        source.require(
                apart, "it may compute one of the %d frames of its batch from another; export with batch 1.", batch);
        for (int output : source.outputIndexes()) {
            divide(model.tensor(output));
        }
    }

    /** Whether the first dimension of every operand is the result's, or is repeated along it. */
    private boolean isAligned(SourceOperator source) {
        int[] result = model.tensor(source.outputIndexes()[0]).dimensions();
        for (int index : source.inputIndexes()) {
            int[] dimensions = model.tensor(index).dimensions();
            int first = dimensions.length == 0 ? 1 : dimensions[0];
            boolean same = dimensions.length == result.length && result.length > 0 && first * batch == result[0];
            boolean repeated = dimensions.length < result.length || first == 1;
            if (batched.contains(index) ? !same : !repeated) {
                return false;
            }
        }
        return true;
    }

    /** Whether the operator leaves the first dimension of the tensor that it reads alone. */
    private boolean isApart(SourceOperator source) {
        int kind = source.builtin();
        int data = kind == BuiltinOperator.SPLIT ? 1 : kind == BuiltinOperator.TRANSPOSE_CONV ? 2 : 0;
        boolean joins = kind == BuiltinOperator.CONCATENATION || kind == BuiltinOperator.PACK;
        for (int i = 0; i < source.inputIndexes().length; i++) {
            if (source.hasInput(i) && batched.contains(source.inputIndexes()[i]) != (joins || i == data)) {
                return false;
            }
        }
        int rank = source.source(data).dimensions().length;
        return rank >= 2 && (WITHIN_FRAMES.contains(kind) || isAlongOthers(source, kind, rank));
    }

    private boolean isAlongOthers(SourceOperator source, int kind, int rank) {
        return switch (kind) {
            case BuiltinOperator.ARG_MAX, BuiltinOperator.ARG_MIN -> isOther(source.integer(1), rank);
            case BuiltinOperator.BATCH_MATMUL -> multipliesRows(source, rank);
            case BuiltinOperator.CUMSUM -> isOther(source.integer(1), rank);
            case BuiltinOperator.CONCATENATION -> isOther(source.option(Schema.ConcatenationOptions.AXIS, 0), rank);
            case BuiltinOperator.EXPAND_DIMS -> isOther(source.integer(1), rank + 1);
            case BuiltinOperator.GATHER ->
                isOther(source.option(Schema.GatherOptions.AXIS, 0), rank)
                        && source.option(Schema.GatherOptions.BATCH_DIMENSIONS, 0) == 0;
            case BuiltinOperator.MEAN,
                    BuiltinOperator.SUM,
                    BuiltinOperator.REDUCE_MAX,
                    BuiltinOperator.REDUCE_MIN,
                    BuiltinOperator.REDUCE_PROD,
                    BuiltinOperator.REVERSE_V2 ->
                Arrays.stream(source.integers(1)).allMatch(axis -> isOther(axis, rank));
            case BuiltinOperator.MIRROR_PAD, BuiltinOperator.PAD, BuiltinOperator.PADV2 ->
                first(source, 1) == 0 && source.integers(1)[1] == 0;
            case BuiltinOperator.PACK -> isOther(source.option(Schema.PackOptions.AXIS, 0), rank + 1);
            case BuiltinOperator.RESHAPE -> makes(source, shape(source));
            case BuiltinOperator.SLICE -> takesAll(source);
            case BuiltinOperator.SPLIT -> isOther(source.integer(0), rank);
            case BuiltinOperator.SPLIT_V -> isOther(source.integer(2), rank);
            case BuiltinOperator.SQUEEZE ->
                makes(source, source.source(0).dimensions()[0] * batch)
                        && Arrays.stream(source.integerOptions(Schema.SqueezeOptions.DIMENSIONS))
                                .allMatch(axis -> isOther(axis, rank));
            case BuiltinOperator.STRIDED_SLICE -> walksAll(source, rank);
            case BuiltinOperator.TILE -> first(source, 1) == 1;
            case BuiltinOperator.TRANSPOSE -> first(source, 1) == 0;
            case BuiltinOperator.UNPACK -> isOther(source.option(Schema.UnpackOptions.AXIS, 0), rank);
            default -> false;
        };
    }

    private static boolean isOther(int axis, int rank) {
        return axis != 0 && axis != -rank;
    }

    /** Whether this is its output's first dimension; -1 is any. */
    private boolean makes(SourceOperator source, int first) {
        return first == -1 || first == model.tensor(source.outputIndexes()[0]).dimensions()[0];
    }

    /** RESHAPE: the first dimension of the shape that it names, -1 where it does not say. */
    private int shape(SourceOperator source) {
        int[] shape = !source.hasInput(1)
                ? source.integerOptions(Schema.ReshapeOptions.NEW_SHAPE)
                : model.isConstant(source.source(1)) ? source.integers(1) : new int[0];
        return shape.length == 0 ? -1 : shape[0];
    }

    /** The first of an input's constant integers; -1 where it has fewer than two. */
    private static int first(SourceOperator source, int input) {
        int[] values = source.integers(input);
        return values.length < 2 ? -1 : values[0];
    }

    /** By one matrix, rows not being columns. */
    private boolean multipliesRows(SourceOperator source, int rank) {
        int[] matrix = source.source(1).dimensions();
        boolean one = matrix.length <= 2 || (matrix.length <= rank && matrix[0] == 1);
        return one && (rank > 2 || source.byteOption(Schema.BatchMatMulOptions.ADJOINT_X, 0) == 0);
    }

    /** SLICE: the first dimension whole; its size, the batch's, is then that of one frame. */
    private boolean takesAll(SourceOperator source) {
        int extent = source.source(0).dimensions()[0];
        int[] size = source.integers(2);
        SourceTensor sizes = source.source(2);
        boolean known = shortened.contains(sizes.index());
        if (first(source, 1) != 0 || size.length < 2 || (!known && size[0] != -1 && size[0] != extent * batch)) {
            return false;
        }
        boolean wide = sizes.typeCode() == Schema.Type.INT64;
        byte[] changed = model.freshConstant(sizes, wide ? Long.BYTES : Integer.BYTES);
        Arrays.fill(changed, 0, wide ? Long.BYTES : Integer.BYTES, (byte) -1);
        model.setConstant(sizes.index(), changed);
        shortened.add(sizes.index());
        return makes(source, extent * batch);
    }

    /** STRIDED_SLICE: an ellipsis or the whole first dimension in front. */
    private boolean walksAll(SourceOperator source, int rank) {
        int[] begin = source.integers(1);
        int[] end = source.integers(2);
        int[] stride = source.integers(3);
        if (begin.length == 0 || end.length == 0 || stride.length == 0 || begin.length > rank) {
            return false;
        }
        if (isFirst(source, Schema.StridedSliceOptions.ELLIPSIS_MASK)) {
            return true;
        }
        boolean kept = !isFirst(source, Schema.StridedSliceOptions.NEW_AXIS_MASK)
                && !isFirst(source, Schema.StridedSliceOptions.SHRINK_AXIS_MASK);
        boolean fromStart = isFirst(source, Schema.StridedSliceOptions.BEGIN_MASK) || begin[0] == 0;
        boolean toEnd = isFirst(source, Schema.StridedSliceOptions.END_MASK)
                || end[0] >= source.source(0).dimensions()[0] * batch;
        return kept && fromStart && toEnd && stride[0] == 1;
    }

    private static boolean isFirst(SourceOperator source, int mask) {
        return (source.option(mask, 0) & 1) != 0;
    }
}
