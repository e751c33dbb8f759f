// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;
import static io.windhover.models.ModelException.requirePresent;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Collects tensors and operators into a graph. Tensor indexes are handed out in order of creation, from 0 unless told
 * otherwise.
 */
public final class GraphBuilder {
    private final String name;
    private final NavigableMap<Integer, Tensor> tensors = new TreeMap<>();
    private final List<Operator> operators = new ArrayList<>();
    private final List<Integer> inputs = new ArrayList<>();
    private List<String> labels = List.of();
    private @Nullable Preprocessing preprocessing;
    private int next;

    public GraphBuilder(String name) {
        this(name, 0);
    }

    /** For a graph whose tensors below {@code firstIndex} are added with indexes of their own. */
    public GraphBuilder(String name, int firstIndex) {
        this.name = name;
        this.next = firstIndex;
    }

    /** Adds a tensor with an index of its own. */
    public GraphBuilder tensor(Tensor tensor) {
        require(tensors.put(tensor.index(), tensor) == null, "There are two tensors %d.", tensor.index());
        next = Math.max(next, tensor.index() + 1);
        return this;
    }

    /** Makes an activation an input of the network. */
    public GraphBuilder input(int index) {
        inputs.add(index);
        return this;
    }

    /** Adds an activation and returns its index. */
    public int tensor(String tensorName, TensorType type, Shape shape, @Nullable Quantization quantization) {
        return add(tensorName, type, shape, quantization, null);
    }

    /** Adds a constant operand and returns its index. */
    public int constant(
            String tensorName, TensorType type, Shape shape, @Nullable Quantization quantization, byte[] contents) {
        return add(tensorName, type, shape, quantization, contents);
    }

    private int add(
            String tensorName,
            TensorType type,
            Shape shape,
            @Nullable Quantization quantization,
            byte @Nullable [] contents) {
        int index = next++;
        tensors.put(index, new Tensor(index, tensorName, type, shape, quantization, contents));
        return index;
    }

    /** Adds an activation as an input of the network. */
    public int input(String tensorName, TensorType type, Shape shape, @Nullable Quantization quantization) {
        int index = tensor(tensorName, type, shape, quantization);
        inputs.add(index);
        return index;
    }

    /** Appends an operator whose tensors exist already. */
    public GraphBuilder operator(Operator operator) {
        operators.add(operator);
        return this;
    }

    public GraphBuilder labels(List<String> names) {
        labels = names;
        return this;
    }

    public GraphBuilder preprocessing(Preprocessing steps) {
        preprocessing = steps;
        return this;
    }

    public Tensor tensor(int index) {
        return requirePresent(tensors.get(index), "There is no tensor %d.", index);
    }

    /** Whether there is a tensor of this index yet. */
    public boolean has(int index) {
        return tensors.containsKey(index);
    }

    public Shape shape(int index) {
        return tensor(index).shape();
    }

    /** How many operators there are so far. */
    public int operatorCount() {
        return operators.size();
    }

    /**
     * Puts every operator behind those that make what it reads; otherwise they keep their order. Operators in a circle
     * are left for {@link #build} to refuse.
     */
    public void inOrder() {
        Map<Integer, Operator> producers = new HashMap<>();
        for (Operator operator : operators) {
            IntStream.of(operator.outputs()).forEach(output -> producers.put(output, operator));
        }
        Set<Operator> placed = Collections.newSetFromMap(new IdentityHashMap<>());
        Set<Operator> entered = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Operator> ordered = new ArrayList<>();
        Deque<Operator> open = new ArrayDeque<>();
        for (Operator next : operators) {
            open.push(next);
            while (!open.isEmpty()) {
                Operator operator = open.element();
                entered.add(operator);
                List<Operator> before = IntStream.of(operator.inputs())
                        .mapToObj(producers::get)
                        .filter(producer -> producer != null && !entered.contains(producer))
                        .toList();
                before.forEach(open::push);
                if (before.isEmpty() && placed.add(open.pop())) {
                    ordered.add(operator);
                }
            }
        }
        operators.clear();
        operators.addAll(ordered);
    }

    /** The checked graph with these outputs. */
    public Graph build(int... outputs) {
        int[] inputIndexes = inputs.stream().mapToInt(Integer::intValue).toArray();
        return new Graph(name, List.copyOf(tensors.values()), operators, inputIndexes, outputs, labels, preprocessing);
    }
}
