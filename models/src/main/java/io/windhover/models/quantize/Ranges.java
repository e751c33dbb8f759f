// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.quantize;

import io.windhover.models.arithmetic.FixedPoint;
import io.windhover.models.graph.TensorType;
import io.windhover.models.quantize.QuantizationPlan.Activation;

/** Real ranges and the 8-bit codes that cover them. */
final class Ranges {
    private static final float SMALLEST_WIDTH = 1e-6f;

    private Ranges() {}

    /** Real values from low to high. */
    record Range(float low, float high) {
        /** The smallest range that covers both. */
        Range with(Range other) {
            return new Range(Math.min(low, other.low), Math.max(high, other.high));
        }

        /** True when the other range lies inside, but for rounding. */
        boolean covers(Range other) {
            float slack = (high - low) * 1e-4f;
            return other.low >= low - slack && other.high <= high + slack;
        }
    }

    /**
     * All codes of the type spread over the range, which is widened to hold 0; 0 gets a code of its own. A range of
     * nothing else becomes 0..1: a scale as small as what it covers would be beyond the layer's factors.
     */
    static Activation activation(TensorType type, Range range) {
        float low = Math.min(range.low(), 0);
        float high = Math.max(range.high(), Math.max(0, low + SMALLEST_WIDTH));
        high = low == 0 && range.high() <= 0 ? 1 : high;
        int steps = type.maximum() - type.minimum();
        float scale = (float) (((double) high - low) / steps);
        int zeroPoint = type.minimum() + (int) Math.round(-(double) low / scale);
        return Activation.of(type, scale, FixedPoint.clamp(zeroPoint, type.minimum(), type.maximum()));
    }

    /** The real values an 8-bit activation can hold. */
    static Range of(Activation activation) {
        float scale = activation.quantization().scale();
        int zeroPoint = activation.quantization().zeroPoint();
        return new Range(scale * (activation.low() - zeroPoint), scale * (activation.high() - zeroPoint));
    }
}
