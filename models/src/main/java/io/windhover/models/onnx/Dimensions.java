// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static io.windhover.models.ModelException.require;

import java.util.Arrays;

/** ONNX shapes: row-major, any rank up to {@link Constant#MAXIMUM_RANK}. */
final class Dimensions {
    private Dimensions() {}

    /** Number of elements; refuses shapes too large to address. */
    static int count(int[] dimensions) {
        require(
                dimensions.length <= Constant.MAXIMUM_RANK,
                "A shape has %d dimensions, more than %d.",
                dimensions.length,
                Constant.MAXIMUM_RANK);
        long count = 1;
        for (int dimension : dimensions) {
            require(dimension >= 0, "Shape %s has a negative dimension.", Arrays.toString(dimensions));
            count *= dimension;
            require(
                    count <= Integer.MAX_VALUE / 8,
                    "Shape %s has more than 2^28 elements.",
                    Arrays.toString(dimensions));
        }
        return (int) count;
    }

    /** Row-major distance between neighbours along each dimension. */
    static int[] strides(int[] dimensions) {
        int[] strides = new int[dimensions.length];
        int stride = 1;
        for (int d = dimensions.length - 1; d >= 0; d--) {
            strides[d] = stride;
            stride *= dimensions[d];
        }
        return strides;
    }

    /** The shape that NumPy's broadcasting makes of two; an error when they do not fit. */
    static int[] broadcast(int[] first, int[] second) {
        int rank = Math.max(first.length, second.length);
        int[] result = new int[rank];
        for (int i = 1; i <= rank; i++) {
            int a = i <= first.length ? first[first.length - i] : 1;
            int b = i <= second.length ? second[second.length - i] : 1;
            require(
                    a == b || a == 1 || b == 1,
                    "shapes %s and %s do not broadcast.",
                    Arrays.toString(first),
                    Arrays.toString(second));
            result[rank - i] = a == 1 ? b : a;
        }
        return result;
    }

    /** The shape with 1s in front up to this rank. */
    static int[] padded(int[] dimensions, int rank) {
        int[] padded = new int[rank];
        Arrays.fill(padded, 1);
        System.arraycopy(dimensions, 0, padded, rank - dimensions.length, dimensions.length);
        return padded;
    }

    /** An axis counted from either end. */
    static int axis(long axis, int rank) {
        long positive = axis < 0 ? axis + rank : axis;
        require(positive >= 0 && positive < rank, "axis %d does not exist in %d dimensions.", axis, rank);
        return (int) positive;
    }

    /** A RESHAPE target resolved against the input: 0 copies, -1 takes what is left. */
    static int[] reshape(int[] from, long[] target, boolean allowZero) {
        require(
                target.length <= Constant.MAXIMUM_RANK,
                "it reshapes to %d dimensions, more than %d.",
                target.length,
                Constant.MAXIMUM_RANK);
        int total = count(from);
        int[] result = new int[target.length];
        int open = -1;
        long known = 1;
        for (int d = 0; d < target.length; d++) {
            long size = target[d] == 0 && !allowZero && d < from.length ? from[d] : target[d];
            require(
                    size != 0 || allowZero || d < from.length,
                    "it reshapes %s to %s, whose 0 has nothing to copy.",
                    Arrays.toString(from),
                    Arrays.toString(target));
            require(size >= -1 && size <= Integer.MAX_VALUE, "it reshapes to the dimension %d.", size);
            if (size == -1) {
                require(open < 0, "it reshapes to %s, with more than one -1.", Arrays.toString(target));
                open = d;
            } else {
                known *= size;
                require(known <= Integer.MAX_VALUE, "it reshapes to %s, which is too large.", Arrays.toString(target));
            }
            result[d] = (int) size;
        }
        if (open >= 0) {
            require(
                    known > 0 && total % known == 0,
                    "it reshapes %s to %s.",
                    Arrays.toString(from),
                    Arrays.toString(target));
            result[open] = (int) (total / known);
        }
        require(count(result) == total, "it reshapes %s to %s.", Arrays.toString(from), Arrays.toString(target));
        return result;
    }
}
