// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.emission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.contract.Int8Convolution;
import io.windhover.contract.LoadMap;
import io.windhover.contract.LoadPatch;
import io.windhover.contract.LoadWeights;
import io.windhover.contract.Post;
import io.windhover.contract.Queue;
import io.windhover.contract.StoreMap;
import io.windhover.contract.Vector;
import io.windhover.contract.VectorOperation;
import io.windhover.driver.Capabilities;
import io.windhover.runtime.compiler.program.Command;
import io.windhover.runtime.compiler.program.ScheduledCommand;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rates as measured on the RTL: hdl/doc/accelerator.md does not state them. */
class ContentionTest {
    private static final int ROWS = 8;
    private static final int COLUMNS = 112;

    private static Contention of(Command command, Queue queue, long cycles) {
        return Contention.of(
                new ScheduledCommand(command, queue, 0, List.of(), cycles), Capabilities.named("zynq7020"));
    }

    /** Three blocks a set. */
    private static Contention dense(int blocks) {
        Command command = new Command(Int8Convolution.OPCODE)
                .set(Int8Convolution.CHANNEL_BLOCKS, blocks)
                .set(Int8Convolution.GROUPS, 1)
                .set(Int8Convolution.OUT_ROWS, ROWS)
                .set(Int8Convolution.OUT_COLUMNS, COLUMNS)
                .set(Int8Convolution.TILE, 32)
                .set(Int8Convolution.POST, Post.REQUANTISE.ordinal());
        return of(command, Queue.INT8, (long) ROWS * COLUMNS / 2 * blocks / 3);
    }

    private static Contention vector(VectorOperation operation, int kernel) {
        Command command = new Command(Vector.OPCODE)
                .set(Vector.OPERATION, operation.ordinal())
                .set(Vector.OUT_COLUMNS, COLUMNS)
                .set(Vector.KERNEL_HEIGHT, kernel)
                .set(Vector.KERNEL_WIDTH, kernel);
        return of(command, Queue.VECTOR, 1000);
    }

    private static Command move(int opcode) {
        return new Command(opcode)
                .set(LoadMap.ROWS, ROWS)
                .set(LoadMap.MOVE_BLOCKS, 1)
                .set(LoadMap.COLUMNS, COLUMNS);
    }

    @Test
    void a_store_takes_a_row_bank_from_int8_in_every_fourth_cycle() {
        Contention store = of(move(StoreMap.OPCODE), Queue.STORE, (long) ROWS * COLUMNS);
        assertEquals(1 - 0.25 * 0.75, dense(3).rateBeside(store), 1e-9);
        assertEquals(1, store.rateBeside(dense(3)));
    }

    @Test
    void a_load_meets_the_pairs_that_int8_writes() {
        Contention map = of(move(LoadMap.OPCODE), Queue.LOAD0, (long) ROWS * COLUMNS);
        assertEquals(1 / 1.25, dense(3).rateBeside(map), 1e-9);
        assertEquals(1 / 1.125, dense(6).rateBeside(map), 1e-9);
        Command patches = new Command(LoadPatch.OPCODE)
                .set(LoadPatch.ROWS, ROWS)
                .set(LoadPatch.COLUMNS, COLUMNS)
                .set(LoadPatch.CHANNELS, 3)
                .set(LoadPatch.KERNEL_HEIGHT, 3)
                .set(LoadPatch.KERNEL_WIDTH, 3);
        Contention two = of(patches, Queue.LOAD0, 3L * ROWS * COLUMNS);
        assertEquals(1 / 1.5, dense(3).rateBeside(two), 1e-9);
    }

    @Test
    void a_load_of_weights_slows_nobody() {
        Contention weights = of(new Command(LoadWeights.OPCODE), Queue.LOAD1, 1000);
        assertEquals(1, dense(3).rateBeside(weights));
        assertEquals(1, vector(VectorOperation.ADD, 1).rateBeside(weights));
    }

    @Test
    void vector_waits_while_int8_finishes_a_tile() {
        double addition = vector(VectorOperation.ADD, 1).rateBeside(dense(6));
        double average = vector(VectorOperation.AVERAGE_POOL, 3).rateBeside(dense(6));
        double global = vector(VectorOperation.AVERAGE_POOL, 7).rateBeside(dense(6));
        assertTrue(addition < average && average < global, addition + ", " + average + ", " + global);
        assertEquals(1 - 0.5 * (1 - 2 / 64.0), addition, 1e-9);
    }
}
