// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.windhover.models.arithmetic.FixedPoint;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExactDivisionTest {
    /** A kernel has at most 255 rows and columns. */
    private static final int LARGEST_WINDOW = 255 * 255;

    @Test
    void every_window_has_an_exact_division() {
        for (int count = 2; count <= LARGEST_WINDOW; count++) {
            assertNotNull(ExactDivision.by(count), "windows of " + count + " positions");
        }
    }

    @Test
    void every_sum_of_a_small_window_is_divided_as_the_pools_do() {
        for (int count = 2; count <= 64; count++) {
            ExactDivision division = ExactDivision.required("test", count);
            for (int sum = -128 * count; sum <= 255 * count; sum++) {
                assertDivides(division, sum, count);
            }
        }
    }

    @Test
    void random_sums_of_large_windows_are_divided_as_the_pools_do() {
        long seed = 20_26L;
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            int count = 2 + random.nextInt(LARGEST_WINDOW - 1);
            int tie = (random.nextInt(384) - 128) * count + count / 2;
            assertDivides(
                    ExactDivision.required("test", count),
                    Math.max(-128 * count, Math.min(255 * count, tie + random.nextInt(5) - 2)),
                    count);
        }
    }

    private static void assertDivides(ExactDivision division, int sum, int count) {
        int quotient = FixedPoint.multiplyByQuantizedMultiplier(
                division.weight() * sum,
                division.rescale().multiplier(),
                division.rescale().shift());
        int half = sum > 0 ? count / 2 : -(count / 2);
        assertEquals((sum + half) / count, quotient, () -> sum + " / " + count);
    }
}
