// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.graph.Concatenation;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Slice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Any elements along one dimension, in any order and as often as wanted: slices, joined again. It moves codes as they
 * are.
 */
final class Selection {
    private static final int MOST_PIECES = 256;
    /** What a piece costs to read, in elements. */
    private static final int PIECE_ELEMENTS = 64;

    /** Stored dimensions that slices and joins know, counted from the innermost: channels, width, height. */
    private static final Concatenation.Axis[] AXES = {
        Concatenation.Axis.CHANNEL, Concatenation.Axis.WIDTH, Concatenation.Axis.HEIGHT
    };

    private Selection() {}

    /** Indexes first, first + step, ... */
    private record Run(int first, int step, int count) {}

    /**
     * The value with these indexes of one dimension; in a tensor of its own, unless they are all indexes in their
     * order.
     */
    static Activation of(Translation network, SourceNode node, Activation given, int dimension, int[] indexes) {
        int[] from = given.dimensions();
        if (isWhole(indexes, from[dimension])) {
            return given;
        }
        QuantizeNodes.requireKnown(node, given);
        Activation value = network.plain(given);
        int[] order = value.layout().order();
        int role = MovingNodes.role(order, dimension);
        node.require(
                role < AXES.length
                        && Arrays.stream(order, 0, Math.max(0, order.length - AXES.length))
                                .allMatch(outer -> from[outer] == 1),
                "it takes elements of dimension %d of %s out of their order.",
                dimension,
                Arrays.toString(from));
        int[] all = from.clone();
        all[dimension] = indexes.length;
        Layout layout = Layout.ordered(all, order);
        int source = network.viewed(value.tensorId(), Translation.stored(from, order));
        if (Arrays.stream(indexes).allMatch(index -> index == indexes[0])) {
            network.charge(indexes.length);
            int one = from[dimension] == 1
                    ? source
                    : slice(network, value, source, shape(from, dimension, 1, order), role, new Run(indexes[0], 1, 1));
            int[] shape = from.clone();
            shape[dimension] = 1;
            return new Activation(
                    repeated(network, value, one, shape, dimension, order, indexes.length), layout, value.codes());
        }
        List<Run> runs = runs(indexes);
        node.require(
                runs.size() <= MOST_PIECES,
                "it takes dimension %d of %s in %d pieces; at most %d are supported.",
                dimension,
                Arrays.toString(from),
                runs.size(),
                MOST_PIECES);
        network.charge(indexes.length + (long) PIECE_ELEMENTS * runs.size());
        int[] parts = new int[runs.size()];
        for (int i = 0; i < parts.length; i++) {
            parts[i] =
                    slice(network, value, source, shape(from, dimension, runs.get(i).count, order), role, runs.get(i));
        }
        int joined = parts.length == 1 ? parts[0] : joined(network, value, parts, Translation.stored(all, order), role);
        return new Activation(joined, layout, value.codes());
    }

    /** One element of a dimension so many times, twice as many in each step. */
    private static int repeated(
            Translation network, Activation value, int one, int[] from, int dimension, int[] order, int count) {
        if (count == 1) {
            return one;
        }
        int half = repeated(network, value, one, from, dimension, order, count / 2);
        int[] parts = count % 2 == 0 ? new int[] {half, half} : new int[] {half, half, one};
        return joined(network, value, parts, shape(from, dimension, count, order), MovingNodes.role(order, dimension));
    }

    private static int joined(Translation network, Activation value, int[] parts, Shape shape, int role) {
        int joined = tensor(network, value, "selected", shape);
        network.add(new DirectStep(
                parts, joined, (name, inputs, outputs) -> new Concatenation(name, inputs, outputs, AXES[role])));
        return joined;
    }

    private static boolean isWhole(int[] indexes, int size) {
        boolean whole = indexes.length == size;
        for (int i = 0; i < indexes.length && whole; i++) {
            whole = indexes[i] == i;
        }
        return whole;
    }

    private static List<Run> runs(int[] indexes) {
        List<Run> runs = new ArrayList<>();
        for (int i = 0; i < indexes.length; ) {
            int step = i + 1 < indexes.length ? indexes[i + 1] - indexes[i] : 0;
            int end = i + 1;
            while (step > 0 && end < indexes.length && indexes[end] - indexes[end - 1] == step) {
                end++;
            }
            runs.add(new Run(indexes[i], Math.max(1, step), end - i));
            i = end;
        }
        return runs;
    }

    private static Shape shape(int[] from, int dimension, int count, int[] order) {
        int[] shape = from.clone();
        shape[dimension] = count;
        return Translation.stored(shape, order);
    }

    private static int slice(Translation network, Activation value, int source, Shape shape, int role, Run run) {
        int part = tensor(network, value, "from " + run.first + " on", shape);
        int[] first = {0, 0, 0};
        int[] step = {1, 1, 1};
        first[role] = run.first;
        step[role] = run.step;
        network.add(new DirectStep(
                new int[] {source},
                part,
                (name, inputs, outputs) ->
                        new Slice(name, inputs, outputs, first[2], first[1], first[0], step[2], step[1], step[0])));
        return part;
    }

    private static int tensor(Translation network, Activation value, String what, Shape shape) {
        int tensorId = network.auxiliary(network.draft(value).name + " " + what, shape);
        network.draft(tensorId).codes = value.codes() == null ? null : network.draft(value).codes;
        return tensorId;
    }
}
