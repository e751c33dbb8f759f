// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import static io.windhover.models.ModelException.require;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Reshape;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Tensors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Collects the operators that a file's become and the tensors they use. Tensors keep the file's numbers; those that the
 * file does not have are numbered after its own.
 */
final class Sink {
    private static final int MAXIMUM_NEW_TENSORS = 65_536;

    private final SourceModel model;
    private final List<Operator> operators = new ArrayList<>();
    private final Map<Integer, Tensor> tensors = new TreeMap<>();
    private final Tensors known = Tensors.of(tensors);
    private final Set<Integer> shapeValues = new HashSet<>();
    private final Dilations dilations = new Dilations();
    private int nextIndex;

    Sink(SourceModel model) {
        this.model = model;
        nextIndex = model.tensorCount();
        for (int input : model.inputs()) {
            tensors.put(input, model.map(input));
        }
    }

    /** The space-to-batch pieces met so far. */
    Dilations dilations() {
        return dilations;
    }

    /** A tensor between two of the operators that one of the file's becomes. */
    Tensor tensor(String name, TensorType type, Shape shape, @Nullable Quantization quantization) {
        return add(new Tensor(nextIndex, name, type, shape, quantization, null));
    }

    /** A tensor like this one of another shape. */
    Tensor like(Tensor tensor, Shape shape) {
        return tensor(tensor.name() + "/" + nextIndex, tensor.type(), shape, tensor.quantization());
    }

    /** A constant like this tensor of another shape. */
    Tensor constant(Tensor tensor, Shape shape, byte[] contents) {
        return add(new Tensor(
                nextIndex, tensor.name() + "/" + nextIndex, tensor.type(), shape, tensor.quantization(), contents));
    }

    /** A constant list of INT32 numbers. */
    Tensor integers(String name, int[] values) {
        ByteBuffer contents = ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        contents.asIntBuffer().put(values);
        return add(new Tensor(
                nextIndex, name + "/" + nextIndex, TensorType.INT32, Shape.of(values.length), null, contents.array()));
    }

    private Tensor add(Tensor tensor) {
        require(
                nextIndex - model.tensorCount() < MAXIMUM_NEW_TENSORS,
                "The file's operators become more than %d tensors that it does not have.",
                MAXIMUM_NEW_TENSORS);
        model.budget()
                .spendScales(
                        tensor.quantization() == null
                                ? 0
                                : tensor.quantization().scales().length);
        tensors.put(nextIndex++, tensor);
        return tensor;
    }

    /** Appends an operator; if all it reads is constant, its result becomes a constant of the model instead. */
    void add(Operator operator) {
        boolean constant = true;
        for (int input : operator.inputs()) {
            constant &= operand(input).isConstant();
        }
        for (int output : operator.outputs()) {
            tensors.computeIfAbsent(output, index -> model.activation(index));
        }
        operator.check(known);
        model.budget().spendParameters(operator.parameters(known));
        if (!constant || !new ConstantFolding(model, tensors).fold(operator)) {
            operators.add(operator);
        }
    }

    /** A tensor that operators read: computed, or stored in the file. */
    Tensor operand(int index) {
        require(
                !shapeValues.contains(index),
                "%s is computed from shapes, which only the shape of a result may be.",
                model.tensorName(index));
        return tensors.computeIfAbsent(index, missing -> model.operand(missing));
    }

    /** The same elements under another shape; the same tensor still where both shapes are the same map. */
    Tensor view(Tensor tensor, Shape shape) {
        if (tensor.shape().sameMap(shape)) {
            return new Tensor(
                    tensor.index(), tensor.name(), tensor.type(), shape, tensor.quantization(), tensor.constant());
        }
        Tensor view = like(tensor, shape);
        reshape(tensor, view);
        return operand(view.index());
    }

    /** The same elements, for operators that tell apart shapes that are the same map. */
    Tensor reshaped(Tensor tensor, Shape shape) {
        if (tensor.shape().equals(shape)) {
            return tensor;
        }
        Tensor result = like(tensor, shape);
        reshape(tensor, result);
        return operand(result.index());
    }

    /** Makes {@code to} the elements of {@code from} under its own shape. */
    void reshape(Tensor from, Tensor to) {
        add(new Reshape(to.name(), new int[] {from.index()}, new int[] {to.index()}));
    }

    /** Notes that these tensors hold shapes computed at run time; all of ours being fixed, nobody needs them. */
    void ignoreShapeValues(int[] indexes) {
        for (int index : indexes) {
            shapeValues.add(index);
        }
    }

    boolean isShapeValue(int index) {
        return shapeValues.contains(index);
    }

    /** The checked network. */
    Graph graph(String name) {
        dilations.requireNonePending();
        for (int output : model.outputs()) {
            require(
                    !shapeValues.contains(output),
                    "The output %s is computed from shapes only.",
                    model.tensorName(output));
        }
        Set<Integer> used = new HashSet<>();
        for (int input : model.inputs()) {
            used.add(input);
        }
        for (int output : model.outputs()) {
            require(
                    !operand(output).isConstant(),
                    "The output %s is a constant, which nothing computes; remove it from the outputs.",
                    model.tensorName(output));
            used.add(output);
        }
        for (Operator operator : operators) {
            for (int index : operator.inputs()) {
                used.add(index);
            }
            for (int index : operator.outputs()) {
                used.add(index);
            }
        }
        List<Tensor> kept = tensors.values().stream()
                .filter(tensor -> used.contains(tensor.index()))
                .toList();
        return new Graph(name, kept, operators, model.inputs(), model.outputs(), List.of(), null);
    }
}
