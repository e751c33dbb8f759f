// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static io.windhover.models.ModelException.require;

import org.jspecify.annotations.Nullable;

/**
 * A constant whose codes are known: real = scale * (code - zero point).
 *
 * @param codes integers
 * @param axis dimension that scales and zero points run along, where there is more than one
 * @param zeroPoints as many as scales
 */
record CodedConstant(Constant codes, int axis, float[] scales, int[] zeroPoints) implements NamedValue {
    CodedConstant {
        require(
                scales.length == zeroPoints.length,
                "A constant has %d scales but %d zero points.",
                scales.length,
                zeroPoints.length);
        require(
                scales.length == 1
                        || (axis >= 0 && axis < codes.dimensions().length && codes.dimensions()[axis] == scales.length),
                "%s has %d scales along dimension %d.",
                codes,
                scales.length,
                axis);
        for (float scale : scales) {
            require(
                    scale >= 0 && Float.isFinite(scale),
                    "A constant has scale %s instead of a finite positive number.",
                    scale);
        }
    }

    @Override
    public int[] dimensions() {
        return codes.dimensions();
    }

    /** The real numbers. */
    Constant reals() {
        int run = 1;
        for (int d = axis + 1; d < dimensions().length && scales.length > 1; d++) {
            run *= dimensions()[d];
        }
        float[] values = new float[codes.count()];
        for (int i = 0; i < values.length; i++) {
            int channel = scales.length == 1 ? 0 : i / run % scales.length;
            values[i] = scales[channel] * (codes.integer(i) - zeroPoints[channel]);
        }
        return Constant.ofFloats(dimensions(), values);
    }

    /** The same elements moved by a permutation of dimensions. */
    CodedConstant transposed(int[] permutation) {
        int newAxis = axis;
        for (int d = 0; d < permutation.length; d++) {
            newAxis = permutation[d] == axis ? d : newAxis;
        }
        return new CodedConstant(ConstantMoves.transpose(codes, permutation), newAxis, scales, zeroPoints);
    }

    /** The same elements under another shape, or null when the scales would no longer run along a dimension. */
    @Nullable
    CodedConstant reshaped(int[] dimensions) {
        if (scales.length == 1) {
            return new CodedConstant(codes.reshaped(dimensions), 0, scales, zeroPoints);
        }
        int before = 1;
        for (int d = 0; d < axis; d++) {
            before *= dimensions()[d];
        }
        int reached = 1;
        for (int d = 0; d < dimensions.length; d++) {
            if (reached == before && dimensions[d] == scales.length) {
                return new CodedConstant(codes.reshaped(dimensions), d, scales, zeroPoints);
            }
            reached *= dimensions[d];
        }
        return null;
    }
}
