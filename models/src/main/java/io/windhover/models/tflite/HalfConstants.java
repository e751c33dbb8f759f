// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import io.windhover.models.arithmetic.Float16;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Weights stored in half precision: DEQUANTIZE of a FLOAT16 constant is a FLOAT32 constant. */
final class HalfConstants {
    private HalfConstants() {}

    /** An importer that makes such constants and passes everything else on. */
    static OperatorImporter or(OperatorImporter importer) {
        return (source, sink) -> {
            SourceTensor half = source.source(0);
            if (half.typeCode() == Schema.Type.FLOAT16 && source.model().isConstant(half) && source.isFloat()) {
                source.model().setConstant(source.outputIndexes()[0], widened(source, half));
            } else {
                importer.read(source, sink);
            }
        };
    }

    private static byte[] widened(SourceOperator source, SourceTensor half) {
        source.requireExtents(half.shape().toArray(), source.output());
        source.require(
                source.model().budget().spendComputed((long) half.shape().elements() * Float.BYTES),
                "%s is too large to be widened.",
                half);
        ByteBuffer halves =
                ByteBuffer.wrap(source.model().constant(half, Short.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer floats = ByteBuffer.allocate(halves.limit() * 2).order(ByteOrder.LITTLE_ENDIAN);
        while (halves.hasRemaining()) {
            floats.putFloat(Float16.real(halves.getShort()));
        }
        return floats.array();
    }
}
