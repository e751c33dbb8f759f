// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import io.windhover.models.graph.AveragePool;
import io.windhover.models.graph.DetectionPostProcess;
import io.windhover.models.graph.FloatLocalResponseNormalization;
import io.windhover.models.graph.FloatPool;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.MaxPool;
import io.windhover.models.graph.NonMaximumSuppression;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Tensors;
import io.windhover.models.reference.ReferenceExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Computes operators over constants once, while the file is read. */
final class ConstantFolding {
    private final SourceModel model;
    private final Map<Integer, Tensor> tensors;
    private final Tensors known;

    ConstantFolding(SourceModel model, Map<Integer, Tensor> tensors) {
        this.model = model;
        this.tensors = tensors;
        known = Tensors.of(tensors);
    }

    /** Turns the outputs of an operator over constants into constants; false when that is too much work. */
    boolean fold(Operator operator) {
        long bytes = IntStream.concat(IntStream.of(operator.inputs()), IntStream.of(operator.outputs()))
                .mapToLong(index -> known.tensor(index).bytes())
                .sum();
        if (!isLinear(operator) || !model.budget().spendComputed(bytes)) {
            return false;
        }
        Graph graph = alone(operator);
        List<byte[]> results = new ReferenceExecutor(graph).infer(new byte[1]);
        for (int i = 0; i < results.size(); i++) {
            Tensor tensor = known.tensor(operator.outputs()[i]);
            model.setConstant(tensor.index(), results.get(i));
            tensors.put(
                    tensor.index(),
                    new Tensor(
                            tensor.index(),
                            tensor.name(),
                            tensor.type(),
                            tensor.shape(),
                            tensor.quantization(),
                            results.get(i)));
        }
        return true;
    }

    /**
     * True when the work is about that of reading the operands and writing the results; windows may overlap without
     * end, and boxes are compared with each other.
     */
    private boolean isLinear(Operator operator) {
        return operator.macs(known) == 0
                && !(operator instanceof AveragePool
                        || operator instanceof MaxPool
                        || operator instanceof FloatPool
                        || operator instanceof FloatLocalResponseNormalization
                        || operator instanceof NonMaximumSuppression
                        || operator instanceof DetectionPostProcess);
    }

    /** A network of this operator and an input that nobody reads, as a network must have one. */
    private Graph alone(Operator operator) {
        Map<Integer, Tensor> used = new TreeMap<>();
        for (int index : operator.inputs()) {
            used.put(index, known.tensor(index));
        }
        for (int index : operator.outputs()) {
            used.put(index, known.tensor(index));
        }
        List<Tensor> all = new ArrayList<>(used.values());
        int spare = all.get(all.size() - 1).index() + 1;
        all.add(new Tensor(spare, "unused", TensorType.INT8, Shape.of(1), null, null));
        return new Graph(
                operator.name(), all, List.of(operator), new int[] {spare}, operator.outputs(), List.of(), null);
    }
}
