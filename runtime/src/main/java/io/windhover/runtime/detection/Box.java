// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.detection;

/**
 * A rectangle in a picture, in its pixels: 0 is the left or the upper edge of the picture, and its width or height the
 * other one.
 *
 * @param x of the left edge
 * @param y of the upper edge
 */
public record Box(double x, double y, double width, double height) {
    public Box {
        if (!(width >= 0 && height >= 0 && Double.isFinite(x + y + width + height))) {
            throw new IllegalArgumentException("a box at " + x + ", " + y + " of " + width + " x " + height);
        }
    }

    /** What both cover over what either does, 0 to 1; 0 where both are empty. */
    public double overlap(Box other) {
        double wide = Math.min(x + width, other.x + other.width) - Math.max(x, other.x);
        double high = Math.min(y + height, other.y + other.height) - Math.max(y, other.y);
        if (!(wide > 0 && high > 0)) {
            return 0;
        }
        double both = wide * high;
        return both / (width * height + other.width * other.height - both);
    }
}
