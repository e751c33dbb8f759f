// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.conformance;

import io.windhover.driver.Device;
import io.windhover.models.testing.RandomGraphs;
import io.windhover.simulator.Simulated;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The functional model against the reference executor. */
class FunctionalConformanceTest {
    @Test
    @Simulated("functional:zynq7020")
    void random_layers_are_equal(Device device) {
        RandomConformance.check(device, RandomGraphs::layer, 0, 2200);
    }

    @Test
    @Simulated("functional:tiny")
    void random_layers_are_equal_on_the_smallest_configuration(Device device) {
        RandomConformance.check(device, RandomGraphs::layer, 10_000, 660);
    }

    @Test
    @Simulated("functional:zu3eg")
    void random_layers_are_equal_on_the_largest_configuration(Device device) {
        RandomConformance.check(device, RandomGraphs::layer, 20_000, 660);
    }

    @Test
    @Simulated("functional:zynq7020")
    void random_networks_are_equal(Device device) {
        RandomConformance.check(device, RandomGraphs::network, 0, 120);
        RandomConformance.check(device, RandomGraphs::binaryNetwork, 0, 120);
        RandomConformance.check(device, RandomGraphs::layoutNetwork, 0, 200);
        RandomConformance.check(device, RandomGraphs::layoutChain, 0, 300);
        RandomConformance.check(device, RandomGraphs::mixture, 0, 400);
    }

    @Test
    @Simulated("functional:tiny")
    void random_networks_are_equal_where_nothing_fits_at_once(Device device) {
        RandomConformance.check(device, RandomGraphs::network, 500, 60);
        RandomConformance.check(device, RandomGraphs::layoutNetwork, 500, 120);
        RandomConformance.check(device, RandomGraphs::layoutChain, 500, 120);
        RandomConformance.check(device, RandomGraphs::mixture, 500, 200);
    }

    @Test
    @Tag("full")
    @Simulated("functional:zynq7020")
    void a_hundred_thousand_random_layers_are_equal(Device device) {
        RandomConformance.check(device, RandomGraphs::layer, 100_000, 100_000);
    }
}
