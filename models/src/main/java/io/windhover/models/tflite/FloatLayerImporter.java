// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import io.windhover.models.graph.FloatConvolution;
import io.windhover.models.graph.FloatFullyConnected;
import io.windhover.models.graph.FloatTransposedConvolution;
import io.windhover.models.graph.Reshape;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.Window;

/** Float layers with weights. */
final class FloatLayerImporter {
    private FloatLayerImporter() {}

    static void readConvolution(SourceOperator source, Sink sink) {
        FloatConstant weights = FloatConstant.filters(source, sink);
        int outputs = weights.shape().dimensions().get(0);
        int channels = source.map(0).shape().channels();
        int groupInputs = weights.shape().channels();
        source.require(
                channels % groupInputs == 0,
                "its weights read %d channels but its input has %d.",
                groupInputs,
                channels);
        Window window = ConvolutionImporter.window(source, weights.shape());
        float[] bias = FloatConstant.biases(source, sink, 2, outputs);
        FloatFunctionImporter.addWithActivation(
                source,
                sink,
                source.byteOption(Schema.Conv2DOptions.ACTIVATION, 0),
                output -> new FloatConvolution(
                        source.name(),
                        source.firstInput(),
                        new int[] {output},
                        window,
                        outputs,
                        channels / groupInputs,
                        weights.values(),
                        bias));
    }

    static void readDepthwise(SourceOperator source, Sink sink) {
        FloatConstant weights = FloatConstant.filters(source, sink);
        source.require(
                weights.shape().dimensions().get(0) == 1,
                "its weights have shape %s instead of [1, height, width, channels].",
                weights.shape());
        int outputs = weights.shape().channels();
        int channels = source.map(0).shape().channels();
        source.require(outputs % channels == 0, "it makes %d channels out of %d.", outputs, channels);
        Window window = DepthwiseConvolutionImporter.window(source, weights.shape());
        float[] bias = FloatConstant.biases(source, sink, 2, outputs);
        float[] outputsFirst = transpose(weights.values(), weights.values().length / outputs, outputs);
        FloatFunctionImporter.addWithActivation(
                source,
                sink,
                source.byteOption(Schema.DepthwiseConv2DOptions.ACTIVATION, 0),
                output -> new FloatConvolution(
                        source.name(),
                        source.firstInput(),
                        new int[] {output},
                        window,
                        outputs,
                        channels,
                        outputsFirst,
                        bias));
    }

    private static float[] transpose(float[] matrix, int rows, int columns) {
        float[] transposed = new float[matrix.length];
        for (int i = 0; i < matrix.length; i++) {
            transposed[i % columns * rows + i / columns] = matrix[i];
        }
        return transposed;
    }

    static void readTransposed(SourceOperator source, Sink sink) {
        Tensor input = source.map(TransposedConvolutionImporter.MAP);
        FloatConstant weights = FloatConstant.filters(source, sink);
        int outputs = weights.shape().dimensions().get(0);
        Window window = TransposedConvolutionImporter.window(source, weights.shape());
        source.require(
                window.kernelHeight() == weights.shape().dimensions().get(1)
                        && window.kernelWidth() == weights.shape().width(),
                "its output reaches beyond what its input makes.");
        float[] bias = FloatConstant.biases(source, sink, TransposedConvolutionImporter.BIASES, outputs);
        FloatFunctionImporter.addWithActivation(
                source,
                sink,
                source.byteOption(Schema.TransposeConvOptions.ACTIVATION, 0),
                output -> new FloatTransposedConvolution(
                        source.name(),
                        new int[] {input.index()},
                        new int[] {output},
                        window,
                        outputs,
                        weights.values(),
                        bias));
    }

    static void readFullyConnected(SourceOperator source, Sink sink) {
        if (FullyConnectedImporter.isProduct(source, sink)) {
            FloatFunctionImporter.addWithActivation(
                    source,
                    sink,
                    source.byteOption(Schema.FullyConnectedOptions.ACTIVATION, 0),
                    output -> FullyConnectedImporter.product(source, sink, output));
            return;
        }
        FloatConstant weights = FloatConstant.read(source, sink, 1);
        source.require(
                weights.shape().rank() == 2, "its weights have shape %s instead of two dimensions.", weights.shape());
        source.require(
                source.byteOption(Schema.FullyConnectedOptions.WEIGHTS_FORMAT, 0) == 0,
                "its weights are stored shuffled.");
        float[] bias = FloatConstant.biases(
                source, sink, 2, weights.shape().dimensions().get(0));
        addFullyConnected(
                source,
                sink,
                sink.operand(source.source(0).index()),
                weights.values(),
                bias,
                source.byteOption(Schema.FullyConnectedOptions.ACTIVATION, 0));
    }

    /** BATCH_MATMUL. */
    static void readMatrix(SourceOperator source, Sink sink) {
        Tensor right = sink.operand(source.source(1).index());
        if (!right.isConstant() || right.shape().rank() < 2 || right.shape().height() > 1) {
            MatrixImporter.multiply(source, sink);
            return;
        }
        FloatConstant matrix = FloatConstant.read(source, sink, 1);
        boolean transposed = source.byteOption(Schema.BatchMatMulOptions.ADJOINT_Y, 0) != 0;
        int outputs = transposed ? matrix.shape().width() : matrix.shape().channels();
        float[] weights =
                transposed ? matrix.values() : transpose(matrix.values(), matrix.values().length / outputs, outputs);
        Tensor left = sink.operand(source.source(0).index());
        boolean leftTransposed = source.byteOption(Schema.BatchMatMulOptions.ADJOINT_X, 0) != 0;
        MatrixImporter.requireShape(source, left.shape(), matrix.shape(), leftTransposed, transposed);
        addFullyConnected(
                source,
                sink,
                leftTransposed ? MatrixImporter.transpose(source, sink, left) : left,
                weights,
                new float[outputs],
                Schema.ActivationFunction.NONE);
    }

    /** Weights in the order output, input; several rows of inputs are the pixels of a 1x1 convolution. */
    private static void addFullyConnected(
            SourceOperator source, Sink sink, Tensor input, float[] weights, float[] bias, int activation) {
        int outputs = bias.length;
        int inputs = weights.length / outputs;
        source.require(
                input.shape().elements() % inputs == 0, "its %d weights for each output do not fit %s.", inputs, input);
        int rows = input.shape().elements() / inputs;
        if (rows == 1) {
            FloatFunctionImporter.addWithActivation(
                    source,
                    sink,
                    activation,
                    output -> new FloatFullyConnected(
                            source.name(), new int[] {input.index()}, new int[] {output}, outputs, weights, bias));
            return;
        }
        source.require(
                source.output().shape().elements() == rows * outputs,
                "it makes %s out of %d rows.",
                source.output(),
                rows);
        Tensor pixels = sink.view(input, Shape.map(1, rows, inputs));
        FloatFunctionImporter.addWithActivation(source, sink, activation, output -> {
            Shape shape = Shape.map(1, rows, outputs);
            Tensor result = sink.like(source.output(), shape);
            sink.add(new FloatConvolution(
                    source.name(),
                    new int[] {pixels.index()},
                    new int[] {result.index()},
                    Window.square(1, 1, 0),
                    outputs,
                    1,
                    weights,
                    bias));
            return new Reshape(source.name(), new int[] {result.index()}, new int[] {output});
        });
    }
}
