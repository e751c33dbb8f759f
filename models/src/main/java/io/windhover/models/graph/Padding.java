package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

/** Rows and columns added around a map, per side. */
public record Padding(int top, int left, int bottom, int right) {
    public static final Padding NONE = new Padding(0, 0, 0, 0);

    public Padding {
        require(top >= 0 && left >= 0 && bottom >= 0 && right >= 0,
                "Padding %d,%d,%d,%d (top, left, bottom, right) has a negative side.", top, left, bottom, right);
    }

    public boolean isNone() {
        return top == 0 && left == 0 && bottom == 0 && right == 0;
    }
}
