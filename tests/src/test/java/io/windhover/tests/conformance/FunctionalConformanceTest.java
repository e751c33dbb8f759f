// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.conformance;

import io.windhover.driver.Accelerator;
import io.windhover.junit.Simulated;
import io.windhover.models.testing.RandomGraphs;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The functional model against the reference executor. */
class FunctionalConformanceTest {
    /** Its multiplier, divided by the count, is less than 2^30. */
    private static final long MEAN_THAT_SHIFTS_LEFT = 102_576;

    @Test
    @Simulated("functional:zynq7020")
    void random_layers_are_equal(Accelerator accelerator) {
        RandomConformance.check(accelerator, RandomGraphs::layer, 0, 2200);
        RandomConformance.check(accelerator, RandomGraphs::layer, MEAN_THAT_SHIFTS_LEFT, 1);
    }

    @Test
    @Simulated("functional:tiny")
    void random_layers_are_equal_on_the_smallest_configuration(Accelerator accelerator) {
        RandomConformance.check(accelerator, RandomGraphs::layer, 10_000, 660);
    }

    @Test
    @Simulated("functional:zu3eg")
    void random_layers_are_equal_on_the_largest_configuration(Accelerator accelerator) {
        RandomConformance.check(accelerator, RandomGraphs::layer, 20_000, 660);
    }

    @Test
    @Simulated("functional:zynq7020")
    void random_networks_are_equal(Accelerator accelerator) {
        RandomConformance.check(accelerator, RandomGraphs::network, 0, 120);
        RandomConformance.check(accelerator, RandomGraphs::binaryNetwork, 0, 120);
        RandomConformance.check(accelerator, RandomGraphs::layoutNetwork, 0, 200);
        RandomConformance.check(accelerator, RandomGraphs::layoutChain, 0, 300);
        RandomConformance.check(accelerator, RandomGraphs::mixture, 0, 400);
    }

    @Test
    @Simulated("functional:tiny")
    void random_networks_are_equal_where_nothing_fits_at_once(Accelerator accelerator) {
        RandomConformance.check(accelerator, RandomGraphs::network, 500, 60);
        RandomConformance.check(accelerator, RandomGraphs::layoutNetwork, 500, 120);
        RandomConformance.check(accelerator, RandomGraphs::layoutChain, 500, 120);
        RandomConformance.check(accelerator, RandomGraphs::mixture, 500, 200);
    }

    @Test
    @Tag("full")
    @Simulated("functional:zynq7020")
    void a_hundred_thousand_random_layers_are_equal(Accelerator accelerator) {
        RandomConformance.check(accelerator, RandomGraphs::layer, 100_000, 100_000);
    }
}
