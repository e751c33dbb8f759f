// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.conformance;

import io.windhover.driver.Accelerator;
import io.windhover.junit.Simulated;
import io.windhover.models.testing.RandomGraphs;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The simulated hardware against the reference executor; with and without memory that stalls. */
class RtlConformanceTest {
    @Test
    @Simulated("rtl:zynq7020")
    void random_layers_are_equal(Accelerator accelerator) {
        RandomConformance.check(accelerator, RandomGraphs::layer, 0, 700);
    }

    /** About a minute. */
    @Test
    @Tag("full")
    @Simulated("rtl:zynq7020")
    void more_random_layers_are_equal(Accelerator accelerator) {
        RandomConformance.check(accelerator, RandomGraphs::layer, 700, 1500);
    }

    @Test
    @Simulated("rtl:zynq7020?stalls=7")
    void random_networks_are_equal_with_a_memory_that_stalls(Accelerator accelerator) {
        RandomConformance.check(accelerator, RandomGraphs::network, 0, 20);
        RandomConformance.check(accelerator, RandomGraphs::binaryNetwork, 0, 20);
        RandomConformance.check(accelerator, RandomGraphs::layoutNetwork, 0, 20);
        RandomConformance.check(accelerator, RandomGraphs::layoutChain, 0, 30);
        RandomConformance.check(accelerator, RandomGraphs::mixture, 0, 30);
    }

    @Test
    @Simulated("rtl:tiny?stalls=11")
    void random_layers_are_equal_on_the_smallest_configuration(Accelerator accelerator) {
        RandomConformance.check(accelerator, RandomGraphs::layer, 10_000, 660);
    }

    /** About a minute. */
    @Test
    @Tag("full")
    @Simulated("rtl:zu3eg?stalls=5")
    void random_layers_and_networks_are_equal_on_the_largest_configuration(Accelerator accelerator) {
        RandomConformance.check(accelerator, RandomGraphs::layer, 20_000, 660);
        RandomConformance.check(accelerator, RandomGraphs::network, 100, 20);
        RandomConformance.check(accelerator, RandomGraphs::binaryNetwork, 100, 20);
    }
}
