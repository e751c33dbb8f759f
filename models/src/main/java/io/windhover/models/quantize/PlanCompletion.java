package io.windhover.models.quantize;

import io.windhover.models.graph.FloatElementwise;
import io.windhover.models.graph.FloatElementwise.Function;
import io.windhover.models.graph.FloatPad;
import io.windhover.models.graph.FloatPool;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import io.windhover.models.quantize.QuantizationPlan.Activation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Fills a plan's gaps: where an operator leaves values as they are, its input and output share their scale. */
final class PlanCompletion {
    private PlanCompletion() {}

    /** The plan's activations and all that follow from them. */
    static Map<Integer, Activation> complete(Graph graph, Map<Integer, Activation> planned) {
        Map<Integer, Activation> all = new HashMap<>(planned);
        List<Operator> operators = graph.operators();
        int before;
        do {
            before = all.size();
            for (int i = operators.size() - 1; i >= 0; i--) {
                fillInputs(graph, operators.get(i), all);
            }
            operators.forEach(operator -> fillOutput(graph, operator, all));
        } while (all.size() > before);
        return all;
    }

    /** True when the operator's inputs and output hold values of one range. */
    static boolean keepsScale(Graph graph, Operator operator) {
        boolean extreme = operator instanceof FloatElementwise elementwise
                && (elementwise.function() == Function.MAXIMUM || elementwise.function() == Function.MINIMUM)
                && !UnaryFunctions.isUnary(graph, operator);
        return extreme || Maps.isMove(operator) || operator instanceof FloatPool || operator instanceof FloatPad;
    }

    private static void fillInputs(Graph graph, Operator operator, Map<Integer, Activation> all) {
        Activation after = all.get(operator.output());
        if (after != null && keepsScale(graph, operator)) {
            for (int input : operator.inputs()) {
                all.putIfAbsent(input, after);
            }
        }
    }

    private static void fillOutput(Graph graph, Operator operator, Map<Integer, Activation> all) {
        Activation before = all.get(operator.input());
        if (before != null && keepsScale(graph, operator)) {
            all.putIfAbsent(operator.output(), before);
        }
    }
}
