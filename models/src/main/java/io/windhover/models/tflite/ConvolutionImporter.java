// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Window;

/** CONV_2D: weights are [output, height, width, input / groups]. */
final class ConvolutionImporter {
    private ConvolutionImporter() {}

    static Operator read(SourceOperator source) {
        Tensor input = source.map(0);
        Tensor output = source.output();
        Weights weights = Weights.read(source, 0);
        source.require(
                weights.shape().rank() == 4, "its weights have shape %s instead of four dimensions.", weights.shape());
        int outputChannels = weights.shape().dimensions().get(0);
        int groupInputs = weights.shape().channels();
        int channels = input.shape().channels();
        source.require(
                channels % groupInputs == 0,
                "its weights read %d channels but its input has %d.",
                groupInputs,
                channels);
        Window window = window(source, weights.shape());
        boolean perTensor = input.type() == TensorType.UINT8;
        return new Convolution(
                source.name(),
                source.firstInput(),
                source.outputIndexes(),
                window,
                outputChannels,
                channels / groupInputs,
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
                        source.byteOption(Schema.Conv2DOptions.ACTIVATION, 0)));
    }

    /** How weights of this shape slide over the operator's input. */
    static Window window(SourceOperator source, Shape weights) {
        return source.window(
                source.map(0).shape(),
                source.byteOption(Schema.Conv2DOptions.PADDING, 0),
                weights.dimensions().get(1),
                weights.width(),
                source.option(Schema.Conv2DOptions.STRIDE_HEIGHT, 0),
                source.option(Schema.Conv2DOptions.STRIDE_WIDTH, 0),
                source.option(Schema.Conv2DOptions.DILATION_HEIGHT, 1),
                source.option(Schema.Conv2DOptions.DILATION_WIDTH, 1));
    }
}
