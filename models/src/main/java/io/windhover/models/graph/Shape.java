// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Dimensions of a tensor, batch 1, channels last. Whatever its rank, a shape has one view as height x width x channels:
 * the last dimension is channels, the one before it width, and the product of all others height. [1, N] is 1 x 1 x N.
 */
public record Shape(List<Integer> dimensions) {
    public Shape {
        dimensions = List.copyOf(dimensions);
        require(dimensions.size() <= 8, "A shape has %d dimensions, more than 8.", dimensions.size());
        long elements = 1;
        for (int dimension : dimensions) {
            require(dimension > 0, "Shape %s has a dimension below 1.", dimensions);
            elements *= dimension;
            require(elements <= Integer.MAX_VALUE, "Shape %s has more than 2^31 - 1 elements.", dimensions);
        }
    }

    public static Shape of(int... dimensions) {
        return new Shape(Arrays.stream(dimensions).boxed().toList());
    }

    /** The rank-4 shape [1, height, width, channels]. */
    public static Shape map(int height, int width, int channels) {
        return of(1, height, width, channels);
    }

    /** The rank-2 shape [1, channels]. */
    public static Shape vector(int channels) {
        return of(1, channels);
    }

    public int rank() {
        return dimensions.size();
    }

    /** The dimensions in an array of their own. */
    public int[] toArray() {
        return dimensions.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Dimension counted from the end: 0 is channels. Missing dimensions are 1. */
    private int fromEnd(int position) {
        return position < rank() ? dimensions.get(rank() - 1 - position) : 1;
    }

    public int height() {
        return elements() / width() / channels();
    }

    public int width() {
        return fromEnd(1);
    }

    public int channels() {
        return fromEnd(0);
    }

    public int elements() {
        int elements = 1;
        for (int d = 0; d < rank(); d++) {
            elements *= dimensions.get(d);
        }
        return elements;
    }

    /** True when height, width and channels are the same, whatever the ranks. */
    public boolean sameMap(Shape other) {
        return height() == other.height() && width() == other.width() && channels() == other.channels();
    }

    @Override
    public String toString() {
        return dimensions.stream().map(String::valueOf).collect(Collectors.joining("x", "[", "]"));
    }
}
