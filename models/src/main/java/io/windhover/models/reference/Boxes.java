// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.reference;

/** Boxes by their opposite corners, and how much two of them overlap, in single precision. */
final class Boxes {
    private final float[] top;
    private final float[] left;
    private final float[] bottom;
    private final float[] right;

    Boxes(int count) {
        top = new float[count];
        left = new float[count];
        bottom = new float[count];
        right = new float[count];
    }

    /** From (y, x, y, x) of two opposite corners, or (x, y, width, height) of the centre. */
    static Boxes of(float[] numbers, boolean centred) {
        Boxes boxes = new Boxes(numbers.length / 4);
        for (int box = 0; box < boxes.count(); box++) {
            float a = numbers[4 * box];
            float b = numbers[4 * box + 1];
            float c = numbers[4 * box + 2];
            float d = numbers[4 * box + 3];
            if (centred) {
                boxes.set(box, b - d / 2, a - c / 2, b + d / 2, a + c / 2);
            } else {
                boxes.set(box, Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d));
            }
        }
        return boxes;
    }

    int count() {
        return top.length;
    }

    void set(int box, float newTop, float newLeft, float newBottom, float newRight) {
        top[box] = newTop;
        left[box] = newLeft;
        bottom[box] = newBottom;
        right[box] = newRight;
    }

    /** False with a NaN; a box may have no area. */
    boolean isInOrder(int box) {
        return top[box] <= bottom[box] && left[box] <= right[box];
    }

    /** Its top, left, bottom and right into an array. */
    void copy(int box, float[] target, int at) {
        target[at] = top[box];
        target[at + 1] = left[box];
        target[at + 2] = bottom[box];
        target[at + 3] = right[box];
    }

    /** Intersection over union; 0 with a box that has no area. */
    float overlap(int first, int second) {
        float firstArea = area(first);
        float secondArea = area(second);
        if (firstArea <= 0 || secondArea <= 0) {
            return 0;
        }
        float height = Math.min(bottom[first], bottom[second]) - Math.max(top[first], top[second]);
        float width = Math.min(right[first], right[second]) - Math.max(left[first], left[second]);
        float shared = Math.max(height, 0) * Math.max(width, 0);
        return shared / (firstArea + secondArea - shared);
    }

    private float area(int box) {
        return (bottom[box] - top[box]) * (right[box] - left[box]);
    }
}
