// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.driver.Accelerator;
import io.windhover.junit.Simulated;
import io.windhover.models.graph.Graph;
import io.windhover.models.testing.RandomGraphs;
import io.windhover.models.zoo.Zoo;
import io.windhover.runtime.compiler.Compiler;
import io.windhover.runtime.compiler.program.CompiledModel;
import io.windhover.runtime.compiler.program.LayerInfo;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every network of the zoo: nothing that computes is left to the host, and every executor gives the reference's bytes.
 */
class ZooConformanceTest {
    private static final long SEED = 3;
    private static final long LARGEST_ON_RTL_MACS = 610_000_000;
    private static final Set<String> HOST_OPERATORS = Set.of(
            "Softmax", "FloatLogSoftmax", "FloatSoftmax", "Quantize", "Dequantize", "ScaleAccumulators", "Reshape");

    static List<String> names() {
        return Zoo.names();
    }

    /** One of each eight. */
    static List<String> someNames() {
        return IntStream.range(0, names().size())
                .filter(index -> index % 8 == 0)
                .mapToObj(names()::get)
                .toList();
    }

    static List<String> namesOfThisPart() {
        return part(Zoo.names());
    }

    static List<String> namesForTheHardware() {
        return part(Zoo.names().stream()
                .filter(name -> Zoo.entry(name).sizes().macs() <= LARGEST_ON_RTL_MACS)
                .toList());
    }

    /**
     * All names, or with -Dtests.part=2/6 the second of six parts, which are dealt out so that one family's networks
     * are spread.
     */
    private static List<String> part(List<String> names) {
        String[] part = System.getProperty("tests.part", "1/1").split("/", -1);
        int first = Integer.parseInt(part[0]) - 1;
        int parts = Integer.parseInt(part[1]);
        return IntStream.range(0, names.size())
                .filter(index -> index % parts == first)
                .mapToObj(names::get)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("names")
    @Simulated("functional:zynq7020")
    void the_functional_model_gives_every_tensor_of_a_reduced_network(String name, Accelerator accelerator) {
        Graph graph = Zoo.reduced(name);
        check(graph, Compiler.compileKeepingEveryTensor(graph, accelerator.capabilities()), accelerator);
    }

    @ParameterizedTest
    @MethodSource("names")
    @Simulated("rtl:zynq7020")
    void the_hardware_gives_the_outputs_of_a_reduced_network(String name, Accelerator accelerator) {
        Graph graph = Zoo.reduced(name);
        check(graph, Compiler.compile(graph, accelerator.capabilities()), accelerator);
    }

    @ParameterizedTest
    @MethodSource("someNames")
    @Simulated("rtl:zynq7020?stalls=7")
    void the_hardware_gives_the_outputs_of_a_reduced_network_through_stalls(String name, Accelerator accelerator) {
        Graph graph = Zoo.reduced(name);
        check(graph, Compiler.compile(graph, accelerator.capabilities()), accelerator);
    }

    @ParameterizedTest
    @MethodSource("namesOfThisPart")
    @Tag("full")
    @Simulated("functional:zynq7020")
    void the_functional_model_gives_the_outputs_of_the_whole_network(String name, Accelerator accelerator) {
        Graph graph = Zoo.load(name);
        check(graph, Compiler.compile(graph, accelerator.capabilities()), accelerator);
    }

    @ParameterizedTest
    @MethodSource("namesForTheHardware")
    @Tag("full")
    @Simulated("rtl:zynq7020")
    void the_hardware_gives_the_outputs_of_the_whole_network(String name, Accelerator accelerator) {
        Graph graph = Zoo.load(name);
        check(graph, Compiler.compile(graph, accelerator.capabilities()), accelerator);
    }

    @ParameterizedTest
    @MethodSource("namesForTheHardware")
    @Tag("full")
    @Simulated("rtl:zynq7020?stalls=11")
    void the_hardware_gives_the_outputs_of_the_whole_network_through_stalls(String name, Accelerator accelerator) {
        Graph graph = Zoo.load(name);
        check(graph, Compiler.compile(graph, accelerator.capabilities()), accelerator);
    }

    private static void check(Graph graph, CompiledModel model, Accelerator accelerator) {
        for (LayerInfo layer : model.layers()) {
            assertTrue(
                    !layer.placement().equals("host") || HOST_OPERATORS.contains(layer.operator()),
                    () -> layer.operator() + " '" + layer.name() + "' runs on the host");
        }
        long start = System.nanoTime();
        assertEquals(
                "", Comparison.difference(graph, model, new Executor(accelerator), RandomGraphs.inputs(graph, SEED)));
        System.out.printf(
                Locale.ROOT,
                "%s on %s: equal in %.1f s%n",
                graph.name(),
                accelerator.locator(),
                (System.nanoTime() - start) / 1e9);
    }
}
