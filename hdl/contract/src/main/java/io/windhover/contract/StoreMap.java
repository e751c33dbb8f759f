// Generated from hdl/contract/contract.yaml by `./windhover contract`.
// SPDX-License-Identifier: Apache-2.0
package io.windhover.contract;

import java.util.List;

/** Activation memory to memory, layout [row][block][column][8] on both sides. */
public final class StoreMap {
    private StoreMap() {}

    /** What Header.OPCODE says. */
    public static final int OPCODE = 5;
    /** Word of type MapWord. */
    public static final int CHIP_MAP = 1;
    /** Byte offset in the region. */
    public static final Field OFFSET = new Field("offset", 2, 0, 32, false, 1);
    /** Memory region. */
    public static final Field REGION = new Field("region", 2, 32, 4, false, 1);
    /** Read port, which is also the load queue. */
    public static final Field PORT = new Field("port", 2, 36, 1, false, 1);
    /** Rows to move. */
    public static final Field ROWS = new Field("rows", 3, 0, 12, false, 1);
    /** Channel blocks to move. */
    public static final Field MOVE_BLOCKS = new Field("move_blocks", 3, 12, 12, false, 1);
    /** Columns to move. */
    public static final Field COLUMNS = new Field("columns", 3, 24, 12, false, 1);
    /** First column on chip. */
    public static final Field COLUMN = new Field("column", 3, 36, 12, false, 1);
    /** Bytes from row to row in memory. */
    public static final Field ROW_PITCH = new Field("row_pitch", 4, 0, 32, false, 1);
    /** Bytes from run to run in memory. */
    public static final Field RUN_PITCH = new Field("run_pitch", 4, 32, 32, false, 1);
    /** Contiguous 64-bit words of one run. */
    public static final Field RUN_WORDS = new Field("run_words", 5, 0, 20, false, 1);
    /** Runs of a row: run_words x runs = move_blocks x columns. */
    public static final Field RUNS = new Field("runs", 5, 20, 12, false, 1);
    /** All but the header's, in the order of their bits. */
    public static final List<Field> FIELDS = List.of(
            MapWord.BASE.in("chip_map", CHIP_MAP),
            MapWord.BLOCKS.in("chip_map", CHIP_MAP),
            MapWord.QUADS.in("chip_map", CHIP_MAP),
            MapWord.RING.in("chip_map", CHIP_MAP),
            MapWord.ROW.in("chip_map", CHIP_MAP),
            MapWord.BLOCK.in("chip_map", CHIP_MAP),
            OFFSET,
            REGION,
            PORT,
            ROWS,
            MOVE_BLOCKS,
            COLUMNS,
            COLUMN,
            ROW_PITCH,
            RUN_PITCH,
            RUN_WORDS,
            RUNS);
}
