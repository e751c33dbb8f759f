// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.windhover.driver.Accelerator;
import io.windhover.models.graph.Graph;
import io.windhover.models.reference.ReferenceExecutor;
import io.windhover.models.reference.Values;
import io.windhover.models.testing.RandomGraphs;
import io.windhover.runtime.compiler.Compiler;
import io.windhover.runtime.compiler.program.CompiledModel;
import java.util.Map;
import java.util.TreeMap;

/** Compares a device's tensors with the reference executor's. */
final class Comparison {
    private Comparison() {}

    /** Compiles for the device, and runs it on random inputs; every tensor it leaves must be the reference's. */
    static void assertEqual(Graph graph, Accelerator accelerator, long seed) {
        CompiledModel model = Compiler.compile(graph, accelerator.capabilities());
        assertEquals("", difference(graph, model, new Executor(accelerator), RandomGraphs.inputs(graph, seed)));
    }

    /** Runs a program and compares every tensor it leaves; the first difference in words, or an empty string. */
    static String difference(Graph graph, CompiledModel model, Executor executor, byte[][] inputs) {
        Values expected = new ReferenceExecutor(graph).run(inputs);
        return difference(graph, expected, executor.run(model, expected::bytes));
    }

    private static String difference(Graph graph, Values expected, Map<Integer, byte[]> tensors) {
        for (Map.Entry<Integer, byte[]> tensor : new TreeMap<>(tensors).entrySet()) {
            byte[] right = expected.bytes(tensor.getKey());
            byte[] actual = tensor.getValue();
            if (right.length != actual.length) {
                return String.format(
                        "%s of %s has %d bytes instead of %d",
                        graph.tensor(tensor.getKey()), graph.name(), actual.length, right.length);
            }
            int first = -1;
            int count = 0;
            for (int i = 0; i < right.length; i++) {
                if (right[i] != actual[i]) {
                    first = first < 0 ? i : first;
                    count++;
                }
            }
            if (count > 0) {
                return String.format(
                        "%s of %s: %d of %d bytes differ, first at %d: %d instead of %d",
                        graph.tensor(tensor.getKey()),
                        graph.name(),
                        count,
                        right.length,
                        first,
                        actual[first],
                        right[first]);
            }
        }
        return "";
    }
}
