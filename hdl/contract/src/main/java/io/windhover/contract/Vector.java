// Generated from hdl/contract/contract.yaml by `./windhover contract`.
// SPDX-License-Identifier: Apache-2.0
package io.windhover.contract;

import java.util.List;

/** Pooling and element-wise operators on on-chip maps. */
public final class Vector {
    private Vector() {}

    /** What Header.OPCODE says. */
    public static final int OPCODE = 8;
    /** Word of type MapWord. */
    public static final int IN_MAP = 1;
    /** Word of type MapWord. */
    public static final int OUT_MAP = 2;
    /** Word of type MapWord. */
    public static final int B_MAP = 6;
    /** Rows of the input that exist; outside is padding. */
    public static final Field IN_ROWS = new Field("in_rows", 3, 0, 12, false, 1);
    /** Columns of the input that exist; outside is padding. */
    public static final Field IN_COLUMNS = new Field("in_columns", 3, 12, 12, false, 1);
    /** Rows to compute. */
    public static final Field OUT_ROWS = new Field("out_rows", 3, 24, 12, false, 1);
    /** Columns to compute. */
    public static final Field OUT_COLUMNS = new Field("out_columns", 3, 36, 12, false, 1);
    /** Input row of output row 0 and kernel row 0, negated. */
    public static final Field PAD_TOP = new Field("pad_top", 3, 48, 8, true, 1);
    /** Input column of output column 0 and kernel column 0, negated. */
    public static final Field PAD_LEFT = new Field("pad_left", 3, 56, 8, true, 1);
    /** Kernel rows. */
    public static final Field KERNEL_HEIGHT = new Field("kernel_height", 4, 0, 8, false, 1);
    /** Kernel columns. */
    public static final Field KERNEL_WIDTH = new Field("kernel_width", 4, 8, 8, false, 1);
    /** Rows between outputs. */
    public static final Field STRIDE_Y = new Field("stride_y", 4, 16, 4, false, 1);
    /** Columns between outputs. */
    public static final Field STRIDE_X = new Field("stride_x", 4, 20, 4, false, 1);
    /** Rows between kernel taps. */
    public static final Field DILATION_Y = new Field("dilation_y", 4, 24, 4, false, 1);
    /** Columns between kernel taps. */
    public static final Field DILATION_X = new Field("dilation_x", 4, 28, 4, false, 1);
    /** Input blocks reduced over or (VECTOR) processed; for XNOR_CONVOLUTION blocks of 64 bits. */
    public static final Field CHANNEL_BLOCKS = new Field("channel_blocks", 4, 32, 12, false, 1);
    /** Output zero point. */
    public static final Field ZERO_POINT = new Field("zero_point", 5, 40, 8, true, 1);
    /** Least output code. */
    public static final Field CLAMP_MIN = new Field("clamp_min", 5, 48, 8, true, 1);
    /** Greatest output code. */
    public static final Field CLAMP_MAX = new Field("clamp_max", 5, 56, 8, true, 1);
    /** Which operator. */
    public static final Field OPERATION = new Field("operation", 4, 56, 4, false, 1);
    /** Output multiplier. */
    public static final Field MULTIPLIER = new Field("multiplier", 5, 0, 32, true, 1);
    /** Output shift: positive is left. */
    public static final Field SHIFT = new Field("shift", 5, 32, 8, true, 1);
    /** Zero point of the input. */
    public static final Field A_ZERO = new Field("a_zero", 7, 0, 8, true, 1);
    /** Zero point of operand B. */
    public static final Field B_ZERO = new Field("b_zero", 7, 8, 8, true, 1);
    /** Operand B has one position. */
    public static final Field B_BROADCAST = new Field("b_broadcast", 7, 16, 1, false, 1);
    /** All but the header's, in the order of their bits. */
    public static final List<Field> FIELDS = List.of(
            MapWord.BASE.in("in_map", IN_MAP),
            MapWord.BLOCKS.in("in_map", IN_MAP),
            MapWord.QUADS.in("in_map", IN_MAP),
            MapWord.RING.in("in_map", IN_MAP),
            MapWord.ROW.in("in_map", IN_MAP),
            MapWord.BLOCK.in("in_map", IN_MAP),
            MapWord.BASE.in("out_map", OUT_MAP),
            MapWord.BLOCKS.in("out_map", OUT_MAP),
            MapWord.QUADS.in("out_map", OUT_MAP),
            MapWord.RING.in("out_map", OUT_MAP),
            MapWord.ROW.in("out_map", OUT_MAP),
            MapWord.BLOCK.in("out_map", OUT_MAP),
            IN_ROWS,
            IN_COLUMNS,
            OUT_ROWS,
            OUT_COLUMNS,
            PAD_TOP,
            PAD_LEFT,
            KERNEL_HEIGHT,
            KERNEL_WIDTH,
            STRIDE_Y,
            STRIDE_X,
            DILATION_Y,
            DILATION_X,
            CHANNEL_BLOCKS,
            OPERATION,
            MULTIPLIER,
            SHIFT,
            ZERO_POINT,
            CLAMP_MIN,
            CLAMP_MAX,
            MapWord.BASE.in("b_map", B_MAP),
            MapWord.BLOCKS.in("b_map", B_MAP),
            MapWord.QUADS.in("b_map", B_MAP),
            MapWord.RING.in("b_map", B_MAP),
            MapWord.ROW.in("b_map", B_MAP),
            MapWord.BLOCK.in("b_map", B_MAP),
            A_ZERO,
            B_ZERO,
            B_BROADCAST);
}
