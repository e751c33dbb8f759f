// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.program;

import io.windhover.contract.Contract;
import io.windhover.contract.Queue;
import io.windhover.contract.StoreMap;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which words of its outputs a program stores; those that it does not would be read as whatever the memory holds. */
final class OutputCoverage {
    /** Words stored for each that the outputs have; a program that stores far more is not worth following. */
    private static final int MOST_STORES_OF_A_WORD = 8;

    private final Map<Integer, BitSet> stored = new HashMap<>();
    private final Map<Integer, Long> words = new HashMap<>();
    private long budget;

    /**
     * The first output that is not stored completely, or null.
     *
     * @param commands of a program whose stores go into regions that exist
     */
    static @Nullable TensorLocation gap(long[] commands, List<TensorLocation> outputs) {
        OutputCoverage coverage = new OutputCoverage();
        for (TensorLocation output : outputs) {
            coverage.stored.put(output.region(), new BitSet());
            coverage.words.merge(output.region(), (output.offset() + output.bytes()) / Long.BYTES, Math::max);
            coverage.budget += MOST_STORES_OF_A_WORD * (output.bytes() / Long.BYTES);
        }
        for (int offset = 0; offset < commands.length; offset += Contract.COMMAND_WORDS) {
            if (Command.queue(commands, offset) == Queue.STORE) {
                coverage.store(commands, offset);
            }
        }
        return outputs.stream()
                .filter(output -> !coverage.holds(output))
                .findFirst()
                .orElse(null);
    }

    private void store(long[] commands, int offset) {
        int region = (int) StoreMap.REGION.get(commands, offset);
        BitSet covered = stored.get(region);
        if (covered == null) {
            return;
        }
        long most = words.getOrDefault(region, 0L);
        long length = StoreMap.RUN_WORDS.get(commands, offset);
        for (long row = 0; row < StoreMap.ROWS.get(commands, offset); row++) {
            for (long run = 0; run < StoreMap.RUNS.get(commands, offset) && budget > 0; run++) {
                long first = (StoreMap.OFFSET.get(commands, offset)
                                + row * StoreMap.ROW_PITCH.get(commands, offset)
                                + run * StoreMap.RUN_PITCH.get(commands, offset))
                        / Long.BYTES;
                covered.set((int) Math.min(first, most), (int) Math.min(first + length, most));
                budget -= Math.max(length, 1);
            }
        }
    }

    private boolean holds(TensorLocation output) {
        BitSet covered = stored.getOrDefault(output.region(), new BitSet());
        int blocks = TensorLocation.blocks(output.type(), output.channels());
        for (int y = 0; y < output.height(); y++) {
            long first = output.offset() / Long.BYTES + (long) y * output.blocks() * output.width();
            long end = first + (long) blocks * output.width();
            if (covered.nextClearBit((int) first) < end) {
                return false;
            }
        }
        return true;
    }
}
