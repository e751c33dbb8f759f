// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.figures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.windhover.models.graph.DepthwiseConvolution;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import io.windhover.models.zoo.Zoo;
import io.windhover.runtime.Device;
import io.windhover.runtime.Limits;
import io.windhover.runtime.SessionOptions;
import io.windhover.runtime.model.Model;
import io.windhover.runtime.model.ModelLoader;
import io.windhover.runtime.profile.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Cycles of whole networks on the simulated {@code zynq7020} under the memory model of hdl/doc/accelerator.md. Cycle
 * counts are exact, so any change shows: {@code tests/baselines/cycles.json} is compared, and rewritten with
 * {@code -Dbaselines.write=true}.
 */
class FiguresTest {
    /**
     * Products a cycle that depthwise layers reach of those that the array makes of 3x3 windows; half of both where
     * sums are requantised wide.
     */
    private static final int DEPTHWISE_RATE = 128;

    private static final int DEPTHWISE_PEAK = 144;
    private static final Path BASELINES = Path.of("baselines/cycles.json");

    @ParameterizedTest
    @ValueSource(strings = {"mobilenet_v2_1.0_224", "cnv_w1a1"})
    void cycles_equal_the_baseline(String network) throws IOException {
        compare(network);
    }

    /** About a minute. */
    @Test
    @Tag("full")
    void cycles_of_mobilenet_v1_equal_the_baseline() throws IOException {
        compare("mobilenet_v1_1.0_224");
    }

    private static void compare(String network) throws IOException {
        Profile profile = profile(network);
        long depthwise = depthwiseCycles(profile);
        if (Boolean.getBoolean("baselines.write")) {
            write(network, profile, depthwise);
        }
        JsonObject baseline = baseline(network);
        assertEquals(
                baseline.get("cycles").getAsLong(),
                profile.totalCycles(),
                network + ": say why, then rewrite with -Dbaselines.write=true");
        assertEquals(baseline.get("depthwise_cycles").getAsLong(), depthwise, network + ", depthwise layers together");
        if (network.startsWith("mobilenet_v2")) {
            checkDepthwiseRate(network, profile);
        }
        if (network.startsWith("mobilenet_v1")) {
            long floor = depthwiseFloor(network);
            assertTrue(
                    depthwise * 10 <= floor * 13,
                    "depthwise layers take " + depthwise + " cycles, their floor is " + floor);
        }
    }

    private static JsonObject baseline(String network) throws IOException {
        return new Gson()
                .fromJson(Files.readString(BASELINES), JsonObject.class)
                .getAsJsonObject(network);
    }

    private static Profile profile(String network) {
        Model model = new ModelLoader(Limits.DEFAULT.modelBytes()).load("zoo:" + network);
        try (Device device = Device.open("rtl:zynq7020")) {
            return device.profile(model, 1, SessionOptions.DEFAULT, () -> {});
        }
    }

    /** 3x3, stride 1, maps of 14 to 56 rows, which this network keeps on chip. */
    private static void checkDepthwiseRate(String network, Profile profile) {
        Graph graph = Zoo.load(network);
        int checked = 0;
        for (Operator operator : graph.operators()) {
            int rows = graph.tensor(operator.inputs()[0]).shape().height();
            if (operator instanceof DepthwiseConvolution
                    && rows >= 14
                    && rows <= 56
                    && rows == graph.tensor(operator.outputs()[0]).shape().height()) {
                Profile.Layer layer = profile.layers().get(graph.operators().indexOf(operator));
                assertTrue(
                        layer.shareCycles() * DEPTHWISE_RATE <= layer.floorCycles() * DEPTHWISE_PEAK,
                        () -> "too slow: " + layer);
                checked++;
            }
        }
        assertTrue(checked >= 8, checked + " layers checked");
    }

    private static long depthwiseCycles(Profile profile) {
        return profile.layers().stream()
                .filter(l -> l.operator().equals("DepthwiseConvolution"))
                .mapToLong(Profile.Layer::shareCycles)
                .sum();
    }

    /**
     * Layer by layer, maps go through memory: a beat of 8 bytes a cycle out, two in; and 144 products a cycle in the
     * array.
     */
    private static long depthwiseFloor(String network) {
        Graph graph = Zoo.load(network);
        return graph.operators().stream()
                .filter(o -> o instanceof DepthwiseConvolution)
                .mapToLong(o -> {
                    long in = graph.tensor(o.inputs()[0]).shape().elements();
                    long out = graph.tensor(o.outputs()[0]).shape().elements();
                    return Math.max(Math.max(in / 16, out / 8), out / 16);
                })
                .sum();
    }

    private static void write(String network, Profile profile, long depthwise) throws IOException {
        Map<String, Object> all = Files.exists(BASELINES)
                ? new TreeMap<>(new Gson()
                        .fromJson(Files.readString(BASELINES), JsonObject.class)
                        .asMap())
                : new TreeMap<>();
        all.put(network, new TreeMap<>(Map.of("cycles", profile.totalCycles(), "depthwise_cycles", depthwise)));
        String text = all.entrySet().stream()
                .map(e -> "  \"" + e.getKey() + "\": " + new Gson().toJson(e.getValue()))
                .collect(Collectors.joining(",\n", "{\n", "\n}\n"));
        Files.writeString(BASELINES, text);
    }
}
