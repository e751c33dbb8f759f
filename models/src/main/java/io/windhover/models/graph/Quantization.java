// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

/**
 * Affine quantisation: real = scale * (code - zero point). One pair for the tensor, or one for each index of
 * {@code axis}.
 *
 * @param axis dimension the pairs run along; 0 when there is only one pair
 * @param rounding how real numbers become codes, as the model's format defines it
 */
public record Quantization(float[] scales, int[] zeroPoints, int axis, Rounding rounding) {
    public Quantization {
        require(scales.length > 0, "A quantisation needs at least one scale.");
        require(
                scales.length == zeroPoints.length,
                "A quantisation has %d scales but %d zero points.",
                scales.length,
                zeroPoints.length);
        for (float scale : scales) {
            require(
                    scale >= 0 && Float.isFinite(scale),
                    "Quantisation scale %s is not a finite positive number.",
                    scale);
        }
    }

    /** Rounds as TensorFlow Lite does. */
    public Quantization(float[] scales, int[] zeroPoints, int axis) {
        this(scales, zeroPoints, axis, Rounding.HALF_AWAY_FROM_ZERO);
    }

    /** Rounds as TensorFlow Lite does. */
    public static Quantization of(float scale, int zeroPoint) {
        return of(scale, zeroPoint, Rounding.HALF_AWAY_FROM_ZERO);
    }

    public static Quantization of(float scale, int zeroPoint, Rounding rounding) {
        return new Quantization(new float[] {scale}, new int[] {zeroPoint}, 0, rounding);
    }

    /**
     * The code of a real number, within low..high: it is divided by the tensor's scale in single precision and rounded.
     */
    public int code(float real, int low, int high) {
        return Math.max(low, Math.min(high, rounding.nearest(real / scale()) + zeroPoint()));
    }

    public boolean isPerChannel() {
        return scales.length > 1;
    }

    /** The tensor's scale, or its first channel's. */
    public float scale() {
        return scales[0];
    }

    /** The tensor's zero point, or its first channel's. */
    public int zeroPoint() {
        return zeroPoints[0];
    }
}
