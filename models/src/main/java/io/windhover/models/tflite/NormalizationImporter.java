// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import io.windhover.models.graph.Elementwise;
import io.windhover.models.graph.FloatActivation;
import io.windhover.models.graph.FloatElementwise;
import io.windhover.models.graph.L2Normalization;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Reduce;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;

/** L2_NORMALIZATION over the last dimension. */
final class NormalizationImporter {
    private static final float OUTPUT_SCALE = 1f / 128;
    /** Shorter rows of reals are divided by it. */
    private static final float SHORTEST = 1e-6f;

    private NormalizationImporter() {}

    static Operator read(SourceOperator source) {
        requireNoActivation(source);
        Tensor output = source.output();
        Quantization result = source.quantization(output);
        int middle = output.type() == TensorType.UINT8 ? 128 : 0;
        source.require(
                result.scale() == OUTPUT_SCALE && result.zeroPoint() == middle,
                "its output has scale %s and zero point %d instead of 1/128 and %d.",
                result.scale(),
                result.zeroPoint(),
                middle);
        int zeroPoint = source.quantization(source.input(0)).zeroPoint();
        return new L2Normalization(source.name(), source.firstInput(), source.outputIndexes(), zeroPoint);
    }

    private static void requireNoActivation(SourceOperator source) {
        source.require(
                source.byteOption(Schema.ElementwiseOptions.ACTIVATION, 0) == Schema.ActivationFunction.NONE,
                "it has a fused activation.");
    }

    /** Reals: squares, their sum, its root, and the quotient. */
    static void readReal(SourceOperator source, Sink sink) {
        requireNoActivation(source);
        Tensor input = sink.operand(source.source(0).index());
        Tensor output = source.output();
        int last = input.shape().rank() - 1;
        source.require(last >= 0, "%s has no dimensions.", input);
        int[] one = input.shape().toArray();
        one[last] = 1;
        Tensor squares = sink.like(output, input.shape());
        Tensor sum = sink.like(output, Shape.of(one));
        Tensor root = sink.like(output, sum.shape());
        Tensor length = sink.like(output, sum.shape());
        sink.add(pair(squares, input, input, Elementwise.Function.MULTIPLY));
        sink.add(new Reduce(sum.name(), indexes(squares), indexes(sum), new int[] {last}, Reduce.Function.SUM, null));
        sink.add(function(root, sum, FloatActivation.Function.SQUARE_ROOT, 0, 0));
        sink.add(function(length, root, FloatActivation.Function.CLAMP, SHORTEST, Float.POSITIVE_INFINITY));
        sink.add(pair(output, input, length, Elementwise.Function.DIVIDE));
    }

    private static Operator pair(Tensor output, Tensor first, Tensor second, Elementwise.Function function) {
        return new FloatElementwise(
                output.name(), new int[] {first.index(), second.index()}, indexes(output), function, false);
    }

    private static Operator function(
            Tensor output, Tensor input, FloatActivation.Function function, float alpha, float beta) {
        return new FloatActivation(output.name(), indexes(input), indexes(output), function, alpha, beta);
    }

    private static int[] indexes(Tensor tensor) {
        return new int[] {tensor.index()};
    }
}
