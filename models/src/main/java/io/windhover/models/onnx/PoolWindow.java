// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.graph.FloatPad;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Window;

/**
 * What a pool slides over.
 *
 * @param from the tensor it reads
 * @param map that tensor's shape
 * @param countPadding whether an average divides by the positions of its padding as well
 */
record PoolWindow(int from, Shape map, Window window, boolean countPadding) {
    /**
     * The window of a node. Padding that the node names counts where it says so; what rounding the size up adds never
     * does. Where a node has both, what it names becomes a border of zeros.
     */
    static PoolWindow read(Translation network, SourceNode node, MapView map, boolean averages) {
        node.require(node.has("kernel_shape"), "it has no kernel_shape.");
        Window window = Windows.read(node, map, Windows.pair(node, "kernel_shape", 1, map.rank() - 2));
        Padding named = window.padding();
        boolean counts = averages && node.integer("count_include_pad", 0) != 0 && !named.isNone();
        boolean roundsUp =
                node.integer("ceil_mode", 0) != 0 && Windows.automatic(node).equals(Windows.NOTSET);
        Window wider = roundsUp ? window.withPadding(roundedUp(window, map)) : window;
        Shape shape = Shape.map(map.height(), map.width(), map.channels());
        if (!counts || wider.equals(window)) {
            return new PoolWindow(map.tensorId(), shape, wider, counts);
        }
        Shape border = Shape.map(
                map.height() + named.top() + named.bottom(),
                map.width() + named.left() + named.right(),
                map.channels());
        int bordered = network.auxiliary(node.outputs().get(0) + " with its border", border);
        network.add(new DirectStep(
                new int[] {map.tensorId()},
                bordered,
                (name, inputs, outputs) -> new FloatPad(name, inputs, outputs, named, 0, 0, 0)));
        Padding added = new Padding(
                0,
                0,
                Math.max(0, wider.padding().bottom() - named.bottom()),
                Math.max(0, wider.padding().right() - named.right()));
        return new PoolWindow(bordered, border, window.withPadding(added), false);
    }

    /**
     * Padding after the map such that the last window is whole; a window that would start beyond the map is left out.
     */
    private static Padding roundedUp(Window window, MapView map) {
        Padding padding = window.padding();
        return new Padding(
                padding.top(),
                padding.left(),
                after(
                        map.height(),
                        padding.top(),
                        padding.bottom(),
                        Windows.extent(window.kernelHeight(), window.dilationY()),
                        window.strideY()),
                after(
                        map.width(),
                        padding.left(),
                        padding.right(),
                        Windows.extent(window.kernelWidth(), window.dilationX()),
                        window.strideX()));
    }

    private static int after(int size, int before, int after, int extent, int stride) {
        int slack = size + before + after - extent;
        if (slack < 0) {
            return after;
        }
        int outputs = (slack + stride - 1) / stride + 1;
        if ((outputs - 1) * stride >= size + before) {
            outputs--;
        }
        return Math.max(0, (outputs - 1) * stride + extent - size - before);
    }
}
