// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.program;

import io.windhover.models.graph.Concatenation;
import io.windhover.models.graph.Dequantize;
import io.windhover.models.graph.FloatLogSoftmax;
import io.windhover.models.graph.FloatOperator;
import io.windhover.models.graph.FloatSoftmax;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.LogSoftmax;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Quantize;
import io.windhover.models.graph.Reshape;
import io.windhover.models.graph.ScaleAccumulators;
import io.windhover.models.graph.Softmax;
import io.windhover.models.graph.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which operators run on the host: quantisation of the inputs before the job; softmax, real numbers and what moves them
 * after it.
 *
 * @param head positions of operators that run before the job
 * @param tail positions of operators that run after the job
 * @param inputs tensors the accelerator reads
 * @param outputs tensors the accelerator hands back
 */
public record HostSplit(List<Integer> head, List<Integer> tail, List<Integer> inputs, List<Integer> outputs) {
    public static HostSplit of(Graph graph) {
        refuseFloat(graph);
        Set<Integer> outside = new HashSet<>();
        Arrays.stream(graph.inputs()).forEach(outside::add);
        List<Integer> head = head(graph, outside);
        Set<Integer> tail = tail(graph, head);
        Set<Integer> inputs = new LinkedHashSet<>();
        Set<Integer> made = new HashSet<>();
        Set<Integer> outputs = new TreeSet<>();
        for (int position = 0; position < graph.operators().size(); position++) {
            Operator operator = graph.operators().get(position);
            if (tail.contains(position)) {
                Arrays.stream(operator.inputs()).filter(made::contains).forEach(outputs::add);
            } else if (!head.contains(position)) {
                Arrays.stream(operator.inputs()).filter(outside::contains).forEach(inputs::add);
                Arrays.stream(operator.outputs()).forEach(made::add);
            }
        }
        Arrays.stream(graph.outputs()).filter(made::contains).forEach(outputs::add);
        return new HostSplit(head, List.copyOf(tail), List.copyOf(inputs), List.copyOf(outputs));
    }

    /** The accelerator has no floating point; only a softmax at the end may, on the host. */
    private static void refuseFloat(Graph graph) {
        for (int position = 0; position < graph.operators().size(); position++) {
            Operator operator = graph.operators().get(position);
            if (operator instanceof FloatOperator && !isHostOnly(operator)) {
                throw new CompileException(String.format(
                        "Network '%s' computes in floating point (operator %d, %s '%s'), which only --device reference: "
                                + "runs; quantise it first: ./windhover quantize MODEL --calibrate DIR -o OUT.",
                        graph.name(), position, operator.kind(), operator.name()));
            }
        }
    }

    private static List<Integer> head(Graph graph, Set<Integer> outside) {
        List<Integer> head = new ArrayList<>();
        for (int position = 0; position < graph.operators().size(); position++) {
            Operator operator = graph.operators().get(position);
            if (operator instanceof Quantize && outside.contains(operator.input())) {
                head.add(position);
                outside.add(operator.output());
            }
        }
        return List.copyOf(head);
    }

    /**
     * Operators that the accelerator lacks, light and real ones that follow them, and reshapes that nothing on the
     * accelerator reads.
     */
    private static Set<Integer> tail(Graph graph, List<Integer> head) {
        Set<Integer> tail = new TreeSet<>();
        Set<Integer> made = new HashSet<>();
        for (int position = 0; position < graph.operators().size(); position++) {
            Operator operator = graph.operators().get(position);
            boolean follows = Arrays.stream(operator.inputs()).anyMatch(made::contains)
                    && (isLight(operator) || graph.tensor(operator.output()).type() == TensorType.FLOAT32);
            if (!head.contains(position) && (isHostOnly(operator) || follows)) {
                tail.add(position);
                Arrays.stream(operator.outputs()).forEach(made::add);
            }
        }
        for (int position = graph.operators().size() - 1; position >= 0; position--) {
            Operator operator = graph.operators().get(position);
            if (operator instanceof Reshape && feedsOnly(graph, operator.output(), tail)) {
                tail.add(position);
            }
        }
        return tail;
    }

    private static boolean isHostOnly(Operator operator) {
        return operator instanceof Softmax
                || operator instanceof FloatLogSoftmax
                || operator instanceof Dequantize
                || operator instanceof Quantize
                || operator instanceof ScaleAccumulators
                || operator instanceof FloatSoftmax
                || operator instanceof LogSoftmax;
    }

    private static boolean isLight(Operator operator) {
        return operator instanceof LookupTable || operator instanceof Reshape || operator instanceof Concatenation;
    }

    private static boolean feedsOnly(Graph graph, int tensor, Set<Integer> tail) {
        for (int position = 0; position < graph.operators().size(); position++) {
            boolean reads =
                    Arrays.stream(graph.operators().get(position).inputs()).anyMatch(input -> input == tensor);
            if (reads && !tail.contains(position)) {
                return false;
            }
        }
        return true;
    }
}
