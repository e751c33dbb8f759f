// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.quantize;

import static io.windhover.models.ModelException.require;

import io.windhover.models.arithmetic.Rescaling;
import io.windhover.models.graph.Add;
import io.windhover.models.graph.Broadcast;
import io.windhover.models.graph.Elementwise.Function;
import io.windhover.models.graph.FloatConvolution;
import io.windhover.models.graph.FloatElementwise;
import io.windhover.models.graph.Maximum;
import io.windhover.models.graph.Minimum;
import io.windhover.models.graph.Multiply;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Rescale;
import io.windhover.models.graph.Rounding;
import io.windhover.models.graph.Subtract;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Window;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Element-wise float operators as integers. */
final class ElementwiseLayers {
    private final QuantizationState state;

    ElementwiseLayers(QuantizationState state) {
        this.state = state;
    }

    /**
     * The operator as a depthwise 1x1 convolution, where it is one: sums and products with a constant for each channel.
     * Its weights have a scale per channel and its biases 32 bits, which an 8-bit constant operand lacks.
     */
    @Nullable
    FloatConvolution asConvolution(FloatElementwise operator) {
        Tensor first = state.source.tensor(operator.inputs()[0]);
        Tensor second = state.source.tensor(operator.inputs()[1]);
        boolean perChannel = second.isConstant()
                && !first.isConstant()
                && !state.isPlanned(second.index())
                && Broadcast.of(operator, first, second) == Broadcast.CHANNEL;
        Function function = operator.function();
        boolean affine = function != Function.MAXIMUM
                && function != Function.MINIMUM
                && !(function == Function.DIVIDE && operator.reversed());
        if (!perChannel || !affine) {
            return null;
        }
        float[] weights = ConstantOperands.floats(second);
        float[] bias = new float[weights.length];
        boolean isSum = function == Function.ADD || function == Function.SUBTRACT;
        for (int c = 0; c < weights.length; c++) {
            float constant = weights[c];
            float sign = function == Function.SUBTRACT && !operator.reversed() ? -1 : 1;
            bias[c] = isSum ? sign * constant : 0;
            float factor = function == Function.DIVIDE ? 1 / constant : constant;
            weights[c] = !isSum ? factor : function == Function.SUBTRACT && operator.reversed() ? -1 : 1;
        }
        return new FloatConvolution(
                operator.name(),
                new int[] {first.index()},
                operator.outputs(),
                Window.square(1, 1, 0),
                weights.length,
                weights.length,
                weights,
                bias);
    }

    void lower(FloatElementwise operator) {
        switch (operator.function()) {
            case ADD, SUBTRACT -> sum(operator);
            case MULTIPLY, DIVIDE -> product(operator);
            case MAXIMUM, MINIMUM -> extreme(operator);
        }
    }

    private void sum(FloatElementwise operator) {
        Tensor first = state.operand(operator.inputs()[0]);
        Tensor second = state.operand(operator.inputs()[1]);
        QuantizationState.Result result = state.result(operator);
        Quantization left = first.requireQuantization();
        Quantization right = second.requireQuantization();
        Rescaling.Addition factors = operator.function() == Function.SUBTRACT && result.type() == TensorType.INT8
                ? Rescaling.subtraction(left.scale(), right.scale(), result.scale())
                : Rescaling.addition(left.scale(), right.scale(), result.scale());
        int[] inputs = {first.index(), second.index()};
        int[] outputs = {state.declare(result)};
        state.target.operator(
                operator.function() == Function.ADD
                        ? new Add(
                                operator.name(),
                                inputs,
                                outputs,
                                factors.leftShift(),
                                left.zeroPoint(),
                                factors.first(),
                                right.zeroPoint(),
                                factors.second(),
                                result.zeroPoint(),
                                factors.result(),
                                result.low(),
                                result.high())
                        : new Subtract(
                                operator.name(),
                                inputs,
                                outputs,
                                operator.reversed(),
                                factors.leftShift(),
                                left.zeroPoint(),
                                factors.first(),
                                right.zeroPoint(),
                                factors.second(),
                                result.zeroPoint(),
                                factors.result(),
                                result.low(),
                                result.high()));
    }

    private void product(FloatElementwise operator) {
        Tensor first = state.operand(operator.inputs()[0]);
        Tensor second = operator.function() == Function.MULTIPLY
                ? state.operand(operator.inputs()[1])
                : reciprocal(operator, state.source.tensor(operator.inputs()[1]));
        QuantizationState.Result result = state.result(operator);
        Quantization left = first.requireQuantization();
        Quantization right = second.requireQuantization();
        Rescale rescale = result.activation().quantization().rounding() == Rounding.HALF_TO_EVEN
                ? Rescaling.roundingOnce((double) left.scale() * right.scale() / result.scale())
                : result.type() == TensorType.UINT8
                        ? Rescaling.productInSinglePrecision(left.scale(), right.scale(), result.scale())
                        : Rescaling.product(left.scale(), right.scale(), result.scale());
        state.target.operator(new Multiply(
                operator.name(),
                new int[] {first.index(), second.index()},
                new int[] {state.declare(result)},
                left.zeroPoint(),
                right.zeroPoint(),
                rescale,
                result.zeroPoint(),
                result.low(),
                result.high()));
    }

    private Tensor reciprocal(FloatElementwise operator, Tensor divisor) {
        require(
                divisor.isConstant() && !operator.reversed(),
                "%s '%s' divides by %s, which is not a constant.",
                operator.kind(),
                operator.name(),
                state.source.tensor(operator.inputs()[operator.reversed() ? 0 : 1]));
        float[] reciprocals = ConstantOperands.floats(divisor);
        for (int i = 0; i < reciprocals.length; i++) {
            reciprocals[i] = 1 / reciprocals[i];
        }
        return state.constant(divisor.name() + "_reciprocal", divisor.shape(), reciprocals);
    }

    private void extreme(FloatElementwise operator) {
        QuantizationState.Result result = state.result(operator);
        int[] inputs = Arrays.stream(operator.inputs())
                .map(index -> state.aligned(index, result.activation()).index())
                .toArray();
        state.unclamped(
                operator,
                result,
                output -> state.target.operator(
                        operator.function() == Function.MAXIMUM
                                ? new Maximum(operator.name(), inputs, new int[] {output})
                                : new Minimum(operator.name(), inputs, new int[] {output})));
    }
}
