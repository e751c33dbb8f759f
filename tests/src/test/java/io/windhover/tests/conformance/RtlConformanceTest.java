// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.conformance;

import io.windhover.driver.Device;
import io.windhover.models.testing.RandomGraphs;
import io.windhover.simulator.Simulated;
import org.junit.jupiter.api.Test;

/** The simulated hardware against the reference executor; with and without memory that stalls. */
class RtlConformanceTest {
    @Test
    @Simulated("rtl:zynq7020")
    void random_layers_are_equal(Device device) {
        RandomConformance.check(device, RandomGraphs::layer, 0, 2200);
    }

    @Test
    @Simulated("rtl:zynq7020?stalls=7")
    void random_networks_are_equal_with_a_memory_that_stalls(Device device) {
        RandomConformance.check(device, RandomGraphs::network, 0, 20);
        RandomConformance.check(device, RandomGraphs::binaryNetwork, 0, 20);
        RandomConformance.check(device, RandomGraphs::layoutNetwork, 0, 20);
        RandomConformance.check(device, RandomGraphs::layoutChain, 0, 30);
        RandomConformance.check(device, RandomGraphs::mixture, 0, 30);
    }

    @Test
    @Simulated("rtl:tiny?stalls=11")
    void random_layers_are_equal_on_the_smallest_configuration(Device device) {
        RandomConformance.check(device, RandomGraphs::layer, 10_000, 660);
    }
}
