// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.quantize;

import static io.windhover.models.ModelException.require;

import io.windhover.models.arithmetic.Rescaling;
import io.windhover.models.graph.AveragePool;
import io.windhover.models.graph.Concatenation;
import io.windhover.models.graph.DepthToSpace;
import io.windhover.models.graph.FloatInterpolation;
import io.windhover.models.graph.FloatMean;
import io.windhover.models.graph.FloatPad;
import io.windhover.models.graph.FloatPool;
import io.windhover.models.graph.MaxPool;
import io.windhover.models.graph.Mean;
import io.windhover.models.graph.MirrorPad;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Pad;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Rescale;
import io.windhover.models.graph.Reshape;
import io.windhover.models.graph.Resize;
import io.windhover.models.graph.Rounding;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Slice;
import io.windhover.models.graph.SpaceToDepth;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.Transpose;
import io.windhover.models.graph.Window;
import io.windhover.models.quantize.QuantizationPlan.Activation;
import java.util.Arrays;
import java.util.function.IntConsumer;

/** Pooling, reduction, padding and all that only moves elements, as integers. */
final class PoolAndMoveLayers {
    private final QuantizationState state;
    private final AverageLayers averages;

    PoolAndMoveLayers(QuantizationState state) {
        this.state = state;
        averages = new AverageLayers(state);
    }

    void pool(FloatPool operator) {
        QuantizationState.Result result = state.result(operator);
        Window window = operator.window();
        if (!operator.maximum() && (window.isDilated() || !isIn(operator.input(), result))) {
            averages.lower(operator, result);
            return;
        }
        Tensor input = state.aligned(operator.input(), result.activation());
        if (!operator.maximum() && operator.countPadding() && !window.padding().isNone()) {
            input = padded(operator, input, result);
            window = window.withPadding(Padding.NONE);
        }
        int[] inputs = {input.index()};
        int[] outputs = {state.declare(result)};
        state.target.operator(
                operator.maximum()
                        ? new MaxPool(operator.name(), inputs, outputs, window, result.low(), result.high())
                        : new AveragePool(operator.name(), inputs, outputs, window, result.low(), result.high()));
    }

    private boolean isIn(int tensor, QuantizationState.Result result) {
        Quantization own = state.operand(tensor).requireQuantization();
        return state.operand(tensor).type() == result.type()
                && own.scale() == result.scale()
                && own.zeroPoint() == result.zeroPoint();
    }

    /**
     * What averages in the codes it reads, brought to other codes by a table. It is rounded twice, so the other codes
     * may not be finer than half of its own steps: then the result is at most one code from the real average.
     */
    private void requantised(Operator operator, Tensor input, QuantizationState.Result result, IntConsumer append) {
        Quantization from = input.requireQuantization();
        require(
                from.scale() <= 2 * result.scale(),
                "it averages codes of scale %s into ones of scale %s, which are more than twice as fine; "
                        + "give its result a scale of at least %s.",
                from.scale(),
                result.scale(),
                from.scale() / 2);
        int between = state.temporary(
                operator.name() + "_average",
                state.source.tensor(operator.output()).shape(),
                Activation.of(input.type(), from.scale(), from.zeroPoint()));
        append.accept(between);
        state.table(
                operator.name() + "_requantised",
                between,
                state.declare(result),
                "requantise",
                x -> x,
                result.low(),
                result.high());
    }

    /** The border of an average that counts it. */
    private Tensor padded(FloatPool operator, Tensor input, QuantizationState.Result result) {
        Padding padding = operator.window().padding();
        Shape shape = Shape.map(
                input.shape().height() + padding.top() + padding.bottom(),
                input.shape().width() + padding.left() + padding.right(),
                input.shape().channels());
        int index = state.temporary(operator.name() + "_padded", shape, result.activation());
        state.target.operator(new Pad(
                operator.name() + "_padded",
                new int[] {input.index()},
                new int[] {index},
                padding,
                0,
                0,
                result.zeroPoint()));
        return state.target.tensor(index);
    }

    void mean(FloatMean operator) {
        QuantizationState.Result result = state.result(operator);
        Tensor input = state.operand(operator.input());
        Quantization from = input.requireQuantization();
        int count = operator.axes().count(input.shape());
        Rescale rescale = result.activation().quantization().rounding() == Rounding.HALF_TO_EVEN
                ? Rescaling.roundingOnce((double) from.scale() / result.scale() / count)
                : Rescaling.mean(from.scale(), result.scale(), count);
        state.unclamped(
                operator,
                result,
                output -> state.target.operator(new Mean(
                        operator.name(),
                        new int[] {input.index()},
                        new int[] {output},
                        operator.axes(),
                        from.zeroPoint(),
                        rescale,
                        result.zeroPoint())));
    }

    void pad(FloatPad operator) {
        QuantizationState.Result result = state.result(operator);
        Tensor input = state.aligned(operator.input(), result.activation());
        int value = result.activation()
                .quantization()
                .code(operator.value(), result.type().minimum(), result.type().maximum());
        state.unclamped(
                operator,
                result,
                output -> state.target.operator(new Pad(
                        operator.name(),
                        new int[] {input.index()},
                        new int[] {output},
                        operator.padding(),
                        operator.channelsBefore(),
                        operator.channelsAfter(),
                        value)));
    }

    /** An operator that moves elements: the same one over codes of one scale. */
    void move(Operator operator) {
        QuantizationState.Result result = state.result(operator);
        if (FloatInterpolation.interpolates(operator) && interpolate(operator, result)) {
            return;
        }
        int[] inputs = Arrays.stream(operator.inputs())
                .map(index -> state.aligned(index, result.activation()).index())
                .toArray();
        state.unclamped(operator, result, output -> state.target.operator(moved(operator, inputs, new int[] {output})));
    }

    /** Returns false for a resize that can stay as it is. */
    private boolean interpolate(Operator operator, QuantizationState.Result result) {
        Tensor input = state.operand(operator.input());
        Shape to = state.source.tensor(operator.output()).shape();
        boolean keepsCodes = isIn(operator.input(), result);
        Rounding rounding = result.activation().quantization().rounding();
        if (keepsCodes && Interpolations.staysResize(operator, input.shape(), to, rounding)) {
            return false;
        }
        Interpolations.Shares shares = Interpolations.shares(operator, input.shape(), to);
        if (shares != null) {
            state.target.operator(Interpolations.of(operator, input, state.declare(result), result, shares));
            return true;
        }
        require(
                operator instanceof Resize,
                "it samples between pixels in shares finer than 1/1024, which codes have no form for; "
                        + "scale by a small whole number or a small fraction.");
        if (!keepsCodes) {
            requantised(
                    operator,
                    input,
                    result,
                    between -> state.target.operator(moved(operator, new int[] {input.index()}, new int[] {between})));
        }
        return !keepsCodes;
    }

    /** True for operators that {@link #move} takes. */
    static boolean isMove(Operator operator) {
        return operator instanceof Reshape
                || operator instanceof Slice
                || operator instanceof Transpose
                || operator instanceof Concatenation
                || operator instanceof MirrorPad
                || operator instanceof Resize
                || operator instanceof FloatInterpolation
                || operator instanceof SpaceToDepth
                || operator instanceof DepthToSpace;
    }

    static Operator moved(Operator operator, int[] inputs, int[] outputs) {
        String name = operator.name();
        if (operator instanceof Slice slice) {
            return new Slice(
                    name,
                    inputs,
                    outputs,
                    slice.top(),
                    slice.left(),
                    slice.channel(),
                    slice.strideY(),
                    slice.strideX(),
                    slice.strideChannel());
        }
        if (operator instanceof Resize resize) {
            return new Resize(name, inputs, outputs, resize.mode(), resize.alignCorners(), resize.halfPixelCenters());
        }
        return operator instanceof Transpose transpose
                ? new Transpose(name, inputs, outputs, transpose.dimensions(), transpose.permutation())
                : operator instanceof Concatenation join
                        ? new Concatenation(name, inputs, outputs, join.axis())
                        : operator instanceof MirrorPad pad
                                ? new MirrorPad(name, inputs, outputs, pad.padding(), pad.symmetric())
                                : operator instanceof SpaceToDepth blocks
                                        ? new SpaceToDepth(name, inputs, outputs, blocks.block())
                                        : operator instanceof DepthToSpace blocks
                                                ? new DepthToSpace(name, inputs, outputs, blocks.block())
                                                : new Reshape(name, inputs, outputs);
    }
}
