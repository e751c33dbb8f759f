// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.quantize;

import io.windhover.models.graph.FloatActivation;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Who makes and who reads each tensor. */
final class Uses {
    private final Map<Integer, Operator> producers = new HashMap<>();
    private final Map<Integer, List<Operator>> consumers = new HashMap<>();
    private final Set<Integer> outputs;

    Uses(Graph graph) {
        outputs = IntStream.of(graph.outputs()).boxed().collect(Collectors.toSet());
        for (Operator operator : graph.operators()) {
            producers.put(operator.output(), operator);
            IntStream.of(operator.inputs())
                    .distinct()
                    .forEach(input -> consumers
                            .computeIfAbsent(input, missing -> new ArrayList<>())
                            .add(operator));
        }
    }

    /** Null for inputs and constants. */
    @Nullable
    Operator producer(int tensor) {
        return producers.get(tensor);
    }

    List<Operator> consumers(int tensor) {
        return consumers.getOrDefault(tensor, List.of());
    }

    boolean isOutput(int tensor) {
        return outputs.contains(tensor);
    }

    /** The one operator that reads the tensor; null when there are others or the network hands it out. */
    @Nullable
    Operator onlyConsumer(int tensor) {
        List<Operator> all = consumers(tensor);
        return all.size() == 1 && !isOutput(tensor) ? all.get(0) : null;
    }

    /** The clamp that alone reads the tensor, or null. */
    @Nullable
    FloatActivation onlyClampAfter(int tensor) {
        return onlyConsumer(tensor) instanceof FloatActivation activation
                        && activation.function() == FloatActivation.Function.CLAMP
                ? activation
                : null;
    }
}
