// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which operators read each tensor of a graph. */
final class Consumers {
    private final Map<Integer, List<Operator>> consumers = new HashMap<>();
    private final Set<Integer> outputs = new HashSet<>();

    Consumers(Graph graph) {
        for (Operator operator : graph.operators()) {
            Arrays.stream(operator.inputs())
                    .distinct()
                    .forEach(input -> consumers
                            .computeIfAbsent(input, key -> new ArrayList<>())
                            .add(operator));
        }
        Arrays.stream(graph.outputs()).forEach(outputs::add);
    }

    /** The operator that alone reads the tensor, or null where several do or somebody outside. */
    @Nullable
    Operator only(int tensor) {
        List<Operator> readers = consumers.getOrDefault(tensor, List.of());
        return readers.size() == 1 && !outputs.contains(tensor) ? readers.get(0) : null;
    }
}
