// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.detection;

import io.windhover.models.graph.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the rows and columns of a YOLO output lie: [1, columns, rows] or [1, rows, columns].
 *
 * @param columnsFirst the first of these two
 */
record YoloShape(int rows, int columns, boolean columnsFirst) {
    private static final int[] STRIDES = {8, 16, 32};
    private static final int FOURTH_STRIDE = 64;
    /** Boxes of YOLOv5 in each cell. */
    static final int ANCHORS = 3;

    int at(int row, int column) {
        return columnsFirst ? column * rows + row : row * columns + column;
    }

    /**
     * Of an output; null where it has no rows and columns. Rows are what is as many as a YOLO has for this input, else
     * the larger number.
     *
     * @param anchors boxes in each cell, 1 or 3
     */
    static @Nullable YoloShape of(Shape output, Shape input, int anchors) {
        List<Integer> sizes = output.dimensions();
        if (sizes.size() != 3 || sizes.get(0) != 1) {
            return null;
        }
        int first = sizes.get(1);
        int second = sizes.get(2);
        boolean firstIsRows = isRows(first, input, anchors);
        boolean secondIsRows = isRows(second, input, anchors);
        boolean columnsFirst = firstIsRows == secondIsRows ? first < second : secondIsRows;
        return columnsFirst ? new YoloShape(second, first, true) : new YoloShape(first, second, false);
    }

    /** Whether a YOLO has so many boxes for this input: of strides 8, 16 and 32, or 64 too. */
    static boolean isRows(int rows, Shape input, int anchors) {
        int three = 0;
        for (int stride : STRIDES) {
            three += cells(input, stride);
        }
        return rows == anchors * three || rows == anchors * (three + cells(input, FOURTH_STRIDE));
    }

    private static int cells(Shape input, int stride) {
        return input.height() % stride == 0 && input.width() % stride == 0
                ? input.height() / stride * (input.width() / stride)
                : 0;
    }
}
