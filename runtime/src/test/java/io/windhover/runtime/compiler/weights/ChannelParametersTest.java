// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.arithmetic.FixedPoint;
import io.windhover.models.graph.Rescale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChannelParametersTest {
    private static final int LEAST = 1 << 30;

    @Test
    void a_normalised_factor_gives_the_same_codes() {
        Random random = new Random(7);
        for (int round = 0; round < 200_000; round++) {
            Rescale factor = new Rescale(random.nextInt() >>> (1 + random.nextInt(31)), random.nextInt(40) - 20);
            Rescale normalised = ChannelParameters.normalised(factor);
            assertTrue(
                    normalised.shift() <= 0 || normalised.multiplier() == 0 || normalised.multiplier() >= LEAST,
                    () -> factor + " became " + normalised);
            int sum = random.nextInt() >> Math.max(factor.shift(), 0) >> random.nextInt(24);
            assertEquals(
                    FixedPoint.multiplyByQuantizedMultiplier(sum, factor.multiplier(), factor.shift()),
                    FixedPoint.multiplyByQuantizedMultiplier(sum, normalised.multiplier(), normalised.shift()),
                    () -> factor + " became " + normalised + ", of " + sum);
        }
    }

    @Test
    void a_factor_that_does_not_shift_left_stays() {
        assertEquals(new Rescale(3, -4), ChannelParameters.normalised(new Rescale(3, -4)));
        assertEquals(new Rescale(LEAST, 30), ChannelParameters.normalised(new Rescale(LEAST, 30)));
        assertEquals(new Rescale(0, 5), ChannelParameters.normalised(new Rescale(0, 5)));
    }
}
