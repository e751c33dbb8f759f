// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import io.windhover.models.arithmetic.FixedPoint;
import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.FullyConnected;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.MatrixProduct;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.Window;

/** FULLY_CONNECTED: weights are [output, input]. Several rows of inputs are the pixels of a 1x1 convolution. */
final class FullyConnectedImporter {
    private FullyConnectedImporter() {}

    static void read(SourceOperator source, Sink sink) {
        if (isProduct(source, sink)) {
            multiply(source, sink);
            return;
        }
        Weights weights = Weights.read(source, 0);
        requireFit(source, sink.operand(source.source(0).index()), weights.shape());
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

    /** True for weights that are computed. */
    static boolean isProduct(SourceOperator source, Sink sink) {
        int right = source.source(1).index();
        return !source.model().isConstant(source.source(1))
                && !sink.operand(right).isConstant();
    }

    /** Codes by computed weights, then cut by the activation. */
    private static void multiply(SourceOperator source, Sink sink) {
        Tensor output = source.output();
        SourceOperator.Clamp clamp =
                source.clamp(source.byteOption(Schema.FullyConnectedOptions.ACTIVATION, 0), output);
        boolean cut = clamp.low() > output.type().minimum()
                || clamp.high() < output.type().maximum();
        Tensor made = cut ? sink.like(output, output.shape()) : output;
        sink.add(product(source, sink, made.index()));
        if (cut) {
            sink.add(new LookupTable(
                    source.name(),
                    new int[] {made.index()},
                    source.outputIndexes(),
                    "clamp",
                    TableImporter.table(output.type(), code -> FixedPoint.clamp(code, clamp.low(), clamp.high()))));
        }
    }

    /** The rows of the input by the rows of computed weights. */
    static MatrixProduct product(SourceOperator source, Sink sink, int output) {
        Tensor input = sink.operand(source.source(0).index());
        Tensor weights = sink.operand(source.source(1).index());
        source.require(!source.hasInput(2), "its weights, %s, are computed, and a bias is added.", weights);
        requireFit(source, input, weights.shape());
        int outputs = weights.shape().dimensions().get(0);
        source.require(
                source.output().shape().channels() == outputs,
                "%s does not have the %d channels that it makes.",
                source.output(),
                outputs);
        int inputs = weights.shape().channels();
        Tensor rows = sink.reshaped(input, Shape.of(input.shape().elements() / inputs, inputs));
        return MatrixImporter.product(source, rows, weights, output, false, true);
    }

    private static void requireFit(SourceOperator source, Tensor input, Shape weights) {
        source.require(weights.rank() == 2, "its weights have shape %s instead of two dimensions.", weights);
        source.require(
                input.shape().elements() % weights.channels() == 0,
                "its weights of shape %s do not fit %s.",
                weights,
                input);
    }

    /** Adds the layer of these weights, [output, input], to the sink. */
    static void add(SourceOperator source, Sink sink, Tensor input, Weights weights, int[] biases, int activation) {
        Tensor output = source.output();
        int outputs = weights.shape().dimensions().get(0);
        int inputs = weights.shape().channels();
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
