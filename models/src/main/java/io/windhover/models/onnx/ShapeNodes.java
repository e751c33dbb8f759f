// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.graph.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Nodes that change how elements are counted: they move nothing, whatever the storage. */
final class ShapeNodes {
    private ShapeNodes() {}

    static void reshape(Translation network, SourceNode node) {
        Activation value = network.any(node, 0);
        int[] target = target(network, node, value.dimensions());
        Layout layout = value.layout().reshaped(target);
        if (layout == null) {
            int[] order = new int[value.layout().rank()];
            Arrays.setAll(order, d -> d);
            value = network.arranged(value, order);
            layout = Layout.rowMajor(target);
        }
        network.bind(node, 0, value.with(layout));
    }

    static void transpose(Translation network, SourceNode node) {
        Activation value = network.any(node, 0);
        network.bind(
                node,
                0,
                value.with(value.layout()
                        .transposed(permutation(node, value.layout().rank()))));
    }

    static void identity(Translation network, SourceNode node) {
        network.bind(node, 0, network.any(node, 0));
    }

    static void dropout(Translation network, SourceNode node) {
        requireInference(network, node);
        identity(network, node);
    }

    /** Refuses a Dropout that drops something, or whose mask is read. */
    static void requireInference(Translation network, SourceNode node) {
        boolean training = node.hasInput(2) && node.number(network.constant(node, 2)) != 0;
        node.require(
                !training
                        && (node.outputs().size() < 2
                                || network.consumers(node.outputs().get(1)).isEmpty()),
                "it is in training mode.");
    }

    /** Between real types nothing changes, and pixels become real numbers; the host makes other numbers. */
    static void cast(Translation network, SourceNode node) {
        ElementType to = ElementType.of(node.integer("to", 0), "Its result");
        Activation value = network.any(node, 0);
        if (network.draft(value).type != TensorType.FLOAT32 || (value.codes() == null && !to.isReal())) {
            HostNodes.cast(network, node, to);
            return;
        }
        node.require(to.isReal(), "it turns numbers into %s.", to);
        if (value.codes() == null) {
            network.bind(node, 0, value);
            return;
        }
        Activation.Codes held = value.codes();
        Activation.Codes numbers = InputCodes.numbers(held.type());
        node.require(
                held.scale() == 0 || (held.scale() == 1 && held.zeroPoint() == 0),
                "it reads codes as numbers; a DequantizeLinear must stand in its place.");
        network.bind(node, 0, held.scale() == 0 ? network.codedInput(value, numbers) : value.rounded());
    }

    /** The shape that a Reshape, Flatten, Squeeze or Unsqueeze gives. */
    static int[] target(Translation network, SourceNode node, int[] from) {
        return switch (node.operator()) {
            case "Flatten" -> flattened(node, from);
            case "Squeeze" -> squeezed(network, node, from);
            case "Unsqueeze" -> unsqueezed(network, node, from);
            default ->
                Dimensions.reshape(from, network.constant(node, 1).integers(), node.integer("allowzero", 0) != 0);
        };
    }

    private static int[] flattened(SourceNode node, int[] from) {
        long axis = node.integer("axis", 1);
        int split = axis == from.length ? from.length : Dimensions.axis(axis, from.length);
        int before = Dimensions.count(Arrays.copyOf(from, split));
        return new int[] {before, Dimensions.count(Arrays.copyOfRange(from, split, from.length))};
    }

    private static long @Nullable [] axes(Translation network, SourceNode node) {
        return node.hasInput(1) ? network.constant(node, 1).integers() : node.integers("axes");
    }

    private static int[] squeezed(Translation network, SourceNode node, int[] from) {
        long[] axes = axes(network, node);
        boolean[] gone = new boolean[from.length];
        for (int d = 0; d < from.length; d++) {
            gone[d] = axes == null && from[d] == 1;
        }
        for (int i = 0; axes != null && i < axes.length; i++) {
            int axis = Dimensions.axis(axes[i], from.length);
            node.require(from[axis] == 1, "it removes dimension %d of size %d.", axis, from[axis]);
            gone[axis] = true;
        }
        List<Integer> left = new ArrayList<>();
        for (int d = 0; d < from.length; d++) {
            if (!gone[d]) {
                left.add(from[d]);
            }
        }
        return left.stream().mapToInt(Integer::intValue).toArray();
    }

    private static int[] unsqueezed(Translation network, SourceNode node, int[] from) {
        long[] axes = axes(network, node);
        if (axes == null || from.length + axes.length > Constant.MAXIMUM_RANK) {
            throw node.refuse("it adds no or too many dimensions.");
        }
        int[] result = new int[from.length + axes.length];
        Arrays.fill(result, -1);
        for (long axis : axes) {
            result[Dimensions.axis(axis, result.length)] = 1;
        }
        int next = 0;
        for (int d = 0; d < result.length; d++) {
            if (result[d] < 0) {
                result[d] = next < from.length ? from[next] : 1;
                next++;
            }
        }
        node.require(next == from.length, "it adds one dimension twice.");
        return result;
    }

    /** The permutation of a Transpose; reversed dimensions where the node does not say. */
    static int[] permutation(SourceNode node, int rank) {
        long[] given = node.integers("perm");
        int[] permutation = new int[rank];
        boolean[] taken = new boolean[rank];
        node.require(
                given == null || given.length == rank,
                "it permutes %d of %d dimensions.",
                given == null ? 0 : given.length,
                rank);
        for (int d = 0; d < rank; d++) {
            int from = given == null ? rank - 1 - d : Dimensions.axis(given[d], rank);
            node.require(!taken[from], "it takes dimension %d twice.", from);
            taken[from] = true;
            permutation[d] = from;
        }
        return permutation;
    }
}
