// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;

/** A constant of the file as floats: FLOAT32, or INT8 as in files whose weights alone are quantised. */
record FloatConstant(Shape shape, float[] values) {
    static FloatConstant read(SourceOperator source, Sink sink, int input) {
        SourceTensor constant = source.source(input);
        if (constant.typeCode() == Schema.Type.FLOAT32 && source.model().isConstant(constant)) {
            return new FloatConstant(constant.shape(), source.model().floats(constant));
        }
        Tensor tensor = sink.operand(constant.index());
        byte[] codes = tensor.constant();
        if (codes == null || tensor.type() != TensorType.INT8 || tensor.quantization() == null) {
            throw source.refuse("its input %d, %s, is not a constant of type FLOAT32 or INT8.", input, tensor);
        }
        float[] values = new float[tensor.shape().elements()];
        dequantize(source, tensor, codes, values);
        return new FloatConstant(tensor.shape(), values);
    }

    private static void dequantize(SourceOperator source, Tensor tensor, byte[] codes, float[] values) {
        Quantization quantization = tensor.requireQuantization();
        int count = quantization.scales().length;
        int axis = quantization.axis();
        source.require(
                count == 1
                        || (axis >= 0
                                && axis < tensor.shape().rank()
                                && tensor.shape().dimensions().get(axis) == count),
                "%s has %d scales along dimension %d.",
                tensor,
                count,
                axis);
        int inner = count == 1
                ? values.length
                : Joining.product(tensor.shape(), axis + 1, tensor.shape().rank());
        for (int i = 0; i < values.length; i++) {
            int channel = i / inner % count;
            values[i] =
                    quantization.scales()[channel] * (codes[i] - quantization.zeroPoints()[channel]);
        }
    }

    /** One bias per output channel, zeros when the file has none. */
    static float[] biases(SourceOperator source, Sink sink, int input, int channels) {
        float[] biases = source.hasInput(input) ? read(source, sink, input).values() : new float[channels];
        source.require(biases.length == channels, "it has %d biases for %d output channels.", biases.length, channels);
        return biases;
    }

    /** Weights of four dimensions. */
    static FloatConstant filters(SourceOperator source, Sink sink) {
        FloatConstant weights = read(source, sink, 1);
        source.require(
                weights.shape.rank() == 4, "its weights have shape %s instead of four dimensions.", weights.shape);
        return weights;
    }
}
