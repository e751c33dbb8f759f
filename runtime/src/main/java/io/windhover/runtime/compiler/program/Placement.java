// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.program;

import io.windhover.models.graph.Concatenation;
import io.windhover.models.graph.Dequantize;
import io.windhover.models.graph.FloatOperator;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.HostOperator;
import io.windhover.models.graph.LogSoftmax;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.MaxPool;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Quantize;
import io.windhover.models.graph.Reshape;
import io.windhover.models.graph.ScaleAccumulators;
import io.windhover.models.graph.Softmax;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.TensorUses;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Where the operators of a network run: parts on the host and jobs of the accelerator take turns, a part on the host
 * first and last (either may be empty). There are as few jobs as the network allows, and at least one, which is empty
 * where the host runs everything.
 *
 * @param host operators, by position, of each part on the host; one part more than there are jobs
 * @param jobs what runs between the first and the second part, the second and the third, and so on
 */
public record Placement(List<List<Integer>> host, List<JobPart> jobs) {
    /** Of a layer of real weights on the host; those that make a detector's boxes of distributions have a tenth. */
    private static final int LARGEST_REAL_LAYER_MACS = 1 << 22;

    /**
     * What one job computes.
     *
     * @param operators by position, ascending
     * @param inputs tensors that it reads
     * @param outputs tensors that it hands back, ascending
     */
    public record JobPart(List<Integer> operators, List<Integer> inputs, List<Integer> outputs) {}

    public Placement {
        host = host.stream().map(List::copyOf).toList();
        jobs = List.copyOf(jobs);
    }

    /** A {@link CompileException} when the network is one of real numbers. */
    public static Placement of(Graph graph) {
        return new Levels(graph).placement();
    }

    /** All operators on the host, by position. */
    public List<Integer> hostOperators() {
        return host.stream().flatMap(List::stream).sorted().toList();
    }

    /**
     * Finds for each operator the earliest turn that its inputs allow: even numbers are the host's, odd ones are jobs.
     */
    private static final class Levels {
        private final Graph graph;
        private final List<Operator> operators;
        private final TensorUses uses;
        private final Set<Operator> onHost = Collections.newSetFromMap(new IdentityHashMap<>());
        private final Map<Integer, Integer> made = new HashMap<>();
        private final IdentityHashMap<Operator, Integer> positions = new IdentityHashMap<>();
        private final int[] levels;

        Levels(Graph graph) {
            this.graph = graph;
            operators = graph.operators();
            uses = new TensorUses(graph);
            levels = new int[operators.size()];
            operators.forEach(operator -> positions.put(operator, positions.size()));
            chooseSides();
            refuseFloat();
        }

        private void chooseSides() {
            Set<Operator> fed = Collections.newSetFromMap(new IdentityHashMap<>());
            for (Operator operator : operators) {
                if (isHostOnly(operator)) {
                    onHost.add(operator);
                }
                boolean follows = IntStream.of(operator.inputs())
                        .mapToObj(uses::producer)
                        .anyMatch(producer -> producer != null && (fed.contains(producer) || isAfterHost(producer)));
                if (follows && isLight(operator)) {
                    fed.add(operator);
                }
            }
            for (int position = operators.size() - 1; position >= 0; position--) {
                Operator operator = operators.get(position);
                boolean may = operator instanceof Reshape || fed.contains(operator);
                if (may && isReadByHostOnly(operator)) {
                    onHost.add(operator);
                }
            }
        }

        private static boolean isLight(Operator operator) {
            return operator instanceof Reshape || operator instanceof LookupTable || operator instanceof Concatenation;
        }

        /** On the host other than to quantise an input of the network. */
        private boolean isAfterHost(Operator operator) {
            return onHost.contains(operator)
                    && !(operator instanceof Quantize && uses.producer(operator.input()) == null);
        }

        private boolean isReadByHostOnly(Operator operator) {
            return uses.consumers(operator.output()).stream().allMatch(onHost::contains);
        }

        private boolean isHostOnly(Operator operator) {
            if (operator instanceof FloatOperator
                    || operator instanceof HostOperator
                    || operator instanceof Softmax
                    || operator instanceof LogSoftmax
                    || operator instanceof Quantize
                    || operator instanceof Dequantize
                    || operator instanceof ScaleAccumulators
                    || (operator instanceof MaxPool pool && pool.window().isDilated())
                    || LargeWindows.areTakenBy(operator, graph)
                    || WideMaps.areReadBy(operator, graph)) {
                return true;
            }
            if (BilinearShares.areTakenBy(operator)
                    && !BilinearShares.of(operator, graph)
                            .isTaken(graph.tensor(operator.input()).shape().channels())) {
                return true;
            }
            TensorType type = graph.tensor(operator.output()).type();
            boolean raw = type == TensorType.INT32
                    && graph.tensor(operator.input()).type() == TensorType.INT32
                    && !(operator instanceof Reshape);
            return raw || type == TensorType.FLOAT32 || type == TensorType.INT64 || type == TensorType.BOOL;
        }

        /**
         * Layers of real numbers with weights are too much for a host but for small ones of a network that has codes,
         * and so is a whole network of real numbers.
         */
        private void refuseFloat() {
            boolean coded = operators.stream()
                    .anyMatch(operator -> !onHost.contains(operator)
                            || operator instanceof Quantize
                            || operator instanceof Dequantize);
            for (int position = 0; position < operators.size(); position++) {
                Operator operator = operators.get(position);
                long macs = operator.macs(graph);
                if (operator instanceof FloatOperator && coded && macs > LARGEST_REAL_LAYER_MACS) {
                    throw new CompileException(String.format(
                            "Network '%s' has a layer of real weights, '%s' (operator %d), of %,d multiply-accumulates; "
                                    + "the host takes up to %,d. Quantise its weights and what it reads in the file.",
                            graph.name(), operator.name(), position, macs, LARGEST_REAL_LAYER_MACS));
                }
                if (operator instanceof FloatOperator && !coded && (macs > 0 || !isEnd(operator))) {
                    throw new CompileException(String.format(
                            "Network '%s' computes in floating point (operator %d, %s '%s'), which only --device "
                                    + "reference: runs; quantise it first: ./windhover quantize MODEL --calibrate DIR "
                                    + "-o OUT.",
                            graph.name(), position, operator.kind(), operator.name()));
                }
            }
        }

        /** What may stand alone on the host. */
        private static boolean isEnd(Operator operator) {
            return operator.kind().endsWith("Softmax");
        }

        Placement placement() {
            for (int position = 0; position < operators.size(); position++) {
                Operator operator = operators.get(position);
                int level = onHost.contains(operator) ? 0 : 1;
                for (int input : operator.inputs()) {
                    int from = made.getOrDefault(input, 0);
                    level = Math.max(level, from + ((from ^ level) & 1));
                }
                place(position, level);
            }
            int last = Math.max(1, Arrays.stream(levels).max().orElse(0));
            last += last & 1;
            putOff(last);
            List<List<Integer>> host = new ArrayList<>();
            List<JobPart> jobs = new ArrayList<>();
            for (int level = 0; level <= last; level += 2) {
                host.add(at(level));
                if (level < last) {
                    jobs.add(job(level + 1));
                }
            }
            return new Placement(host, jobs);
        }

        private void place(int position, int level) {
            levels[position] = level;
            IntStream.of(operators.get(position).outputs()).forEach(output -> made.put(output, level));
        }

        /** What no job needs waits for the end, where it is only computed when somebody asks for it. */
        private void putOff(int last) {
            for (int position = operators.size() - 1; position >= 0; position--) {
                Operator operator = operators.get(position);
                boolean needed = uses.consumers(operator.output()).isEmpty() && isHead(operator);
                for (int output : operator.outputs()) {
                    for (Operator reader : uses.consumers(output)) {
                        needed |= level(reader) < last;
                    }
                }
                if (onHost.contains(operator) && !needed) {
                    place(position, last);
                }
            }
        }

        private boolean isHead(Operator operator) {
            return operator instanceof Quantize && uses.producer(operator.input()) == null;
        }

        private List<Integer> at(int level) {
            return IntStream.range(0, levels.length)
                    .filter(position -> levels[position] == level)
                    .boxed()
                    .toList();
        }

        private int level(Operator operator) {
            return levels[Objects.requireNonNull(positions.get(operator))];
        }

        private JobPart job(int level) {
            List<Integer> own = at(level);
            Set<Integer> computed = new LinkedHashSet<>();
            Set<Integer> inputs = new LinkedHashSet<>();
            Set<Integer> outputs = new TreeSet<>();
            for (int position : own) {
                for (int input : operators.get(position).inputs()) {
                    if (!graph.tensor(input).isConstant() && !computed.contains(input)) {
                        inputs.add(input);
                    }
                }
                IntStream.of(operators.get(position).outputs()).forEach(computed::add);
            }
            for (int tensor : computed) {
                boolean read = uses.consumers(tensor).stream().anyMatch(reader -> level(reader) != level);
                if (read || uses.isOutput(tensor)) {
                    outputs.add(tensor);
                }
            }
            return new JobPart(own, List.copyOf(inputs), List.copyOf(outputs));
        }
    }
}
