// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.graph.Padding;
import io.windhover.models.graph.Window;

/**
 * A transposed convolution's kernel as one without dilation: with zeros between its taps, and after them where the
 * result is longer than the last tap reaches.
 *
 * @param kernel the node's own, height and width
 * @param dilations the node's own
 * @param window strides, the kernel with its zeros, and the rows and columns cut from the full result
 */
record TransposedWindow(int[] kernel, int[] dilations, Window window) {
    /** Where a side of the kernel ends, and how much of the full result is cut before it and after it. */
    private record Side(int extent, int before, int after) {
        /** Zeros follow the last tap instead of a cut below 0. */
        static Side of(int extent, int before, int after) {
            return after < 0 ? new Side(Math.subtractExact(extent, after), before, 0) : new Side(extent, before, after);
        }

        /** A result as many times larger than the map as the stride says. */
        static Side same(int extent, int stride, int added, boolean oddAfter) {
            int total = Math.max(0, extent + added - stride);
            int before = oddAfter ? total / 2 : total - total / 2;
            return of(extent, before, extent - stride - before);
        }
    }

    static TransposedWindow read(SourceNode node, MapView map, int[] kernel) {
        int spatial = map.rank() - 2;
        node.require(!node.has("output_shape"), "it asks for an output_shape; export it with pads and output_padding.");
        int[] strides = Windows.pair(node, "strides", 1, spatial);
        int[] dilations = Windows.pair(node, "dilations", 1, spatial);
        int[] added = added(node, spatial);
        String automatic = Windows.automatic(node);
        Padding pads = automatic.equals(Windows.NOTSET) ? Windows.explicit(node, spatial) : Padding.NONE;
        int[] before = {pads.top(), pads.left()};
        int[] after = {pads.bottom(), pads.right()};
        Side[] sides = new Side[2];
        for (int side = 0; side < 2; side++) {
            int extent = Windows.extent(kernel[side], dilations[side]);
            sides[side] = automatic.startsWith("SAME")
                    ? Side.same(extent, strides[side], added[side], automatic.equals("SAME_UPPER"))
                    : Side.of(extent, before[side], after[side] - added[side]);
        }
        return new TransposedWindow(
                kernel,
                dilations,
                new Window(
                        sides[0].extent,
                        sides[1].extent,
                        strides[0],
                        strides[1],
                        1,
                        1,
                        new Padding(sides[0].before, sides[1].before, sides[0].after, sides[1].after)));
    }

    /** The node's output_padding for height and width. */
    private static int[] added(SourceNode node, int spatial) {
        long[] values = node.integers("output_padding");
        node.require(
                values == null || values.length == spatial,
                "its output_padding has %d elements instead of %d.",
                values == null ? 0 : values.length,
                spatial);
        int[] added = {0, 0};
        for (int i = 0; i < spatial && values != null; i++) {
            node.require(
                    values[i] >= 0 && values[i] <= 1 << 16,
                    "its output_padding holds %d, outside 0..65536.",
                    values[i]);
            added[2 - spatial + i] = (int) values[i];
        }
        return added;
    }

    /** The tap of the node's kernel at a position of the window's, or -1 for a zero. */
    int tap(int position) {
        int y = position / window.kernelWidth();
        int x = position % window.kernelWidth();
        boolean isTap = y % dilations[0] == 0
                && x % dilations[1] == 0
                && y / dilations[0] < kernel[0]
                && x / dilations[1] < kernel[1];
        return isTap ? y / dilations[0] * kernel[1] + x / dilations[1] : -1;
    }

    int outputHeight(int rows) {
        Padding cut = window.padding();
        return Math.multiplyExact(rows - 1, window.strideY()) + window.kernelHeight() - cut.top() - cut.bottom();
    }

    int outputWidth(int columns) {
        Padding cut = window.padding();
        return Math.multiplyExact(columns - 1, window.strideX()) + window.kernelWidth() - cut.left() - cut.right();
    }
}
