// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import io.windhover.models.arithmetic.FixedPoint;
import io.windhover.models.arithmetic.Rescaling;
import io.windhover.models.graph.Add;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.Multiply;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.PRelu;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Rescale;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/** RELU and its relatives: codes rescaled, with two slopes or between two limits. */
final class RectifierImporter {
    private RectifierImporter() {}

    static Operator readRelu(SourceOperator source) {
        Quantization from = source.quantization(source.input(0));
        Quantization to = source.quantization(source.output());
        Rescale rescale = source.output().type() == TensorType.INT8
                ? Rescaling.ratio(from.scale(), to.scale())
                : Rescaling.rectifier(from.scale(), to.scale());
        return limited(source, "relu", rescale, source.clamp(Schema.ActivationFunction.RELU, source.output()));
    }

    static Operator readRelu6(SourceOperator source) {
        return limited(source, "relu6", 0, 6);
    }

    static Operator readReluN1To1(SourceOperator source) {
        return limited(source, "relu_n1_to_1", -1, 1);
    }

    static Operator readRelu0To1(SourceOperator source) {
        return limited(source, "relu_0_to_1", 0, 1);
    }

    private static Operator limited(SourceOperator source, String function, float low, float high) {
        Quantization from = source.quantization(source.input(0));
        Quantization to = source.quantization(source.output());
        return limited(
                source,
                function,
                Rescaling.rectifier(from.scale(), to.scale()),
                SourceOperator.Clamp.between(low, high, source.output().type(), to));
    }

    /** Codes rescaled from the input's quantisation to the output's, then clamped. */
    static LookupTable limited(SourceOperator source, String function, Rescale rescale, SourceOperator.Clamp clamp) {
        int from = source.quantization(source.input(0)).zeroPoint();
        int to = source.quantization(source.output()).zeroPoint();
        return TableImporter.table(
                source,
                function,
                code -> FixedPoint.clamp(apply(rescale, code - from) + to, clamp.low(), clamp.high()));
    }

    static Operator readLeakyRelu(SourceOperator source) {
        float alpha = source.options() == null ? 0 : source.options().float32(Schema.LeakyReluOptions.ALPHA, 0);
        source.require(Float.isFinite(alpha), "its slope is %s.", alpha);
        Quantization from = source.quantization(source.input(0));
        Quantization to = source.quantization(source.output());
        Rescale positive = Rescaling.rectifier(from.scale(), to.scale());
        Rescale negative = Rescaling.productInSinglePrecision(from.scale(), Math.abs(alpha), to.scale());
        int sign = alpha < 0 ? -1 : 1;
        SourceOperator.Clamp limits = SourceOperator.Clamp.of(source.output().type());
        return TableImporter.table(source, "leaky_relu", code -> {
            int centred = code - from.zeroPoint();
            int scaled = centred >= 0
                    ? apply(positive, centred)
                    : FixedPoint.multiplyByQuantizedMultiplier(centred, sign * negative.multiplier(), negative.shift());
            return FixedPoint.clamp(scaled + to.zeroPoint(), limits.low(), limits.high());
        });
    }

    private static int apply(Rescale rescale, int value) {
        return FixedPoint.multiplyByQuantizedMultiplier(value, rescale.multiplier(), rescale.shift());
    }

    /** PRELU: the slopes are a constant, one per channel, one for all, or however they cover the input. */
    static void readPRelu(SourceOperator source, Sink sink) {
        Tensor input = source.input(0);
        Tensor slope = sink.operand(source.source(1).index());
        byte[] codes = slope.constant();
        if (codes == null) {
            throw source.refuse("its slopes, %s, are not a constant.", slope);
        }
        source.require(slope.type() == input.type(), "its slopes, %s, have another type than %s.", slope, input);
        Quantization from = source.quantization(input);
        Quantization slopes = source.quantization(slope);
        Quantization to = source.quantization(source.output());
        boolean unsigned = input.type() == TensorType.UINT8;
        Rescale positive =
                unsigned ? Rescaling.rectifier(from.scale(), to.scale()) : Rescaling.ratio(from.scale(), to.scale());
        Rescale negative = unsigned
                ? Rescaling.productInSinglePrecision(from.scale(), slopes.scale(), to.scale())
                : Rescaling.product(from.scale(), slopes.scale(), to.scale());
        int channels = input.shape().channels();
        boolean perChannel = codes.length == channels && slope.shape().channels() == channels;
        if (!perChannel && codes.length != 1) {
            addParts(source, sink, positive, negative);
            return;
        }
        sink.add(new PRelu(
                source.name(),
                source.firstInput(),
                source.outputIndexes(),
                perChannel ? codes : repeated(source, codes[0], channels),
                slopes.zeroPoint(),
                from.zeroPoint(),
                positive,
                negative,
                to.zeroPoint()));
    }

    private static byte[] repeated(SourceOperator source, byte slope, int channels) {
        source.require(
                source.model().budget().spendComputed(channels), "its slope is repeated for %d channels.", channels);
        byte[] all = new byte[channels];
        Arrays.fill(all, slope);
        return all;
    }

    /**
     * The input's positive part rescaled, plus the product of its negative part and the slopes: one of the two is 0
     * everywhere, so their sum rounds nothing.
     */
    private static void addParts(SourceOperator source, Sink sink, Rescale positive, Rescale negative) {
        ElementwiseOperands operands = ElementwiseOperands.ofSlopes(source, sink);
        Tensor input = operands.first();
        Tensor output = source.output();
        int zero = source.quantization(input).zeroPoint();
        int outputZero = source.quantization(output).zeroPoint();
        SourceOperator.Clamp limits = SourceOperator.Clamp.of(output.type());
        Tensor falling = sink.like(input, input.shape());
        Tensor product = sink.like(output, output.shape());
        Tensor rising = sink.like(output, output.shape());
        sink.add(part(source, "negative part", input, falling, code -> Math.min(code, zero)));
        sink.add(new Multiply(
                source.name(),
                new int[] {falling.index(), operands.second().index()},
                new int[] {product.index()},
                zero,
                source.quantization(operands.second()).zeroPoint(),
                negative,
                outputZero,
                limits.low(),
                limits.high()));
        sink.add(part(source, "positive part", input, rising, code -> {
            int scaled = apply(positive, Math.max(code - zero, 0));
            return FixedPoint.clamp(scaled + outputZero, limits.low(), limits.high());
        }));
        Rescaling.Addition plain = Rescaling.addition(1, 1, 1);
        sink.add(new Add(
                source.name(),
                new int[] {rising.index(), product.index()},
                source.outputIndexes(),
                plain.leftShift(),
                outputZero,
                plain.first(),
                outputZero,
                plain.second(),
                outputZero,
                plain.result(),
                limits.low(),
                limits.high()));
    }

    private static LookupTable part(
            SourceOperator source, String function, Tensor from, Tensor to, IntUnaryOperator codes) {
        return new LookupTable(
                source.name(),
                new int[] {from.index()},
                new int[] {to.index()},
                function,
                TableImporter.table(from.type(), codes));
    }
}
