// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import io.windhover.models.arithmetic.FixedPoint;
import io.windhover.models.arithmetic.Rescaling;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import java.util.ArrayList;
import java.util.List;

/** CONCATENATION: a copy; codes of another quantisation than the output's are rescaled first. */
final class ConcatenationImporter {
    private ConcatenationImporter() {}

    static void read(SourceOperator source, Sink sink) {
        Tensor output = source.output();
        int axis = source.axis(source.option(Schema.ConcatenationOptions.AXIS, 0), output.shape());
        source.require(
                source.byteOption(Schema.ConcatenationOptions.ACTIVATION, 0) == Schema.ActivationFunction.NONE,
                "it has a fused activation.");
        List<Tensor> parts = new ArrayList<>();
        for (int i = 0; i < source.inputIndexes().length; i++) {
            Tensor part = sink.operand(source.source(i).index());
            source.require(
                    fits(part, output, axis), "it cannot place %s in %s along dimension %d.", part, output, axis);
            parts.add(output.type().isByte() ? rescaled(source, sink, part, output) : part);
        }
        Joining.join(sink, parts, axis, output);
    }

    private static boolean fits(Tensor part, Tensor output, int axis) {
        return part.shape().rank() == output.shape().rank()
                && ShapeImporter.with(part.shape(), axis, 1).equals(ShapeImporter.with(output.shape(), axis, 1));
    }

    private static Tensor rescaled(SourceOperator source, Sink sink, Tensor part, Tensor output) {
        Quantization from = source.quantization(part);
        Quantization to = source.quantization(output);
        if (from.scale() == to.scale() && from.zeroPoint() == to.zeroPoint()) {
            return part;
        }
        source.require(part.type() == output.type(), "%s and %s are of different types.", part, output);
        Tensor result = sink.tensor(part.name() + "/rescaled", part.type(), part.shape(), to);
        sink.add(new LookupTable(
                result.name(),
                new int[] {part.index()},
                new int[] {result.index()},
                "requantise",
                table(part.type(), from, to)));
        return sink.operand(result.index());
    }

    /**
     * TFLite's own way of rescaling uint8 codes here: in single precision, the zero point as a real offset. Of int8
     * codes it expects one scale, which some converters do not give it.
     */
    private static byte[] table(TensorType type, Quantization from, Quantization to) {
        float scale = from.scale() * (1 / to.scale());
        float offset = -from.zeroPoint() * scale;
        byte[] table = new byte[256];
        for (int code = type.minimum(); code <= type.maximum(); code++) {
            table[code & 0xFF] = (byte) FixedPoint.clamp(
                    Rescaling.roundHalfAway(code * scale + offset) + to.zeroPoint(), type.minimum(), type.maximum());
        }
        return table;
    }
}
