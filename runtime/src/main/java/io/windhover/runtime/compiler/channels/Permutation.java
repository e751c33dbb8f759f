// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.channels;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A permutation of dimensions, without dimensions of 1.
 *
 * @param dimensions of the input
 * @param from input dimension of each output dimension
 */
public record Permutation(int[] dimensions, int[] from) {
    public static Permutation of(List<Integer> dimensions, int[] permutation) {
        int[] renumbered = new int[dimensions.size()];
        List<Integer> kept = new ArrayList<>();
        for (int d = 0; d < renumbered.length; d++) {
            renumbered[d] = kept.size();
            if (dimensions.get(d) > 1) {
                kept.add(dimensions.get(d));
            }
        }
        List<Integer> from = new ArrayList<>();
        for (int d : permutation) {
            if (dimensions.get(d) > 1) {
                from.add(renumbered[d]);
            }
        }
        return new Permutation(ints(kept), ints(from));
    }

    private static int[] ints(List<Integer> values) {
        return values.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The same with dimensions that stay neighbours in one. */
    public Permutation merged() {
        int[] merged = new int[dimensions.length];
        List<Integer> kept = new ArrayList<>();
        List<Integer> order = new ArrayList<>();
        for (int d = 0; d < merged.length; d++) {
            if (followsInOutput(d)) {
                kept.set(kept.size() - 1, kept.get(kept.size() - 1) * dimensions[d]);
            } else {
                kept.add(dimensions[d]);
            }
            merged[d] = kept.size() - 1;
        }
        for (int d : from) {
            if (!followsInOutput(d)) {
                order.add(merged[d]);
            }
        }
        return new Permutation(ints(kept), ints(order));
    }

    /** True when the input's dimension before is just before it in the output too. */
    private boolean followsInOutput(int dimension) {
        for (int position = 1; position < from.length; position++) {
            if (from[position] == dimension) {
                return from[position - 1] == dimension - 1;
            }
        }
        return false;
    }

    public boolean movesNothing() {
        return rests(from.length);
    }

    /** True for three dimensions of which the first becomes the last. */
    public boolean isRotation() {
        return from.length == 3 && from[0] == 1 && from[1] == 2 && from[2] == 0;
    }

    /** Elements of the dimensions from the first that moves on. */
    public int movedElements() {
        int elements = 1;
        for (int d = dimensions.length - 1; d >= 0 && !rests(d + 1); d--) {
            elements *= dimensions[d];
        }
        return elements;
    }

    /** True when the first {@code count} dimensions stay where they are. */
    private boolean rests(int count) {
        for (int d = 0; d < count; d++) {
            if (from[d] != d) {
                return false;
            }
        }
        return true;
    }

    /**
     * When only the last dimensions, of {@code channels} elements together, change places: which channel goes to each
     * channel.
     */
    public int @Nullable [] within(int channels) {
        int first = dimensions.length;
        int elements = 1;
        while (first > 0 && elements < channels) {
            elements *= dimensions[--first];
        }
        return elements == channels && rests(first) ? order(first, channels) : null;
    }

    private int[] order(int first, int channels) {
        int[] order = new int[channels];
        for (int c = 0; c < channels; c++) {
            int rest = c;
            int[] index = new int[dimensions.length];
            for (int d = dimensions.length - 1; d >= first; d--) {
                index[from[d]] = rest % dimensions[from[d]];
                rest /= dimensions[from[d]];
            }
            for (int d = first; d < dimensions.length; d++) {
                order[c] = order[c] * dimensions[d] + index[d];
            }
        }
        return order;
    }
}
