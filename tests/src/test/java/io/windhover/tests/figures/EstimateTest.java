// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.figures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.windhover.driver.Accelerator;
import io.windhover.driver.Capabilities;
import io.windhover.junit.Simulated;
import io.windhover.models.graph.Graph;
import io.windhover.models.zoo.Zoo;
import io.windhover.runtime.compiler.Compiler;
import io.windhover.runtime.compiler.Estimate;
import io.windhover.runtime.compiler.program.CompiledModel;
import io.windhover.runtime.engine.AcceleratorEngine;
import io.windhover.runtime.engine.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The compiler's estimate beside the cycles of the simulated {@code zynq7020}, for every network of the zoo that is
 * small enough to simulate. {@code tests/baselines/zoo-cycles.json} holds the cycles; the long test compares them, and
 * rewrites them with {@code -Dbaselines.write=true}.
 */
class EstimateTest {
    private static final Duration FRAME_TIMEOUT = Duration.ofMinutes(30);
    private static final Path BASELINES = Path.of("baselines/zoo-cycles.json");

    static List<String> names() {
        return Zoo.names().stream()
                .filter(name -> Zoo.entry(name).sizes().macs() <= Estimate.COMPARED_MACS)
                .toList();
    }

    /** What compile and profile print, and what chooses among ways to run a network. */
    @ParameterizedTest
    @MethodSource("names")
    void the_compiler_estimates_cycles_to_within_its_bound(String network) throws IOException {
        long cycles = baseline(network);
        long estimate = Compiler.compile(Zoo.load(network), Capabilities.named(Estimate.COMPARED_CONFIGURATION))
                .estimatedCycles();
        double percent = 100.0 * (estimate - cycles) / cycles;
        assertTrue(
                Math.abs(percent) <= Estimate.WITHIN_PERCENT,
                () -> String.format("%s: %d of %d, %+.2f %%", network, estimate, cycles, percent));
    }

    @ParameterizedTest
    @MethodSource("names")
    @Tag("full")
    @Simulated("rtl:zynq7020")
    void cycles_equal_the_baseline(String network, Accelerator accelerator) throws IOException {
        long cycles = measure(network, accelerator);
        if (Boolean.getBoolean("baselines.write")) {
            write(network, cycles);
        }
        assertEquals(baseline(network), cycles, network + ": say why, then rewrite with -Dbaselines.write=true");
    }

    /** Of a frame of zeros. */
    private static long measure(String network, Accelerator accelerator) {
        Graph graph = Zoo.load(network);
        CompiledModel program = Compiler.compile(graph, accelerator.capabilities());
        try (Engine engine = new AcceleratorEngine(accelerator, graph, program, false, FRAME_TIMEOUT)) {
            engine.submit(0);
            engine.await(0);
        }
        return accelerator.counters().cycles();
    }

    private static JsonObject baselines() throws IOException {
        return Files.exists(BASELINES)
                ? new Gson().fromJson(Files.readString(BASELINES), JsonObject.class)
                : new JsonObject();
    }

    private static long baseline(String network) throws IOException {
        JsonObject all = baselines();
        assertTrue(all.has(network), network + " has no baseline; write it with -Dbaselines.write=true");
        return all.get(network).getAsLong();
    }

    private static void write(String network, long cycles) throws IOException {
        TreeMap<String, Object> all = new TreeMap<>(baselines().asMap());
        all.put(network, cycles);
        Files.writeString(
                BASELINES, new GsonBuilder().setPrettyPrinting().create().toJson(all) + "\n");
    }
}
