// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Which dimensions a Reduce operator goes over.
 *
 * @param kept the dimensions that the result still has
 */
record Reduction(boolean[] reduced, int[] kept) {
    /** Reads attributes (operator sets below 18) or inputs. No axes, and an empty list of them, mean all. */
    static Reduction read(Translation network, SourceNode node, int rank) {
        long[] axes = node.hasInput(1) ? network.constant(node, 1).integers() : node.integers("axes");
        boolean[] reduced = new boolean[rank];
        if (axes != null && axes.length > 0) {
            for (long axis : axes) {
                reduced[Dimensions.axis(axis, rank)] = true;
            }
        } else if (node.integer("noop_with_empty_axes", 0) == 0) {
            Arrays.fill(reduced, true);
        }
        boolean keepsAll = node.integer("keepdims", 1) != 0;
        return new Reduction(
                reduced,
                IntStream.range(0, rank).filter(d -> keepsAll || !reduced[d]).toArray());
    }

    /** True when no element of this shape meets another: at most dimensions of size 1 are reduced. */
    boolean isIdentity(int[] from) {
        return IntStream.range(0, from.length).noneMatch(d -> reduced[d] && from[d] != 1);
    }

    /** The shape with the reduced dimensions of size 1. */
    int[] ones(int[] from) {
        return IntStream.range(0, from.length)
                .map(d -> reduced[d] ? 1 : from[d])
                .toArray();
    }
}
