// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.graph.Padding;
import io.windhover.models.graph.Window;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Kernels, strides, dilations and padding of nodes that slide; one-dimensional layers are one pixel high. */
final class Windows {
    static final String NOTSET = "NOTSET";

    private Windows() {}

    /** How a node pads: explicitly where it does not say. The sizes of the other ways leave nothing to round up. */
    static String automatic(SourceNode node) {
        String given = node.choice("auto_pad", NOTSET, "VALID", "SAME_UPPER", "SAME_LOWER", "");
        return given.isEmpty() ? NOTSET : given;
    }

    /** Spatial attribute per dimension (height, width). */
    static int[] pair(SourceNode node, String attribute, int otherwise, int spatial) {
        long[] values = node.integers(attribute);
        int[] pair = {1, 1};
        node.require(
                values == null || values.length == spatial,
                "its %s has %d elements instead of %d.",
                attribute,
                values == null ? 0 : values.length,
                spatial);
        for (int i = 0; i < spatial; i++) {
            long value = values == null ? otherwise : values[i];
            node.require(value >= 1 && value <= 1 << 16, "its %s holds %d, outside 1..65536.", attribute, value);
            pair[2 - spatial + i] = (int) value;
        }
        return pair;
    }

    /** Rows or columns from the first to the last tap. */
    static int extent(int kernel, int dilation) {
        return Math.addExact(Math.multiplyExact(kernel - 1, dilation), 1);
    }

    /** The window of a convolution or pool over a map. */
    static Window read(SourceNode node, MapView map, int[] kernel) {
        int spatial = map.rank() - 2;
        int[] strides = pair(node, "strides", 1, spatial);
        int[] dilations = pair(node, "dilations", 1, spatial);
        String automatic = automatic(node);
        Padding padding = switch (automatic) {
            case NOTSET -> explicit(node, spatial);
            case "VALID" -> Padding.NONE;
            default -> same(map, kernel, strides, dilations, automatic.equals("SAME_UPPER"));
        };
        return new Window(kernel[0], kernel[1], strides[0], strides[1], dilations[0], dilations[1], padding);
    }

    private static Padding same(MapView map, int[] kernel, int[] strides, int[] dilations, boolean oddAfter) {
        Padding upper = Window.same(
                        map.height(),
                        map.width(),
                        kernel[0],
                        kernel[1],
                        strides[0],
                        strides[1],
                        dilations[0],
                        dilations[1])
                .padding();
        return oddAfter
                ? upper
                : new Padding(
                        /* top= */ upper.bottom(),
                        /* left= */ upper.right(),
                        /* bottom= */ upper.top(),
                        /* right= */ upper.left());
    }

    /** The node's own pads, all 0 where it has none. */
    static Padding explicit(SourceNode node, int spatial) {
        long @Nullable [] pads = node.integers("pads");
        if (pads == null) {
            return Padding.NONE;
        }
        node.require(pads.length == 2 * spatial, "its pads have %d elements instead of %d.", pads.length, 2 * spatial);
        node.require(
                Arrays.stream(pads).allMatch(pad -> pad >= 0 && pad <= 1 << 16),
                "its pads are %s; each must be 0 to 65536. Put a Slice before it to cut the map.",
                Arrays.toString(pads));
        int[] values = Arrays.stream(pads).mapToInt(pad -> (int) pad).toArray();
        return spatial == 2
                ? new Padding(values[0], values[1], values[2], values[3])
                : new Padding(0, values[0], 0, values[1]);
    }
}
