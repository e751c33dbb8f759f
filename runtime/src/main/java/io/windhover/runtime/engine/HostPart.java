// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.engine;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Tensor;
import io.windhover.models.reference.ReferenceExecutor;
import io.windhover.models.reference.Values;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Some operators of a network, run on the host by the reference executor: before, between or after the jobs of the
 * accelerator.
 */
final class HostPart {
    private final List<Integer> inputs;
    private final List<Integer> outputs;
    private final @Nullable ReferenceExecutor executor;

    /** The operators at these positions of the graph, in order. */
    HostPart(Graph graph, List<Integer> positions) {
        Set<Integer> needed = new LinkedHashSet<>();
        Set<Integer> made = new LinkedHashSet<>();
        Set<Integer> used = new TreeSet<>();
        List<Operator> operators = new ArrayList<>();
        for (int position : positions.stream().sorted().toList()) {
            Operator operator = graph.operators().get(position);
            operators.add(operator);
            for (int input : operator.inputs()) {
                used.add(input);
                if (!graph.tensor(input).isConstant() && !made.contains(input)) {
                    needed.add(input);
                }
            }
            for (int output : operator.outputs()) {
                used.add(output);
                made.add(output);
            }
        }
        this.inputs = List.copyOf(needed);
        this.outputs = List.copyOf(made);
        this.executor = operators.isEmpty() ? null : new ReferenceExecutor(part(graph, used, operators));
    }

    private Graph part(Graph graph, Set<Integer> used, List<Operator> operators) {
        List<Tensor> tensors = used.stream().map(graph::tensor).toList();
        return new Graph(graph.name(), tensors, operators, indexes(inputs), indexes(outputs), List.of(), null);
    }

    private static int[] indexes(List<Integer> tensors) {
        return tensors.stream().mapToInt(Integer::intValue).toArray();
    }

    boolean isEmpty() {
        return executor == null;
    }

    /** Tensors it must be given. */
    List<Integer> inputs() {
        return inputs;
    }

    /** True when it makes this tensor. */
    boolean makes(int tensor) {
        return outputs.contains(tensor);
    }

    /** Runs it; bytes of every tensor it needs by index. */
    Values run(Map<Integer, byte[]> given) {
        if (executor == null) {
            throw new IllegalStateException("there is nothing to run on the host");
        }
        return executor.run(inputs.stream().map(given::get).toArray(byte[][]::new));
    }
}
