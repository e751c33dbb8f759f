// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import static io.windhover.models.ModelException.require;

import io.windhover.models.ModelException;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import org.jspecify.annotations.Nullable;

/** A tensor as the file describes it, before anything is known about its use. */
record SourceTensor(
        int index,
        String name,
        int typeCode,
        int[] dimensions,
        int[] signature,
        int buffer,
        @Nullable FlatTable quantizationTable) {
    private static final int MAXIMUM_RANK = 8;
    private static final int MAXIMUM_SCALES = 65_536;

    static SourceTensor read(int index, FlatTable table) {
        String name = table.string(Schema.Tensor.NAME);
        FlatTable.Vector dimensions = table.vector(Schema.Tensor.SHAPE, Integer.BYTES);
        require(
                dimensions.size() <= MAXIMUM_RANK,
                "Tensor %d '%s' has %d dimensions, more than %d.",
                index,
                name,
                dimensions.size(),
                MAXIMUM_RANK);
        require(
                table.table(Schema.Tensor.SPARSITY) == null,
                "Tensor %d '%s' is stored sparsely; export it dense.",
                index,
                name);
        FlatTable.Vector signature = table.vector(Schema.Tensor.SHAPE_SIGNATURE, Integer.BYTES);
        require(
                signature.size() <= MAXIMUM_RANK,
                "Tensor %d '%s' has a signature of %d dimensions, more than %d.",
                index,
                name,
                signature.size(),
                MAXIMUM_RANK);
        return new SourceTensor(
                index,
                name,
                table.int8(Schema.Tensor.TYPE, 0),
                dimensions.int32s(),
                signature.int32s(),
                table.int32(Schema.Tensor.BUFFER, 0),
                table.table(Schema.Tensor.QUANTIZATION));
    }

    Shape shape() {
        for (int dimension : dimensions) {
            require(
                    dimension > 0,
                    "Tensor %d '%s' has a dimension of %d; export the model with fixed shapes.",
                    index,
                    name,
                    dimension);
        }
        return Shape.of(dimensions);
    }

    TensorType type() {
        return switch (typeCode) {
            case Schema.Type.FLOAT32 -> TensorType.FLOAT32;
            case Schema.Type.INT32 -> TensorType.INT32;
            case Schema.Type.UINT8 -> TensorType.UINT8;
            case Schema.Type.INT8 -> TensorType.INT8;
            case Schema.Type.INT64 -> TensorType.INT64;
            case Schema.Type.BOOL -> TensorType.BOOL;
            default -> {
                require(
                        false,
                        "Tensor %d '%s' has type %s, which is not supported; export the model as int8.",
                        index,
                        name,
                        Schema.Type.name(typeCode));
                yield TensorType.INT8;
            }
        };
    }

    int scaleCount() {
        return quantizationTable == null
                ? 0
                : quantizationTable
                        .vector(Schema.QuantizationParameters.SCALE, Float.BYTES)
                        .size();
    }

    /** Its scales and zero points, or null when the file gives none. */
    @Nullable
    Quantization quantization() {
        if (quantizationTable == null) {
            return null;
        }
        FlatTable.Vector scales = quantizationTable.vector(Schema.QuantizationParameters.SCALE, Float.BYTES);
        FlatTable.Vector zeroPoints = quantizationTable.vector(Schema.QuantizationParameters.ZERO_POINT, Long.BYTES);
        if (scales.size() == 0) {
            return null;
        }
        require(
                scales.size() <= MAXIMUM_SCALES,
                "Tensor %d '%s' has %d scales, more than %d.",
                index,
                name,
                scales.size(),
                MAXIMUM_SCALES);
        require(
                zeroPoints.size() == scales.size() || zeroPoints.size() == 0,
                "Tensor %d '%s' has %d scales but %d zero points.",
                index,
                name,
                scales.size(),
                zeroPoints.size());
        float[] scaleValues = new float[scales.size()];
        int[] zeroPointValues = new int[scales.size()];
        for (int i = 0; i < scaleValues.length; i++) {
            scaleValues[i] = scales.float32(i);
            long zeroPoint = zeroPoints.size() == 0 ? 0 : zeroPoints.int64(i);
            if (zeroPoint != (int) zeroPoint) {
                throw new ModelException(String.format("Tensor %d '%s' has zero point %d.", index, name, zeroPoint));
            }
            zeroPointValues[i] = (int) zeroPoint;
        }
        int axis = scaleValues.length == 1 ? 0 : quantizationTable.int32(Schema.QuantizationParameters.DIMENSION, 0);
        return new Quantization(scaleValues, zeroPointValues, axis);
    }

    /** True when this dimension was left open at export. */
    boolean isOpen(int dimension) {
        return signature.length == dimensions.length && signature[dimension] == -1;
    }

    /** True when its first dimension was left open at export. */
    boolean hasDynamicBatch() {
        return signature.length > 0 && signature.length == dimensions.length && signature[0] == -1;
    }

    SourceTensor withFirstDimension(int dimension) {
        int[] changed = dimensions.clone();
        changed[0] = dimension;
        return withDimensions(changed);
    }

    /** The share of one frame of a batch, as if the batch had been left open at export. */
    SourceTensor ofOneFrame(int batch) {
        int[] open = dimensions.clone();
        open[0] = -1;
        return new SourceTensor(index, name, typeCode, dimensions, open, buffer, quantizationTable)
                .withFirstDimension(dimensions[0] / batch);
    }

    SourceTensor withDimensions(int[] changed) {
        return new SourceTensor(index, name, typeCode, changed, signature, buffer, quantizationTable);
    }

    /** As a value of the network; {@link SourceModel#activation} makes it once. */
    Tensor activation() {
        return new Tensor(index, name, type(), shape(), type().isByte() ? quantization() : null, null);
    }

    /** Refuses maps whose first of four dimensions, the batch, is not 1. */
    void requireOneImage() {
        require(
                dimensions.length < 4 || dimensions[0] == 1,
                "Tensor %d '%s' has the first dimension %d; only the batch may lie there, and the accelerator takes 1.",
                index,
                name,
                dimensions.length > 0 ? dimensions[0] : 0);
    }

    @Override
    public String toString() {
        return "tensor " + index + " '" + name + "'";
    }
}
