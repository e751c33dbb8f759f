// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.conformance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.driver.Accelerator;
import io.windhover.models.graph.Graph;
import io.windhover.models.testing.RandomGraphs;
import io.windhover.runtime.compiler.Compiler;
import io.windhover.runtime.compiler.program.CompileException;
import io.windhover.runtime.compiler.program.CompiledModel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/** Random graphs on a device: every tensor must equal the reference executor's. */
final class RandomConformance {
    /** Of a hundred random graphs at most this many may exceed a limit that the compiler names. */
    private static final int REFUSED_PERCENT = 1;

    private RandomConformance() {}

    /**
     * Graphs of {@code count} seeds from {@code firstSeed} on, alternately compiled for inference and with every tensor
     * kept.
     */
    static void check(Accelerator accelerator, LongFunction<Graph> graphs, long firstSeed, int count) {
        Executor executor = new Executor(accelerator);
        List<String> refusals = new ArrayList<>();
        for (long seed = firstSeed; seed < firstSeed + count; seed++) {
            Graph graph = graphs.apply(seed);
            try {
                CompiledModel model = seed % 2 == 0
                        ? Compiler.compile(graph, accelerator.capabilities())
                        : Compiler.compileKeepingEveryTensor(graph, accelerator.capabilities());
                byte[][] inputs = RandomGraphs.inputs(graph, seed);
                String difference = Comparison.difference(graph, model, executor, inputs);
                assertTrue(difference.isEmpty(), "seed " + seed + " on " + accelerator.locator() + ": " + difference);
            } catch (CompileException refusal) {
                refusals.add("seed " + seed + ": " + refusal.getMessage());
            } catch (RuntimeException problem) {
                throw new AssertionError(
                        "seed " + seed + ", " + graph.name() + " on " + accelerator.locator() + ": " + problem,
                        problem);
            }
        }
        System.out.printf(
                "%d random graphs from seed %d on %s: %d equal, %d refused%n",
                count, firstSeed, accelerator.locator(), count - refusals.size(), refusals.size());
        assertTrue(refusals.size() * 100 <= count * REFUSED_PERCENT, () -> String.join("\n", refusals));
    }
}
