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
        AxisView view = new AxisView(from, value.layout().order(), dimension);
        int[] all = from.clone();
        all[dimension] = indexes.length;
        Layout layout = Layout.ordered(all, view.order());
        int source = network.viewed(value.tensorId(), view.shape());
        if (Arrays.stream(indexes).allMatch(index -> index == indexes[0])) {
            network.charge(indexes.length);
            int one = from[dimension] == 1 ? source : slice(network, value, source, view, new Run(indexes[0], 1, 1));
            return new Activation(repeated(network, value, one, view, indexes.length), layout, value.codes());
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
            parts[i] = slice(network, value, source, view, runs.get(i));
        }
        int joined = parts.length == 1 ? parts[0] : joined(network, value, parts, view, indexes.length);
        return new Activation(joined, layout, value.codes());
    }

    /** One element of a dimension so many times, twice as many in each step. */
    private static int repeated(Translation network, Activation value, int one, AxisView view, int count) {
        if (count == 1) {
            return one;
        }
        int half = repeated(network, value, one, view, count / 2);
        int[] parts = count % 2 == 0 ? new int[] {half, half} : new int[] {half, half, one};
        return joined(network, value, parts, view, count);
    }

    private static int joined(Translation network, Activation value, int[] parts, AxisView view, int count) {
        int joined = tensor(network, value, "selected", view.shape(count));
        network.add(new DirectStep(
                parts, joined, (name, inputs, outputs) -> new Concatenation(name, inputs, outputs, view.axis())));
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

    private static int slice(Translation network, Activation value, int source, AxisView view, Run run) {
        int part = tensor(network, value, "from " + run.first + " on", view.shape(run.count));
        int[] first = {0, 0, 0};
        int[] step = {1, 1, 1};
        first[view.role()] = run.first;
        step[view.role()] = run.step;
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
