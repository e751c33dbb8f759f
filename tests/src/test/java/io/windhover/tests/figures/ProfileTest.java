// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.figures;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.contract.Contract;
import io.windhover.driver.Accelerator;
import io.windhover.junit.Simulated;
import io.windhover.models.graph.Graph;
import io.windhover.models.testing.RandomGraphs;
import io.windhover.models.testing.RandomLayer;
import io.windhover.models.zoo.Zoo;
import io.windhover.runtime.Device;
import io.windhover.runtime.SessionOptions;
import io.windhover.runtime.compiler.Compiler;
import io.windhover.runtime.compiler.program.CompiledModel;
import io.windhover.runtime.model.Model;
import io.windhover.runtime.profile.Profile;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every profile must keep to: no layer beats its floor, shares add up to the frame, bytes are those the ports
 * counted.
 */
class ProfileTest {
    private static final int SEEDS = 3;

    static Stream<String> names() {
        return Zoo.names().stream().map(name -> name + "@reduced");
    }

    @ParameterizedTest
    @EnumSource(RandomLayer.class)
    @Simulated("rtl:tiny")
    void no_layer_of_any_kind_beats_its_floor(RandomLayer kind, Accelerator accelerator) {
        for (long seed = 0; seed < SEEDS; seed++) {
            check(RandomGraphs.layer(kind, seed), accelerator);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lenet5",
                "mobilenet_v2_1.0_224@reduced",
                "resnet_18@reduced",
                "cnv_w1a1@reduced",
                "shufflenet_v2_1.0@reduced"
            })
    @Simulated("rtl:tiny")
    void no_layer_of_a_network_beats_its_floor_on_the_smallest_configuration(String network, Accelerator accelerator) {
        check(Zoo.load(network), accelerator);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lenet5", "mobilenet_v1_1.0_224@reduced", "mobilenet_v2_1.0_224@reduced", "mobilenet_v3_small@reduced",
                        "squeezenet_1.1@reduced",
                "densenet_121@reduced", "googlenet@reduced", "cnv_w1a1", "xnor_resnet_18@reduced", "landing_pad_int8"
            })
    @Simulated("rtl:zynq7020")
    void no_layer_of_a_network_beats_its_floor(String network, Accelerator accelerator) {
        check(Zoo.load(network), accelerator);
    }

    /** All networks of the zoo, made small: 1 to 25 seconds each on a busy machine, some minutes together. */
    @ParameterizedTest
    @MethodSource("names")
    @Tag("full")
    @Simulated("rtl:zynq7020")
    void no_layer_of_any_reduced_network_beats_its_floor(String network, Accelerator accelerator) {
        check(Zoo.load(network), accelerator);
    }

    private static void check(Graph graph, Accelerator simulated) {
        CompiledModel program = Compiler.compile(graph, simulated.capabilities());
        Profile profile;
        try (Device device = Device.open(simulated.locator())) {
            profile = device.profile(new Model(graph.name(), "", graph, program), 1, SessionOptions.DEFAULT, () -> {});
        }
        List<Profile.Layer> layers = profile.layers();
        assertAll(graph.name(), layers.stream().map(layer -> () -> {
            assertTrue(layer.cycles() >= layer.floorCycles(), () -> "a floor is beaten: " + layer);
            assertTrue(
                    layer.stallCycles() >= 0 && layer.stallCycles() <= layer.shareCycles() + 1,
                    () -> "more stalled than there are cycles: " + layer);
        }));
        assertTrue(profile.floorCycles() <= profile.totalCycles(), () -> "the frame's floor is beaten: " + profile);
        assertEquals(
                profile.totalCycles(),
                layers.stream().mapToLong(Profile.Layer::shareCycles).sum(),
                "shares of " + graph.name());
        assertEquals(
                profile.writtenBytes(),
                layers.stream().mapToLong(Profile.Layer::writtenBytes).sum(),
                "bytes written by " + graph.name());
        assertEquals(
                profile.readBytes() - (long) program.commandCount() * Contract.COMMAND_WORDS * Long.BYTES,
                layers.stream().mapToLong(Profile.Layer::readBytes).sum(),
                "bytes read by " + graph.name());
    }
}
