// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/** Which of two neighbouring codes a real number half-way between them becomes. */
public enum Rounding {
    /** TensorFlow Lite: 2.5 becomes 3, -2.5 becomes -3. */
    HALF_AWAY_FROM_ZERO,
    /** ONNX: 2.5 becomes 2, 3.5 becomes 4. */
    HALF_TO_EVEN;

    private static final double LARGEST = 1 << 30;

    /** The nearest integer, cut to -2^30..2^30 so that a zero point can be added. */
    public int nearest(double value) {
        double rounded =
                this == HALF_TO_EVEN ? Math.rint(value) : value < 0 ? Math.ceil(value - 0.5) : Math.floor(value + 0.5);
        return (int) Math.max(-LARGEST, Math.min(LARGEST, rounded));
    }
}
