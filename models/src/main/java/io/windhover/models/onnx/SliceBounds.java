// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a Slice takes of each dimension; a step below 0 goes backwards. */
record SliceBounds(int[] start, int[] step, int[] count) {
    /** Reads attributes (operator sets below 10) or inputs. */
    static SliceBounds read(Translation network, SourceNode node, int[] from) {
        long[] starts = integers(network, node, "starts", 1);
        long[] ends = integers(network, node, "ends", 2);
        long[] axes = integers(network, node, "axes", 3);
        long[] steps = integers(network, node, "steps", 4);
        if (starts == null || ends == null || starts.length != ends.length) {
            throw node.refuse("it does not say what it takes.");
        }
        SliceBounds bounds = new SliceBounds(new int[from.length], new int[from.length], from.clone());
        Arrays.fill(bounds.step, 1);
        node.require(
                (axes == null ? from.length >= starts.length : axes.length == starts.length)
                        && (steps == null || steps.length == starts.length),
                "its starts, ends, axes and steps have different lengths.");
        boolean[] taken = new boolean[from.length];
        for (int i = 0; i < starts.length; i++) {
            int axis = Dimensions.axis(axes == null ? i : axes[i], from.length);
            node.require(!taken[axis], "it takes from dimension %d twice.", axis);
            taken[axis] = true;
            bounds.take(node, axis, starts[i], ends[i], steps == null ? 1 : steps[i], from[axis]);
        }
        return bounds;
    }

    /** The indexes that it takes of a dimension, in their order. */
    int[] indexes(int dimension) {
        int[] indexes = new int[count[dimension]];
        Arrays.setAll(indexes, i -> start[dimension] + i * step[dimension]);
        return indexes;
    }

    private static long @Nullable [] integers(Translation network, SourceNode node, String attribute, int input) {
        return node.hasInput(input) ? network.constant(node, input).integers() : node.integers(attribute);
    }

    private void take(SourceNode node, int axis, long first, long end, long by, int size) {
        node.require(
                by != 0 && by >= -Integer.MAX_VALUE && by <= Integer.MAX_VALUE,
                "it goes through dimension %d in steps of %d.",
                axis,
                by);
        long highest = by > 0 ? size : size - 1L;
        long from = Math.max(0, Math.min(highest, first < 0 ? first + size : first));
        long to = Math.max(by > 0 ? 0 : -1, Math.min(highest, end < 0 ? end + size : end));
        long reach = by > 0 ? to - from : from - to;
        start[axis] = (int) from;
        step[axis] = (int) by;
        count[axis] = (int) Math.max(0, (reach + Math.abs(by) - 1) / Math.abs(by));
    }
}
