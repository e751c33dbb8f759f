// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import io.windhover.models.arithmetic.ErrorFunction;
import io.windhover.models.arithmetic.FixedPoint;
import io.windhover.models.arithmetic.HardSwish;
import io.windhover.models.arithmetic.InverseSquareRoot;
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
    private static final float ROOT_OF_HALF = (float) 0.7071067811865476;
    private static final float ROOT_OF_TWO_OVER_PI = (float) 0.7978845608028654;

    private static final float HIGHEST_QUOTIENT = 1 << 30;

    private TableImporter() {}

    static Operator readQuantize(SourceOperator source) {
        Quantization to = source.quantization(source.output());
        if (source.input(0).type() == TensorType.FLOAT32) {
            return new Quantize(
                    source.name(),
                    source.firstInput(),
                    source.outputIndexes(),
                    to.scale(),
                    to.zeroPoint(),
                    to.rounding());
        }
        Rescale rescale = Rescaling.ratio(source.quantization(source.input(0)).scale(), to.scale());
        return RectifierImporter.limited(
                source,
                "requantise",
                rescale,
                SourceOperator.Clamp.of(source.output().type()));
    }

    static Operator readDequantize(SourceOperator source) {
        Quantization from = source.quantization(source.input(0));
        return new Dequantize(
                source.name(), source.firstInput(), source.outputIndexes(), from.scale(), from.zeroPoint());
    }

    /** Of unsigned codes in single precision step by step, as the reference computes it. */
    static Operator readLogistic(SourceOperator source) {
        return source.output().type() == TensorType.UINT8
                ? real(source, "logistic", x -> 1 / (1 + (float) StrictMath.exp(-x)))
                : real(source, "logistic", Precision.DOUBLE, x -> 1 / (1 + StrictMath.exp(-x)));
    }

    static Operator readTanh(SourceOperator source) {
        return source.output().type() == TensorType.UINT8
                ? real(source, "tanh", StrictMath::tanh)
                : real(source, "tanh", Precision.DOUBLE, StrictMath::tanh);
    }

    static Operator readExponential(SourceOperator source) {
        return real(source, "exp", StrictMath::exp);
    }

    /** What has no logarithm becomes the lowest code. */
    static Operator readLogarithm(SourceOperator source) {
        Tensor output = source.output();
        source.requireInt8(output);
        Quantization to = source.quantization(output);
        float lowest = (output.type().minimum() - to.zeroPoint()) * to.scale();
        return real(source, "log", x -> x <= 0 ? lowest : StrictMath.log(x));
    }

    /** Rounded towards zero. */
    static Operator readSquareRoot(SourceOperator source) {
        requireNothingNegative(source);
        Quantization from = source.quantization(source.input(0));
        Tensor output = source.output();
        Quantization to = source.quantization(output);
        return table(source, "sqrt", code -> {
            float root = (float) Math.sqrt(from.scale() * (code - from.zeroPoint()));
            int quotient = (int) Math.min(root / to.scale(), HIGHEST_QUOTIENT);
            return FixedPoint.clamp(
                    quotient + to.zeroPoint(),
                    output.type().minimum(),
                    output.type().maximum());
        });
    }

    /** That of zero is the highest code. */
    static Operator readInverseSquareRoot(SourceOperator source) {
        requireNothingNegative(source);
        Quantization from = source.quantization(source.input(0));
        Tensor output = source.output();
        InverseSquareRoot function = new InverseSquareRoot(from, source.quantization(output));
        return table(
                source,
                "rsqrt",
                code -> code == from.zeroPoint()
                        ? output.type().maximum()
                        : FixedPoint.clamp(
                                function.apply(code),
                                output.type().minimum(),
                                output.type().maximum()));
    }

    /** A negative operand ends TensorFlow Lite's inference, which a table cannot. */
    private static void requireNothingNegative(SourceOperator source) {
        Tensor input = source.input(0);
        source.requireInt8(input);
        source.requireInt8(source.output());
        int zeroPoint = source.quantization(input).zeroPoint();
        source.require(
                zeroPoint == input.type().minimum(),
                "%s may be negative: its zero point is %d instead of %d.",
                input,
                zeroPoint,
                input.type().minimum());
    }

    /** TensorFlow Lite has none of codes; as the other real functions. */
    static Operator readNegative(SourceOperator source) {
        return real(source, "neg", x -> -x);
    }

    /** The distance from the zero point, rescaled where the scales differ. */
    static Operator readAbsolute(SourceOperator source) {
        Quantization from = source.quantization(source.input(0));
        Tensor output = source.output();
        Quantization to = source.quantization(output);
        Rescale ratio = Rescaling.rectifier(from.scale(), to.scale());
        boolean same = from.scale() == to.scale();
        return table(source, "abs", code -> {
            int distance = Math.abs(code - from.zeroPoint());
            int scaled = same
                    ? distance
                    : FixedPoint.multiplyByQuantizedMultiplier(distance, ratio.multiplier(), ratio.shift());
            return FixedPoint.clamp(
                    scaled + to.zeroPoint(),
                    output.type().minimum(),
                    output.type().maximum());
        });
    }

    static Operator readElu(SourceOperator source) {
        return real(source, "elu", x -> x < 0 ? (float) StrictMath.exp(x) - 1 : x);
    }

    /** In single precision step by step, as the reference computes it. */
    static Operator readGelu(SourceOperator source) {
        boolean approximate = source.byteOption(Schema.GeluOptions.APPROXIMATE, 0) != 0;
        return real(source, "gelu", x -> approximate ? approximateGelu((float) x) : gelu((float) x));
    }

    private static float gelu(float x) {
        return 0.5f * x * (float) ErrorFunction.complementary(x * -ROOT_OF_HALF);
    }

    private static float approximateGelu(float x) {
        return 0.5f * x * (1 + (float) StrictMath.tanh(ROOT_OF_TWO_OVER_PI * (x + 0.044715f * x * x * x)));
    }

    static Operator readHardSwish(SourceOperator source) {
        Tensor output = source.output();
        HardSwish function = new HardSwish(source.quantization(source.input(0)), source.quantization(output));
        return table(
                source,
                "hard_swish",
                code -> FixedPoint.clamp(
                        function.apply(code),
                        output.type().minimum(),
                        output.type().maximum()));
    }

    /** Of a function's result before it is rounded. Kernels of fixed point are nearer to doubles than to floats. */
    private enum Precision {
        FLOAT,
        DOUBLE
    }

    private static Operator real(SourceOperator source, String function, DoubleUnaryOperator real) {
        return real(source, function, Precision.FLOAT, real);
    }

    /** A real function of numbers in single precision, rounded half away from zero. */
    private static Operator real(
            SourceOperator source, String function, Precision precision, DoubleUnaryOperator real) {
        Quantization from = source.quantization(source.input(0));
        Tensor output = source.output();
        Quantization to = source.quantization(output);
        float inverseScale = 1 / to.scale();
        return table(source, function, code -> {
            double result = real.applyAsDouble(from.scale() * (code - from.zeroPoint()));
            double scaled = precision == Precision.DOUBLE ? result * inverseScale : (float) result * inverseScale;
            int rounded = Rescaling.roundHalfAway(scaled) + to.zeroPoint();
            return FixedPoint.clamp(
                    rounded, output.type().minimum(), output.type().maximum());
        });
    }

    /** A table of a function of codes. */
    static LookupTable table(SourceOperator source, String function, IntUnaryOperator codes) {
        byte[] table = table(source.input(0).type(), codes);
        return new LookupTable(source.name(), source.firstInput(), source.outputIndexes(), function, table);
    }

    /** The entries of a function of codes of this type. */
    static byte[] table(TensorType type, IntUnaryOperator codes) {
        byte[] table = new byte[256];
        for (int code = type.minimum(); code <= type.maximum(); code++) {
            table[code & 0xFF] = (byte) codes.applyAsInt(code);
        }
        return table;
    }
}
