// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.graph.FloatPad;
import io.windhover.models.graph.MirrorPad;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.Shape;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Pad: a border of one number, or of the value's own elements. */
final class PadNodes {
    private static final int HEIGHT = 2;
    private static final int LARGEST_AMOUNT = 1 << 16;

    private PadNodes() {}

    /** Elements before and after each dimension; below 0 they are cut away. */
    record Amounts(int[] before, int[] after) {
        boolean isNone(int dimension) {
            return before[dimension] == 0 && after[dimension] == 0;
        }

        int[] padded() {
            return IntStream.range(0, before.length).filter(d -> !isNone(d)).toArray();
        }

        /** Of this dimension alone. */
        Amounts only(int dimension) {
            Amounts only = new Amounts(new int[before.length], new int[before.length]);
            only.before[dimension] = before[dimension];
            only.after[dimension] = after[dimension];
            return only;
        }

        /** Without what is cut away. */
        Amounts growing() {
            return new Amounts(positive(before), positive(after));
        }

        private static int[] positive(int[] amounts) {
            return Arrays.stream(amounts).map(amount -> Math.max(0, amount)).toArray();
        }
    }

    /** Makes the operator for a border around rows and columns, and channels before and after. */
    @FunctionalInterface
    private interface Border {
        DirectStep.Factory operator(Padding padding, int channelsBefore, int channelsAfter);
    }

    static void read(Translation network, SourceNode node) {
        Activation value = network.any(node, 0);
        Amounts amounts = amounts(network, node, value.layout().rank());
        String mode = node.choice("mode", "constant", "reflect", "edge", "wrap");
        if (mode.equals("constant")) {
            constant(network, node, value, amounts);
        } else if (mode.equals("reflect") && isMirror(network.plain(value), amounts)) {
            surround(
                    network,
                    node,
                    network.plain(value),
                    amounts,
                    (padding, channelsBefore, channelsAfter) ->
                            (name, inputs, outputs) -> new MirrorPad(name, inputs, outputs, padding, false));
        } else {
            repeat(network, node, value, amounts, mode);
        }
    }

    static Amounts amounts(Translation network, SourceNode node, int rank) {
        long[] amounts = node.requirePresent(
                node.hasInput(1) ? network.constant(node, 1).integers() : node.integers("pads"),
                "it does not say how much it pads.");
        int[] axes = new int[rank];
        Arrays.setAll(axes, d -> d);
        if (node.hasInput(3)) {
            axes = Arrays.stream(network.constant(node, 3).integers())
                    .mapToInt(axis -> Dimensions.axis(axis, rank))
                    .toArray();
        }
        node.require(
                Arrays.stream(axes).distinct().count() == axes.length,
                "it pads a dimension twice: %s.",
                Arrays.toString(axes));
        node.require(
                amounts.length == 2 * axes.length, "it has %d amounts for %d dimensions.", amounts.length, axes.length);
        Amounts all = new Amounts(new int[rank], new int[rank]);
        for (int i = 0; i < amounts.length; i++) {
            node.require(amounts[i] >= -LARGEST_AMOUNT && amounts[i] <= LARGEST_AMOUNT, "it pads by %d.", amounts[i]);
            (i < axes.length ? all.before : all.after)[axes[i % axes.length]] = (int) amounts[i];
        }
        return all;
    }

    private static void constant(Translation network, SourceNode node, Activation given, Amounts amounts) {
        Activation value = network.plain(cropped(network, node, given, amounts));
        Amounts growing = amounts.growing();
        if (growing.padded().length == 0) {
            MovingNodes.finish(network, node, given, value);
            return;
        }
        float written = node.hasInput(2) ? (float) node.number(network.constant(node, 2)) : node.real("value", 0);
        QuantizeNodes.requireKnown(node, given);
        Activation.Codes codes = given.codes();
        node.require(
                codes == null || (written >= codes.low() && written <= codes.high()),
                "its border of %s is none of the codes %d..%d that a Clip or Relu before it leaves.",
                written,
                codes == null ? 0 : codes.low(),
                codes == null ? 0 : codes.high());
        float number = codes == null ? written : (written - codes.zeroPoint()) * codes.scale();
        surround(
                network,
                node,
                value,
                growing,
                (padding, channelsBefore, channelsAfter) -> (name, inputs, outputs) ->
                        new FloatPad(name, inputs, outputs, padding, channelsBefore, channelsAfter, number));
    }

    private static Activation cropped(Translation network, SourceNode node, Activation given, Amounts amounts) {
        Activation value = given;
        for (int d = 0; d < amounts.before.length; d++) {
            int first = Math.max(0, -amounts.before[d]);
            int last = value.dimensions()[d] - Math.max(0, -amounts.after[d]);
            node.require(first < last, "it cuts everything of dimension %d away.", d);
            int[] kept = new int[last - first];
            Arrays.setAll(kept, index -> first + index);
            value = Selection.of(network, node, value, d, kept);
        }
        return value;
    }

    /** A value surrounded at once: rows, columns and channels, or one dimension of whatever else it has. */
    private record Surrounding(int[] result, Shape from, Shape to, DirectStep.Factory operator) {
        static Surrounding of(int[] from, int[] order, Amounts amounts, Border border) {
            int[] padded = amounts.padded();
            AxisView only = padded.length == 1 ? new AxisView(from, order, padded[0]) : null;
            int[] result = from.clone();
            int[] before = new int[HEIGHT + 1];
            int[] after = new int[HEIGHT + 1];
            for (int d : padded) {
                int role = only == null ? Math.min(HEIGHT, MovingNodes.role(order, d)) : only.role();
                result[d] += amounts.before[d] + amounts.after[d];
                before[role] = amounts.before[d];
                after[role] = amounts.after[d];
            }
            Padding padding = new Padding(before[HEIGHT], before[1], after[HEIGHT], after[1]);
            return new Surrounding(
                    result,
                    only == null ? Translation.stored(from, order) : only.shape(),
                    only == null ? Translation.stored(result, order) : only.shape(result[only.dimension()]),
                    border.operator(padding, before[0], after[0]));
        }
    }

    private static void surround(
            Translation network, SourceNode node, Activation given, Amounts amounts, Border border) {
        int[] order = given.layout().order();
        node.require(
                order.length <= HEIGHT + 1 || given.dimensions()[order[0]] == 1,
                "it pads a value of shape %s.",
                Arrays.toString(given.dimensions()));
        int[] padded = amounts.padded();
        boolean atOnce = padded.length == 0 || isMap(given, amounts);
        Activation value = given;
        for (int i = 0; !atOnce && i < padded.length - 1; i++) {
            Surrounding part = Surrounding.of(value.dimensions(), order, amounts.only(padded[i]), border);
            int tensorId = network.auxiliary(network.draft(given).name + " with a border along " + padded[i], part.to);
            network.draft(tensorId).codes = given.codes() == null ? null : network.draft(given).codes;
            network.add(
                    new DirectStep(new int[] {network.viewed(value.tensorId(), part.from)}, tensorId, part.operator));
            value = new Activation(tensorId, Layout.ordered(part.result, order), given.codes());
        }
        Amounts last = atOnce ? amounts : amounts.only(padded[padded.length - 1]);
        Surrounding whole = Surrounding.of(value.dimensions(), order, last, border);
        Activation surrounded = network.emit(
                node,
                whole.to,
                Layout.ordered(whole.result, order),
                whole.operator,
                network.viewed(value.tensorId(), whole.from));
        QuantizeNodes.keepCodes(network, given, surrounded, node);
    }

    /** True when all that is padded are the channels, the columns and one dimension that is the rows alone. */
    private static boolean isMap(Activation value, Amounts amounts) {
        int[] from = value.dimensions();
        int[] order = value.layout().order();
        int[] rows = Arrays.copyOf(order, Math.max(0, order.length - HEIGHT));
        boolean padsRows = Arrays.stream(rows).anyMatch(d -> !amounts.isNone(d));
        return !padsRows
                || Arrays.stream(rows)
                                .filter(d -> from[d] > 1 || !amounts.isNone(d))
                                .count()
                        == 1;
    }

    /** True for a border of rows and columns narrower than the map. */
    private static boolean isMirror(Activation value, Amounts amounts) {
        int[] from = value.dimensions();
        int[] order = value.layout().order();
        boolean narrow = isMap(value, amounts);
        for (int d = 0; d < from.length; d++) {
            narrow &= amounts.isNone(d)
                    || (MovingNodes.role(order, d) >= 1
                            && Math.min(amounts.before[d], amounts.after[d]) >= 0
                            && Math.max(amounts.before[d], amounts.after[d]) < from[d]);
        }
        return narrow;
    }

    private static void repeat(Translation network, SourceNode node, Activation given, Amounts amounts, String mode) {
        Activation value = given;
        for (int d = 0; d < amounts.before.length; d++) {
            int size = value.dimensions()[d];
            int before = amounts.before[d];
            int count = size + before + amounts.after[d];
            node.require(count >= 1, "it cuts everything of dimension %d away.", d);
            int[] indexes = new int[count];
            Arrays.setAll(indexes, index -> within(index - before, size, mode));
            value = Selection.of(network, node, value, d, indexes);
        }
        MovingNodes.finish(network, node, given, value);
    }

    /** The element that stands at a position in or beyond the value. */
    private static int within(int position, int size, String mode) {
        return switch (mode) {
            case "edge" -> Math.max(0, Math.min(size - 1, position));
            case "wrap" -> Math.floorMod(position, size);
            default -> {
                int period = Math.max(1, 2 * (size - 1));
                int inside = Math.floorMod(position, period);
                yield Math.min(inside, period - inside);
            }
        };
    }
}
