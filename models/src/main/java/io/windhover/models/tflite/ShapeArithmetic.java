// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

/**
 * Integer operators that files with an open batch size compute shapes with, such as SHAPE and the slices and packs
 * behind it. All shapes being fixed here, their results are only noted; whoever needs the numbers themselves refuses
 * them.
 */
final class ShapeArithmetic {
    private ShapeArithmetic() {}

    /** An importer that leaves calculations with shapes alone and passes everything else on. */
    static OperatorImporter or(OperatorImporter importer) {
        return (source, sink) -> {
            if (isInteger(source) && isOfShapes(source, sink)) {
                sink.ignoreShapeValues(source.outputIndexes());
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
        source.require(
                isInteger(source) && isOfShapes(source, sink),
                "it is supported for shapes and constant integers only.");
        sink.ignoreShapeValues(source.outputIndexes());
    }

    private static boolean isOfShapes(SourceOperator source, Sink sink) {
        for (int i = 0; i < source.inputIndexes().length; i++) {
            if (source.hasInput(i)) {
                SourceTensor input = source.source(i);
                if (!sink.isShapeValue(input.index()) && !source.model().isConstant(input)) {
                    return false;
                }
            }
        }
        return true;
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
