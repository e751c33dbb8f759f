// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.graph.Axes;
import io.windhover.models.graph.FloatMean;
import io.windhover.models.graph.FloatPool;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Window;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Pooling and means. */
final class PoolNodes {
    private PoolNodes() {}

    static void maximum(Translation network, SourceNode node) {
        node.require(
                node.outputs().size() < 2 || node.outputs().get(1).isEmpty(),
                "it also gives the positions of its maxima.");
        pool(network, node, network.any(node, 0), true);
    }

    static void average(Translation network, SourceNode node) {
        pool(network, node, network.activation(node, 0), false);
    }

    private static void pool(Translation network, SourceNode node, Activation value, boolean maximum) {
        MapView map = MapView.of(network, node, value);
        PoolWindow pool = PoolWindow.read(network, node, map, !maximum);
        Window window = pool.window();
        int height = window.outputHeight(pool.map().height());
        int width = window.outputWidth(pool.map().width());
        node.require(
                height > 0 && width > 0,
                "its window of %dx%d does not fit its input of %dx%d.",
                window.kernelHeight(),
                window.kernelWidth(),
                map.height(),
                map.width());
        node.require(
                window.readsMap(pool.map().height(), pool.map().width()),
                "one of its windows lies in padding alone and has no value; give it smaller pads.");
        Activation result = network.emit(
                node,
                Shape.map(height, width, map.channels()),
                map.layout(height, width, map.channels()),
                (name, inputs, outputs) -> new FloatPool(name, inputs, outputs, maximum, window, pool.countPadding()),
                pool.from());
        QuantizeNodes.keepCodes(network, value, result, node);
    }

    static void globalMaximum(Translation network, SourceNode node) {
        Activation value = network.any(node, 0);
        MapView map = MapView.of(network, node, value);
        Window window = new Window(map.height(), map.width(), 1, 1, 1, 1, Padding.NONE);
        Activation result = network.emit(
                node,
                Shape.map(1, 1, map.channels()),
                map.layout(1, 1, map.channels()),
                (name, inputs, outputs) -> new FloatPool(name, inputs, outputs, true, window, false),
                map.tensorId());
        QuantizeNodes.keepCodes(network, value, result, node);
    }

    static void globalAverage(Translation network, SourceNode node) {
        MapView map = MapView.of(network, node, network.activation(node, 0));
        network.emit(
                node,
                Shape.map(1, 1, map.channels()),
                map.layout(1, 1, map.channels()),
                (name, inputs, outputs) -> new FloatMean(name, inputs, outputs, Axes.SPATIAL),
                map.tensorId());
    }

    static void reduceMean(Translation network, SourceNode node) {
        Activation given = network.activation(node, 0);
        int[] from = given.dimensions();
        Reduction reduction = Reduction.read(network, node, from.length);
        if (reduction.isIdentity(from)) {
            network.bind(node, 0, given.with(given.layout().transposed(reduction.kept())));
            return;
        }
        Activation value = network.plain(given);
        int[] order = value.layout().order();
        MeanView view = MeanView.natural(from, order, reduction.reduced());
        if (view == null) {
            view = MeanView.grouped(from, order, reduction.reduced());
        }
        MeanView seen = node.requirePresent(
                view, "it averages over dimensions of %s that lie too far apart.", Arrays.toString(from));
        network.emit(
                node,
                seen.axes.reduced(seen.shape),
                Layout.ordered(reduction.ones(from), order).transposed(reduction.kept()),
                (name, inputs, outputs) -> new FloatMean(name, inputs, outputs, seen.axes),
                network.viewed(value.tensorId(), seen.shape));
    }

    /** A stored value as rows, columns and channels, each of which is averaged over as a whole or not at all. */
    private record MeanView(Shape shape, Axes axes) {
        /** The innermost dimensions as channels and columns, all others as rows; null where a part is mixed. */
        static @Nullable MeanView natural(int[] from, int[] order, boolean[] reduced) {
            int[] roles = new int[order.length];
            Arrays.setAll(roles, i -> Math.min(2, order.length - 1 - i));
            return of(from, order, reduced, roles);
        }

        /** Neighbours that are both averaged over, or both not, as one part; null where three parts are too few. */
        static @Nullable MeanView grouped(int[] from, int[] order, boolean[] reduced) {
            int[] roles = new int[order.length];
            int role = 0;
            int last = -1;
            for (int i = order.length - 1; i >= 0; i--) {
                if (from[order[i]] > 1) {
                    role += last >= 0 && reduced[last] != reduced[order[i]] ? 1 : 0;
                    last = order[i];
                }
                roles[i] = role;
            }
            return role > 2 ? null : of(from, order, reduced, roles);
        }

        private static @Nullable MeanView of(int[] from, int[] order, boolean[] reduced, int[] roles) {
            int[] sizes = {1, 1, 1};
            boolean[] covered = new boolean[3];
            for (int i = 0; i < order.length; i++) {
                int size = from[order[i]];
                boolean isMixed = sizes[roles[i]] > 1 && covered[roles[i]] != reduced[order[i]];
                if (size > 1 && isMixed) {
                    return null;
                }
                covered[roles[i]] |= size > 1 && reduced[order[i]];
                sizes[roles[i]] *= size;
            }
            return new MeanView(Shape.map(sizes[2], sizes[1], sizes[0]), new Axes(covered[2], covered[1], covered[0]));
        }
    }
}
