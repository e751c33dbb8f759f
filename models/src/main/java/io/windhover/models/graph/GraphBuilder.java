package io.windhover.models.graph;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects tensors and operators into a graph. Tensor indexes are handed out in order of creation. */
public final class GraphBuilder {
    private final String name;
    private final List<Tensor> tensors = new ArrayList<>();
    private final List<Operator> operators = new ArrayList<>();
    private final List<Integer> inputs = new ArrayList<>();
    private List<String> labels = List.of();
    private @Nullable Preprocessing preprocessing;

    public GraphBuilder(String name) {
        this.name = name;
    }

    /** Adds an activation and returns its index. */
    public int tensor(String tensorName, TensorType type, Shape shape, @Nullable Quantization quantization) {
        return add(tensorName, type, shape, quantization, null);
    }

    /** Adds a constant operand and returns its index. */
    public int constant(String tensorName, TensorType type, Shape shape, @Nullable Quantization quantization, byte[] contents) {
        return add(tensorName, type, shape, quantization, contents);
    }

    private int add(
            String tensorName, TensorType type, Shape shape, @Nullable Quantization quantization, byte @Nullable [] contents) {
        tensors.add(new Tensor(tensors.size(), tensorName, type, shape, quantization, contents));
        return tensors.size() - 1;
    }

    /** Adds an activation that the caller of the network feeds. */
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
        return tensors.get(index);
    }

    public Shape shape(int index) {
        return tensors.get(index).shape();
    }

    /** How many operators there are so far. */
    public int operatorCount() {
        return operators.size();
    }

    /** The checked graph with these outputs. */
    public Graph build(int... outputs) {
        int[] inputIndexes = inputs.stream().mapToInt(Integer::intValue).toArray();
        return new Graph(name, tensors, operators, inputIndexes, outputs, labels, preprocessing);
    }
}
