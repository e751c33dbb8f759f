package io.windhover.tests.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.windhover.driver.Device;
import io.windhover.models.graph.Graph;
import io.windhover.models.testing.RandomGraphs;
import io.windhover.models.zoo.Zoo;
import io.windhover.runtime.compiler.CompiledModel;
import io.windhover.runtime.compiler.Compiler;
import io.windhover.simulator.Simulated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The binary networks of the zoo, and maxout, on the devices: at full size as they are run, smaller ones with every tensor. */
class BinaryZooConformanceTest {
    @ParameterizedTest
    @Simulated("functional:zynq7020")
    @ValueSource(strings = {"xnor_alexnet", "xnor_resnet_18", "bwn_alexnet", "cnv_w1a1", "lfc_w1a1", "tfc_w1a1", "maxout"})
    void the_functional_model_equals_the_reference_at_full_size(String name, Device device) {
        Graph graph = Zoo.load(name);
        check(graph, Compiler.compile(graph, device.capabilities()), device);
    }

    @ParameterizedTest
    @Simulated("functional:zynq7020")
    @ValueSource(strings = {"xnor_alexnet", "xnor_resnet_18", "bwn_alexnet", "cnv_w1a1", "lfc_w1a1", "tfc_w1a1", "maxout"})
    void the_functional_model_leaves_every_tensor_as_the_reference_does(String name, Device device) {
        Graph graph = Zoo.reduced(name);
        check(graph, Compiler.compileKeepingEveryTensor(graph, device.capabilities()), device);
    }

    @ParameterizedTest
    @Simulated("rtl:zynq7020")
    @ValueSource(strings = {"xnor_alexnet@reduced", "xnor_resnet_18@reduced", "bwn_alexnet@reduced", "cnv_w1a1", "lfc_w1a1", "tfc_w1a1", "maxout"})
    void the_hardware_equals_the_reference(String name, Device device) {
        Graph graph = Zoo.load(name);
        check(graph, Compiler.compile(graph, device.capabilities()), device);
    }

    private static void check(Graph graph, CompiledModel model, Device device) {
        assertEquals("", Comparison.difference(graph, model, new Executor(device), RandomGraphs.inputs(graph, 1)));
    }
}
