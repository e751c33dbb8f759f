// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.stage;

import io.windhover.runtime.compiler.program.CommandFloor;

/**
 * Cycles of commands as the accelerator's page states them; used to choose tilings; floors are {@link CommandFloor}'s.
 */
public final class CostModel {
    public static final int COMMAND_CYCLES = 40;
    public static final int MEMORY_LATENCY_CYCLES = 50;
    /** Refresh takes 30 of every 780 cycles from the memory. */
    private static final double REFRESH = 780.0 / 750.0;

    private CostModel() {}

    public static long transfer(long bytes) {
        long words = bytes / 8;
        return (long) (words * REFRESH);
    }

    /** Balanced tile for this many positions, at most {@code limit}. */
    static int tile(int positions, int limit) {
        int tiles = (positions + limit - 1) / limit;
        return (positions + tiles - 1) / tiles;
    }

    /**
     * Cycles over all tiles of one group: {@code hold} cycles at least per tile and set; the last set passes at
     * {@code postCycles} per position.
     */
    static long group(int positions, int tile, int sets, int hold, int postCycles) {
        int full = positions / tile;
        int rest = positions % tile;
        long cycles = full * tileCycles(tile, sets, hold, postCycles);
        return rest == 0 ? cycles : cycles + tileCycles(rest, sets, hold, postCycles);
    }

    private static long tileCycles(int tile, int sets, int hold, int postCycles) {
        return (sets - 1L) * Math.max(tile, hold) + Math.max(tile * postCycles, hold);
    }
}
