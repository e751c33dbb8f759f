// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static io.windhover.models.ModelException.require;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the elements of an ONNX shape lie in memory. Storage is a sequence of axes, none of size 1; every dimension of
 * the shape is the product of some of them. So a transpose or reshape of the shape changes no storage: NCHW maps lie as
 * NHWC, a flattened map still lies as NHWC, and a channel shuffle is seen only by the operator that reads the shuffled
 * channels.
 *
 * @param sizes of the stored axes, outermost first
 * @param dimensions for each dimension its axes, most significant first
 */
record Layout(int[] sizes, int[][] dimensions) {
    /** Elements stored in the order of the shape itself. */
    static Layout rowMajor(int[] shape) {
        int[] order = new int[shape.length];
        Arrays.setAll(order, d -> d);
        return ordered(shape, order);
    }

    /** Dimensions stored in this order, outermost first. */
    static Layout ordered(int[] shape, int[] order) {
        require(
                Arrays.stream(shape).allMatch(size -> size > 0),
                "Shape %s has an empty dimension.",
                Arrays.toString(shape));
        Dimensions.count(shape);
        int[][] dimensions = new int[shape.length][0];
        int[] sizes = new int[shape.length];
        int axes = 0;
        for (int dimension : order) {
            if (shape[dimension] > 1) {
                dimensions[dimension] = new int[] {axes};
                sizes[axes++] = shape[dimension];
            }
        }
        return new Layout(Arrays.copyOf(sizes, axes), dimensions);
    }

    int rank() {
        return dimensions.length;
    }

    int[] shape() {
        int[] shape = new int[rank()];
        for (int d = 0; d < shape.length; d++) {
            shape[d] = 1;
            for (int axis : dimensions[d]) {
                shape[d] *= sizes[axis];
            }
        }
        return shape;
    }

    int elements() {
        return Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
    }

    /** Dimension d of the result is dimension permutation[d] of this; dimensions of size 1 may be left out. */
    Layout transposed(int[] permutation) {
        int[][] moved = new int[permutation.length][];
        Arrays.setAll(moved, d -> dimensions[permutation[d]]);
        return new Layout(sizes, moved);
    }

    /** The axes of the dimensions in this order, one after the other. */
    int[] axes(int[] order) {
        return Arrays.stream(order)
                .flatMap(dimension -> Arrays.stream(dimensions[dimension]))
                .toArray();
    }

    /** True when storage is the dimensions in this order. */
    boolean isOrdered(int[] order) {
        int[] axes = axes(order);
        for (int i = 0; i < axes.length; i++) {
            if (axes[i] != i) {
                return false;
            }
        }
        return true;
    }

    /** True when the dimensions are stored one after the other, not interleaved. */
    boolean isPlain() {
        return isOrdered(order());
    }

    /** In which order a plain layout stores the dimensions, channels last where sizes of 1 leave a choice. */
    int[] order() {
        int[] channelsLast = channelsLast(rank());
        if (isOrdered(channelsLast)) {
            return channelsLast;
        }
        Integer[] order = new Integer[rank()];
        Arrays.setAll(order, d -> d);
        Arrays.sort(order, (a, b) -> Integer.compare(outermost(a), outermost(b)));
        return Arrays.stream(order).mapToInt(Integer::intValue).toArray();
    }

    private int outermost(int dimension) {
        return dimensions[dimension].length == 0 ? -1 : dimensions[dimension][0];
    }

    /** The order [N, spatial, C] for shapes [N, C, spatial]; row-major below three dimensions. */
    static int[] channelsLast(int rank) {
        int[] order = new int[rank];
        Arrays.setAll(order, d -> rank < 3 || d == 0 ? d : d == rank - 1 ? 1 : d + 1);
        return order;
    }

    /** The same storage under the shape with 1s in front up to this rank. */
    Layout padded(int rank) {
        int[][] padded = new int[rank][0];
        System.arraycopy(dimensions, 0, padded, rank - rank(), rank());
        return new Layout(sizes, padded);
    }

    /** The same storage under another shape, or null when an axis would have to be cut in uneven parts. */
    @Nullable
    Layout reshaped(int[] shape) {
        Splitter splitter = new Splitter();
        int[][] parts = new int[shape.length][];
        for (int d = 0; d < shape.length; d++) {
            parts[d] = splitter.take(shape[d]);
            if (parts[d] == null) {
                return null;
            }
        }
        return splitter.layout(parts);
    }

    /**
     * Takes the elements of the shape apart, most significant axes first. A part is named axis * PARTS + position in
     * its axis.
     */
    private final class Splitter {
        private static final int PARTS = 64;
        private final List<List<Integer>> pieces = new ArrayList<>();
        private final int[] sequence = axes(identity(rank()));
        private int position;
        private int left = sequence.length == 0 ? 1 : sizes[sequence[0]];

        Splitter() {
            for (int i = 0; i < sizes.length; i++) {
                pieces.add(new ArrayList<>());
            }
        }

        int @Nullable [] take(int size) {
            List<Integer> taken = new ArrayList<>();
            int needed = size;
            while (needed > 1) {
                if (position == sequence.length) {
                    return null;
                }
                int piece = needed % left == 0 ? left : needed;
                if (left % piece != 0) {
                    return null;
                }
                List<Integer> axisPieces = pieces.get(sequence[position]);
                taken.add(sequence[position] * PARTS + axisPieces.size());
                axisPieces.add(piece);
                needed /= piece;
                left /= piece;
                if (left == 1 && ++position < sequence.length) {
                    left = sizes[sequence[position]];
                }
            }
            return taken.stream().mapToInt(Integer::intValue).toArray();
        }

        Layout layout(int[][] parts) {
            int[] first = new int[sizes.length + 1];
            for (int axis = 0; axis < sizes.length; axis++) {
                first[axis + 1] = first[axis] + pieces.get(axis).size();
            }
            int[] newSizes = pieces.stream()
                    .flatMap(List::stream)
                    .mapToInt(Integer::intValue)
                    .toArray();
            for (int[] dimension : parts) {
                Arrays.setAll(dimension, i -> first[dimension[i] / PARTS] + dimension[i] % PARTS);
            }
            return new Layout(newSizes, parts).merged();
        }
    }

    private static int[] identity(int rank) {
        int[] order = new int[rank];
        Arrays.setAll(order, d -> d);
        return order;
    }

    /** Joins axes that are neighbours both in storage and in their dimension. */
    private Layout merged() {
        boolean[] continues = new boolean[sizes.length];
        for (int[] dimension : dimensions) {
            for (int i = 1; i < dimension.length; i++) {
                continues[dimension[i]] = dimension[i] == dimension[i - 1] + 1;
            }
        }
        int[] number = new int[sizes.length];
        int[] joined = new int[sizes.length];
        int count = 0;
        for (int axis = 0; axis < sizes.length; axis++) {
            if (continues[axis]) {
                joined[count - 1] *= sizes[axis];
            } else {
                joined[count++] = sizes[axis];
            }
            number[axis] = count - 1;
        }
        int[][] renumbered = new int[dimensions.length][];
        for (int d = 0; d < dimensions.length; d++) {
            renumbered[d] = Arrays.stream(dimensions[d])
                    .filter(axis -> !continues[axis])
                    .map(axis -> number[axis])
                    .toArray();
        }
        return new Layout(Arrays.copyOf(joined, count), renumbered);
    }

    /** For each stored position the row-major position in the shape. */
    int[] source() {
        int[] strides = new int[sizes.length];
        int stride = 1;
        int[] sequence = axes(identity(rank()));
        for (int i = sequence.length - 1; i >= 0; i--) {
            strides[sequence[i]] = stride;
            stride *= sizes[sequence[i]];
        }
        int[] source = new int[elements()];
        int filled = 1;
        for (int axis = sizes.length - 1; axis >= 0; axis--) {
            for (int i = filled; i < filled * sizes[axis]; i++) {
                source[i] = source[i % filled] + i / filled * strides[axis];
            }
            filled *= sizes[axis];
        }
        return source;
    }
}
