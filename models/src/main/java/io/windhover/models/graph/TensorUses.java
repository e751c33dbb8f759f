// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Which operators make and read each tensor of a graph. */
public final class TensorUses {
    private final Map<Integer, Operator> producers = new HashMap<>();
    private final Map<Integer, List<Operator>> consumers = new HashMap<>();
    private final Set<Integer> outputs;

    public TensorUses(Graph graph) {
        outputs = IntStream.of(graph.outputs()).boxed().collect(Collectors.toSet());
        for (Operator operator : graph.operators()) {
            IntStream.of(operator.outputs()).forEach(output -> producers.put(output, operator));
            IntStream.of(operator.inputs())
                    .distinct()
                    .forEach(input -> consumers
                            .computeIfAbsent(input, missing -> new ArrayList<>())
                            .add(operator));
        }
    }

    /** Null for inputs and constants. */
    @Nullable
    public Operator producer(int tensor) {
        return producers.get(tensor);
    }

    /** In the order of the graph; each once. */
    public List<Operator> consumers(int tensor) {
        return consumers.getOrDefault(tensor, List.of());
    }

    /** True when the tensor is an output of the network. */
    public boolean isOutput(int tensor) {
        return outputs.contains(tensor);
    }

    /** The only operator that reads the tensor; null when several do, or when it is an output of the network. */
    @Nullable
    public Operator onlyConsumer(int tensor) {
        List<Operator> all = consumers(tensor);
        return all.size() == 1 && !isOutput(tensor) ? all.get(0) : null;
    }
}
