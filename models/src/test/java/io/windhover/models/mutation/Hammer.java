// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.mutation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.windhover.models.ModelException;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Tensor;
import io.windhover.models.reference.ReferenceExecutor;
import io.windhover.models.testing.RandomGraphs;
import java.lang.management.ManagementFactory;
import java.util.function.Consumer;

/** Gives damaged files to a reader: it may read or refuse them, soon and without memory beyond the file's size. */
final class Hammer {
    private static final long SLOWEST_NS = 5_000_000_000L;
    private static final long SPARE_BYTES = 64L << 20;

    private final ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final long seed;

    /** The seed only stands in messages. */
    Hammer(long seed) {
        this.seed = seed;
    }

    void strike(String what, Mutator mutator, int mutants, Consumer<byte[]> reader) {
        int refused = 0;
        for (int i = 0; i < mutants; i++) {
            byte[] mutant = mutator.next();
            String which = what + ", seed " + seed + ", mutant " + i;
            long bytesBefore =
                    memory.getThreadAllocatedBytes(Thread.currentThread().getId());
            long start = System.nanoTime();
            try {
                reader.accept(mutant);
            } catch (ModelException refusal) {
                refused++;
            } catch (RuntimeException | Error problem) {
                throw new AssertionError(which + " caused " + problem, problem);
            }
            long allocated =
                    memory.getThreadAllocatedBytes(Thread.currentThread().getId()) - bytesBefore;
            assertTrue(allocated < SPARE_BYTES + 8L * mutant.length, which + " allocated " + allocated + " bytes");
            assertTrue(System.nanoTime() - start < SLOWEST_NS, which + " took too long");
        }
        assertTrue(refused > mutants / 20, what + ": only " + refused + " of " + mutants + " mutants were noticed");
    }

    /** Runs a graph that is still small, which must not fail; false when it is too large to be run here. */
    static boolean runs(Graph graph, long seed, String which) {
        long bytes = graph.tensors().stream().mapToLong(Tensor::bytes).sum();
        if (bytes > 4 << 20 || graph.macs() > 50_000_000) {
            return false;
        }
        try {
            new ReferenceExecutor(graph).infer(RandomGraphs.inputs(graph, seed));
        } catch (RuntimeException problem) {
            throw new AssertionError(which + " caused " + problem, problem);
        }
        return true;
    }
}
