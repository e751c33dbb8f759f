// Generated from hdl/contract/contract.yaml by `./windhover contract`.
// SPDX-License-Identifier: Apache-2.0
package io.windhover.contract;

import java.util.List;

/** Dense or depthwise convolution of an on-chip int8 map by the int8 array. */
public final class Int8Convolution {
    private Int8Convolution() {}

    /** What Header.OPCODE says. */
    public static final int OPCODE = 6;
    /** Word of type MapWord. */
    public static final int IN_MAP = 1;
    /** Word of type MapWord. */
    public static final int OUT_MAP = 2;
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
    /** Groups of 8 output channels. */
    public static final Field GROUPS = new Field("groups", 4, 44, 12, false, 1);
    /** Positions (pixel pairs) per tile, 1 to TILE_POSITIONS. */
    public static final Field TILE = new Field("tile", 4, 56, 6, false, 1);
    /** First 32-byte word of group 0 in the weight memory. */
    public static final Field WEIGHT_ADDRESS = new Field("weight_address", 5, 0, 20, false, 1);
    /** Group g reads only input block g. */
    public static final Field DEPTHWISE = new Field("depthwise", 5, 20, 1, false, 1);
    /** Pair pixels across row ends (1x1 kernel without padding only). */
    public static final Field FLATTEN = new Field("flatten", 5, 21, 1, false, 1);
    /** One pixel per position instead of a pair. */
    public static final Field SINGLE = new Field("single", 5, 22, 1, false, 1);
    /** Add to the partial sums a keep command left (one group and one tile). */
    public static final Field ACCUMULATE = new Field("accumulate", 5, 23, 1, false, 1);
    /** Leave partial sums in the array instead of writing outputs (one group and one tile). */
    public static final Field KEEP = new Field("keep", 5, 24, 1, false, 1);
    /** What becomes of the sums. */
    public static final Field POST = new Field("post", 5, 25, 2, false, 1);
    /** Pass the requantised codes through the activation table. */
    public static final Field ACTIVATION = new Field("activation", 5, 27, 1, false, 1);
    /** Requantise full 32-bit sums at half rate (needs single, unless post is another). */
    public static final Field WIDE = new Field("wide", 5, 28, 1, false, 1);
    /** Depthwise: a group has one set of weights, which all its windows use (needs single and pad_value 0). */
    public static final Field ONE_SET = new Field("one_set", 5, 29, 1, false, 1);
    /** Code of a position outside the input. */
    public static final Field PAD_VALUE = new Field("pad_value", 5, 32, 8, true, 1);
    /** Depthwise: kernel rows taken in one step, 1 to 3. */
    public static final Field WINDOW_HEIGHT = new Field("window_height", 6, 0, 2, false, 1);
    /** Depthwise: kernel columns taken in one step, 1 to 3. */
    public static final Field WINDOW_WIDTH = new Field("window_width", 6, 2, 2, false, 1);
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
            GROUPS,
            TILE,
            WEIGHT_ADDRESS,
            DEPTHWISE,
            FLATTEN,
            SINGLE,
            ACCUMULATE,
            KEEP,
            POST,
            ACTIVATION,
            WIDE,
            ONE_SET,
            PAD_VALUE,
            ZERO_POINT,
            CLAMP_MIN,
            CLAMP_MAX,
            WINDOW_HEIGHT,
            WINDOW_WIDTH);
}
