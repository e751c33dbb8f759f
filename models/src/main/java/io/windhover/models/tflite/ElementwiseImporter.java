package io.windhover.models.tflite;

import io.windhover.models.arithmetic.Rescaling;
import io.windhover.models.graph.Add;
import io.windhover.models.graph.Multiply;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Tensor;

/** ADD and MUL. An operand with fewer elements comes second, as both are commutative. */
final class ElementwiseImporter {
    private ElementwiseImporter() {}

    private record Operands(Tensor first, Tensor second) {
        static Operands of(SourceOperator source) {
            Tensor first = source.input(0);
            Tensor second = source.input(1);
            return first.shape().elements() < second.shape().elements() ? new Operands(second, first) : new Operands(first, second);
        }

        int[] indexes() {
            return new int[] {first.index(), second.index()};
        }
    }

    static Operator readAdd(SourceOperator source) {
        Operands operands = Operands.of(source);
        Tensor output = source.output();
        Quantization first = source.quantization(operands.first());
        Quantization second = source.quantization(operands.second());
        Quantization result = source.quantization(output);
        Rescaling.Addition factors = Rescaling.addition(first.scale(), second.scale(), result.scale());
        SourceOperator.Clamp clamp = source.clamp(source.byteOption(Schema.ElementwiseOptions.ACTIVATION, 0), output);
        return new Add(source.name(), operands.indexes(), source.outputIndexes(), factors.leftShift(), first.zeroPoint(), factors.first(),
                second.zeroPoint(), factors.second(), result.zeroPoint(), factors.result(), clamp.low(), clamp.high());
    }

    static Operator readMultiply(SourceOperator source) {
        Operands operands = Operands.of(source);
        Tensor output = source.output();
        Quantization first = source.quantization(operands.first());
        Quantization second = source.quantization(operands.second());
        Quantization result = source.quantization(output);
        SourceOperator.Clamp clamp = source.clamp(source.byteOption(Schema.ElementwiseOptions.ACTIVATION, 0), output);
        return new Multiply(source.name(), operands.indexes(), source.outputIndexes(), first.zeroPoint(), second.zeroPoint(),
                Rescaling.product(first.scale(), second.scale(), result.scale()), result.zeroPoint(), clamp.low(), clamp.high());
    }
}
