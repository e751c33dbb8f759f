// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorUses;
import io.windhover.models.quantize.Naming;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The nodes and values of the file that the operators and tensors of a network of codes stand for. A view of a value
 * goes by that value's name, a step of a node by the node's.
 */
final class FileNames implements Naming {
    private final Translation network;
    private final TensorUses uses;

    FileNames(Translation network, Graph floats) {
        this.network = network;
        this.uses = new TensorUses(floats);
    }

    @Override
    public String refused(int position, Operator operator) {
        SourceNode node = node(operator.output());
        return node == null ? OWN.refused(position, operator) : node.title() + " cannot be used";
    }

    @Override
    public String tensor(Tensor tensor) {
        TensorDraft draft = draft(tensor.index());
        if (draft != null && (draft.inputType != null || isNamed(draft.name))) {
            return "'" + draft.name + "'";
        }
        SourceNode node = node(tensor.index());
        return node == null ? tensor.toString() : "'" + node.outputs().get(0) + "'";
    }

    private boolean isNamed(String name) {
        return network.model.nodes().stream().anyMatch(node -> node.outputs().contains(name));
    }

    private @Nullable TensorDraft draft(int index) {
        return network.drafts().stream()
                .filter(draft -> draft.index == index)
                .findFirst()
                .orElse(null);
    }

    private @Nullable SourceNode node(int index) {
        SourceNode before = draft(index) == null ? null : made(index);
        return before != null ? before : read(index);
    }

    private @Nullable SourceNode made(int index) {
        TensorDraft draft = draft(index);
        Operator producer = uses.producer(index);
        return draft != null && draft.node != null ? draft.node : producer == null ? null : first(producer.inputs());
    }

    private @Nullable SourceNode first(int[] inputs) {
        for (int input : inputs) {
            SourceNode node = made(input);
            if (node != null) {
                return node;
            }
        }
        return null;
    }

    private @Nullable SourceNode read(int index) {
        List<Operator> readers = uses.consumers(index);
        return readers.stream()
                .map(reader -> node(reader.output()))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }
}
