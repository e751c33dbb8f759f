// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What follows from other sizes of the inputs: the shapes of all tensors behind them, operator by operator. */
final class ShapeInference {
    static final String ADVICE = "export the model with a fixed size instead of giving a shape.";

    private final SourceModel model;
    /** Tensors that follow from the inputs. */
    private final Set<Integer> reached = new HashSet<>();
    /** Those of another shape than the file says. */
    private final Set<Integer> changed;

    private final ShapeValues values;

    /** @param changed inputs that have been given another shape than the file says */
    ShapeInference(SourceModel model, Set<Integer> changed) {
        this.model = model;
        this.changed = new HashSet<>(changed);
        this.values = new ShapeValues(model);
        for (int input : model.inputs()) {
            reached.add(input);
        }
    }

    void run() {
        for (SourceOperator source : model.operators()) {
            if (readsOneOf(source, reached)) {
                Rule rule = rule(source);
                if (values.compute(source)) {
                    // The numbers of a shape, of which there are as many whatever they are.
                } else if (rule != null) {
                    resize(source, rule.shape(source));
                } else if (readsOneOf(source, changed)) {
                    throw source.refuse("what sizes it makes of another size of its input is not known; %s", ADVICE);
                }
                for (int output : source.outputIndexes()) {
                    reached.add(output);
                }
            }
        }
    }

    private static boolean readsOneOf(SourceOperator source, Set<Integer> tensors) {
        return Arrays.stream(source.inputIndexes()).anyMatch(tensors::contains);
    }

    private void resize(SourceOperator source, int[] shape) {
        long elements = 1;
        for (int extent : shape) {
            source.require(extent >= 1, "its input is too small: it would make %s.", Arrays.toString(shape));
            elements *= extent;
            source.require(elements <= Integer.MAX_VALUE, "it would make %s.", Arrays.toString(shape));
        }
        for (int output : source.outputIndexes()) {
            if (!Arrays.equals(shape, model.tensor(output).dimensions())) {
                model.resize(output, shape);
                changed.add(output);
            }
        }
    }

    /** What shape all outputs of an operator have. */
    interface Rule {
        int[] shape(SourceOperator source);
    }

    private static int[] same(SourceOperator source) {
        return source.source(0).dimensions();
    }

    /** Null for operators whose result's shape is not known. */
    private static @Nullable Rule rule(SourceOperator source) {
        return switch (source.builtin()) {
            case BuiltinOperator.ABS,
                    BuiltinOperator.CAST,
                    BuiltinOperator.CEIL,
                    BuiltinOperator.COS,
                    BuiltinOperator.EXP,
                    BuiltinOperator.FLOOR,
                    BuiltinOperator.LOGICAL_NOT,
                    BuiltinOperator.NEG,
                    BuiltinOperator.ROUND,
                    BuiltinOperator.SIGN,
                    BuiltinOperator.SIN,
                    BuiltinOperator.LOCAL_RESPONSE_NORMALIZATION,
                    BuiltinOperator.QUANTIZE,
                    BuiltinOperator.DEQUANTIZE,
                    BuiltinOperator.RELU,
                    BuiltinOperator.RELU6,
                    BuiltinOperator.RELU_0_TO_1,
                    BuiltinOperator.RELU_N1_TO_1,
                    BuiltinOperator.LEAKY_RELU,
                    BuiltinOperator.PRELU,
                    BuiltinOperator.LOGISTIC,
                    BuiltinOperator.TANH,
                    BuiltinOperator.ELU,
                    BuiltinOperator.GELU,
                    BuiltinOperator.HARD_SWISH,
                    BuiltinOperator.REVERSE_V2,
                    BuiltinOperator.CUMSUM,
                    BuiltinOperator.L2_NORMALIZATION,
                    BuiltinOperator.LOG,
                    BuiltinOperator.RSQRT,
                    BuiltinOperator.SQRT,
                    BuiltinOperator.SQUARE,
                    BuiltinOperator.SOFTMAX,
                    BuiltinOperator.LOG_SOFTMAX -> ShapeInference::same;
            case BuiltinOperator.ADD,
                    BuiltinOperator.SUB,
                    BuiltinOperator.MUL,
                    BuiltinOperator.DIV,
                    BuiltinOperator.MAXIMUM,
                    BuiltinOperator.MINIMUM,
                    BuiltinOperator.POW,
                    BuiltinOperator.FLOOR_DIV,
                    BuiltinOperator.FLOOR_MOD,
                    BuiltinOperator.EQUAL,
                    BuiltinOperator.NOT_EQUAL,
                    BuiltinOperator.LESS,
                    BuiltinOperator.LESS_EQUAL,
                    BuiltinOperator.GREATER,
                    BuiltinOperator.GREATER_EQUAL,
                    BuiltinOperator.LOGICAL_AND,
                    BuiltinOperator.LOGICAL_OR,
                    BuiltinOperator.SELECT_V2,
                    BuiltinOperator.SQUARED_DIFFERENCE -> ShapeInference::broadcast;
            case BuiltinOperator.CONV_2D -> conv -> convolution(conv, 0, 4, 5);
            case BuiltinOperator.DEPTHWISE_CONV_2D -> conv -> convolution(conv, 3, 5, 6);
            case BuiltinOperator.AVERAGE_POOL_2D, BuiltinOperator.MAX_POOL_2D -> ShapeInference::pool;
            case BuiltinOperator.CONCATENATION -> ShapeInference::concatenation;
            case BuiltinOperator.PAD, BuiltinOperator.PADV2, BuiltinOperator.MIRROR_PAD -> ShapeInference::padded;
            case BuiltinOperator.RESIZE_BILINEAR, BuiltinOperator.RESIZE_NEAREST_NEIGHBOR -> ShapeInference::resized;
            case BuiltinOperator.SPACE_TO_DEPTH -> ShapeInference::spaceToDepth;
            case BuiltinOperator.DEPTH_TO_SPACE -> ShapeInference::depthToSpace;
            case BuiltinOperator.TRANSPOSE -> ShapeInference::transposed;
            case BuiltinOperator.MEAN,
                    BuiltinOperator.SUM,
                    BuiltinOperator.REDUCE_PROD,
                    BuiltinOperator.REDUCE_MAX,
                    BuiltinOperator.REDUCE_MIN -> ShapeInference::reduced;
            case BuiltinOperator.RESHAPE ->
                !source.hasInput(1) || source.model().isConstant(source.source(1)) ? ShapeInference::reshaped : null;
            default -> MovedShapes.rule(source);
        };
    }

    private static int[] resized(SourceOperator source) {
        int[] input = source.source(0).dimensions();
        int[] size = source.integers(1);
        source.requireMap(input);
        source.require(size.length == 2, "it resizes to %s.", Arrays.toString(size));
        return new int[] {input[0], size[0], size[1], input[3]};
    }

    private static int[] spaceToDepth(SourceOperator source) {
        int[] input = source.source(0).dimensions();
        int block = Math.max(1, source.option(Schema.BlockOptions.SIZE, 1));
        source.requireMap(input);
        source.require(
                input[1] % block == 0 && input[2] % block == 0,
                "%d x %d are no blocks of %d; another size may be.",
                input[1],
                input[2],
                block);
        return new int[] {input[0], input[1] / block, input[2] / block, input[3] * block * block};
    }

    private static int[] depthToSpace(SourceOperator source) {
        int[] input = source.source(0).dimensions();
        int block = Math.max(1, source.option(Schema.BlockOptions.SIZE, 1));
        source.requireMap(input);
        return new int[] {input[0], input[1] * block, input[2] * block, input[3] / block / block};
    }

    private static int[] transposed(SourceOperator source) {
        int[] input = source.source(0).dimensions();
        int[] order = source.integers(1);
        source.require(order.length == input.length, "it orders %d dimensions.", order.length);
        int[] result = new int[input.length];
        for (int d = 0; d < result.length; d++) {
            int from = order[d] < 0 ? order[d] + input.length : order[d];
            source.require(from >= 0 && from < input.length, "it orders by %s.", Arrays.toString(order));
            result[d] = input[from];
        }
        return result;
    }

    private static int[] broadcast(SourceOperator source) {
        int[] all = source.source(0).dimensions();
        for (int i = 1; i < source.inputIndexes().length; i++) {
            all = broadcast(source, all, source.source(i).dimensions());
        }
        return all;
    }

    static int[] broadcast(SourceOperator source, int[] first, int[] second) {
        int[] result = new int[Math.max(first.length, second.length)];
        for (int d = 1; d <= result.length; d++) {
            int a = d <= first.length ? first[first.length - d] : 1;
            int b = d <= second.length ? second[second.length - d] : 1;
            source.require(
                    a == b || a == 1 || b == 1,
                    "%s and %s do not fit together at this size; another size may.",
                    Arrays.toString(first),
                    Arrays.toString(second));
            result[result.length - d] = a == 1 ? b : a;
        }
        return result;
    }

    private static int[] convolution(SourceOperator source, int channels, int dilationX, int dilationY) {
        int[] weights = source.source(1).dimensions();
        source.requireMap(source.source(0).dimensions());
        source.requireMap(weights);
        return window(
                source,
                weights[1],
                weights[2],
                Math.max(1, source.option(dilationY, 1)),
                Math.max(1, source.option(dilationX, 1)),
                weights[channels]);
    }

    private static int[] pool(SourceOperator source) {
        int[] input = source.source(0).dimensions();
        source.requireMap(input);
        int height = source.option(Schema.Pool2DOptions.FILTER_HEIGHT, 1);
        int width = source.option(Schema.Pool2DOptions.FILTER_WIDTH, 1);
        return window(source, height, width, 1, 1, input[3]);
    }

    /** Padding and strides are the same fields of all windowed operators' options. */
    private static int[] window(
            SourceOperator source, int height, int width, int dilationY, int dilationX, int channels) {
        int[] input = source.source(0).dimensions();
        boolean same = source.byteOption(Schema.Conv2DOptions.PADDING, 0) == Schema.Padding.SAME;
        int strideY = Math.max(1, source.option(Schema.Conv2DOptions.STRIDE_HEIGHT, 1));
        int strideX = Math.max(1, source.option(Schema.Conv2DOptions.STRIDE_WIDTH, 1));
        return new int[] {
            input[0],
            positions(input[1], same, (height - 1L) * dilationY + 1, strideY),
            positions(input[2], same, (width - 1L) * dilationX + 1, strideX),
            channels
        };
    }

    private static int positions(int extent, boolean same, long reach, int stride) {
        long room = same ? extent : extent - reach + 1;
        return room < 1 ? 0 : (int) ((room - 1) / stride + 1);
    }

    private static int[] concatenation(SourceOperator source) {
        int[] result = source.source(0).dimensions().clone();
        int axis = source.option(Schema.ConcatenationOptions.AXIS, 0);
        axis = axis < 0 ? axis + result.length : axis;
        source.require(axis >= 0 && axis < result.length, "its axis is not one of its input's.");
        for (int i = 1; i < source.inputIndexes().length; i++) {
            int[] part = source.source(i).dimensions();
            for (int d = 0; d < result.length; d++) {
                source.require(
                        part.length == result.length && (d == axis || part[d] == result[d]),
                        "it cannot join %s and %s; another size may fit.",
                        Arrays.toString(source.source(0).dimensions()),
                        Arrays.toString(part));
            }
            result[axis] += part[axis];
        }
        return result;
    }

    private static int[] padded(SourceOperator source) {
        int[] result = source.source(0).dimensions().clone();
        int[] amounts = source.integers(1);
        source.require(amounts.length == 2 * result.length, "it has %d amounts of padding.", amounts.length);
        for (int d = 0; d < result.length; d++) {
            long sum = (long) result[d] + amounts[2 * d] + amounts[2 * d + 1];
            result[d] = (int) Math.max(0, Math.min(Integer.MAX_VALUE, sum));
        }
        return result;
    }

    private static int[] reduced(SourceOperator source) {
        int[] input = source.source(0).dimensions();
        int[] left = input.clone();
        for (int axis : source.integers(1)) {
            int d = axis < 0 ? axis + input.length : axis;
            source.require(d >= 0 && d < input.length, "its axis %d is not one of its input's.", axis);
            left[d] = 0;
        }
        boolean keep = source.byteOption(0, 0) != 0;
        return Arrays.stream(left)
                .filter(extent -> keep || extent != 0)
                .map(extent -> Math.max(1, extent))
                .toArray();
    }

    /** A shape with one open dimension follows its input; another one was fixed at export. */
    private static int[] reshaped(SourceOperator source) {
        int[] wanted = source.hasInput(1)
                ? source.integers(1)
                : source.integerOptions(Schema.ReshapeOptions.NEW_SHAPE).clone();
        long elements = 1;
        for (int extent : source.source(0).dimensions()) {
            elements *= extent;
        }
        long known = 1;
        int open = -1;
        for (int d = 0; d < wanted.length; d++) {
            open = wanted[d] == -1 ? d : open;
            known = wanted[d] < 1 ? known : Math.min(Integer.MAX_VALUE, known * wanted[d]);
        }
        if (open >= 0 && elements % known == 0) {
            wanted[open] = (int) Math.min(Integer.MAX_VALUE, elements / known);
            known = elements;
        }
        source.require(
                known == elements, "the shape it makes was fixed at export to %s; %s", Arrays.toString(wanted), ADVICE);
        return wanted;
    }
}
