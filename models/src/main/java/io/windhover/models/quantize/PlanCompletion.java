// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.quantize;

import io.windhover.models.graph.Elementwise.Function;
import io.windhover.models.graph.FloatActivation;
import io.windhover.models.graph.FloatElementwise;
import io.windhover.models.graph.FloatInterpolation;
import io.windhover.models.graph.FloatPad;
import io.windhover.models.graph.FloatPool;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorUses;
import io.windhover.models.quantize.QuantizationPlan.Activation;
import io.windhover.models.quantize.Ranges.Range;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fills a plan's gaps where that changes no value: a tensor takes the codes of what reads it where all readers only
 * move or select its values into the same codes, otherwise those of what it is made of where these are all the same.
 * What stays without a plan is refused by the layer that needs one.
 */
final class PlanCompletion {
    /** How far from a code, in steps, a number may be for the rounding of its quotient alone. */
    private static final double SAME_CODE = 1e-4;

    private final Graph graph;
    private final TensorUses uses;
    private final Map<Integer, Activation> all;

    private PlanCompletion(Graph graph, Map<Integer, Activation> planned) {
        this.graph = graph;
        uses = new TensorUses(graph);
        all = new HashMap<>(planned);
    }

    /** The plan's activations and all that follow from them. */
    static Map<Integer, Activation> complete(Graph graph, Map<Integer, Activation> planned) {
        PlanCompletion completion = new PlanCompletion(graph, planned);
        completion.backwards();
        completion.forwards();
        return completion.all;
    }

    /** True when the operator's inputs and output hold values of one range. */
    static boolean keepsScale(Graph graph, Operator operator) {
        boolean extreme = operator instanceof FloatElementwise elementwise
                && (elementwise.function() == Function.MAXIMUM || elementwise.function() == Function.MINIMUM)
                && !UnaryFunctions.isUnary(graph, operator);
        return extreme
                || PoolAndMoveLayers.isMove(operator)
                || operator instanceof FloatPool
                || operator instanceof FloatPad;
    }

    /** True when the operator makes new values between those it reads. */
    private static boolean averages(Operator operator) {
        return (operator instanceof FloatPool pool && !pool.maximum()) || FloatInterpolation.interpolates(operator);
    }

    private void backwards() {
        List<Operator> operators = graph.operators();
        for (int i = operators.size() - 1; i >= 0; i--) {
            int output = operators.get(i).output();
            Activation agreed = all.containsKey(output) ? null : wanted(output);
            if (agreed != null) {
                all.put(output, agreed);
            }
        }
    }

    /**
     * The codes in which all readers of the tensor want it; null when they want different ones, or one of them, or the
     * network's caller, takes it as it is.
     */
    private @Nullable Activation wanted(int tensor) {
        Activation found = null;
        for (Operator reader : uses.consumers(tensor)) {
            Activation after = keepsScale(graph, reader) && !averages(reader) ? result(reader) : null;
            if (after == null || (found != null && !sameCodes(found, after))) {
                return null;
            }
            found = after;
        }
        return uses.isOutput(tensor) ? null : found;
    }

    private static boolean sameCodes(Activation first, Activation second) {
        return QuantizationState.same(first, second) && first.low() == second.low() && first.high() == second.high();
    }

    /** The codes an operator writes, those of the clamp after it where it has none of its own. */
    private @Nullable Activation result(Operator operator) {
        Activation own = all.get(operator.output());
        FloatActivation clamp = Clamps.onlyAfter(uses, operator.output());
        return own != null || clamp == null ? own : all.get(clamp.output());
    }

    private void forwards() {
        for (Operator operator : graph.operators()) {
            boolean open = (keepsScale(graph, operator) || limits(operator)) && !all.containsKey(operator.output());
            boolean clampSays = averages(operator) && result(operator) != null;
            Activation common = open && !clampSays ? common(operator) : null;
            if (common != null) {
                all.put(operator.output(), common);
            }
        }
    }

    /**
     * True for a clamp whose result the network ends with, or something other than a function reads: it is no part of a
     * table after it.
     */
    private boolean limits(Operator operator) {
        return operator instanceof FloatActivation activation
                && activation.function() == FloatActivation.Function.CLAMP
                && (uses.isOutput(operator.output())
                        || uses.consumers(operator.output()).stream()
                                .anyMatch(reader -> !UnaryFunctions.isUnary(graph, reader)));
    }

    /** The codes of all that an operator reads, where they hold whatever it adds; or null. */
    private @Nullable Activation common(Operator operator) {
        Activation common = null;
        for (int input : operator.inputs()) {
            Activation codes = all.get(input);
            if ((codes == null && !graph.tensor(input).isConstant())
                    || (codes != null && common != null && !QuantizationState.same(codes, common))) {
                return null;
            }
            if (codes != null) {
                common = common == null ? codes : joined(common, codes);
            }
        }
        return common != null && holds(common, operator) ? common : null;
    }

    /** The codes of either. */
    private static Activation joined(Activation first, Activation second) {
        return new Activation(
                first.type(),
                first.quantization(),
                Math.min(first.low(), second.low()),
                Math.max(first.high(), second.high()));
    }

    /** Whether codes hold whatever a clamp makes of them. */
    private static boolean holds(Activation codes, FloatActivation clamp) {
        Range range = Ranges.of(codes);
        float least = clamp.alpha() / codes.quantization().scale();
        float most = clamp.beta() / codes.quantization().scale();
        return (clamp.alpha() <= range.low() || (clamp.alpha() <= range.high() && least == Math.rint(least)))
                && (clamp.beta() >= range.high() || (clamp.beta() >= range.low() && most == Math.rint(most)));
    }

    private boolean holds(Activation codes, Operator operator) {
        Range range = Ranges.of(codes);
        if (operator instanceof FloatActivation clamp) {
            return holds(codes, clamp);
        }
        if (operator instanceof FloatPad pad) {
            float code = pad.value() / codes.quantization().scale();
            return Math.abs(code - Math.rint(code)) < SAME_CODE && range.covers(new Range(pad.value(), pad.value()));
        }
        for (int input : operator.inputs()) {
            Tensor tensor = graph.tensor(input);
            if (tensor.isConstant()
                    && !all.containsKey(input)
                    && !range.covers(ConstantOperands.range(ConstantOperands.floats(tensor)))) {
                return false;
            }
        }
        return true;
    }
}
