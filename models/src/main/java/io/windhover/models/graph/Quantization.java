package io.windhover.models.graph;

import static io.windhover.models.ModelException.require;

/**
 * Affine quantisation: real = scale * (code - zero point). One pair for the tensor, or one for each index of {@code axis}.
 *
 * @param axis dimension the pairs run along; 0 when there is only one pair
 */
public record Quantization(float[] scales, int[] zeroPoints, int axis) {
    public Quantization {
        require(scales.length > 0, "A quantisation needs at least one scale.");
        require(scales.length == zeroPoints.length,
                "A quantisation has %d scales but %d zero points.", scales.length, zeroPoints.length);
        for (float scale : scales) {
            require(scale >= 0 && Float.isFinite(scale), "Quantisation scale %s is not a finite positive number.", scale);
        }
    }

    public static Quantization of(float scale, int zeroPoint) {
        return new Quantization(new float[] {scale}, new int[] {zeroPoint}, 0);
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
