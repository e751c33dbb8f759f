// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.quantize;

import io.windhover.models.graph.FloatActivation;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import java.util.LinkedHashSet;
import java.util.Set;

/** Where a plan has no codes for what a layer of an integer network has to read. */
final class PlanGaps {
    private final Graph graph;
    private final QuantizationState state;

    private PlanGaps(Graph graph, QuantizationPlan plan) {
        this.graph = graph;
        state = new QuantizationState(graph, PlanCompletion.complete(graph, plan.activations()), Naming.OWN);
    }

    /** The inputs and computed tensors without codes that the layers after them, or the network's ends, need. */
    static Set<Integer> of(Graph graph, QuantizationPlan plan) {
        PlanGaps search = new PlanGaps(graph, plan);
        Set<Integer> gaps = new LinkedHashSet<>();
        for (Operator operator : graph.operators()) {
            for (int input : operator.inputs()) {
                if (!graph.tensor(input).isConstant() && !search.isCovered(input, operator)) {
                    gaps.add(input);
                }
            }
        }
        for (int output : graph.outputs()) {
            if (!search.state.isPlanned(output)) {
                gaps.add(output);
            }
        }
        return gaps;
    }

    private boolean isCovered(int tensor, Operator reader) {
        Operator producer = state.uses.producer(tensor);
        boolean fused = reader instanceof FloatActivation activation && state.isFused(activation);
        boolean chained =
                producer != null && UnaryFunctions.isUnary(graph, producer) && UnaryFunctions.isUnary(graph, reader);
        return state.isPlanned(tensor) || fused || chained;
    }
}
