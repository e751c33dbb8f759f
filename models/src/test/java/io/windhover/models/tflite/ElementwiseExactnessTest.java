// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import static io.windhover.models.tflite.Restated.clamp;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.windhover.models.ModelException;
import io.windhover.models.tflite.Layer.Codes;
import io.windhover.models.tflite.ModelFile.Options;
import io.windhover.models.tflite.Restated.Factor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntBinaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two-operand operators and means against their definitions, over all broadcasts that TFLite has. */
class ElementwiseExactnessTest {
    private static final int CALLS = 600;

    /** A function of both operands' codes, given all three quantisations. */
    @FunctionalInterface
    private interface Definition {
        IntBinaryOperator of(Codes first, Codes second, float outputScale, int outputZeroPoint, boolean unsigned);
    }

    private static void check(int builtin, boolean sameQuantization, Definition definition) {
        for (long seed = 0; seed < CALLS; seed++) {
            Layer layer = new Layer(seed, seed % 3 == 0);
            int[] shape = layer.shape(layer.between(1, 4));
            float scale = layer.scale();
            int zeroPoint = layer.zeroPoint();
            Codes first = operand(layer, shape, sameQuantization, scale, zeroPoint, false);
            Codes second = operand(layer, shape, sameQuantization, scale, zeroPoint, layer.random.nextInt(3) == 0);
            int[] result = broadcast(first.array().shape(), second.array().shape());
            boolean swapped = layer.random.nextBoolean();
            Codes left = swapped ? second : first;
            Codes right = swapped ? first : second;
            int output = layer.output(scale, zeroPoint, result);
            layer.file.operator(builtin, new int[] {left.index(), right.index()}, output);
            IntBinaryOperator function = definition.of(left, right, scale, zeroPoint, layer.unsigned);
            NdArray expected = NdArray.generate(
                    result,
                    index -> clamp(
                            function.applyAsInt(
                                    left.array().at(index), right.array().at(index)),
                            layer.minimum(),
                            layer.maximum()));
            assertArrayEquals(
                    expected.codes(), layer.run(output).get(0), BuiltinOperator.name(builtin) + ", seed " + seed);
        }
    }

    /** A tensor whose dimensions are some of the shape's and 1 otherwise; leading ones may be missing. */
    private static Codes operand(Layer layer, int[] shape, boolean same, float scale, int zeroPoint, boolean constant) {
        int missing = layer.random.nextInt(3) == 0 ? layer.between(0, shape.length - 1) : 0;
        int[] dimensions = new int[shape.length - missing];
        for (int d = 0; d < dimensions.length; d++) {
            dimensions[d] = layer.random.nextInt(3) == 0 ? 1 : shape[d + missing];
        }
        float ownScale = same ? scale : layer.scale();
        int ownZeroPoint = same ? zeroPoint : layer.zeroPoint();
        return constant
                ? layer.constant(ownScale, ownZeroPoint, dimensions)
                : layer.input(ownScale, ownZeroPoint, dimensions);
    }

    private static int[] broadcast(int[] first, int[] second) {
        int[] shape = new int[Math.max(first.length, second.length)];
        for (int d = 0; d < shape.length; d++) {
            int own = d - shape.length + first.length;
            int other = d - shape.length + second.length;
            shape[d] = Math.max(own < 0 ? 1 : first[own], other < 0 ? 1 : second[other]);
        }
        return shape;
    }

    private static int sum(
            Codes first, Codes second, double twice, double result, int a, int b, int zeroPoint, int sign) {
        int left = Factor.of(first.scale() / twice).apply((a - first.zeroPoint()) << 20);
        int right = Factor.of(second.scale() / twice).apply((b - second.zeroPoint()) << 20);
        return Factor.of(result).apply(left + sign * right) + zeroPoint;
    }

    @Test
    void sums_are_exact() {
        check(BuiltinOperator.ADD, false, (first, second, scale, zeroPoint, unsigned) -> {
            double twice = 2.0 * Math.max(first.scale(), second.scale());
            return (a, b) -> sum(first, second, twice, twice / (1048576.0 * scale), a, b, zeroPoint, 1);
        });
    }

    @Test
    void differences_are_exact_with_ratios_in_single_precision() {
        check(BuiltinOperator.SUB, false, (first, second, scale, zeroPoint, unsigned) -> {
            float twice = 2 * Math.max(first.scale(), second.scale());
            return (a, b) -> unsigned
                    ? sum(first, second, twice, (double) twice / (1048576.0 * scale), a, b, zeroPoint, -1)
                    : differenceOfInt8(first, second, twice, scale, a, b) + zeroPoint;
        });
    }

    private static int differenceOfInt8(Codes first, Codes second, float twice, float scale, int a, int b) {
        int left = Factor.of(first.scale() / twice).apply((a - first.zeroPoint()) << 20);
        int right = Factor.of(second.scale() / twice).apply((b - second.zeroPoint()) << 20);
        return Factor.of(twice / (1048576f * scale)).apply(left - right);
    }

    @Test
    void products_are_exact() {
        check(BuiltinOperator.MUL, false, (first, second, scale, zeroPoint, unsigned) -> {
            double real =
                    unsigned ? first.scale() * second.scale() / scale : (double) first.scale() * second.scale() / scale;
            return (a, b) -> Factor.of(real).apply((a - first.zeroPoint()) * (b - second.zeroPoint())) + zeroPoint;
        });
    }

    @Test
    void quotients_come_from_a_reciprocal_of_31_bits() {
        for (long seed = 0; seed < CALLS; seed++) {
            Layer layer = new Layer(seed, seed % 3 == 0);
            int[] shape = layer.shape(layer.between(1, 4));
            Codes first = operand(layer, shape, false, 1, 0, false);
            Codes second = operand(layer, shape, false, 1, 0, false);
            int[] divisors = second.array().codes();
            for (int i = 0; i < divisors.length; i++) {
                boolean zero = divisors[i] == second.zeroPoint();
                divisors[i] = !zero ? divisors[i] : divisors[i] == layer.maximum() ? divisors[i] - 1 : divisors[i] + 1;
            }
            layer.replace(second);
            int[] result = broadcast(first.array().shape(), second.array().shape());
            float scale = layer.scale();
            int zeroPoint = layer.zeroPoint();
            int output = layer.output(scale, zeroPoint, result);
            boolean rectified = seed % 5 == 0;
            layer.file.operator(
                    BuiltinOperator.DIV,
                    new int[] {first.index(), second.index()},
                    new int[] {output},
                    Options.none().with(0, (byte) (rectified ? 1 : 0)));
            Factor factor = Factor.of(first.scale() / (second.scale() * scale));
            NdArray expected = NdArray.generate(result, index -> {
                int a = first.array().at(index) - first.zeroPoint();
                int b = second.array().at(index) - second.zeroPoint();
                int code = quotient(b < 0 ? -a : a, Math.abs(b), factor);
                double real = (double) first.scale() * a / ((double) second.scale() * b * scale);
                assertEquals(real, code, 0.51 + Math.abs(real) * 1e-6);
                return clamp(code + zeroPoint, rectified ? zeroPoint : layer.minimum(), layer.maximum());
            });
            assertArrayEquals(expected.codes(), layer.run(output).get(0), "seed " + seed);
        }
    }

    /** a times the reciprocal of b, a shifted left as far as it goes; then the factor and all shifts back. */
    private static int quotient(int a, int b, Factor factor) {
        int over = 0;
        while (b >> over > 1) {
            over++;
        }
        long fraction = ((long) b << (31 - over)) - (1L << 31);
        int room = 0;
        while (a != 0 && (long) a << (room + 1) == (a << (room + 1))) {
            room++;
        }
        long scaled = product((long) a << room, reciprocal(fraction));
        int right = over + room - factor.shift();
        long divisor = 1L << right;
        long high = product(scaled, factor.multiplier());
        return (int) (high >= 0 ? (high + divisor / 2) / divisor : -((-high + divisor / 2) / divisor));
    }

    /** 1 / (1 + x / 2^31) over 2^-31, three steps of Newton's method on a number of 29 fraction bits. */
    private static long reciprocal(long x) {
        long half = (x + (1L << 31)) / 2;
        long y = Math.round(48 / 17.0 * (1 << 29)) + product(half, Math.round(-32 / 17.0 * (1 << 29)));
        for (int step = 0; step < 3; step++) {
            y += product(y, (1 << 29) - product(half, y)) * 4;
        }
        return Math.min(y * 2, Integer.MAX_VALUE);
    }

    /** a * b / 2^31, ties away from zero of positive products and towards it of negative ones. */
    private static long product(long a, long b) {
        long product = a * b;
        return product >= 0 ? (product + (1L << 30)) >> 31 : -((-product + (1L << 30) - 1) >> 31);
    }

    @Test
    void a_divisor_of_zero_ends_the_inference() {
        Layer layer = new Layer(1, false);
        Codes first = layer.input(0.1f, 3, 1, 4);
        Codes second = layer.input(0.1f, 3, 1, 4);
        second.array().codes()[2] = 3;
        layer.replace(second);
        int output = layer.output(0.1f, 3, 1, 4);
        layer.file.operator(BuiltinOperator.DIV, new int[] {first.index(), second.index()}, output);
        String message =
                assertThrows(ModelException.class, () -> layer.run(output)).getMessage();
        assertEquals("Divide 't2' divides by 0.", message);
    }

    @Test
    void maxima_and_minima_are_those_of_the_codes() {
        check(BuiltinOperator.MAXIMUM, true, (first, second, scale, zeroPoint, unsigned) -> Math::max);
        check(BuiltinOperator.MINIMUM, true, (first, second, scale, zeroPoint, unsigned) -> Math::min);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void means_over_any_axes_are_exact(boolean keepDimensions) {
        for (long seed = 0; seed < CALLS; seed++) {
            Layer layer = new Layer(seed, seed % 3 == 0);
            Codes input = layer.input(layer.shape(layer.between(2, 4)));
            int[] shape = input.array().shape();
            boolean[] reduced = new boolean[shape.length];
            int axes = 0;
            for (int d = shape.length == 4 ? 1 : 0; d < shape.length; d++) {
                reduced[d] = layer.random.nextBoolean() || (d == shape.length - 1 && axes == 0);
                axes += reduced[d] ? 1 : 0;
            }
            int[] list = new int[axes];
            int[] kept = shape.clone();
            int[] dropped = new int[shape.length - axes];
            int count = 1;
            for (int d = 0, next = 0, left = 0; d < shape.length; d++) {
                if (reduced[d]) {
                    list[next++] = layer.random.nextBoolean() ? d : d - shape.length;
                    kept[d] = 1;
                    count *= shape[d];
                } else {
                    dropped[left++] = shape[d];
                }
            }
            float scale = layer.scale();
            int zeroPoint = layer.zeroPoint();
            int output = layer.output(scale, zeroPoint, keepDimensions ? kept : dropped);
            layer.file.operator(
                    BuiltinOperator.MEAN,
                    new int[] {input.index(), layer.file.integers(list)},
                    new int[] {output},
                    Options.none().with(0, (byte) (keepDimensions ? 1 : 0)));
            Factor factor = meanFactor((double) input.scale() / scale, count);
            NdArray expected = NdArray.generate(
                    kept,
                    index -> clamp(
                            factor.apply(sumOver(input, index, reduced)) + zeroPoint,
                            layer.minimum(),
                            layer.maximum()));
            assertArrayEquals(expected.codes(), layer.run(output).get(0), "seed " + seed);
        }
    }

    @Test
    void largest_and_smallest_codes_are_exact() {
        for (long seed = 0; seed < CALLS; seed++) {
            Layer layer = new Layer(seed, seed % 3 == 0);
            float scale = layer.scale();
            int zeroPoint = layer.zeroPoint();
            int[] extents = layer.shape(layer.between(2, 5));
            extents[0] = extents.length > 3 ? 1 : extents[0];
            if (seed % 16 == 0) {
                extents[layer.between(1, extents.length - 1)] = layer.between(200, 700);
            }
            Codes input = layer.input(scale, zeroPoint, extents);
            int[] shape = input.array().shape();
            List<Integer> axes = new ArrayList<>();
            int[] kept = shape.clone();
            int[] inner = new int[shape.length];
            for (int d = 0; d < shape.length; d++) {
                boolean reduced = layer.random.nextBoolean() || (d == shape.length - 1 && axes.isEmpty());
                inner[d] = reduced ? shape[d] : 1;
                kept[d] = reduced ? 1 : shape[d];
                if (reduced) {
                    axes.add(d);
                }
            }
            boolean largest = layer.random.nextBoolean();
            int output = layer.output(scale, zeroPoint, kept);
            layer.file.operator(
                    largest ? BuiltinOperator.REDUCE_MAX : BuiltinOperator.REDUCE_MIN,
                    new int[] {
                        input.index(),
                        layer.file.integers(axes.stream().mapToInt(d -> d).toArray())
                    },
                    new int[] {output},
                    Options.none().with(0, (byte) 1));
            NdArray expected = NdArray.generate(kept, index -> {
                int[] codes = NdArray.generate(inner, within -> {
                            int[] position = index.clone();
                            for (int d = 0; d < position.length; d++) {
                                position[d] += within[d];
                            }
                            return input.array().at(position);
                        })
                        .codes();
                IntStream all = Arrays.stream(codes);
                return (largest ? all.max() : all.min()).getAsInt();
            });
            assertArrayEquals(expected.codes(), layer.run(output).get(0), "seed " + seed);
        }
    }

    private static Factor meanFactor(double ratio, int count) {
        Factor plain = Factor.of(ratio);
        int bits = 0;
        while (2 << bits <= count) {
            bits++;
        }
        bits = Math.min(bits, 31 + plain.shift());
        return new Factor((plain.multiplier() << bits) / count, plain.shift() - bits);
    }

    private static int sumOver(Codes input, int[] index, boolean[] reduced) {
        int[] extents = input.array().shape().clone();
        for (int d = 0; d < extents.length; d++) {
            extents[d] = reduced[d] ? extents[d] : 1;
        }
        int sum = 0;
        for (int code : NdArray.generate(extents, inner -> {
                    int[] position = index.clone();
                    for (int d = 0; d < position.length; d++) {
                        position[d] += inner[d];
                    }
                    return input.array().at(position) - input.zeroPoint();
                })
                .codes()) {
            sum += code;
        }
        return sum;
    }

    @Test
    void squared_differences_have_seven_fraction_bits() {
        for (long seed = 0; seed < CALLS; seed++) {
            Layer layer = new Layer(seed, false);
            int[] shape = layer.shape(layer.between(1, 4));
            Codes first = operand(layer, shape, false, 1, 0, false);
            Codes second = operand(layer, shape, false, 1, 0, layer.random.nextInt(3) == 0);
            int[] result = broadcast(first.array().shape(), second.array().shape());
            float scale = layer.scale();
            int zeroPoint = layer.zeroPoint();
            int output = layer.output(scale, zeroPoint, result);
            layer.file.operator(BuiltinOperator.SQUARED_DIFFERENCE, new int[] {first.index(), second.index()}, output);
            double larger = 2.0 * Math.max(first.scale(), second.scale());
            Factor left = Factor.of(first.scale() / larger);
            Factor right = Factor.of(second.scale() / larger);
            Factor back = Factor.of(larger * larger / (16384 * (double) scale));
            NdArray expected = NdArray.generate(result, index -> {
                int difference = left.apply((first.array().at(index) - first.zeroPoint()) * 128)
                        - right.apply((second.array().at(index) - second.zeroPoint()) * 128);
                return clamp(back.apply(difference * difference) + zeroPoint, -128, 127);
            });
            assertArrayEquals(expected.codes(), layer.run(output).get(0), "seed " + seed);
        }
    }
}
