// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

/** Rows and columns added around a map, per side; each 0..65536. */
public record Padding(int top, int left, int bottom, int right) {
    private static final int LIMIT = 1 << 16;

    public static final Padding NONE = new Padding(0, 0, 0, 0);

    public Padding {
        require(
                inRange(top) && inRange(left) && inRange(bottom) && inRange(right),
                "Padding %d,%d,%d,%d (top, left, bottom, right) has a side outside 0..%d.",
                top,
                left,
                bottom,
                right,
                LIMIT);
    }

    private static boolean inRange(int side) {
        return side >= 0 && side <= LIMIT;
    }

    public boolean isNone() {
        return top == 0 && left == 0 && bottom == 0 && right == 0;
    }
}
