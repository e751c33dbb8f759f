// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.graph.ArgMax;
import io.windhover.models.graph.Cast;
import io.windhover.models.graph.Reduce;
import io.windhover.models.graph.TensorType;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Nodes that compare elements along dimensions, or add them: the host runs them. */
final class HostNodes {
    private HostNodes() {}

    static NodeImporter arg(boolean smallest) {
        return (network, node) -> {
            Activation value = ordered(network, node);
            int[] from = value.dimensions();
            int axis = Dimensions.axis(node.integer("axis", 0), from.length);
            boolean keeps = node.integer("keepdims", 1) != 0;
            boolean last = node.integer("select_last_index", 0) != 0;
            int[] order = value.layout().order();
            int stored = position(order, axis);
            int[] made = from.clone();
            made[axis] = 1;
            int[] kept = IntStream.range(0, from.length)
                    .filter(d -> keeps || d != axis)
                    .toArray();
            Activation positions = network.emit(
                    node,
                    Translation.stored(made, order),
                    Layout.ordered(made, order).transposed(kept),
                    (name, inputs, outputs) -> new ArgMax(name, inputs, outputs, stored, smallest, last),
                    network.exactly(value.tensorId(), Translation.stored(from, order)));
            network.draft(positions).type = TensorType.INT64;
        };
    }

    static NodeImporter reduce(Reduce.Function function) {
        return (network, node) -> {
            Activation given = function == Reduce.Function.SUM ? network.activation(node, 0) : network.any(node, 0);
            int[] from = given.dimensions();
            Reduction reduction = Reduction.read(network, node, from.length);
            if (reduction.isIdentity(from)) {
                network.bind(node, 0, given.with(given.layout().transposed(reduction.kept())));
                return;
            }
            Activation value = ordered(network, node);
            int[] order = value.layout().order();
            int[] axes = IntStream.range(0, order.length)
                    .filter(stored -> reduction.reduced()[order[stored]])
                    .toArray();
            int[] made = reduction.ones(from);
            Activation result = network.emit(
                    node,
                    Translation.stored(made, order),
                    Layout.ordered(made, order).transposed(reduction.kept()),
                    (name, inputs, outputs) -> new Reduce(name, inputs, outputs, axes, function, null),
                    network.exactly(value.tensorId(), Translation.stored(from, order)));
            QuantizeNodes.keepCodes(network, value, result, node);
        };
    }

    /** The input with all its dimensions in some order; the host's operators count them as they are stored. */
    private static Activation ordered(Translation network, SourceNode node) {
        Activation value = network.plain(network.any(node, 0));
        QuantizeNodes.requireKnown(node, value);
        return value;
    }

    private static int position(int[] order, int dimension) {
        return order.length - 1 - MovingNodes.role(order, dimension);
    }

    /** Whole numbers in another type. */
    static void cast(Translation network, SourceNode node, ElementType to) {
        node.require(
                to == ElementType.INT32 || to == ElementType.INT64 || to.isReal(), "it turns numbers into %s.", to);
        Activation value = network.any(node, 0);
        Activation result = network.emit(node, network.draft(value).shape, value.layout(), Cast::new, value.tensorId());
        network.draft(result).type =
                to == ElementType.INT32 ? TensorType.INT32 : to.isReal() ? TensorType.FLOAT32 : TensorType.INT64;
    }

    /** Elements of a dimension by positions that the file gives. */
    static void gather(Translation network, SourceNode node) {
        Activation value = network.any(node, 0);
        int rank = value.dimensions().length;
        int axis = Dimensions.axis(node.integer("axis", 0), rank);
        int size = value.dimensions()[axis];
        Constant positions = network.constant(node, 1);
        node.require(
                positions.dimensions().length <= 1,
                "its positions are of shape %s; at most one dimension is supported.",
                Arrays.toString(positions.dimensions()));
        int[] indexes = Arrays.stream(positions.integers())
                .mapToInt(index -> position(node, index, axis, size))
                .toArray();
        node.require(indexes.length > 0, "it takes nothing.");
        Activation chosen = Selection.of(network, node, value, axis, indexes);
        int[] kept = IntStream.range(0, rank)
                .filter(d -> positions.dimensions().length == 1 || d != axis)
                .toArray();
        MovingNodes.finish(network, node, value, chosen.with(chosen.layout().transposed(kept)));
    }

    private static int position(SourceNode node, long index, int axis, int size) {
        node.require(
                index >= -size && index < size,
                "it takes element %d of dimension %d, which has %d.",
                index,
                axis,
                size);
        return (int) (index < 0 ? index + size : index);
    }
}
