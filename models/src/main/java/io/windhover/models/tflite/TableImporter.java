package io.windhover.models.tflite;

import io.windhover.models.arithmetic.FixedPoint;
import io.windhover.models.arithmetic.Rescaling;
import io.windhover.models.graph.Dequantize;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Quantize;
import io.windhover.models.graph.Rescale;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntUnaryOperator;

/** Operators on one 8-bit code at a time, as tables, and the conversions from and to float. */
final class TableImporter {
    private TableImporter() {}

    static Operator readQuantize(SourceOperator source) {
        Quantization to = source.quantization(source.output());
        if (source.input(0).type() == TensorType.FLOAT32) {
            return new Quantize(source.name(), source.firstInput(), source.outputIndexes(), to.scale(), to.zeroPoint());
        }
        return rescaled(source, "requantise", Rescaling::ratio, SourceOperator.Clamp.of(source.output().type()));
    }

    static Operator readDequantize(SourceOperator source) {
        Quantization from = source.quantization(source.input(0));
        return new Dequantize(source.name(), source.firstInput(), source.outputIndexes(), from.scale(), from.zeroPoint());
    }

    static Operator readRelu(SourceOperator source) {
        return rescaled(source, "relu", Rescaling::rectifier, source.clamp(Schema.ActivationFunction.RELU, source.output()));
    }

    static Operator readRelu6(SourceOperator source) {
        return rescaled(source, "relu6", Rescaling::rectifier, source.clamp(Schema.ActivationFunction.RELU6, source.output()));
    }

    static Operator readLogistic(SourceOperator source) {
        return real(source, "logistic", x -> 1 / (1 + StrictMath.exp(-x)));
    }

    static Operator readTanh(SourceOperator source) {
        return real(source, "tanh", StrictMath::tanh);
    }

    @FunctionalInterface
    private interface Ratio {
        Rescale of(float inputScale, float outputScale);
    }

    /** Codes rescaled from the input's quantisation to the output's, then clamped. */
    private static Operator rescaled(SourceOperator source, String function, Ratio ratio, SourceOperator.Clamp clamp) {
        Quantization from = source.quantization(source.input(0));
        Quantization to = source.quantization(source.output());
        Rescale rescale = ratio.of(from.scale(), to.scale());
        return table(source, function, code -> FixedPoint.clamp(
                FixedPoint.multiplyByQuantizedMultiplier(code - from.zeroPoint(), rescale.multiplier(), rescale.shift()) + to.zeroPoint(),
                clamp.low(), clamp.high()));
    }

    /** A real function in single precision, rounded half away from zero. */
    private static Operator real(SourceOperator source, String function, DoubleUnaryOperator real) {
        Quantization from = source.quantization(source.input(0));
        Tensor output = source.output();
        Quantization to = source.quantization(output);
        float inverseScale = 1 / to.scale();
        return table(source, function, code -> {
            float result = (float) real.applyAsDouble(from.scale() * (code - from.zeroPoint()));
            int rounded = Rescaling.roundHalfAway(result * inverseScale) + to.zeroPoint();
            return FixedPoint.clamp(rounded, output.type().minimum(), output.type().maximum());
        });
    }

    private static Operator table(SourceOperator source, String function, IntUnaryOperator codes) {
        TensorType type = source.input(0).type();
        byte[] table = new byte[256];
        for (int code = type.minimum(); code <= type.maximum(); code++) {
            table[code & 0xFF] = (byte) codes.applyAsInt(code);
        }
        return new LookupTable(source.name(), source.firstInput(), source.outputIndexes(), function, table);
    }
}
