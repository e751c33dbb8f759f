// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import com.google.errorprone.annotations.FormatMethod;
import io.windhover.models.ModelException;
import io.windhover.models.arithmetic.Rescaling;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Window;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An operator as the file describes it, with what its importers share.
 *
 * @param customOptions of a custom operator, in a form of its own
 */
record SourceOperator(
        SourceModel model,
        int index,
        int builtin,
        String kind,
        int[] inputIndexes,
        int[] outputIndexes,
        @Nullable FlatTable options,
        ByteBuffer customOptions,
        @Nullable Dilation dilation) {
    /** What SPACE_TO_BATCH_ND and BATCH_TO_SPACE_ND around a convolution do to its window. */
    record Dilation(Tensor map, int y, int x, Padding padding) {}

    /** This convolution between other tensors, dilated. */
    SourceOperator dilated(int output, Dilation dilation) {
        int[] inputs = inputIndexes.clone();
        inputs[0] = dilation.map.index();
        return new SourceOperator(
                model, index, builtin, kind, inputs, new int[] {output}, options, customOptions, dilation);
    }

    /** A refusal that names this operator. */
    @FormatMethod
    ModelException refuse(String format, Object... arguments) {
        return new ModelException(
                String.format("Operator %d (%s) cannot be used: ", index, kind) + String.format(format, arguments));
    }

    @FormatMethod
    void require(boolean condition, String format, Object... arguments) {
        if (!condition) {
            throw refuse(format, arguments);
        }
    }

    /** The value; refuses the operator when it is null. */
    @FormatMethod
    <T> T requirePresent(@Nullable T value, String format, Object... arguments) {
        if (value == null) {
            throw refuse(format, arguments);
        }
        return value;
    }

    SourceTensor source(int input) {
        require(input < inputIndexes.length, "it has %d inputs, fewer than %d.", inputIndexes.length, input + 1);
        return model.tensor(inputIndexes[input]);
    }

    boolean hasInput(int input) {
        return input < inputIndexes.length && inputIndexes[input] >= 0;
    }

    /** An input that the network computes. */
    Tensor input(int input) {
        return model.activation(source(input).index());
    }

    /** An input of four dimensions, batch, height, width and channels; the batch is 1. */
    Tensor map(int input) {
        if (input == 0 && dilation != null) {
            return dilation.map;
        }
        Tensor map = model.map(source(input).index());
        require(map.shape().rank() == 4, "%s has shape %s instead of four dimensions.", map, map.shape());
        return map;
    }

    /** Refuses dimensions that are not batch, height, width and channels. */
    void requireMap(int[] dimensions) {
        require(dimensions.length == 4, "it reads %s instead of four dimensions.", Arrays.toString(dimensions));
    }

    /** True when it makes FLOAT32 values. */
    boolean isFloat() {
        return outputIndexes.length > 0 && model.tensor(outputIndexes[0]).typeCode() == Schema.Type.FLOAT32;
    }

    /** True when it makes INT32, INT64 or BOOL values. */
    boolean isInteger() {
        if (outputIndexes.length == 0) {
            return false;
        }
        int type = model.tensor(outputIndexes[0]).typeCode();
        return type == Schema.Type.INT32 || type == Schema.Type.INT64 || type == Schema.Type.BOOL;
    }

    Tensor output() {
        require(outputIndexes.length == 1, "it has %d outputs instead of 1.", outputIndexes.length);
        return output(0);
    }

    Tensor output(int output) {
        require(output < outputIndexes.length, "it has %d outputs, fewer than %d.", outputIndexes.length, output + 1);
        return model.activation(outputIndexes[output]);
    }

    /** The name of the first tensor that it writes, or "" where the file has none. */
    String firstOutputName() {
        boolean known = outputIndexes.length > 0 && outputIndexes[0] >= 0 && outputIndexes[0] < model.tensorCount();
        return known ? model.tensor(outputIndexes[0]).name() : "";
    }

    /** The type of that tensor. */
    String firstOutputType() {
        return outputIndexes.length > 0
                ? Schema.Type.name(model.tensor(outputIndexes[0]).typeCode())
                : "none";
    }

    /** Its name: that of the tensor it writes. */
    String name() {
        return output().name();
    }

    int[] firstInput() {
        return new int[] {source(0).index()};
    }

    /** Per-tensor quantisation of an 8-bit activation. */
    Quantization quantization(Tensor tensor) {
        require(tensor.type().isByte(), "%s has type %s; quantise the model to int8 first.", tensor, tensor.type());
        Quantization quantization = tensor.requireQuantization();
        require(!quantization.isPerChannel(), "%s is an activation with a scale per channel.", tensor);
        require(quantization.scale() > 0, "%s has scale 0.", tensor);
        return quantization;
    }

    /** Refuses codes that TensorFlow Lite's kernel does not compute. */
    void requireInt8(Tensor tensor) {
        require(
                tensor.type() == TensorType.INT8,
                "%s has type %s; TensorFlow Lite computes it of int8 codes only.",
                tensor,
                tensor.type());
    }

    int option(int field, int otherwise) {
        return options == null ? otherwise : options.int32(field, otherwise);
    }

    int byteOption(int field, int otherwise) {
        return options == null ? otherwise : options.int8(field, otherwise);
    }

    /** Constant INT32 or INT64 values; an empty array when the input is absent. */
    int[] integers(int input) {
        if (!hasInput(input)) {
            return new int[0];
        }
        SourceTensor tensor = source(input);
        boolean wide = tensor.typeCode() == Schema.Type.INT64;
        require(
                wide || tensor.typeCode() == Schema.Type.INT32,
                "%s has type %s instead of INT32.",
                tensor,
                Schema.Type.name(tensor.typeCode()));
        require(model.isConstant(tensor), "%s is not a constant.", tensor);
        byte[] bytes = model.constant(tensor, wide ? Long.BYTES : Integer.BYTES);
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int[] values = new int[bytes.length / (wide ? Long.BYTES : Integer.BYTES)];
        for (int i = 0; i < values.length; i++) {
            long value = wide ? buffer.getLong() : buffer.getInt();
            values[i] = (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, value));
        }
        return values;
    }

    /** One constant integer. */
    int integer(int input) {
        int[] values = integers(input);
        require(values.length == 1, "its input %d holds %d numbers instead of 1.", input, values.length);
        return values[0];
    }

    /** Refuses a constant shape that ends otherwise than the output's; computed ones are the output's. */
    void requireSizes(int input, int... sizes) {
        if (model.isConstant(source(input))) {
            int[] given = integers(input);
            int first = Math.max(0, given.length - sizes.length);
            require(
                    Arrays.equals(Arrays.copyOfRange(given, first, given.length), sizes),
                    "it makes %s, but its output has %s.",
                    Arrays.toString(given),
                    output().shape());
        }
    }

    /** Refuses a result that differs from the output's shape in more than dimensions of 1. */
    void requireExtents(int[] result, Tensor output) {
        int[] declared = output.shape().toArray();
        require(
                Arrays.equals(extents(result), extents(declared)),
                "it makes %s, but its output is %s.",
                Arrays.toString(result),
                output);
    }

    /**
     * Refuses a result of other dimensions than the only output's, -1 standing for any; a batch that was left open at
     * export is not compared.
     */
    void requireShape(int[] result) {
        int[] declared = output().shape().toArray();
        boolean fits = result.length == declared.length;
        for (int d = 0; fits && d < declared.length; d++) {
            boolean open = d == 0 && model.tensor(outputIndexes[0]).hasDynamicBatch();
            fits = result[d] == declared[d] || result[d] == -1 || open;
        }
        require(fits, "it makes %s, but its output is %s.", Arrays.toString(result), output());
    }

    /** Refuses a count among the options, where the file has it, that is not this. */
    void requireCount(int field, int count, String what) {
        int given = option(field, 0);
        require(given == 0 || given == count, "its options say %d %s, but it has %d.", given, what, count);
    }

    /** The integers of an option; empty where the file does not say. */
    int[] integerOptions(int field) {
        return options == null
                ? new int[0]
                : options.vector(field, Integer.BYTES).int32s();
    }

    private static int[] extents(int[] dimensions) {
        return Arrays.stream(dimensions).filter(extent -> extent != 1).toArray();
    }

    /** A dimension of this shape, counted from the end when negative. */
    int axis(int axis, Shape shape) {
        int resolved = axis < 0 ? axis + shape.rank() : axis;
        require(resolved >= 0 && resolved < shape.rank(), "its axis %d is not one of %s.", axis, shape);
        return resolved;
    }

    /** One bias per output channel, zeros when the file has none. */
    int[] biases(int input, int channels) {
        require(!hasInput(input) || source(input).typeCode() == Schema.Type.INT32, "its biases are not of type INT32.");
        int[] biases = hasInput(input) ? integers(input) : new int[channels];
        require(biases.length == channels, "it has %d biases for %d output channels.", biases.length, channels);
        return biases;
    }

    /** Codes lowest and highest after the fused activation. */
    Clamp clamp(int activation, Tensor output) {
        Quantization quantization = quantization(output);
        return switch (activation) {
            case Schema.ActivationFunction.NONE -> Clamp.of(output.type());
            case Schema.ActivationFunction.RELU ->
                Clamp.between(0, Float.POSITIVE_INFINITY, output.type(), quantization);
            case Schema.ActivationFunction.RELU_N1_TO_1 -> Clamp.between(-1, 1, output.type(), quantization);
            case Schema.ActivationFunction.RELU6 -> Clamp.between(0, 6, output.type(), quantization);
            default -> throw refuseActivation(activation);
        };
    }

    ModelException refuseActivation(int activation) {
        return refuse(
                "its fused activation %s is not supported.", Schema.ActivationFunction.unsupportedName(activation));
    }

    Window window(
            Shape input,
            int padding,
            int kernelHeight,
            int kernelWidth,
            int strideY,
            int strideX,
            int dilationY,
            int dilationX) {
        Window valid = new Window(kernelHeight, kernelWidth, strideY, strideX, dilationY, dilationX, Padding.NONE);
        if (dilation != null) {
            require(
                    padding == Schema.Padding.VALID && strideY == 1 && strideX == 1 && dilationY == 1 && dilationX == 1,
                    "what SPACE_TO_BATCH_ND split can only be convolved with stride 1 and without padding.");
            return Dilations.window(valid, dilation);
        }
        return switch (padding) {
            case Schema.Padding.VALID -> valid;
            case Schema.Padding.SAME ->
                Window.same(
                        input.height(),
                        input.width(),
                        kernelHeight,
                        kernelWidth,
                        strideY,
                        strideX,
                        dilationY,
                        dilationX);
            default -> throw refuse("its padding number %d is unknown.", padding);
        };
    }

    /** Lowest and highest output code. */
    record Clamp(int low, int high) {
        static Clamp of(TensorType type) {
            return new Clamp(type.minimum(), type.maximum());
        }

        static Clamp between(float low, float high, TensorType type, Quantization quantization) {
            int lowCode = Rescaling.limitCode(low, quantization.scale(), quantization.zeroPoint());
            int highCode = Float.isInfinite(high)
                    ? type.maximum()
                    : Rescaling.limitCode(high, quantization.scale(), quantization.zeroPoint());
            return new Clamp(Math.max(type.minimum(), lowCode), Math.min(type.maximum(), highCode));
        }
    }
}
