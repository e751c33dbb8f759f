// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import io.windhover.models.arithmetic.Rescaling;
import io.windhover.models.graph.Add;
import io.windhover.models.graph.Maximum;
import io.windhover.models.graph.Minimum;
import io.windhover.models.graph.Multiply;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Rescale;
import io.windhover.models.graph.Subtract;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;

/** ADD, SUB, MUL, MAXIMUM and MINIMUM of two 8-bit tensors. */
final class ElementwiseImporter {
    private ElementwiseImporter() {}

    static void readAdd(SourceOperator source, Sink sink) {
        Arithmetic pair = Arithmetic.of(source, sink);
        Rescaling.Addition factors = Rescaling.addition(pair.first.scale(), pair.second.scale(), pair.result.scale());
        sink.add(new Add(
                source.name(),
                pair.operands.indexes(),
                source.outputIndexes(),
                factors.leftShift(),
                pair.first.zeroPoint(),
                factors.first(),
                pair.second.zeroPoint(),
                factors.second(),
                pair.result.zeroPoint(),
                factors.result(),
                pair.clamp.low(),
                pair.clamp.high()));
    }

    static void readSubtract(SourceOperator source, Sink sink) {
        Arithmetic pair = Arithmetic.of(source, sink);
        Rescaling.Addition factors = pair.type == TensorType.UINT8
                ? Rescaling.addition(pair.first.scale(), pair.second.scale(), pair.result.scale())
                : Rescaling.subtraction(pair.first.scale(), pair.second.scale(), pair.result.scale());
        sink.add(new Subtract(
                source.name(),
                pair.operands.indexes(),
                source.outputIndexes(),
                pair.operands.swapped(),
                factors.leftShift(),
                pair.first.zeroPoint(),
                factors.first(),
                pair.second.zeroPoint(),
                factors.second(),
                pair.result.zeroPoint(),
                factors.result(),
                pair.clamp.low(),
                pair.clamp.high()));
    }

    static void readMultiply(SourceOperator source, Sink sink) {
        Arithmetic pair = Arithmetic.of(source, sink);
        Rescale rescale = pair.type == TensorType.UINT8
                ? Rescaling.productInSinglePrecision(pair.first.scale(), pair.second.scale(), pair.result.scale())
                : Rescaling.product(pair.first.scale(), pair.second.scale(), pair.result.scale());
        sink.add(new Multiply(
                source.name(),
                pair.operands.indexes(),
                source.outputIndexes(),
                pair.first.zeroPoint(),
                pair.second.zeroPoint(),
                rescale,
                pair.result.zeroPoint(),
                pair.clamp.low(),
                pair.clamp.high()));
    }

    static void readMaximum(SourceOperator source, Sink sink) {
        sink.add(new Maximum(source.name(), ElementwiseOperands.of(source, sink).indexes(), source.outputIndexes()));
    }

    static void readMinimum(SourceOperator source, Sink sink) {
        sink.add(new Minimum(source.name(), ElementwiseOperands.of(source, sink).indexes(), source.outputIndexes()));
    }

    /** Both operands with all quantisations, in the order of ours. */
    private record Arithmetic(
            ElementwiseOperands operands,
            TensorType type,
            Quantization first,
            Quantization second,
            Quantization result,
            SourceOperator.Clamp clamp) {
        static Arithmetic of(SourceOperator source, Sink sink) {
            ElementwiseOperands operands = ElementwiseOperands.of(source, sink);
            Tensor output = source.output();
            return new Arithmetic(
                    operands,
                    output.type(),
                    source.quantization(operands.first()),
                    source.quantization(operands.second()),
                    source.quantization(output),
                    source.clamp(source.byteOption(Schema.ElementwiseOptions.ACTIVATION, 0), output));
        }
    }
}
