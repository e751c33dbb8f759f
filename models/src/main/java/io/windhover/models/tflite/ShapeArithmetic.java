// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

/**
 * Integer operators that files with an open batch size compute shapes with, such as SHAPE and the slices and packs
 * behind it. All shapes being fixed here, their results are only noted; whoever needs the numbers themselves refuses
 * them.
 */
final class ShapeArithmetic {
    private ShapeArithmetic() {}

    /** An importer that leaves integer calculations alone and passes everything else on. */
    static OperatorImporter or(OperatorImporter importer) {
        return (source, sink) -> {
            if (isInteger(source)) {
                read(source, sink);
            } else {
                importer.read(source, sink);
            }
        };
    }

    /** SHAPE: of any tensor. */
    static void readShape(SourceOperator source, Sink sink) {
        source.require(isInteger(source), "its result is not an integer shape.");
        sink.ignoreShapeValues(source.outputIndexes());
    }

    /** Operators over shapes and constants only. */
    static void read(SourceOperator source, Sink sink) {
        source.require(isInteger(source), "it is supported for shapes only.");
        for (int i = 0; i < source.inputIndexes().length; i++) {
            if (source.hasInput(i)) {
                SourceTensor input = source.source(i);
                source.require(
                        sink.isShapeValue(input.index()) || source.model().isConstant(input),
                        "it computes integers from %s, which is no shape.",
                        input);
            }
        }
        sink.ignoreShapeValues(source.outputIndexes());
    }

    private static boolean isInteger(SourceOperator source) {
        for (int index : source.outputIndexes()) {
            int type = source.model().tensor(index).typeCode();
            if (type != Schema.Type.INT32 && type != Schema.Type.INT64) {
                return false;
            }
        }
        return source.outputIndexes().length > 0;
    }
}
