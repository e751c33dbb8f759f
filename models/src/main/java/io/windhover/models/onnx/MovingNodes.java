// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.graph.Concatenation;
import io.windhover.models.graph.DepthToSpace;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Slice;
import io.windhover.models.graph.SpaceToDepth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Nodes that join, cut and surround values. */
final class MovingNodes {
    private static final int HEIGHT = 2;

    private MovingNodes() {}

    static void concatenate(Translation network, SourceNode node) {
        List<NamedValue> values = new ArrayList<>();
        List<Activation> computed = new ArrayList<>();
        for (int i = 0; i < node.inputs().size(); i++) {
            values.add(network.isConstant(node, i) ? network.constant(node, i) : network.any(node, i));
            if (values.get(i) instanceof Activation activation) {
                computed.add(activation);
            }
        }
        node.require(!computed.isEmpty(), "it joins nothing that is computed.");
        Activation first = network.plain(widest(computed));
        int rank = first.layout().rank();
        int axis = Dimensions.axis(node.integer("axis", 0), rank);
        int[] order = first.layout().order();
        int role = role(order, axis);
        int[] result = first.dimensions().clone();
        int outer = rank - 1 - role;
        boolean below = Arrays.stream(order, 0, outer).allMatch(d -> result[d] == 1);
        int split = role < HEIGHT ? -1 : below ? rank - HEIGHT : outer;
        result[axis] = 0;
        int[] inputs = new int[values.size()];
        for (int i = 0; i < inputs.length; i++) {
            int[] shape = values.get(i).dimensions();
            node.require(
                    shape.length == rank && isReal(values.get(i)) == (first.codes() == null),
                    "its input %d has shape %s, or holds codes where another does not.",
                    i,
                    Arrays.toString(shape));
            result[axis] = Math.addExact(result[axis], shape[axis]);
            inputs[i] = joined(network, values.get(i), order, split);
        }
        Concatenation.Axis along = role == 0
                ? Concatenation.Axis.CHANNEL
                : role == 1 || !below ? Concatenation.Axis.WIDTH : Concatenation.Axis.HEIGHT;
        Activation joined = network.emit(
                node,
                stored(result, order, split),
                Layout.ordered(result, order),
                (name, parts, outputs) -> new Concatenation(name, parts, outputs, along),
                inputs);
        if (first.codes() != null) {
            Activation.Codes codes = QuantizeNodes.joined(node, computed);
            network.draft(joined).codes = codes;
            network.recode(joined, codes);
        }
    }

    private static boolean isReal(NamedValue value) {
        return !(value instanceof Activation activation) || activation.codes() == null;
    }

    /** Dimensions as they are stored: as they are, or those before a position as rows and those from it as columns. */
    private static Shape stored(int[] dimensions, int[] order, int split) {
        return split < 0
                ? Translation.stored(dimensions, order)
                : Shape.map(
                        product(dimensions, order, 0, split),
                        product(dimensions, order, split, order.length - 1),
                        dimensions[order[order.length - 1]]);
    }

    private static int product(int[] dimensions, int[] order, int from, int to) {
        return Arrays.stream(order, from, to).map(d -> dimensions[d]).reduce(1, Math::multiplyExact);
    }

    private static int joined(Translation network, NamedValue value, int[] order, int split) {
        Shape stored = stored(value.dimensions(), order, split);
        if (value instanceof Constant constant) {
            network.charge(constant.count());
            return network.operand(
                    "constant " + stored,
                    stored,
                    ConstantMoves.transpose(constant, order).floats());
        }
        return network.viewed(network.arranged((Activation) value, order).tensorId(), stored);
    }

    /** The value with the most dimensions above 1, whose order is the least arbitrary. */
    static Activation widest(List<Activation> values) {
        Activation widest = values.get(0);
        for (Activation value : values) {
            widest = value.layout().sizes().length > widest.layout().sizes().length ? value : widest;
        }
        return widest;
    }

    /** 0 for the innermost dimension (channels), 1 for the next (width), 2 and more for those before. */
    static int role(int[] order, int dimension) {
        for (int i = 0; i < order.length; i++) {
            if (order[i] == dimension) {
                return order.length - 1 - i;
            }
        }
        throw new IllegalStateException("an order holds every dimension");
    }

    static void split(Translation network, SourceNode node) {
        Activation value = network.plain(network.any(node, 0));
        int[] from = value.dimensions();
        int axis = Dimensions.axis(node.integer("axis", 0), from.length);
        long[] sizes = node.hasInput(1) ? network.constant(node, 1).integers() : node.integers("split");
        int parts = node.outputs().size();
        node.require(
                parts > 0 && (sizes == null ? node.integer("num_outputs", parts) : sizes.length) == parts,
                "it has %d outputs.",
                parts);
        node.require(sizes == null || !node.has("num_outputs"), "it has both sizes and num_outputs.");
        node.require(
                sizes != null || node.opset() >= 18 || from[axis] % parts == 0,
                "dimension %d of size %d does not split into %d equal parts.",
                axis,
                from[axis],
                parts);
        int equal = (from[axis] + parts - 1) / parts;
        int start = 0;
        for (int i = 0; i < parts; i++) {
            int size = sizes == null
                    ? Math.min(equal, from[axis] - start)
                    : (int) Math.max(-1, Math.min(from[axis] + 1L, sizes[i]));
            node.require(
                    size > 0 && start + size <= from[axis],
                    "its part %d of %d elements does not fit dimension %d of size %d.",
                    i,
                    size,
                    axis,
                    from[axis]);
            SliceBounds bounds = new SliceBounds(new int[from.length], new int[from.length], from.clone());
            Arrays.fill(bounds.step(), 1);
            bounds.start()[axis] = start;
            bounds.count()[axis] = size;
            take(network, node, i, value, bounds);
            start += size;
        }
    }

    static void slice(Translation network, SourceNode node) {
        Activation value = network.plain(network.any(node, 0));
        SliceBounds bounds = SliceBounds.read(network, node, value.dimensions());
        node.require(Arrays.stream(bounds.count()).allMatch(count -> count > 0), "it takes nothing.");
        Activation turned = value;
        for (int d = 0; d < bounds.step().length; d++) {
            if (bounds.step()[d] < 0) {
                turned = Selection.of(network, node, turned, d, bounds.indexes(d));
                bounds.start()[d] = 0;
                bounds.step()[d] = 1;
            }
        }
        boolean isDone = turned.tensorId() != value.tensorId() && Arrays.equals(turned.dimensions(), bounds.count());
        if (isDone) {
            finish(network, node, value, turned);
        } else {
            take(network, node, 0, turned, bounds);
        }
    }

    /** The node's result is a value that was made for it alone, or what it was made of. */
    static void finish(Translation network, SourceNode node, Activation from, Activation result) {
        finish(network, node, 0, from, result);
    }

    private static void finish(Translation network, SourceNode node, int output, Activation from, Activation result) {
        if (result.tensorId() != from.tensorId()) {
            network.rename(result.tensorId(), node, output);
            network.draft(result).node = node;
        }
        network.bind(node, output, result);
    }

    private static void take(Translation network, SourceNode node, int output, Activation given, SliceBounds bounds) {
        Activation value = given;
        int[] order = value.layout().order();
        int[] first = {0, 0, 0};
        int[] step = {1, 1, 1};
        for (int d = 0; d < order.length; d++) {
            int role = role(order, d);
            if (bounds.count()[d] == value.dimensions()[d]) {
                continue;
            }
            if (role < HEIGHT || isOnly(d, value.dimensions(), order)) {
                first[Math.min(role, HEIGHT)] = bounds.start()[d];
                step[Math.min(role, HEIGHT)] = bounds.step()[d];
            } else {
                value = Selection.of(network, node, value, d, bounds.indexes(d));
            }
        }
        if (value.tensorId() != given.tensorId() && Arrays.equals(value.dimensions(), bounds.count())) {
            finish(network, node, output, given, value);
            return;
        }
        Activation result = network.emit(
                node,
                output,
                Translation.stored(bounds.count(), order),
                Layout.ordered(bounds.count(), order),
                (name, inputs, outputs) ->
                        new Slice(name, inputs, outputs, first[2], first[1], first[0], step[2], step[1], step[0]),
                network.viewed(value.tensorId(), Translation.stored(value.dimensions(), order)));
        QuantizeNodes.keepCodes(network, value, result, node);
    }

    /** True for rows that are one dimension of the value. */
    private static boolean isOnly(int dimension, int[] dimensions, int[] order) {
        return Arrays.stream(order, 0, order.length - HEIGHT)
                .allMatch(other -> other == dimension || dimensions[other] == 1);
    }

    static void depthToSpace(Translation network, SourceNode node) {
        Activation value = network.any(node, 0);
        int block = (int) Math.max(0, Math.min(1 << 10, node.integer("blocksize", 0)));
        String mode = node.choice("mode", "DCR", "CRD");
        int[] from = value.dimensions();
        node.require(
                from.length == 4 && block >= 1 && from[1] % (block * block) == 0,
                "it makes blocks of %d out of shape %s.",
                block,
                Arrays.toString(from));
        int channels = from[1] / (block * block);
        Activation ordered = value;
        if (mode.equals("CRD")) {
            ordered = value.with(node.requirePresent(
                    blocksFirst(value.layout(), channels, block * block),
                    "it takes apart channels that are stored in another way."));
        }
        MapView map = MapView.of(network, node, ordered);
        Shape shape = Shape.map(map.height() * block, map.width() * block, channels);
        Activation result = network.emit(
                node,
                shape,
                map.layout(shape.height(), shape.width(), channels),
                (name, inputs, outputs) -> new DepthToSpace(name, inputs, outputs, block),
                map.tensorId());
        QuantizeNodes.keepCodes(network, value, result, node);
    }

    /** The layout whose channels count the pixels of a block first; null when its storage does not allow that. */
    private static @Nullable Layout blocksFirst(Layout layout, int channels, int pixels) {
        int[] shape = layout.shape();
        Layout split = layout.reshaped(new int[] {shape[0], channels, pixels, shape[2], shape[3]});
        return split == null
                ? null
                : split.transposed(new int[] {0, 2, 1, 3, 4}).reshaped(shape);
    }

    static void spaceToDepth(Translation network, SourceNode node) {
        Activation value = network.any(node, 0);
        MapView map = MapView.of(network, node, value);
        int block = (int) Math.max(0, Math.min(1 << 10, node.integer("blocksize", 0)));
        node.require(
                map.rank() == 4 && block >= 1 && map.height() % block == 0 && map.width() % block == 0,
                "it makes blocks of %d out of a map of %dx%d.",
                block,
                map.height(),
                map.width());
        Shape shape = Shape.map(map.height() / block, map.width() / block, map.channels() * block * block);
        Activation result = network.emit(
                node,
                shape,
                map.layout(shape.height(), shape.width(), shape.channels()),
                (name, inputs, outputs) -> new SpaceToDepth(name, inputs, outputs, block),
                map.tensorId());
        QuantizeNodes.keepCodes(network, value, result, node);
    }
}
