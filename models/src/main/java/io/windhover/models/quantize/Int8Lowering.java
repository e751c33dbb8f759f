// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.quantize;

import io.windhover.models.ModelException;
import io.windhover.models.arithmetic.Rescaling;
import io.windhover.models.graph.FloatActivation;
import io.windhover.models.graph.FloatConvolution;
import io.windhover.models.graph.FloatElementwise;
import io.windhover.models.graph.FloatFullyConnected;
import io.windhover.models.graph.FloatLocalResponseNormalization;
import io.windhover.models.graph.FloatLogSoftmax;
import io.windhover.models.graph.FloatMean;
import io.windhover.models.graph.FloatPRelu;
import io.windhover.models.graph.FloatPad;
import io.windhover.models.graph.FloatPool;
import io.windhover.models.graph.FloatSoftmax;
import io.windhover.models.graph.FloatTransposedConvolution;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.PRelu;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Rounding;
import io.windhover.models.graph.Softmax;
import io.windhover.models.graph.Tensor;
import io.windhover.models.quantize.QuantizationPlan.Activation;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Turns a float network into an integer one. Tensors keep their indexes; those that disappear (inputs of a fused clamp,
 * steps of a chain of functions that became one table) are absent, and new ones are numbered above. A softmax whose
 * output has no planned scale stays float behind a conversion; everything else must be planned or follow from the plan.
 */
public final class Int8Lowering {
    private final Graph source;
    private final Naming naming;
    private final QuantizationState state;
    private final WeightedLayers weighted;
    private final ElementwiseLayers elementwise;
    private final PoolAndMoveLayers poolsAndMoves;

    private Int8Lowering(Graph source, Map<Integer, Activation> activations, QuantizationPlan plan, Naming naming) {
        this.source = source;
        this.naming = naming;
        state = new QuantizationState(source, activations, naming);
        weighted = new WeightedLayers(state, plan.weights());
        elementwise = new ElementwiseLayers(state);
        poolsAndMoves = new PoolAndMoveLayers(state);
    }

    /** The tensors that the plan gives no codes to, and that layers need as codes. */
    public static Set<Integer> gaps(Graph floatGraph, QuantizationPlan plan) {
        return PlanGaps.of(floatGraph, plan);
    }

    /** The integer network; a {@link ModelException} names what cannot be expressed or is not planned. */
    public static Graph lower(Graph floatGraph, QuantizationPlan plan) {
        return lower(floatGraph, plan, Naming.OWN);
    }

    /** The same; what cannot be expressed is named in other words. */
    public static Graph lower(Graph floatGraph, QuantizationPlan plan, Naming naming) {
        return new Int8Lowering(floatGraph, PlanCompletion.complete(floatGraph, plan.activations()), plan, naming)
                .lower();
    }

    private Graph lower() {
        for (int index : source.inputs()) {
            Tensor input = source.tensor(index);
            Activation activation = state.activation(index);
            state.target.tensor(
                    new Tensor(index, input.name(), activation.type(), input.shape(), activation.quantization(), null));
            state.target.input(index);
        }
        for (int position = 0; position < source.operators().size(); position++) {
            Operator operator = source.operators().get(position);
            try {
                lower(operator);
            } catch (ModelException problem) {
                throw new ModelException(naming.refused(position, operator) + ": " + problem.getMessage(), problem);
            }
        }
        state.target.labels(source.labels());
        if (source.preprocessing() != null) {
            state.target.preprocessing(source.preprocessing());
        }
        return state.target.build(source.outputs());
    }

    private void lower(Operator operator) {
        if (UnaryFunctions.isUnary(source, operator)) {
            function(operator);
        } else if (operator instanceof FloatConvolution convolution) {
            weighted.convolution(convolution);
        } else if (operator instanceof FloatFullyConnected layer) {
            weighted.fullyConnected(layer);
        } else if (operator instanceof FloatTransposedConvolution convolution) {
            weighted.transposed(convolution);
        } else if (operator instanceof FloatElementwise pair) {
            FloatConvolution convolution = elementwise.asConvolution(pair);
            if (convolution != null) {
                weighted.convolution(convolution);
            } else {
                elementwise.lower(pair);
            }
        } else if (operator instanceof FloatSoftmax softmax) {
            softmax(softmax);
        } else if (operator instanceof FloatLogSoftmax) {
            stayFloat(operator);
        } else if (operator instanceof FloatPRelu prelu) {
            prelu(prelu);
        } else if (operator instanceof FloatLocalResponseNormalization normalization) {
            normalize(normalization);
        } else {
            lowerPoolOrMove(operator);
        }
    }

    private void lowerPoolOrMove(Operator operator) {
        if (operator instanceof FloatPool pool) {
            poolsAndMoves.pool(pool);
        } else if (operator instanceof FloatMean mean) {
            poolsAndMoves.mean(mean);
        } else if (operator instanceof FloatPad pad) {
            poolsAndMoves.pad(pad);
        } else if (PoolAndMoveLayers.isMove(operator) && state.isFloat(operator.input())) {
            state.target.tensor(source.tensor(operator.output())).operator(operator);
        } else if (PoolAndMoveLayers.isMove(operator)) {
            poolsAndMoves.move(operator);
        } else {
            throw state.noCodes(source.tensor(operator.output()));
        }
    }

    /** A table, unless a layer before does it or a table after includes it. */
    private void function(Operator operator) {
        boolean fused = operator instanceof FloatActivation activation && state.isFused(activation);
        if (fused || (!state.isPlanned(operator.output()) && !state.uses.isOutput(operator.output()))) {
            return;
        }
        Deque<DoubleUnaryOperator> functions = new ArrayDeque<>(List.of(UnaryFunctions.of(source, operator)));
        int input = operator.input();
        for (Operator before = unplannedFunction(input); before != null; before = unplannedFunction(input)) {
            functions.push(UnaryFunctions.of(source, before));
            input = before.input();
        }
        QuantizationState.Result result = state.result(operator);
        int from = state.operand(input).index();
        Rounding rounding = result.activation().quantization().rounding();
        state.table(
                operator.name(),
                from,
                state.declare(result),
                UnaryFunctions.word(operator),
                x -> chained(functions, x, rounding),
                result.low(),
                result.high());
    }

    private static double chained(Iterable<DoubleUnaryOperator> functions, double x, Rounding rounding) {
        double result = x;
        for (DoubleUnaryOperator function : functions) {
            result = function.applyAsDouble(result);
            result = rounding == Rounding.HALF_TO_EVEN ? (float) result : result;
        }
        return result;
    }

    private @Nullable Operator unplannedFunction(int tensor) {
        Operator producer = state.uses.producer(tensor);
        return producer != null && !state.isPlanned(tensor) && UnaryFunctions.isUnary(source, producer)
                ? producer
                : null;
    }

    private void prelu(FloatPRelu operator) {
        QuantizationState.Result result = state.result(operator);
        Tensor input = state.operand(operator.input());
        if (input.type() != result.type()) {
            input = state.aligned(operator.input(), result.activation());
        }
        int from = input.index();
        Quantization in = input.requireQuantization();
        ConstantOperands.Codes slopes = ConstantOperands.quantized(input.type(), operator.slope());
        Quantization slope = slopes.quantization();
        state.unclamped(
                operator,
                result,
                output -> state.target.operator(new PRelu(
                        operator.name(),
                        new int[] {from},
                        new int[] {output},
                        slopes.codes(),
                        slope.zeroPoint(),
                        in.zeroPoint(),
                        Rescaling.ratio(in.scale(), result.scale()),
                        Rescaling.product(in.scale(), slope.scale(), result.scale()),
                        result.zeroPoint())));
    }

    private void normalize(FloatLocalResponseNormalization operator) {
        QuantizationState.Result result = state.result(operator);
        LocalResponseLowering response =
                new LocalResponseLowering(operator.radius(), operator.bias(), operator.alpha(), operator.beta());
        int input = state.operand(operator.input()).index();
        state.unclamped(operator, result, output -> response.append(state.target, operator.name(), input, output));
    }

    /** An 8-bit softmax where its output is planned, brought to the planned scale where that is not 1/256. */
    private void softmax(FloatSoftmax operator) {
        if (!state.isPlanned(operator.output())) {
            stayFloat(operator);
            return;
        }
        Tensor input = state.operand(operator.input());
        QuantizationState.Result result = state.result(operator);
        Rescaling.SoftmaxScaling scaling =
                Rescaling.softmax(operator.beta(), input.requireQuantization().scale());
        Activation native256 =
                Activation.of(input.type(), 1f / 256, input.type().minimum());
        boolean direct = QuantizationState.same(native256, result.activation()) && result.usesEveryCode();
        int output = direct
                ? state.declare(result)
                : state.temporary(operator.name() + "_probabilities", input.shape(), native256);
        state.target.operator(new Softmax(
                operator.name(),
                new int[] {input.index()},
                new int[] {output},
                scaling.input(),
                scaling.differenceMin()));
        if (!direct) {
            state.table(
                    operator.name() + "_requantised",
                    output,
                    state.declare(result),
                    "requantise",
                    x -> x,
                    result.low(),
                    result.high());
        }
    }

    private void stayFloat(Operator operator) {
        int[] inputs = {state.real(operator.input())};
        state.target.tensor(source.tensor(operator.output()));
        state.target.operator(
                operator instanceof FloatSoftmax softmax
                        ? new FloatSoftmax(operator.name(), inputs, operator.outputs(), softmax.beta())
                        : new FloatLogSoftmax(operator.name(), inputs, operator.outputs()));
    }
}
