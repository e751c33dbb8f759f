// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.FullyConnected;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.Window;

/** FULLY_CONNECTED: weights are [output, input]. Several rows of inputs are the pixels of a 1x1 convolution. */
final class FullyConnectedImporter {
    private FullyConnectedImporter() {}

    static void read(SourceOperator source, Sink sink) {
        if (isProduct(source, sink)) {
            MatrixImporter.multiply(source, sink, false, true);
            return;
        }
        Weights weights = Weights.read(source, 0);
        source.require(
                weights.shape().rank() == 2, "its weights have shape %s instead of two dimensions.", weights.shape());
        source.require(
                source.byteOption(Schema.FullyConnectedOptions.WEIGHTS_FORMAT, 0) == 0,
                "its weights are stored shuffled.");
        add(
                source,
                sink,
                sink.operand(source.source(0).index()),
                weights,
                source.biases(2, weights.shape().dimensions().get(0)),
                source.byteOption(Schema.FullyConnectedOptions.ACTIVATION, 0));
    }

    /** True for weights that are computed, without what a product of two matrices lacks. */
    static boolean isProduct(SourceOperator source, Sink sink) {
        int right = source.source(1).index();
        return !source.model().isConstant(source.source(1))
                && !sink.operand(right).isConstant()
                && sink.operand(source.source(0).index()).shape().rank() == 2
                && !source.hasInput(2)
                && source.byteOption(Schema.FullyConnectedOptions.ACTIVATION, 0) == Schema.ActivationFunction.NONE;
    }

    /** Adds the layer of these weights, [output, input], to the sink. */
    static void add(SourceOperator source, Sink sink, Tensor input, Weights weights, int[] biases, int activation) {
        Tensor output = source.output();
        int outputs = weights.shape().dimensions().get(0);
        int inputs = weights.shape().channels();
        source.require(
                input.shape().elements() % inputs == 0,
                "its weights of shape %s do not fit %s.",
                weights.shape(),
                input);
        int rows = input.shape().elements() / inputs;
        int zeroPoint = source.quantization(input).zeroPoint();
        var post = weights.requantize(
                source, input, output, outputs, !weights.quantization().isPerChannel(), activation);
        if (rows == 1) {
            sink.add(new FullyConnected(
                    source.name(),
                    new int[] {input.index()},
                    source.outputIndexes(),
                    outputs,
                    weights.codes(),
                    weights.zeroPoint(),
                    biases,
                    zeroPoint,
                    post));
            return;
        }
        Tensor pixels = sink.view(input, Shape.map(1, rows, inputs));
        Shape shape = Shape.map(1, rows, outputs);
        boolean direct = shape.sameMap(output.shape());
        Tensor result = direct ? output : sink.like(output, shape);
        sink.add(new Convolution(
                source.name(),
                new int[] {pixels.index()},
                new int[] {result.index()},
                Window.square(1, 1, 0),
                outputs,
                1,
                weights.codes(),
                weights.zeroPoint(),
                biases,
                zeroPoint,
                post));
        if (!direct) {
            sink.reshape(result, output);
        }
    }
}
