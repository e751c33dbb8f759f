// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import static io.windhover.models.tflite.OperatorImporter.single;

import io.windhover.models.graph.Elementwise;
import io.windhover.models.graph.FloatActivation;
import io.windhover.models.graph.FloatActivation.Function;
import io.windhover.models.graph.FloatElementwise;
import io.windhover.models.graph.FloatLocalResponseNormalization;
import io.windhover.models.graph.FloatPRelu;
import io.windhover.models.graph.FloatSoftmax;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Tensor;
import java.util.Arrays;
import java.util.function.IntFunction;

/** Functions of float elements, and the activations that files fuse into other layers. */
final class FloatFunctionImporter {
    private FloatFunctionImporter() {}

    static OperatorImporter of(Function function) {
        return of(function, 0, 0);
    }

    static OperatorImporter of(Function function, float alpha, float beta) {
        return single(source -> activation(source, function, alpha, beta));
    }

    private static Operator activation(SourceOperator source, Function function, float alpha, float beta) {
        return new FloatActivation(source.name(), source.firstInput(), source.outputIndexes(), function, alpha, beta);
    }

    static Operator readLeakyRelu(SourceOperator source) {
        float alpha = source.options() == null ? 0 : source.options().float32(Schema.LeakyReluOptions.ALPHA, 0);
        source.require(Float.isFinite(alpha), "its slope is %s.", alpha);
        return activation(source, Function.LEAKY_RELU, alpha, 0);
    }

    static Operator readGelu(SourceOperator source) {
        boolean approximate = source.byteOption(Schema.GeluOptions.APPROXIMATE, 0) != 0;
        return activation(source, approximate ? Function.GELU_TANH : Function.GELU, 0, 0);
    }

    /** The slopes are a constant, one per channel, one for all, or however they cover the input. */
    static void readPRelu(SourceOperator source, Sink sink) {
        Tensor input = source.input(0);
        FloatConstant constant = FloatConstant.read(source, sink, 1);
        float[] slopes = constant.values();
        int channels = input.shape().channels();
        if (slopes.length == 1) {
            source.require(
                    source.model().budget().spendComputed((long) channels * Float.BYTES),
                    "its slope is repeated for %d channels.",
                    channels);
            float[] perChannel = new float[channels];
            Arrays.fill(perChannel, slopes[0]);
            sink.add(new FloatPRelu(source.name(), source.firstInput(), source.outputIndexes(), perChannel));
        } else if (slopes.length == channels && constant.shape().channels() == channels) {
            sink.add(new FloatPRelu(source.name(), source.firstInput(), source.outputIndexes(), slopes));
        } else {
            addParts(source, sink);
        }
    }

    /** The input's positive part, plus the product of its negative part and the slopes. */
    private static void addParts(SourceOperator source, Sink sink) {
        ElementwiseOperands operands = ElementwiseOperands.ofSlopes(source, sink);
        Tensor input = operands.first();
        int[] parts = new int[3];
        Arrays.setAll(
                parts, i -> sink.like(source.output(), source.output().shape()).index());
        sink.add(clamp(source, input.index(), parts[0], Float.NEGATIVE_INFINITY, 0));
        sink.add(new FloatElementwise(
                source.name(),
                new int[] {parts[0], operands.second().index()},
                new int[] {parts[1]},
                Elementwise.Function.MULTIPLY,
                false));
        sink.add(clamp(source, input.index(), parts[2], 0, Float.POSITIVE_INFINITY));
        sink.add(new FloatElementwise(
                source.name(),
                new int[] {parts[2], parts[1]},
                source.outputIndexes(),
                Elementwise.Function.ADD,
                false));
    }

    private static FloatActivation clamp(SourceOperator source, int from, int to, float low, float high) {
        return new FloatActivation(
                source.name(), new int[] {from}, new int[] {to}, FloatActivation.Function.CLAMP, low, high);
    }

    static Operator readSoftmax(SourceOperator source) {
        float beta = source.options() == null ? 1 : source.options().float32(Schema.SoftmaxOptions.BETA, 0);
        source.require(beta > 0 && Float.isFinite(beta), "its beta is %s.", beta);
        return new FloatSoftmax(source.name(), source.firstInput(), source.outputIndexes(), beta);
    }

    static Operator readLocalResponse(SourceOperator source) {
        FlatTable options = source.options();
        if (options == null) {
            throw source.refuse("it has no radius.");
        }
        return new FloatLocalResponseNormalization(
                source.name(),
                source.firstInput(),
                source.outputIndexes(),
                options.int32(Schema.LocalResponseOptions.RADIUS, 0),
                options.float32(Schema.LocalResponseOptions.BIAS, 0),
                options.float32(Schema.LocalResponseOptions.ALPHA, 0),
                options.float32(Schema.LocalResponseOptions.BETA, 0));
    }

    /**
     * Adds a layer and the activation fused into it, which keeps the file's tensor.
     *
     * @param layer makes the layer that writes this tensor
     */
    static void addWithActivation(SourceOperator source, Sink sink, int activation, IntFunction<Operator> layer) {
        Tensor output = source.output();
        if (activation == Schema.ActivationFunction.NONE) {
            sink.add(layer.apply(output.index()));
            return;
        }
        float low = activation == Schema.ActivationFunction.RELU_N1_TO_1 ? -1 : 0;
        float high = switch (activation) {
            case Schema.ActivationFunction.RELU -> Float.POSITIVE_INFINITY;
            case Schema.ActivationFunction.RELU_N1_TO_1 -> 1;
            case Schema.ActivationFunction.RELU6 -> 6;
            default -> throw source.refuseActivation(activation);
        };
        int before = sink.like(output, output.shape()).index();
        sink.add(layer.apply(before));
        sink.add(new FloatActivation(
                output.name() + "/activation",
                new int[] {before},
                new int[] {output.index()},
                Function.CLAMP,
                low,
                high));
    }
}
