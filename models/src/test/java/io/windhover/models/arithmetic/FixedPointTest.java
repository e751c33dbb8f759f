// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.arithmetic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.SharedData;
import io.windhover.models.graph.Rescale;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class FixedPointTest {
    @Test
    void multiplication_equals_tflites_binary_on_200000_vectors() throws IOException {
        var file = SharedData.require("golden/vectors/mbqm_200k.txt.gz");
        int checked = 0;
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("#")) {
                    continue;
                }
                String[] words = line.trim().split("\\s+", -1);
                int x = Integer.parseInt(words[0]);
                int multiplier = Integer.parseInt(words[1]);
                int shift = Integer.parseInt(words[2]);
                assertEquals(
                        Integer.parseInt(words[3]),
                        FixedPoint.multiplyByQuantizedMultiplier(x, multiplier, shift),
                        line);
                checked++;
            }
        }
        assertEquals(200_000, checked);
    }

    @Test
    void division_rounds_ties_away_from_zero() {
        assertEquals(3, FixedPoint.roundingDivideByPowerOfTwo(5, 1));
        assertEquals(-3, FixedPoint.roundingDivideByPowerOfTwo(-5, 1));
        assertEquals(-1, FixedPoint.roundingDivideByPowerOfTwo(Integer.MIN_VALUE, 31));
        assertEquals(7, FixedPoint.roundingDivideByPowerOfTwo(7, 0));
    }

    @Test
    void the_one_overflowing_product_saturates() {
        assertEquals(
                Integer.MAX_VALUE,
                FixedPoint.saturatingRoundingDoublingHighMultiply(Integer.MIN_VALUE, Integer.MIN_VALUE));
    }

    @Test
    void a_factor_that_rounds_up_to_one_moves_into_the_shift() {
        assertEquals(new Rescale(1 << 30, 1), Rescaling.quantizeMultiplier(1.0));
        assertEquals(new Rescale(1 << 30, 1), Rescaling.quantizeMultiplier(Math.nextDown(1.0)));
        assertEquals(new Rescale(1 << 30, 0), Rescaling.quantizeMultiplier(0.5));
        assertEquals(new Rescale(0, 0), Rescaling.quantizeMultiplier(0));
        assertEquals(new Rescale(0, 0), Rescaling.quantizeMultiplier(Math.scalb(1.0, -40)));
        assertEquals(new Rescale(Integer.MAX_VALUE, 30), Rescaling.quantizeMultiplier(Math.scalb(1.0, 40)));
    }

    @Test
    void the_exponential_is_within_a_millionth_of_the_real_one() {
        for (int raw = -(31 << 26); raw < 0; raw += 104_729) {
            double real = Math.exp(raw / (double) (1 << 26));
            assertEquals(real, Exponential.ofNegative(raw) / (double) (1L << 31), 1e-6, "exp(" + raw + ")");
        }
        assertEquals(Integer.MAX_VALUE, Exponential.ofNegative(0));
    }

    @Test
    void a_product_that_is_rounded_once_is_the_nearest_integer_but_for_a_4000th_of_a_tie() {
        Random random = new Random(11);
        for (int i = 0; i < 200_000; i++) {
            double real = Math.scalb(0.5 + random.nextDouble() / 2, -random.nextInt(20));
            int value = (int) ((random.nextDouble() - 0.5) * 512 / real);
            Rescale once = Rescaling.roundingOnce(real);
            int result = FixedPoint.multiplyByQuantizedMultiplier(value, once.multiplier(), once.shift());
            assertTrue(Math.abs(result - value * real) <= 0.5 + 1 / 4000.0, value + " * " + real + " became " + result);
        }
    }
}
