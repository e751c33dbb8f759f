// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StridesTest {
    @Test
    void a_dense_map_moves_in_one_run() {
        Strides dense = Strides.dense(6, 3);
        assertEquals(8 * (1 * 18 + 2 * 6 + 5), dense.at(1, 2, 5));
        assertEquals(List.of(new Strides.Run(0, 3, 18, 1, 0)), dense.runs(3, 6));
    }

    @Test
    void some_columns_of_a_dense_map_move_in_a_run_for_each_block() {
        assertEquals(
                List.of(new Strides.Run(0, 3, 4, 3, 8 * 6)), Strides.dense(6, 3).runs(3, 4));
    }

    @Test
    void columns_apart_move_word_by_word() {
        Strides apart = new Strides(0, 1000, 8, 24);
        assertEquals(List.of(new Strides.Run(0, 1, 1, 5, 24), new Strides.Run(1, 1, 1, 5, 24)), apart.runs(2, 5));
    }

    @Test
    void a_part_takes_every_so_many_rows_and_columns() {
        Strides part = Strides.dense(6, 1).part(1, 2, 0, 3, 2);
        assertEquals(8 * (1 * 6 + 3), part.at(0, 0, 0));
        assertEquals(8 * (5 * 6 + 5), part.at(2, 0, 1));
    }

    @Test
    void overlapping_pairs_of_columns_move_in_runs_of_two_words() {
        Strides pairs = Strides.dense(6, 3).together(2);
        assertEquals(8 * (1 * 18 + 2 * 6 + 2 + 1), pairs.at(1, 2, 5));
        assertEquals(List.of(new Strides.Run(0, 3, 2, 18, 8)), pairs.runs(3, 12));
        assertEquals(8 * (18 + 1), pairs.span(1, 3, 12));
    }

    /** The runs of a row name each of its words once, whatever the distances are. */
    @Test
    void runs_cover_every_word_once() {
        long seed = 9;
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            int blocks = 1 + random.nextInt(4);
            int columns = 1 + random.nextInt(6);
            long column = 8L * (1 + random.nextInt(3));
            long block = random.nextBoolean() ? columns * column : columns * column + 8L * random.nextInt(3);
            Strides strides = new Strides(0, 100_000, block, column);
            BitSet words = new BitSet();
            for (Strides.Run run : strides.runs(blocks, columns)) {
                for (long r = 0; r < run.runs(); r++) {
                    for (long w = 0; w < run.runWords(); w++) {
                        int byteAt = (int) (strides.at(0, run.firstBlock(), 0) + r * run.runPitch() + 8 * w);
                        assertTrue(!words.get(byteAt / 8), "seed " + seed + ": twice " + byteAt + " of " + strides);
                        words.set(byteAt / 8);
                    }
                }
            }
            assertEquals(blocks * columns, words.cardinality(), "seed " + seed + ": " + strides);
            assertEquals(8L * words.length(), strides.span(1, blocks, columns), "seed " + seed + ": " + strides);
        }
    }
}
