// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import io.windhover.models.graph.DepthwiseConvolution;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Window;

/** DEPTHWISE_CONV_2D: weights are [1, height, width, output]; the channel multiplier follows from the shapes. */
final class DepthwiseConvolutionImporter {
    private DepthwiseConvolutionImporter() {}

    static Operator read(SourceOperator source) {
        Tensor input = source.map(0);
        Tensor output = source.output();
        Weights weights = Weights.read(source, 3);
        source.require(
                weights.shape().rank() == 4 && weights.shape().dimensions().get(0) == 1,
                "its weights have shape %s instead of [1, height, width, channels].",
                weights.shape());
        int outputChannels = weights.shape().channels();
        int channels = input.shape().channels();
        source.require(outputChannels % channels == 0, "it makes %d channels out of %d.", outputChannels, channels);
        Window window = window(source, weights.shape());
        boolean perTensor = input.type() == TensorType.UINT8;
        return new DepthwiseConvolution(
                source.name(),
                source.firstInput(),
                source.outputIndexes(),
                window,
                outputChannels / channels,
                weights.codes(),
                weights.zeroPoint(),
                source.biases(2, outputChannels),
                source.quantization(input).zeroPoint(),
                weights.requantize(
                        source,
                        input,
                        output,
                        outputChannels,
                        perTensor,
                        source.byteOption(Schema.DepthwiseConv2DOptions.ACTIVATION, 0)));
    }

    /** How weights of this shape slide over the operator's input. */
    static Window window(SourceOperator source, Shape weights) {
        return source.window(
                source.map(0).shape(),
                source.byteOption(Schema.DepthwiseConv2DOptions.PADDING, 0),
                weights.dimensions().get(1),
                weights.width(),
                source.option(Schema.DepthwiseConv2DOptions.STRIDE_HEIGHT, 0),
                source.option(Schema.DepthwiseConv2DOptions.STRIDE_WIDTH, 0),
                source.option(Schema.DepthwiseConv2DOptions.DILATION_HEIGHT, 1),
                source.option(Schema.DepthwiseConv2DOptions.DILATION_WIDTH, 1));
    }
}
