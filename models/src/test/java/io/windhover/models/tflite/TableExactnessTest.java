// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import static io.windhover.models.tflite.Restated.clamp;
import static io.windhover.models.tflite.Restated.round;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.ModelException;
import io.windhover.models.arithmetic.Exponential;
import io.windhover.models.tflite.Layer.Codes;
import io.windhover.models.tflite.ModelFile.Options;
import io.windhover.models.tflite.Restated.Factor;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

/** Operators on one code at a time over all 256 codes, the rectifier with slopes, and log-softmax. */
class TableExactnessTest {
    private static final int CALLS = 200;

    /** The result of a code, given both quantisations. */
    @FunctionalInterface
    private interface Definition {
        IntUnaryOperator of(Layer layer, Codes input, float scale, int zeroPoint);
    }

    private static void check(int builtin, boolean unsignedToo, Options options, Definition definition) {
        for (long seed = 0; seed < CALLS; seed++) {
            Layer layer = new Layer(seed, unsignedToo && seed % 3 == 0);
            Codes input = layer.input(1, 16, 16, 4);
            float scale = layer.scale();
            int zeroPoint = layer.zeroPoint();
            int output = layer.output(scale, zeroPoint, 1, 16, 16, 4);
            layer.file.operator(builtin, new int[] {input.index()}, new int[] {output}, options);
            IntUnaryOperator function = definition.of(layer, input, scale, zeroPoint);
            NdArray expected = NdArray.generate(
                    input.array().shape(),
                    index -> clamp(function.applyAsInt(input.array().at(index)), layer.minimum(), layer.maximum()));
            assertArrayEquals(
                    expected.codes(), layer.run(output).get(0), BuiltinOperator.name(builtin) + ", seed " + seed);
        }
    }

    private static IntUnaryOperator limited(
            Codes input, double ratio, int zeroPoint, float scale, float low, float high) {
        Factor factor = Factor.of(ratio);
        long lowCode = zeroPoint + round(low / scale);
        long highCode = Float.isInfinite(high) ? Integer.MAX_VALUE : zeroPoint + round(high / scale);
        return code -> (int) Math.max(lowCode, Math.min(highCode, factor.apply(code - input.zeroPoint()) + zeroPoint));
    }

    @Test
    void rectifiers_rescale_and_cut() {
        check(
                BuiltinOperator.RELU,
                true,
                Options.none(),
                (layer, input, scale, zeroPoint) -> limited(
                        input,
                        layer.unsigned ? input.scale() / scale : (double) input.scale() / scale,
                        zeroPoint,
                        scale,
                        0,
                        Float.POSITIVE_INFINITY));
        check(
                BuiltinOperator.RELU6,
                true,
                Options.none(),
                (layer, input, scale, zeroPoint) -> limited(input, input.scale() / scale, zeroPoint, scale, 0, 6));
        check(
                BuiltinOperator.RELU_N1_TO_1,
                true,
                Options.none(),
                (layer, input, scale, zeroPoint) -> limited(input, input.scale() / scale, zeroPoint, scale, -1, 1));
        check(
                BuiltinOperator.RELU_0_TO_1,
                true,
                Options.none(),
                (layer, input, scale, zeroPoint) -> limited(input, input.scale() / scale, zeroPoint, scale, 0, 1));
    }

    @Test
    void requantisation_is_a_rescale() {
        check(BuiltinOperator.QUANTIZE, true, Options.none(), (layer, input, scale, zeroPoint) -> {
            Factor factor = Factor.of((double) input.scale() / scale);
            return code -> factor.apply(code - input.zeroPoint()) + zeroPoint;
        });
    }

    @Test
    void leaky_rectifiers_have_two_factors() {
        leaky(0.3f);
        leaky(-0.3f);
        leaky(-1.7f);
    }

    private static void leaky(float alpha) {
        check(BuiltinOperator.LEAKY_RELU, true, Options.none().with(0, alpha), (layer, input, scale, zeroPoint) -> {
            Factor positive = Factor.of(input.scale() / scale);
            Factor size = Factor.of(input.scale() * Math.abs(alpha) / scale);
            Factor negative = new Factor(alpha < 0 ? -size.multiplier() : size.multiplier(), size.shift());
            return code ->
                    (code >= input.zeroPoint() ? positive : negative).apply(code - input.zeroPoint()) + zeroPoint;
        });
    }

    @Test
    void slopes_of_parametric_rectifiers_cover_any_dimensions() {
        for (long seed = 0; seed < CALLS; seed++) {
            Layer layer = new Layer(seed, seed % 3 == 0);
            Codes input = layer.input(1, layer.between(1, 5), layer.between(1, 5), layer.between(1, 9));
            int[] shape = input.array().shape();
            int[] covered = new int[3];
            for (int d = 0; d < covered.length; d++) {
                covered[d] = (((seed / 2) >> d) & 1) == 1 ? shape[d + 1] : 1;
            }
            Codes slope = layer.constant(layer.scale(), layer.zeroPoint(), covered);
            float scale = layer.scale();
            int zeroPoint = layer.zeroPoint();
            int output = layer.output(scale, zeroPoint, shape);
            layer.file.operator(BuiltinOperator.PRELU, new int[] {input.index(), slope.index()}, output);
            Factor positive = Factor.of(layer.unsigned ? input.scale() / scale : (double) input.scale() / scale);
            Factor negative = Factor.of(
                    layer.unsigned
                            ? input.scale() * slope.scale() / scale
                            : (double) input.scale() * slope.scale() / scale);
            NdArray expected = NdArray.generate(shape, index -> {
                int value = input.array().at(index) - input.zeroPoint();
                int scaled = value >= 0
                        ? positive.apply(value)
                        : negative.apply(value * (slope.array().at(index) - slope.zeroPoint()));
                return clamp(scaled + zeroPoint, layer.minimum(), layer.maximum());
            });
            assertArrayEquals(expected.codes(), layer.run(output).get(0), "seed " + seed);
        }
    }

    @Test
    void elu_is_the_rounded_single_precision_function() {
        check(BuiltinOperator.ELU, false, Options.none(), (layer, input, scale, zeroPoint) -> {
            float inverse = 1 / scale;
            return code -> {
                float x = input.scale() * (code - input.zeroPoint());
                float y = x < 0 ? (float) Math.exp(x) - 1.0f : x;
                return (int) round(y * inverse) + zeroPoint;
            };
        });
    }

    /** At 1 / 128 the real function is nearer to 129 than single precision says. */
    @Test
    void the_logistic_of_unsigned_codes_is_the_rounded_single_precision_function() {
        for (int step = 0; step < 3; step++) {
            float scale = List.of(1 / 128f, 1 / 256f, 0.0437f).get(step);
            Layer layer = new Layer(step, true);
            Codes input = layer.input(scale, 100, 1, 16, 16, 4);
            int output = layer.output(1 / 256f, 0, 1, 16, 16, 4);
            layer.file.operator(
                    BuiltinOperator.LOGISTIC, new int[] {input.index()}, new int[] {output}, Options.none());
            NdArray expected = NdArray.generate(input.array().shape(), index -> {
                float x = scale * (input.array().at(index) - 100);
                return (int) Math.min(255, round(1.0f / (1.0f + (float) Math.exp(-x)) * 256f));
            });
            assertArrayEquals(expected.codes(), layer.run(output).get(0), "scale " + scale);
        }
    }

    @Test
    void magnitudes_are_rescaled_by_a_ratio_in_single_precision() {
        check(BuiltinOperator.ABS, false, Options.none(), (layer, input, scale, zeroPoint) -> {
            Factor factor = Factor.of(input.scale() / scale);
            return code -> factor.apply(Math.abs(code - input.zeroPoint())) + zeroPoint;
        });
        table(BuiltinOperator.ABS, 0.22272432f, 8, 0.118786305f, Map.of(-124, 120, -116, 105, -108, 90, -107, 88));
    }

    /** 254.4999943 / 256 is 254.5 / 256 in single precision. */
    @Test
    void the_logistic_of_signed_codes_is_not_rounded_before_it_is_a_code() {
        table(BuiltinOperator.LOGISTIC, 0.06845109f, 1, 1 / 256f, Map.of(76, 126, 77, 127, 1, 0));
        table(BuiltinOperator.LOGISTIC, 0.004508482f, -101, 1 / 256f, Map.of(56, 43));
    }

    /** Some entries of a table whose output has the zero point -128. */
    private static void table(
            int builtin, float scale, int zeroPoint, float outputScale, Map<Integer, Integer> expected) {
        Layer layer = new Layer(1, false);
        Codes input = layer.input(scale, zeroPoint, 1, 64, 64, 4);
        int output = layer.output(outputScale, -128, 1, 64, 64, 4);
        layer.file.operator(builtin, new int[] {input.index()}, new int[] {output}, Options.none());
        int[] codes = layer.run(output).get(0);
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < codes.length; i++) {
            int code = input.array().codes()[i];
            if (expected.containsKey(code)) {
                seen.add(code);
                assertEquals((int) expected.get(code), codes[i], "code " + code);
            }
        }
        assertEquals(expected.keySet(), seen);
    }

    @Test
    void gelu_is_the_rounded_single_precision_function() {
        gelu(false, x -> 0.5f * x * (float) complementaryError(x * -(float) Math.sqrt(0.5)));
        gelu(
                true,
                x -> 0.5f
                        * x
                        * (1.0f + (float) Math.tanh((float) Math.sqrt(2 / Math.PI) * (x + 0.044715f * x * x * x))));
    }

    private interface Single {
        float of(float x);
    }

    private static void gelu(boolean approximate, Single function) {
        Options options = approximate ? Options.none().with(0, (byte) 1) : Options.none();
        check(BuiltinOperator.GELU, true, options, (layer, input, scale, zeroPoint) -> {
            float inverse = 1 / scale;
            return code -> (int) round(function.of(input.scale() * (code - input.zeroPoint())) * inverse) + zeroPoint;
        });
    }

    /** By Simpson's rule. */
    private static double complementaryError(double x) {
        int steps = 4000;
        double to = Math.max(-6, Math.min(6, x));
        double sum = 0;
        for (int i = 0; i <= steps; i++) {
            double t = to * i / steps;
            sum += Math.exp(-t * t) * (i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2);
        }
        return 1 - 2 / Math.sqrt(Math.PI) * sum * to / steps / 3;
    }

    @Test
    void logarithms_are_the_rounded_single_precision_function() {
        check(BuiltinOperator.LOG, false, Options.none(), (layer, input, scale, zeroPoint) -> {
            float inverse = 1 / scale;
            return code -> {
                float x = input.scale() * (code - input.zeroPoint());
                return x <= 0 ? -128 : (int) round((float) Math.log(x) * inverse) + zeroPoint;
            };
        });
    }

    @Test
    void square_roots_lose_their_fraction() {
        checkPositive(BuiltinOperator.SQRT, (layer, input, scale, zeroPoint) -> code -> {
            float root = (float) Math.sqrt(input.scale() * (code + 128));
            return (int) Math.floor(root / scale) + zeroPoint;
        });
    }

    @Test
    void inverse_square_roots_are_computed_in_32_bits() {
        checkPositive(BuiltinOperator.RSQRT, (layer, input, scale, zeroPoint) -> {
            Factor factor = Factor.of(1 / (Math.sqrt(input.scale()) * scale));
            Factor fine = new Factor(factor.multiplier(), factor.shift() - 20);
            return code -> code == -128 ? 127 : fine.apply(inverseRoot(code + 128)) + zeroPoint;
        });
    }

    /** 2^20 / sqrt(value): Newton's method on value / 2 / 4^n, 1/4 to 1, with 28 fraction bits. */
    private static int inverseRoot(int value) {
        if (value == 1) {
            return 1 << 20;
        }
        int n = 0;
        while (value >= 2 << (2 * n)) {
            n++;
        }
        long half = ((long) value << 27 >> (2 * n)) / 2;
        long x = 1L << 28;
        for (int i = 0; i < 5; i++) {
            long cube = Math.min(product(product(x, x), x) << 6, Integer.MAX_VALUE);
            x = (product(3L << 27, x) - product(half, cube)) << 3;
        }
        long root = product(x, 1518500250L);
        return (int) product(1L << (20 - Math.max(0, n - 3)), root << Math.max(0, 3 - n));
    }

    /** Over 2^31, ties up; of positive numbers. */
    private static long product(long a, long b) {
        return (a * b + (1L << 30)) >> 31;
    }

    @Test
    void inverse_square_roots_are_near_the_real_function() {
        Layer layer = new Layer(5, false);
        Codes input = layer.input(0.05f, -128, 1, 16, 16, 4);
        int output = layer.output(0.02f, -128, 1, 16, 16, 4);
        layer.file.operator(BuiltinOperator.RSQRT, new int[] {input.index()}, output);
        int[] result = layer.run(output).get(0);
        for (int i = 0; i < result.length; i++) {
            double x = 0.05f * (input.array().codes()[i] + 128);
            double code = 1 / Math.sqrt(x) / 0.02f - 128;
            assertEquals(clamp(round(Math.min(code, 1000)), -128, 127), result[i], 1, "x = " + x);
        }
    }

    private static void checkPositive(int builtin, Definition definition) {
        for (long seed = 0; seed < CALLS; seed++) {
            Layer layer = new Layer(seed, false);
            Codes input = layer.input(layer.scale(), -128, 1, 16, 16, 4);
            float scale = layer.scale();
            int zeroPoint = layer.zeroPoint();
            int output = layer.output(scale, zeroPoint, 1, 16, 16, 4);
            layer.file.operator(builtin, new int[] {input.index()}, output);
            IntUnaryOperator function = definition.of(layer, input, scale, zeroPoint);
            NdArray expected = NdArray.generate(
                    input.array().shape(),
                    index -> clamp(function.applyAsInt(input.array().at(index)), -128, 127));
            assertArrayEquals(
                    expected.codes(), layer.run(output).get(0), BuiltinOperator.name(builtin) + ", seed " + seed);
        }
    }

    @Test
    void roots_of_what_may_be_negative_and_of_other_types_are_refused() {
        for (int builtin : new int[] {BuiltinOperator.SQRT, BuiltinOperator.RSQRT}) {
            assertRefused(builtin, false, -127, "may be negative: its zero point is -127 instead of -128.");
            assertRefused(builtin, true, 0, "TensorFlow Lite computes it of int8 codes only.");
        }
        assertRefused(BuiltinOperator.LOG, true, 0, "TensorFlow Lite computes it of int8 codes only.");
    }

    private static void assertRefused(int builtin, boolean unsigned, int zeroPoint, String words) {
        Layer layer = new Layer(0, unsigned);
        Codes input = layer.input(0.1f, zeroPoint, 1, 2, 2, 3);
        int output = layer.output(0.1f, zeroPoint, 1, 2, 2, 3);
        layer.file.operator(builtin, new int[] {input.index()}, output);
        String message =
                assertThrows(ModelException.class, () -> layer.run(output)).getMessage();
        assertTrue(message.contains(words), message);
    }

    @Test
    void hard_swish_is_computed_in_16_bits() {
        check(BuiltinOperator.HARD_SWISH, true, Options.none(), (layer, input, scale, zeroPoint) -> {
            float fine = (1.0f / 128.0f) * input.scale();
            Factor toOutput = Factor.of(fine / scale);
            Factor toShare = Factor.of(fine / (3.0f / 32768.0f));
            return code -> {
                int x = (code - input.zeroPoint()) * 128;
                int share = x;
                if (toShare.shift() > 0) {
                    share = clamp((long) share << (toShare.shift() - 1), Short.MIN_VALUE, Short.MAX_VALUE);
                }
                share = rounded15(share * half(toShare));
                share = toShare.shift() > 0
                        ? clamp(share * 2L, Short.MIN_VALUE, Short.MAX_VALUE)
                        : rounded(share, -toShare.shift());
                share = (share + 32768) / 2;
                int product = share * rounded15(x * half(toOutput)) / 32768;
                return rounded(product, -toOutput.shift()) + zeroPoint;
            };
        });
    }

    private static int half(Factor factor) {
        return (int) Math.min(32767, (factor.multiplier() + 32768) / 65536);
    }

    /** Over 2^15, ties up. */
    private static int rounded15(int product) {
        return (int)
                (product >= 0 ? Math.floorDiv(product + 16384L, 32768L) : -Math.floorDiv(16383L - product, 32768L));
    }

    private static int rounded(int value, int bits) {
        return (int) round(value / (double) (1 << bits));
    }

    @Test
    void hard_swish_is_near_the_real_function() {
        Layer layer = new Layer(5, false);
        Codes input = layer.input(0.05f, -3, 1, 16, 16, 4);
        int output = layer.output(0.04f, 10, 1, 16, 16, 4);
        layer.file.operator(BuiltinOperator.HARD_SWISH, new int[] {input.index()}, output);
        int[] result = layer.run(output).get(0);
        for (int i = 0; i < result.length; i++) {
            double x = 0.05f * (input.array().codes()[i] + 3);
            double y = x * Math.max(0, Math.min(6, x + 3)) / 6;
            assertEquals(clamp(round(y / 0.04f + 10), -128, 127), result[i], 1, "x = " + x);
        }
    }

    @Test
    void log_softmax_is_within_one_code_of_the_real_function() {
        for (long seed = 0; seed < CALLS; seed++) {
            Layer layer = new Layer(seed, seed % 3 == 0);
            Codes input = layer.input(layer.between(1, 3), layer.between(1, 40));
            int[] shape = input.array().shape();
            int output = layer.output(1f / 16, layer.maximum(), shape);
            layer.file.operator(BuiltinOperator.LOG_SOFTMAX, new int[] {input.index()}, output);
            int[] result = layer.run(output).get(0);
            for (int row = 0; row < shape[0]; row++) {
                double sum = 0;
                for (int c = 0; c < shape[1]; c++) {
                    sum += Math.exp(input.scale() * (input.array().at(row, c) - 300));
                }
                for (int c = 0; c < shape[1]; c++) {
                    double real = input.scale() * (input.array().at(row, c) - 300) - Math.log(sum);
                    assertEquals(
                            clamp(round(real * 16) + layer.maximum(), layer.minimum(), layer.maximum()),
                            result[row * shape[1] + c],
                            1,
                            "seed " + seed);
                }
            }
        }
    }

    @Test
    void the_fixed_point_logarithm_is_near_the_real_one() {
        for (int raw = 1 << 19; raw > 0 && raw < Integer.MAX_VALUE - 9999991; raw += 9999991) {
            double real = Math.log(raw / (double) (1 << 19));
            double fixed = Exponential.logarithm(raw) / (double) (1 << 26);
            assertTrue(Math.abs(real - fixed) < 1e-5, real + " is not " + fixed);
        }
    }
}
