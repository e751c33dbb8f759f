// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static io.windhover.models.ModelException.require;

import io.windhover.models.graph.Reshape;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Transpose;
import java.util.HashMap;
import java.util.Map;

/** Other forms of a value: under another shape, or with its dimensions stored in another order. */
final class Views {
    private final Translation network;
    private final Map<String, Integer> views = new HashMap<>();

    Views(Translation network) {
        this.network = network;
    }

    /** The tensor seen as this map; the same tensor where only the rank differs. */
    int viewed(int tensorId, Shape shape) {
        TensorDraft from = network.draft(tensorId);
        if (from.shape.sameMap(shape)) {
            return tensorId;
        }
        return views.computeIfAbsent(tensorId + " " + shape, key -> {
            int to = network.auxiliary(from.name + " as " + shape, shape);
            like(from, to);
            network.add(new DirectStep(new int[] {tensorId}, to, Reshape::new));
            return to;
        });
    }

    /** The value with its dimensions stored in this order; moves data only where it must. */
    Activation arranged(Activation value, int[] order) {
        Layout layout = value.layout();
        if (layout.isOrdered(order)) {
            return value;
        }
        int[] axes = layout.axes(order);
        int lead = axes.length < Constant.MAXIMUM_RANK ? 1 : 0;
        require(
                axes.length <= Constant.MAXIMUM_RANK,
                "A transpose moves %d dimensions, more than %d.",
                axes.length,
                Constant.MAXIMUM_RANK);
        int[] permutation = new int[axes.length + lead];
        int[] from = new int[permutation.length];
        int[] to = new int[permutation.length];
        from[0] = 1;
        to[0] = 1;
        for (int i = 0; i < axes.length; i++) {
            permutation[i + lead] = axes[i] + lead;
            from[i + lead] = layout.sizes()[i];
            to[i + lead] = layout.sizes()[axes[i]];
        }
        int source = exactly(value.tensorId(), Shape.of(from));
        int moved = network.auxiliary(network.draft(value).name + " transposed", Shape.of(to));
        like(network.draft(value), moved);
        network.add(new DirectStep(
                new int[] {source},
                moved,
                (name, inputs, outputs) -> new Transpose(name, inputs, outputs, permutation)));
        return new Activation(moved, Layout.ordered(layout.shape(), order), value.codes());
    }

    private void like(TensorDraft from, int to) {
        network.draft(to).codes = from.codes;
        network.draft(to).type = from.type;
    }

    /** The tensor under exactly these dimensions. */
    int exactly(int tensorId, Shape shape) {
        TensorDraft from = network.draft(tensorId);
        if (from.shape.equals(shape)) {
            return tensorId;
        }
        int to = network.auxiliary(from.name + " as " + shape, shape);
        like(from, to);
        network.add(new DirectStep(new int[] {tensorId}, to, Reshape::new));
        return to;
    }

    /** The value stored in some plain order of its dimensions, channels last where the present order is none. */
    Activation plain(Activation value) {
        return value.layout().isPlain()
                ? value
                : arranged(value, Layout.channelsLast(value.layout().rank()));
    }
}
