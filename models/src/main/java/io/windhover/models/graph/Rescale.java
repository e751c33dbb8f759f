// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

/**
 * A fixed-point factor: multiplier * 2^(shift - 31), applied with TensorFlow Lite's double rounding.
 *
 * @param multiplier 0 or 2^30..2^31-1
 * @param shift -31..30; positive shifts left before the multiplication, negative right after it
 */
public record Rescale(int multiplier, int shift) {
    public Rescale {
        require(multiplier >= 0, "Multiplier %d is negative.", multiplier);
        require(shift >= -31 && shift <= 30, "Shift %d is outside -31..30.", shift);
    }
}
