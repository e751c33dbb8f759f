// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.program;

import io.windhover.models.graph.Axes;
import io.windhover.models.graph.Shape;

/** Maps with more rows or columns than a kernel in other rows and columns, whose means are the same. */
public final class Rectangles {
    private Rectangles() {}

    /**
     * The same pixels in rows and columns that a kernel spans, where a mean goes over all of them; the shape as it is
     * where a kernel spans that, or where their number has no such divisors.
     */
    public static Shape of(Shape in, Axes axes) {
        int rows = axes.height() ? in.height() : 1;
        int columns = axes.width() ? in.width() : 1;
        int pixels = in.height() * in.width();
        if (rows * columns == pixels && Math.max(rows, columns) > FieldLimits.KERNEL) {
            for (int width = 2; width <= FieldLimits.KERNEL; width++) {
                if (pixels % width == 0 && pixels / width <= FieldLimits.KERNEL) {
                    return Shape.map(pixels / width, width, in.channels());
                }
            }
        }
        return in;
    }
}
