// Generated from hdl/contract/contract.yaml by `./windhover contract`.
// SPDX-License-Identifier: Apache-2.0
package io.windhover.contract;

import java.util.List;

/** Packed NHWC rows to patches, so that a first layer becomes a 1x1 convolution over kernel_height x kernel_width x channels. */
public final class LoadPatch {
    private LoadPatch() {}

    /** What Header.OPCODE says. */
    public static final int OPCODE = 2;
    /** Word of type MapWord. */
    public static final int CHIP_MAP = 1;
    /** Byte offset in the region. */
    public static final Field OFFSET = new Field("offset", 2, 0, 32, false, 1);
    /** Memory region. */
    public static final Field REGION = new Field("region", 2, 32, 4, false, 1);
    /** Read port, which is also the load queue. */
    public static final Field PORT = new Field("port", 2, 36, 1, false, 1);
    /** Output rows. */
    public static final Field ROWS = new Field("rows", 3, 0, 12, false, 1);
    /** Output columns. */
    public static final Field COLUMNS = new Field("columns", 3, 12, 12, false, 1);
    /** Source rows that exist. */
    public static final Field SOURCE_ROWS = new Field("source_rows", 3, 24, 12, false, 1);
    /** Source columns that exist. */
    public static final Field SOURCE_COLUMNS = new Field("source_columns", 3, 36, 12, false, 1);
    /** Bytes from source row to source row. */
    public static final Field ROW_PITCH = new Field("row_pitch", 4, 0, 32, false, 1);
    /** Source channels. */
    public static final Field CHANNELS = new Field("channels", 4, 32, 8, false, 1);
    /** Code of a position outside the source. */
    public static final Field PAD_VALUE = new Field("pad_value", 4, 40, 8, true, 1);
    /** Source row of output row 0 and kernel row 0, negated. */
    public static final Field PAD_TOP = new Field("pad_top", 4, 48, 8, true, 1);
    /** Source column of output column 0 and kernel column 0, negated. */
    public static final Field PAD_LEFT = new Field("pad_left", 4, 56, 8, true, 1);
    /** Kernel rows. */
    public static final Field KERNEL_HEIGHT = new Field("kernel_height", 5, 0, 8, false, 1);
    /** Kernel columns. */
    public static final Field KERNEL_WIDTH = new Field("kernel_width", 5, 8, 8, false, 1);
    /** Source rows between outputs. */
    public static final Field STRIDE_Y = new Field("stride_y", 5, 16, 8, false, 1);
    /** Source columns between outputs. */
    public static final Field STRIDE_X = new Field("stride_x", 5, 24, 8, false, 1);
    /** Invert bit 7 of every source byte (uint8 pixels to int8 codes), not of pad_value. */
    public static final Field FLIP_SIGN = new Field("flip_sign", 5, 32, 1, false, 1);
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
            COLUMNS,
            SOURCE_ROWS,
            SOURCE_COLUMNS,
            ROW_PITCH,
            CHANNELS,
            PAD_VALUE,
            PAD_TOP,
            PAD_LEFT,
            KERNEL_HEIGHT,
            KERNEL_WIDTH,
            STRIDE_Y,
            STRIDE_X,
            FLIP_SIGN);
}
