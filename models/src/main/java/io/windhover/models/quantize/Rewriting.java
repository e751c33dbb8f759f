// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.quantize;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import java.util.function.UnaryOperator;

/** Graphs with some operators replaced. */
final class Rewriting {
    private Rewriting() {}

    static Graph replace(Graph graph, UnaryOperator<Operator> replacement) {
        return new Graph(
                graph.name(),
                graph.tensors(),
                graph.operators().stream().map(replacement).toList(),
                graph.inputs(),
                graph.outputs(),
                graph.labels(),
                graph.preprocessing(),
                graph.batch());
    }
}
