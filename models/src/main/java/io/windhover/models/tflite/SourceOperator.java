package io.windhover.models.tflite;

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
import org.jspecify.annotations.Nullable;

/** An operator as the file describes it, with what its importers share. */
record SourceOperator(
        SourceModel model, int index, int builtin, String kind, int[] inputIndexes, int[] outputIndexes, @Nullable FlatTable options) {
    /** A refusal that names this operator. */
    ModelException refuse(String format, Object... arguments) {
        return new ModelException(String.format("Operator %d (%s) cannot be used: ", index, kind) + String.format(format, arguments));
    }

    void require(boolean condition, String format, Object... arguments) {
        if (!condition) {
            throw refuse(format, arguments);
        }
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
        return source(input).activation();
    }

    Tensor output() {
        require(outputIndexes.length == 1, "it has %d outputs instead of 1.", outputIndexes.length);
        return model.tensor(outputIndexes[0]).activation();
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

    int option(int field, int otherwise) {
        return options == null ? otherwise : options.int32(field, otherwise);
    }

    int byteOption(int field, int otherwise) {
        return options == null ? otherwise : options.int8(field, otherwise);
    }

    /** Constant INT32 values; an empty array when the input is absent. */
    int[] integers(int input) {
        if (!hasInput(input)) {
            return new int[0];
        }
        SourceTensor tensor = source(input);
        require(tensor.typeCode() == Schema.Type.INT32, "%s has type %s instead of INT32.", tensor, Schema.Type.name(tensor.typeCode()));
        require(model.isConstant(tensor), "%s is not a constant.", tensor);
        byte[] bytes = model.constant(tensor, Integer.BYTES);
        int[] values = new int[bytes.length / Integer.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(values);
        return values;
    }

    /** One bias per output channel, zeros when the file has none. */
    int[] biases(int input, int channels) {
        int[] biases = hasInput(input) ? integers(input) : new int[channels];
        require(biases.length == channels, "it has %d biases for %d output channels.", biases.length, channels);
        return biases;
    }

    /** Codes lowest and highest after the fused activation. */
    Clamp clamp(int activation, Tensor output) {
        Quantization quantization = quantization(output);
        return switch (activation) {
            case Schema.ActivationFunction.NONE -> Clamp.of(output.type());
            case Schema.ActivationFunction.RELU -> Clamp.between(0, Float.POSITIVE_INFINITY, output.type(), quantization);
            case Schema.ActivationFunction.RELU_N1_TO_1 -> Clamp.between(-1, 1, output.type(), quantization);
            case Schema.ActivationFunction.RELU6 -> Clamp.between(0, 6, output.type(), quantization);
            default -> throw refuse("its fused activation number %d is not supported.", activation);
        };
    }

    Window window(Shape input, int padding, int kernelHeight, int kernelWidth, int strideY, int strideX, int dilationY, int dilationX) {
        Window valid = new Window(
                kernelHeight, kernelWidth, strideY, strideX, dilationY, dilationX, Padding.NONE);
        return switch (padding) {
            case Schema.Padding.VALID -> valid;
            case Schema.Padding.SAME -> Window.same(
                    input.height(), input.width(), kernelHeight, kernelWidth, strideY, strideX, dilationY, dilationX);
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
            int highCode = Float.isInfinite(high) ? type.maximum() : Rescaling.limitCode(high, quantization.scale(),
                    quantization.zeroPoint());
            return new Clamp(Math.max(type.minimum(), lowCode), Math.min(type.maximum(), highCode));
        }
    }
}
