// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/**
 * How a tensor covers a larger one of any rank: shapes are aligned at their last dimensions, and dimensions of 1 are
 * repeated. Gives for each element of the larger tensor the one of the smaller that meets it.
 */
public final class Repetition {
    private final int[] extents;
    private final int[] strides;

    private Repetition(int[] extents, int[] strides) {
        this.extents = extents;
        this.strides = strides;
    }

    /** True when each dimension of {@code small} is that of {@code large}, or 1. */
    public static boolean fits(Shape small, Shape large) {
        int missing = large.rank() - small.rank();
        boolean fits = true;
        for (int d = 0; d < small.rank(); d++) {
            int extent = small.dimensions().get(d);
            fits &= extent == 1
                    || (d + missing >= 0 && extent == large.dimensions().get(d + missing));
        }
        return fits;
    }

    /** For shapes that fit. */
    public static Repetition of(Shape small, Shape large) {
        int[] extents = large.toArray();
        int[] strides = new int[extents.length];
        int missing = large.rank() - small.rank();
        int stride = 1;
        for (int d = small.rank() - 1; d >= 0; d--) {
            int extent = small.dimensions().get(d);
            if (d + missing >= 0) {
                strides[d + missing] = extent == 1 ? 0 : stride;
            }
            stride *= extent;
        }
        return new Repetition(extents, strides);
    }

    /** The small tensor's element that meets this one of the large tensor. */
    public int partner(int element) {
        int rest = element;
        int partner = 0;
        for (int d = extents.length - 1; d >= 0; d--) {
            partner += rest % extents[d] * strides[d];
            rest /= extents[d];
        }
        return partner;
    }
}
