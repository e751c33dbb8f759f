// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.graph.Axes;
import io.windhover.models.graph.FloatMean;
import io.windhover.models.graph.FloatPool;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Window;
import java.util.Arrays;

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
        int spatial = map.rank() - 2;
        node.require(node.has("kernel_shape"), "it has no kernel_shape.");
        int[] kernel = Windows.pair(node, "kernel_shape", 1, spatial);
        Window window = Windows.read(node, map, kernel);
        node.require(window.dilationY() == 1 && window.dilationX() == 1, "it is dilated.");
        boolean countPadding = !maximum
                && node.integer("count_include_pad", 0) != 0
                && !window.padding().isNone();
        if (node.integer("ceil_mode", 0) != 0 && Windows.automatic(node).equals(Windows.NOTSET)) {
            Window wider = roundedUp(window, map);
            node.require(!countPadding || wider.equals(window), "it rounds its size up and counts padding at once.");
            window = wider;
        }
        Window slides = window;
        int height = window.outputHeight(map.height());
        int width = window.outputWidth(map.width());
        node.require(
                height > 0 && width > 0,
                "its window of %dx%d does not fit its input of %dx%d.",
                kernel[0],
                kernel[1],
                map.height(),
                map.width());
        Activation result = network.emit(
                node,
                Shape.map(height, width, map.channels()),
                map.layout(height, width, map.channels()),
                (name, inputs, outputs) -> new FloatPool(name, inputs, outputs, maximum, slides, countPadding),
                map.tensorId());
        QuantizeNodes.keepCodes(network, value, result, node);
    }

    /**
     * Padding after the map such that the last window is whole; a window that would start beyond the map is left out.
     */
    private static Window roundedUp(Window window, MapView map) {
        Padding padding = window.padding();
        int bottom = extra(map.height(), padding.top(), padding.bottom(), window.kernelHeight(), window.strideY());
        int right = extra(map.width(), padding.left(), padding.right(), window.kernelWidth(), window.strideX());
        return new Window(
                window.kernelHeight(),
                window.kernelWidth(),
                window.strideY(),
                window.strideX(),
                1,
                1,
                new Padding(padding.top(), padding.left(), bottom, right));
    }

    private static int extra(int size, int before, int after, int kernel, int stride) {
        int slack = size + before + after - kernel;
        if (slack < 0) {
            return after;
        }
        int outputs = (slack + stride - 1) / stride + 1;
        if ((outputs - 1) * stride >= size + before) {
            outputs--;
        }
        return Math.max(0, (outputs - 1) * stride + kernel - size - before);
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
        Shape shape = Translation.stored(from, order);
        Axes axes = axes(node, from, order, reduction.reduced());
        network.emit(
                node,
                axes.reduced(shape),
                Layout.ordered(reduction.ones(from), order).transposed(reduction.kept()),
                (name, inputs, outputs) -> new FloatMean(name, inputs, outputs, axes),
                network.viewed(value.tensorId(), shape));
    }

    /** Which of height, width and channels of the stored shape the reduction covers. */
    private static Axes axes(SourceNode node, int[] from, int[] order, boolean[] reduced) {
        boolean[] covered = new boolean[3];
        boolean[] kept = new boolean[3];
        for (int i = 0; i < order.length; i++) {
            int role = Math.min(2, order.length - 1 - i);
            if (from[order[i]] > 1) {
                covered[role] |= reduced[order[i]];
                kept[role] |= !reduced[order[i]];
            }
        }
        for (int role = 0; role < 3; role++) {
            node.require(
                    !covered[role] || !kept[role],
                    "it averages over dimensions of %s that do not lie together.",
                    Arrays.toString(from));
        }
        return new Axes(covered[2], covered[1], covered[0]);
    }
}
