// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.graph.ArgMax;
import io.windhover.models.graph.Cast;
import io.windhover.models.graph.ClasswiseNonMaximumSuppression;
import io.windhover.models.graph.Gather;
import io.windhover.models.graph.MatrixProduct;
import io.windhover.models.graph.Reduce;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.TopK;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Nodes that look for, add, choose or convert elements: the host runs them. */
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

    /** In order whether the node asks for that or not. */
    static void topK(Translation network, SourceNode node) {
        Activation value = ordered(network, node);
        int[] made = value.dimensions().clone();
        int axis = Dimensions.axis(node.integer("axis", -1), made.length);
        int[] order = value.layout().order();
        int stored = position(order, axis);
        int from = network.exactly(value.tensorId(), Translation.stored(made, order));
        made[axis] = count(network, node, axis, made[axis]);
        Shape shape = Translation.stored(made, order);
        int elements = network.optionalOutput(node, 0, shape, TensorType.FLOAT32);
        int positions = network.optionalOutput(node, 1, shape, TensorType.INT64);
        boolean largest = node.integer("largest", 1) != 0;
        network.add(new DirectStep(
                new int[] {from},
                elements,
                new int[] {positions},
                (name, inputs, outputs) -> new TopK(name, inputs, outputs, stored, largest)));
        Layout layout = Layout.ordered(made, order);
        if (node.hasOutput(0)) {
            Activation result = new Activation(elements, layout);
            network.bind(node, 0, result);
            QuantizeNodes.keepCodes(network, value, result, node);
        }
        if (node.hasOutput(1)) {
            network.bind(node, 1, new Activation(positions, layout));
        }
    }

    /** An attribute in operator sets below 10. */
    private static int count(Translation network, SourceNode node, int axis, int size) {
        node.require(node.has("k") != node.hasInput(1), "it needs its K once.");
        long count = node.hasInput(1) ? network.whole(node, 1) : node.integer("k", 0);
        node.require(count >= 1 && count <= size, "its K is %d; dimension %d has %d elements.", count, axis, size);
        return (int) count;
    }

    /** Without a threshold of scores all boxes are candidates. */
    static void suppress(Translation network, SourceNode node) {
        int[] scores = scores(network, node);
        long most = node.hasInput(2) ? network.whole(node, 2) : 0;
        node.require(most >= 1, "its max_output_boxes_per_class is %d; it would choose none.", most);
        float overlap = node.hasInput(3) ? (float) node.number(network.constant(node, 3)) : 0;
        node.require(overlap >= 0 && overlap <= 1, "its iou_threshold is %s, outside 0..1.", overlap);
        float least = node.hasInput(4) ? (float) node.number(network.constant(node, 4)) : Float.NEGATIVE_INFINITY;
        node.require(!Float.isNaN(least), "its score_threshold is no number.");
        long centred = node.integer("center_point_box", 0);
        node.require(centred == 0 || centred == 1, "its center_point_box is %d; 0 and 1 are known.", centred);
        node.require(
                network.consumers(node.outputs().get(0)).isEmpty(),
                "how many boxes it chooses is only known once it has run; end the network with its result '%s'.",
                node.outputs().get(0));
        int perClass = (int) Math.min(scores[2], most);
        int[] rows = {Math.multiplyExact(scores[1], perClass), 3};
        Activation chosen = network.emit(
                node,
                Shape.of(rows),
                Layout.rowMajor(rows),
                (name, inputs, outputs) -> new ClasswiseNonMaximumSuppression(
                        name, inputs, outputs, perClass, overlap, least, centred == 1),
                rowMajor(network, node, 0),
                rowMajor(network, node, 1));
        network.draft(chosen).type = TensorType.INT64;
    }

    /** The shape of the scores, [1, C, N] where that of the boxes is [1, N, 4]. */
    private static int[] scores(Translation network, SourceNode node) {
        int[] boxes = network.activation(node, 0).dimensions();
        int[] scores = network.activation(node, 1).dimensions();
        node.require(
                scores.length == 3 && scores[0] == 1 && Arrays.equals(boxes, new int[] {1, scores[2], 4}),
                "it has boxes of shape %s and scores of shape %s.",
                Arrays.toString(boxes),
                Arrays.toString(scores));
        return scores;
    }

    /** MatMul of which the second operand is computed. A vector is one row on the left and one column on the right. */
    static void multiply(Translation network, SourceNode node) {
        int[] left = network.value(node, 0).dimensions();
        int[] right = network.value(node, 1).dimensions();
        int[] rows = left.length == 1 ? new int[] {1, left[0]} : left;
        int[] columns = right.length == 1 ? new int[] {right[0], 1} : right;
        node.require(
                rows.length >= 2 && columns.length >= 2 && rows[rows.length - 1] == columns[columns.length - 2],
                "it multiplies %s by %s.",
                Arrays.toString(left),
                Arrays.toString(right));
        int[] batch =
                Dimensions.broadcast(Arrays.copyOf(rows, rows.length - 2), Arrays.copyOf(columns, columns.length - 2));
        int[] made = Arrays.copyOf(batch, batch.length + 2);
        made[batch.length] = rows[rows.length - 2];
        made[batch.length + 1] = columns[columns.length - 1];
        int[] kept = IntStream.range(0, made.length)
                .filter(d -> (d != batch.length || left.length > 1) && (d != batch.length + 1 || right.length > 1))
                .toArray();
        network.emit(
                node,
                Shape.of(made),
                Layout.rowMajor(made).transposed(kept),
                (name, inputs, outputs) -> new MatrixProduct(name, inputs, outputs, false, false, null),
                operand(network, node, 0, rows),
                operand(network, node, 1, columns));
    }

    /** A matrix, stored row after row. */
    private static int operand(Translation network, SourceNode node, int input, int[] dimensions) {
        if (!network.isConstant(node, input)) {
            return network.exactly(rowMajor(network, node, input), Shape.of(dimensions));
        }
        Constant numbers = network.constant(node, input);
        node.require(numbers.type().isReal(), "its constants are no real numbers.");
        return network.operand(node.inputs().get(input), Shape.of(dimensions), numbers.floats());
    }

    private static int rowMajor(Translation network, SourceNode node, int input) {
        Activation value = network.activation(node, input);
        int[] order = IntStream.range(0, value.layout().rank()).toArray();
        return network.exactly(
                network.arranged(value, order).tensorId(), Translation.stored(value.dimensions(), order));
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

    /** Numbers or truth values in another type. */
    static void cast(Translation network, SourceNode node, ElementType to) {
        TensorType type = node.requirePresent(to.tensorType(), "it turns numbers into %s.", to);
        Activation value = network.any(node, 0);
        Activation result = network.emit(node, network.draft(value).shape, value.layout(), Cast::new, value.tensorId());
        network.draft(result).type = type;
    }

    /** Elements of a dimension by positions that the file gives, or that are computed. */
    static void gather(Translation network, SourceNode node) {
        if (network.value(node, 1) instanceof Activation) {
            chosen(network, node);
            return;
        }
        Activation value = network.any(node, 0);
        node.require(
                network.draft(value).type == TensorType.FLOAT32,
                "it takes given elements of the whole numbers or truth values '%s'; only computed positions are "
                        + "supported there.",
                node.inputs().get(0));
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

    /** By positions that the network computes, such as those of a TopK. */
    private static void chosen(Translation network, SourceNode node) {
        TensorType type = network.draft(network.any(node, 1)).type;
        node.require(
                type == TensorType.INT32 || type == TensorType.INT64,
                "its positions '%s' are no whole numbers.",
                node.inputs().get(1));
        NamedValue data = network.value(node, 0);
        int[] from = data.dimensions();
        int[] positions = network.value(node, 1).dimensions();
        int axis = Dimensions.axis(node.integer("axis", 0), from.length);
        int[] made = new int[from.length - 1 + positions.length];
        System.arraycopy(from, 0, made, 0, axis);
        System.arraycopy(positions, 0, made, axis, positions.length);
        System.arraycopy(from, axis + 1, made, axis + positions.length, from.length - axis - 1);
        int elements = data instanceof Activation ? rowMajor(network, node, 0) : known(network, node);
        Activation result = network.emit(
                node,
                Translation.stored(made, IntStream.range(0, made.length).toArray()),
                Layout.rowMajor(made),
                (name, inputs, outputs) -> new Gather(name, inputs, outputs, axis, 0, true),
                elements,
                rowMajor(network, node, 1));
        network.draft(result).type = network.draft(elements).type;
        if (data instanceof Activation value) {
            QuantizeNodes.requireKnown(node, value);
            QuantizeNodes.keepCodes(network, value, result, node);
        }
    }

    /** Numbers that the file gives, of which some are chosen. */
    private static int known(Translation network, SourceNode node) {
        Constant numbers = network.constant(node, 0);
        node.require(numbers.type().isReal(), "it chooses among constants that are no real numbers.");
        return network.operand(
                node.inputs().get(0),
                Translation.stored(
                        numbers.dimensions(),
                        IntStream.range(0, numbers.dimensions().length).toArray()),
                numbers.floats());
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
