// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.profile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.windhover.runtime.profile.LayerCycles.Run;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayerCyclesTest {
    private static Run load(int layer, long start, long end) {
        return new Run(layer, false, start, end);
    }

    private static Run compute(int layer, long start, long end) {
        return new Run(layer, true, start, end);
    }

    @Test
    void a_layer_takes_the_cycles_in_which_one_of_its_commands_runs() {
        LayerCycles times = new LayerCycles(1, List.of(load(0, 10, 30), compute(0, 25, 40), compute(0, 100, 105)), 110);
        assertEquals(35, times.cycles(0));
        assertArrayEquals(new long[] {110}, times.shares());
    }

    @Test
    void a_load_behind_another_layers_computing_costs_its_layer_nothing() {
        LayerCycles times =
                new LayerCycles(2, List.of(compute(0, 0, 100), load(1, 20, 120), compute(1, 120, 150)), 150);
        assertEquals(100, times.cycles(0));
        assertEquals(130, times.cycles(1));
        assertArrayEquals(new long[] {100, 50}, times.shares());
        assertArrayEquals(new long[] {0, 20}, times.stalls());
    }

    @Test
    void layers_that_compute_together_share_alike_and_shares_add_up() {
        LayerCycles times = new LayerCycles(3, List.of(compute(0, 0, 7), compute(1, 0, 7), compute(2, 0, 7)), 7);
        long[] shares = times.shares();
        assertEquals(7, shares[0] + shares[1] + shares[2]);
        assertArrayEquals(new long[] {2, 3, 2}, shares);
    }

    @Test
    void a_cycle_without_a_command_belongs_to_the_next_one_and_the_end_to_the_last() {
        LayerCycles times = new LayerCycles(2, List.of(compute(0, 5, 10), compute(1, 20, 30)), 34);
        assertArrayEquals(new long[] {10, 24}, times.shares());
        assertArrayEquals(new long[] {5, 14}, times.stalls());
    }
}
