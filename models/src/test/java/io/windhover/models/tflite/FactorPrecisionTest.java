// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.Multiply;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.PRelu;
import io.windhover.models.graph.Rescale;
import io.windhover.models.graph.Subtract;
import io.windhover.models.tflite.Restated.Factor;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether a factor is made in single or in double precision moves few results, but it does move some. */
class FactorPrecisionTest {
    private static final long SEED = 7;
    private static final int CALLS = 100;

    /** Scales of two inputs and an output. */
    private record Scales(float first, float second, float result) {
        static Scales next(Random random) {
            return new Scales(next(random, 0), next(random, 0), next(random, 2));
        }

        private static float next(Random random, int exponent) {
            return (float) Math.pow(2, -8 + exponent + 4 * random.nextDouble());
        }
    }

    private static Operator single(int builtin, boolean unsigned, Scales scales, boolean constantSecond) {
        ModelFile file = new ModelFile();
        int type = unsigned ? Schema.Type.UINT8 : Schema.Type.INT8;
        int first = file.tensor(type, scales.first(), 0, 1, 4);
        int second = constantSecond
                ? file.constant(type, scales.second(), 0, new byte[4], 1, 4)
                : file.tensor(type, scales.second(), 0, 1, 4);
        int output = file.tensor(type, scales.result(), 0, 1, 4);
        file.operator(builtin, new int[] {first, second}, output);
        Graph graph = TfliteImporter.read(
                "single", file.build(constantSecond ? new int[] {first} : new int[] {first, second}, output));
        return graph.operators().get(0);
    }

    private static void assertFactor(double real, Rescale actual) {
        Factor expected = Factor.of(real);
        assertEquals(expected, new Factor(actual.multiplier(), actual.shift()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void differences_take_int8_ratios_in_single_and_uint8_ratios_in_double_precision(boolean unsigned) {
        Random random = new Random(SEED);
        for (int call = 0; call < CALLS; call++) {
            Scales scales = Scales.next(random);
            Subtract subtract = (Subtract) single(BuiltinOperator.SUB, unsigned, scales, false);
            float twice = 2 * Math.max(scales.first(), scales.second());
            assertFactor(unsigned ? scales.first() / (double) twice : scales.first() / twice, subtract.first());
            assertFactor(unsigned ? scales.second() / (double) twice : scales.second() / twice, subtract.second());
            assertFactor(
                    unsigned ? twice / (1048576.0 * scales.result()) : twice / (1048576f * scales.result()),
                    subtract.result());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void products_and_slopes_are_made_in_double_for_int8_and_in_single_precision_for_uint8(boolean unsigned) {
        Random random = new Random(SEED);
        for (int call = 0; call < CALLS; call++) {
            Scales scales = Scales.next(random);
            double product = unsigned
                    ? scales.first() * scales.second() / scales.result()
                    : (double) scales.first() * scales.second() / scales.result();
            double ratio = unsigned ? scales.first() / scales.result() : (double) scales.first() / scales.result();
            assertFactor(product, ((Multiply) single(BuiltinOperator.MUL, unsigned, scales, false)).rescale());
            PRelu prelu = (PRelu) single(BuiltinOperator.PRELU, unsigned, scales, true);
            assertFactor(product, prelu.negative());
            assertFactor(ratio, prelu.positive());
        }
    }

    @Test
    void relu_takes_its_int8_ratio_in_double_precision() {
        Random random = new Random(SEED);
        int differing = 0;
        for (int call = 0; call < 20_000; call++) {
            Scales scales = Scales.next(random);
            byte[] exact = relu(Factor.of((double) scales.first() / scales.result()));
            if (!Arrays.equals(exact, relu(Factor.of(scales.first() / scales.result())))) {
                differing++;
                ModelFile file = new ModelFile();
                int input = file.tensor(Schema.Type.INT8, scales.first(), -128, 1, 4);
                int output = file.tensor(Schema.Type.INT8, scales.result(), -128, 1, 4);
                file.operator(BuiltinOperator.RELU, new int[] {input}, output);
                Graph graph = TfliteImporter.read("relu", file.build(new int[] {input}, output));
                assertArrayEquals(exact, ((LookupTable) graph.operators().get(0)).table());
            }
        }
        assertTrue(differing > 0, "no scales tell the two apart; seed " + SEED);
    }

    private static byte[] relu(Factor factor) {
        byte[] table = new byte[256];
        for (int code = -128; code <= 127; code++) {
            table[code & 0xFF] = (byte) Restated.clamp(factor.apply(code + 128) - 128, -128, 127);
        }
        return table;
    }
}
