// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import io.windhover.models.arithmetic.Rescaling;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;

/**
 * The constant weights of a layer as int8 codes.
 *
 * @param zeroPoint 0 for int8 weights but those of FULLY_CONNECTED of one scale; a uint8 file's zero point minus 128,
 *     its codes being shifted likewise
 */
record Weights(Shape shape, byte[] codes, int zeroPoint, Quantization quantization) {
    /** Reads input 1 of an operator; {@code channelAxis} is the dimension its scales must run along. */
    static Weights read(SourceOperator source, int channelAxis) {
        SourceTensor tensor = source.source(1);
        boolean unsigned = tensor.typeCode() == Schema.Type.UINT8;
        source.require(
                unsigned || tensor.typeCode() == Schema.Type.INT8,
                "its weights, %s, have type %s; quantise the model to int8 first.",
                tensor,
                Schema.Type.name(tensor.typeCode()));
        int input = source.builtin() == BuiltinOperator.TRANSPOSE_CONV ? TransposedConvolutionImporter.MAP : 0;
        int inputType = source.source(input).typeCode();
        source.require(
                inputType != (unsigned ? Schema.Type.INT8 : Schema.Type.UINT8),
                "its weights have type %s, but its input has type %s.",
                Schema.Type.name(tensor.typeCode()),
                Schema.Type.name(inputType));
        source.require(source.model().isConstant(tensor), "its weights, %s, are not a constant.", tensor);
        Quantization quantization = tensor.quantization();
        if (quantization == null) {
            throw source.refuse("its weights, %s, have no quantisation.", tensor);
        }
        Shape shape = tensor.shape();
        source.require(channelAxis < shape.rank(), "its weights have shape %s.", shape);
        int channels = shape.dimensions().get(channelAxis);
        source.require(
                !quantization.isPerChannel()
                        || (quantization.axis() == channelAxis && quantization.scales().length == channels),
                "its weights of shape %s have %d scales along dimension %d.",
                shape,
                quantization.scales().length,
                quantization.axis());
        return unsigned
                ? shifted(source, shape, source.model().freshConstant(tensor, 1), quantization)
                : signed(source, shape, source.model().constant(tensor, 1), quantization);
    }

    /** A constant operand as weights of one scale for the whole tensor; an int8 one may have a zero point, too. */
    static Weights of(SourceOperator source, Tensor operand, Shape shape, byte[] codes) {
        Quantization quantization = source.quantization(operand);
        return operand.type() == TensorType.UINT8
                ? shifted(source, shape, codes.clone(), quantization)
                : new Weights(shape, codes, quantization.zeroPoint(), quantization);
    }

    private static Weights signed(SourceOperator source, Shape shape, byte[] codes, Quantization quantization) {
        if (source.builtin() == BuiltinOperator.FULLY_CONNECTED && !quantization.isPerChannel()) {
            return new Weights(shape, codes, quantization.zeroPoint(), quantization);
        }
        for (int zeroPoint : quantization.zeroPoints()) {
            source.require(zeroPoint == 0, "its int8 weights have zero point %d instead of 0.", zeroPoint);
        }
        return new Weights(shape, codes, 0, quantization);
    }

    /** Takes the codes over and changes them. */
    private static Weights shifted(SourceOperator source, Shape shape, byte[] codes, Quantization quantization) {
        source.require(!quantization.isPerChannel(), "its uint8 weights have a scale per channel.");
        source.require(
                quantization.zeroPoint() >= 0 && quantization.zeroPoint() <= 255,
                "its weights have zero point %d.",
                quantization.zeroPoint());
        for (int i = 0; i < codes.length; i++) {
            codes[i] ^= (byte) 0x80;
        }
        return new Weights(shape, codes, quantization.zeroPoint() - 128, quantization);
    }

    /** Requantisation of the layer's accumulators; per-tensor layers multiply the scales in single precision. */
    PostProcess.Requantize requantize(
            SourceOperator source, Tensor input, Tensor output, int channels, boolean perTensor, int activation) {
        SourceOperator.Clamp clamp = source.clamp(activation, output);
        return Rescaling.requantize(
                source.quantization(input).scale(),
                quantization.scales(),
                channels,
                perTensor,
                source.quantization(output),
                clamp.low(),
                clamp.high());
    }
}
