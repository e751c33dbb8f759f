// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.graph.Dequantize;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An integer network between inputs and outputs of the types that the file gives them, with its real parts.
 *
 * @param oneBit true for a chain of layers over bits, which has no real parts
 */
record FileTypes(Translation network, RealParts realParts, boolean oneBit) {
    /** The graph between these inputs and outputs. */
    Graph around(String name, @Nullable Graph inner, List<Activation> results, List<SourceValue> outputs) {
        GraphBuilder graph = new GraphBuilder(name, network.freeIndex(inner));
        List<Operator> first = new ArrayList<>();
        for (int tensorId = 0; tensorId < network.drafts().size(); tensorId++) {
            TensorType type = network.draft(tensorId).inputType;
            if (type != null) {
                input(graph, network.draft(tensorId), type, network.quantizedInputs(tensorId), first);
            }
        }
        first.forEach(graph::operator);
        if (inner != null) {
            inner.tensors().stream()
                    .filter(tensor -> !graph.has(tensor.index()))
                    .forEach(graph::tensor);
            inner.operators().forEach(graph::operator);
        }
        realParts.append(graph);
        graph.inOrder();
        int[] ends = new int[results.size()];
        for (int i = 0; i < ends.length; i++) {
            ends[i] = end(graph, results.get(i), outputs.get(i).name());
        }
        return graph.build(ends);
    }

    private void input(
            GraphBuilder graph, TensorDraft draft, TensorType type, List<Integer> inside, List<Operator> first) {
        Quantization quantization = type.isByte() && draft.codes != null ? Emission.quantization(draft.codes, 0) : null;
        graph.tensor(new Tensor(draft.index, draft.name, type, draft.shape, quantization, null))
                .input(draft.index);
        for (int tensorId : inside) {
            TensorDraft codes = network.draft(tensorId);
            if (type == TensorType.FLOAT32) {
                first.addAll(Emission.rounded(graph, draft.index, codes));
                continue;
            }
            Quantization into = Emission.inside(codes.knownCodes()).quantization();
            graph.tensor(new Tensor(codes.index, codes.name, TensorType.INT8, codes.shape, into, null));
            first.add(new LookupTable(
                    codes.name, new int[] {draft.index}, new int[] {codes.index}, "less 128", flipped()));
        }
    }

    private static byte[] flipped() {
        byte[] table = new byte[2 * Emission.HALF];
        for (int code = 0; code < table.length; code++) {
            table[code] = (byte) (code ^ Emission.HALF);
        }
        return table;
    }

    /** The output in the type that the file gives it. */
    private int end(GraphBuilder graph, Activation result, String output) {
        TensorDraft draft = network.draft(result);
        if (realParts.isReal(result.tensorId()) && !oneBit) {
            return realParts.index(result.tensorId());
        }
        Tensor tensor = graph.tensor(draft.index);
        if (!tensor.type().isByte()) {
            return draft.index;
        }
        if (result.codes() == null) {
            Quantization quantization = tensor.requireQuantization();
            int real = fresh(graph, output, TensorType.FLOAT32, tensor.shape(), null);
            graph.operator(new Dequantize(
                    output, new int[] {draft.index}, new int[] {real}, quantization.scale(), quantization.zeroPoint()));
            return real;
        }
        if (result.codes().type() == ElementType.INT8) {
            return draft.index;
        }
        int unsigned = fresh(
                graph,
                output + " as uint8",
                TensorType.UINT8,
                tensor.shape(),
                Emission.quantization(result.codes(), 0));
        graph.operator(new LookupTable(
                output + " as uint8", new int[] {draft.index}, new int[] {unsigned}, "plus 128", flipped()));
        return unsigned;
    }

    /** A tensor with the number that the file's output has among all node outputs, where that is still free. */
    private int fresh(
            GraphBuilder graph, String output, TensorType type, Shape shape, @Nullable Quantization quantization) {
        for (SourceNode node : network.model.nodes()) {
            int position = node.outputs().indexOf(output);
            int index = position < 0
                    ? -1
                    : node.firstOutput()
                            + (int) node.outputs().stream()
                                    .limit(position)
                                    .filter(one -> !one.isEmpty())
                                    .count();
            if (index >= 0 && !graph.has(index)) {
                graph.tensor(new Tensor(index, output, type, shape, quantization, null));
                return index;
            }
        }
        return graph.tensor(output, type, shape, quantization);
    }
}
