// Generated from hdl/contract/contract.yaml by `./windhover contract`.
// SPDX-License-Identifier: Apache-2.0
package io.windhover.driver.contract;

/** Fields of every command: where each lies in the command's eight 64-bit words. */
public final class Fields {
    private Fields() {}

    /** Bits {@code [lsb, lsb + width)} of word {@code word}; {@code signed} is two's complement. */
    public record Field(String name, int word, int lsb, int width, boolean signed) {}

    /** Memory to activation memory, layout [row][block][column][8] on both sides. */
    public static final class LoadMap {
        private LoadMap() {}

        public static final int CODE = 1;
        /** Which command. */
        public static final Field OPCODE = new Field("opcode", 0, 0, 4, false);
        /** Append a trace entry when this command completes. */
        public static final Field TRACE = new Field("trace", 0, 4, 1, false);
        /** No on-chip data is live after this command (reserved, no effect yet). */
        public static final Field PREEMPTIBLE = new Field("preemptible", 0, 5, 1, false);
        /** Layer number written to the trace entry. */
        public static final Field LAYER = new Field("layer", 0, 6, 10, false);
        /** Tokens to take from LOAD0 before starting. */
        public static final Field WAIT_LOAD0 = new Field("wait_load0", 0, 16, 4, false);
        /** Tokens to take from LOAD1 before starting. */
        public static final Field WAIT_LOAD1 = new Field("wait_load1", 0, 20, 4, false);
        /** Tokens to take from INT8 before starting. */
        public static final Field WAIT_INT8 = new Field("wait_int8", 0, 24, 4, false);
        /** Tokens to take from XNOR before starting. */
        public static final Field WAIT_XNOR = new Field("wait_xnor", 0, 28, 4, false);
        /** Tokens to take from VECTOR before starting. */
        public static final Field WAIT_VECTOR = new Field("wait_vector", 0, 32, 4, false);
        /** Tokens to take from STORE before starting. */
        public static final Field WAIT_STORE = new Field("wait_store", 0, 36, 4, false);
        /** Tokens to give LOAD0 when complete. */
        public static final Field SIGNAL_LOAD0 = new Field("signal_load0", 0, 40, 4, false);
        /** Tokens to give LOAD1 when complete. */
        public static final Field SIGNAL_LOAD1 = new Field("signal_load1", 0, 44, 4, false);
        /** Tokens to give INT8 when complete. */
        public static final Field SIGNAL_INT8 = new Field("signal_int8", 0, 48, 4, false);
        /** Tokens to give XNOR when complete. */
        public static final Field SIGNAL_XNOR = new Field("signal_xnor", 0, 52, 4, false);
        /** Tokens to give VECTOR when complete. */
        public static final Field SIGNAL_VECTOR = new Field("signal_vector", 0, 56, 4, false);
        /** Tokens to give STORE when complete. */
        public static final Field SIGNAL_STORE = new Field("signal_store", 0, 60, 4, false);
        /** First word in every bank. */
        public static final Field MAP_BASE = new Field("map_base", 1, 0, 13, false);
        /** Channel blocks of the whole map. */
        public static final Field MAP_BLOCKS = new Field("map_blocks", 1, 13, 12, false);
        /** Words of one row and block in a bank: ceil(columns / 4). */
        public static final Field MAP_QUADS = new Field("map_quads", 1, 25, 9, false);
        /** Groups of 4 rows kept: the ring's modulus is 4 x ring rows. */
        public static final Field MAP_RING = new Field("map_ring", 1, 34, 8, false);
        /** Physical row of the command's row 0. */
        public static final Field MAP_ROW = new Field("map_row", 1, 42, 10, false);
        /** Channel block of the command's block 0. */
        public static final Field MAP_BLOCK = new Field("map_block", 1, 52, 12, false);
        /** Byte offset in the region. */
        public static final Field OFFSET = new Field("offset", 2, 0, 32, false);
        /** Memory region. */
        public static final Field REGION = new Field("region", 2, 32, 4, false);
        /** Read port, which is also the load queue. */
        public static final Field PORT = new Field("port", 2, 36, 1, false);
        /** Rows to move. */
        public static final Field ROWS = new Field("rows", 3, 0, 12, false);
        /** Channel blocks to move. */
        public static final Field MOVE_BLOCKS = new Field("move_blocks", 3, 12, 12, false);
        /** Columns to move. */
        public static final Field COLUMNS = new Field("columns", 3, 24, 12, false);
        /** First column on chip. */
        public static final Field COLUMN = new Field("column", 3, 36, 12, false);
        /** Bytes from row to row in memory. */
        public static final Field ROW_PITCH = new Field("row_pitch", 4, 0, 32, false);
        /** Bytes from run to run in memory. */
        public static final Field RUN_PITCH = new Field("run_pitch", 4, 32, 32, false);
        /** Contiguous 64-bit words of one run. */
        public static final Field RUN_WORDS = new Field("run_words", 5, 0, 20, false);
        /** Runs of a row: run_words x runs = move_blocks x columns. */
        public static final Field RUNS = new Field("runs", 5, 20, 12, false);
        public static final java.util.List<Field> ALL = java.util.List.of(
                OPCODE,
                TRACE,
                PREEMPTIBLE,
                LAYER,
                WAIT_LOAD0,
                WAIT_LOAD1,
                WAIT_INT8,
                WAIT_XNOR,
                WAIT_VECTOR,
                WAIT_STORE,
                SIGNAL_LOAD0,
                SIGNAL_LOAD1,
                SIGNAL_INT8,
                SIGNAL_XNOR,
                SIGNAL_VECTOR,
                SIGNAL_STORE,
                MAP_BASE,
                MAP_BLOCKS,
                MAP_QUADS,
                MAP_RING,
                MAP_ROW,
                MAP_BLOCK,
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

    /** Packed NHWC rows to patches, so that a first layer becomes a 1x1 convolution over kernel_height x kernel_width x channels. */
    public static final class LoadPatch {
        private LoadPatch() {}

        public static final int CODE = 2;
        /** Which command. */
        public static final Field OPCODE = new Field("opcode", 0, 0, 4, false);
        /** Append a trace entry when this command completes. */
        public static final Field TRACE = new Field("trace", 0, 4, 1, false);
        /** No on-chip data is live after this command (reserved, no effect yet). */
        public static final Field PREEMPTIBLE = new Field("preemptible", 0, 5, 1, false);
        /** Layer number written to the trace entry. */
        public static final Field LAYER = new Field("layer", 0, 6, 10, false);
        /** Tokens to take from LOAD0 before starting. */
        public static final Field WAIT_LOAD0 = new Field("wait_load0", 0, 16, 4, false);
        /** Tokens to take from LOAD1 before starting. */
        public static final Field WAIT_LOAD1 = new Field("wait_load1", 0, 20, 4, false);
        /** Tokens to take from INT8 before starting. */
        public static final Field WAIT_INT8 = new Field("wait_int8", 0, 24, 4, false);
        /** Tokens to take from XNOR before starting. */
        public static final Field WAIT_XNOR = new Field("wait_xnor", 0, 28, 4, false);
        /** Tokens to take from VECTOR before starting. */
        public static final Field WAIT_VECTOR = new Field("wait_vector", 0, 32, 4, false);
        /** Tokens to take from STORE before starting. */
        public static final Field WAIT_STORE = new Field("wait_store", 0, 36, 4, false);
        /** Tokens to give LOAD0 when complete. */
        public static final Field SIGNAL_LOAD0 = new Field("signal_load0", 0, 40, 4, false);
        /** Tokens to give LOAD1 when complete. */
        public static final Field SIGNAL_LOAD1 = new Field("signal_load1", 0, 44, 4, false);
        /** Tokens to give INT8 when complete. */
        public static final Field SIGNAL_INT8 = new Field("signal_int8", 0, 48, 4, false);
        /** Tokens to give XNOR when complete. */
        public static final Field SIGNAL_XNOR = new Field("signal_xnor", 0, 52, 4, false);
        /** Tokens to give VECTOR when complete. */
        public static final Field SIGNAL_VECTOR = new Field("signal_vector", 0, 56, 4, false);
        /** Tokens to give STORE when complete. */
        public static final Field SIGNAL_STORE = new Field("signal_store", 0, 60, 4, false);
        /** First word in every bank. */
        public static final Field MAP_BASE = new Field("map_base", 1, 0, 13, false);
        /** Channel blocks of the whole map. */
        public static final Field MAP_BLOCKS = new Field("map_blocks", 1, 13, 12, false);
        /** Words of one row and block in a bank: ceil(columns / 4). */
        public static final Field MAP_QUADS = new Field("map_quads", 1, 25, 9, false);
        /** Groups of 4 rows kept: the ring's modulus is 4 x ring rows. */
        public static final Field MAP_RING = new Field("map_ring", 1, 34, 8, false);
        /** Physical row of the command's row 0. */
        public static final Field MAP_ROW = new Field("map_row", 1, 42, 10, false);
        /** Channel block of the command's block 0. */
        public static final Field MAP_BLOCK = new Field("map_block", 1, 52, 12, false);
        /** Byte offset in the region. */
        public static final Field OFFSET = new Field("offset", 2, 0, 32, false);
        /** Memory region. */
        public static final Field REGION = new Field("region", 2, 32, 4, false);
        /** Read port, which is also the load queue. */
        public static final Field PORT = new Field("port", 2, 36, 1, false);
        /** Output rows. */
        public static final Field ROWS = new Field("rows", 3, 0, 12, false);
        /** Output columns. */
        public static final Field COLUMNS = new Field("columns", 3, 12, 12, false);
        /** Source rows that exist. */
        public static final Field SOURCE_ROWS = new Field("source_rows", 3, 24, 12, false);
        /** Source columns that exist. */
        public static final Field SOURCE_COLUMNS = new Field("source_columns", 3, 36, 12, false);
        /** Bytes from source row to source row. */
        public static final Field ROW_PITCH = new Field("row_pitch", 4, 0, 32, false);
        /** Source channels. */
        public static final Field CHANNELS = new Field("channels", 4, 32, 8, false);
        /** Code of a position outside the source. */
        public static final Field PAD_VALUE = new Field("pad_value", 4, 40, 8, true);
        /** Source row of output row 0 and kernel row 0, negated. */
        public static final Field PAD_TOP = new Field("pad_top", 4, 48, 8, true);
        /** Source column of output column 0 and kernel column 0, negated. */
        public static final Field PAD_LEFT = new Field("pad_left", 4, 56, 8, true);
        /** Kernel rows. */
        public static final Field KERNEL_HEIGHT = new Field("kernel_height", 5, 0, 8, false);
        /** Kernel columns. */
        public static final Field KERNEL_WIDTH = new Field("kernel_width", 5, 8, 8, false);
        /** Source rows between outputs. */
        public static final Field STRIDE_Y = new Field("stride_y", 5, 16, 8, false);
        /** Source columns between outputs. */
        public static final Field STRIDE_X = new Field("stride_x", 5, 24, 8, false);
        /** Invert bit 7 of every source byte (uint8 pixels to int8 codes), not of pad_value. */
        public static final Field FLIP_SIGN = new Field("flip_sign", 5, 32, 1, false);
        public static final java.util.List<Field> ALL = java.util.List.of(
                OPCODE,
                TRACE,
                PREEMPTIBLE,
                LAYER,
                WAIT_LOAD0,
                WAIT_LOAD1,
                WAIT_INT8,
                WAIT_XNOR,
                WAIT_VECTOR,
                WAIT_STORE,
                SIGNAL_LOAD0,
                SIGNAL_LOAD1,
                SIGNAL_INT8,
                SIGNAL_XNOR,
                SIGNAL_VECTOR,
                SIGNAL_STORE,
                MAP_BASE,
                MAP_BLOCKS,
                MAP_QUADS,
                MAP_RING,
                MAP_ROW,
                MAP_BLOCK,
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

    /** Memory to weight memory. */
    public static final class LoadWeights {
        private LoadWeights() {}

        public static final int CODE = 3;
        /** Which command. */
        public static final Field OPCODE = new Field("opcode", 0, 0, 4, false);
        /** Append a trace entry when this command completes. */
        public static final Field TRACE = new Field("trace", 0, 4, 1, false);
        /** No on-chip data is live after this command (reserved, no effect yet). */
        public static final Field PREEMPTIBLE = new Field("preemptible", 0, 5, 1, false);
        /** Layer number written to the trace entry. */
        public static final Field LAYER = new Field("layer", 0, 6, 10, false);
        /** Tokens to take from LOAD0 before starting. */
        public static final Field WAIT_LOAD0 = new Field("wait_load0", 0, 16, 4, false);
        /** Tokens to take from LOAD1 before starting. */
        public static final Field WAIT_LOAD1 = new Field("wait_load1", 0, 20, 4, false);
        /** Tokens to take from INT8 before starting. */
        public static final Field WAIT_INT8 = new Field("wait_int8", 0, 24, 4, false);
        /** Tokens to take from XNOR before starting. */
        public static final Field WAIT_XNOR = new Field("wait_xnor", 0, 28, 4, false);
        /** Tokens to take from VECTOR before starting. */
        public static final Field WAIT_VECTOR = new Field("wait_vector", 0, 32, 4, false);
        /** Tokens to take from STORE before starting. */
        public static final Field WAIT_STORE = new Field("wait_store", 0, 36, 4, false);
        /** Tokens to give LOAD0 when complete. */
        public static final Field SIGNAL_LOAD0 = new Field("signal_load0", 0, 40, 4, false);
        /** Tokens to give LOAD1 when complete. */
        public static final Field SIGNAL_LOAD1 = new Field("signal_load1", 0, 44, 4, false);
        /** Tokens to give INT8 when complete. */
        public static final Field SIGNAL_INT8 = new Field("signal_int8", 0, 48, 4, false);
        /** Tokens to give XNOR when complete. */
        public static final Field SIGNAL_XNOR = new Field("signal_xnor", 0, 52, 4, false);
        /** Tokens to give VECTOR when complete. */
        public static final Field SIGNAL_VECTOR = new Field("signal_vector", 0, 56, 4, false);
        /** Tokens to give STORE when complete. */
        public static final Field SIGNAL_STORE = new Field("signal_store", 0, 60, 4, false);
        /** Byte offset in the region. */
        public static final Field OFFSET = new Field("offset", 2, 0, 32, false);
        /** Memory region. */
        public static final Field REGION = new Field("region", 2, 32, 4, false);
        /** Read port, which is also the load queue. */
        public static final Field PORT = new Field("port", 2, 36, 1, false);
        /** First 32-byte word in the weight memory. */
        public static final Field ADDRESS = new Field("address", 1, 0, 20, false);
        /** How the bytes in memory are encoded. */
        public static final Field CODEC = new Field("codec", 1, 20, 4, false);
        /** Bytes to write, a multiple of 32. */
        public static final Field DECODED_BYTES = new Field("decoded_bytes", 3, 0, 32, false);
        /** Bytes to read, a multiple of 8; equal to decoded_bytes when codec is RAW. */
        public static final Field ENCODED_BYTES = new Field("encoded_bytes", 3, 32, 32, false);
        public static final java.util.List<Field> ALL = java.util.List.of(
                OPCODE,
                TRACE,
                PREEMPTIBLE,
                LAYER,
                WAIT_LOAD0,
                WAIT_LOAD1,
                WAIT_INT8,
                WAIT_XNOR,
                WAIT_VECTOR,
                WAIT_STORE,
                SIGNAL_LOAD0,
                SIGNAL_LOAD1,
                SIGNAL_INT8,
                SIGNAL_XNOR,
                SIGNAL_VECTOR,
                SIGNAL_STORE,
                OFFSET,
                REGION,
                PORT,
                ADDRESS,
                CODEC,
                DECODED_BYTES,
                ENCODED_BYTES);
    }

    /** Memory to a lookup table. */
    public static final class LoadTable {
        private LoadTable() {}

        public static final int CODE = 4;
        /** Which command. */
        public static final Field OPCODE = new Field("opcode", 0, 0, 4, false);
        /** Append a trace entry when this command completes. */
        public static final Field TRACE = new Field("trace", 0, 4, 1, false);
        /** No on-chip data is live after this command (reserved, no effect yet). */
        public static final Field PREEMPTIBLE = new Field("preemptible", 0, 5, 1, false);
        /** Layer number written to the trace entry. */
        public static final Field LAYER = new Field("layer", 0, 6, 10, false);
        /** Tokens to take from LOAD0 before starting. */
        public static final Field WAIT_LOAD0 = new Field("wait_load0", 0, 16, 4, false);
        /** Tokens to take from LOAD1 before starting. */
        public static final Field WAIT_LOAD1 = new Field("wait_load1", 0, 20, 4, false);
        /** Tokens to take from INT8 before starting. */
        public static final Field WAIT_INT8 = new Field("wait_int8", 0, 24, 4, false);
        /** Tokens to take from XNOR before starting. */
        public static final Field WAIT_XNOR = new Field("wait_xnor", 0, 28, 4, false);
        /** Tokens to take from VECTOR before starting. */
        public static final Field WAIT_VECTOR = new Field("wait_vector", 0, 32, 4, false);
        /** Tokens to take from STORE before starting. */
        public static final Field WAIT_STORE = new Field("wait_store", 0, 36, 4, false);
        /** Tokens to give LOAD0 when complete. */
        public static final Field SIGNAL_LOAD0 = new Field("signal_load0", 0, 40, 4, false);
        /** Tokens to give LOAD1 when complete. */
        public static final Field SIGNAL_LOAD1 = new Field("signal_load1", 0, 44, 4, false);
        /** Tokens to give INT8 when complete. */
        public static final Field SIGNAL_INT8 = new Field("signal_int8", 0, 48, 4, false);
        /** Tokens to give XNOR when complete. */
        public static final Field SIGNAL_XNOR = new Field("signal_xnor", 0, 52, 4, false);
        /** Tokens to give VECTOR when complete. */
        public static final Field SIGNAL_VECTOR = new Field("signal_vector", 0, 56, 4, false);
        /** Tokens to give STORE when complete. */
        public static final Field SIGNAL_STORE = new Field("signal_store", 0, 60, 4, false);
        /** Byte offset in the region. */
        public static final Field OFFSET = new Field("offset", 2, 0, 32, false);
        /** Memory region. */
        public static final Field REGION = new Field("region", 2, 32, 4, false);
        /** Read port, which is also the load queue. */
        public static final Field PORT = new Field("port", 2, 36, 1, false);
        /** Which table. */
        public static final Field TARGET = new Field("target", 1, 0, 4, false);
        public static final java.util.List<Field> ALL = java.util.List.of(
                OPCODE,
                TRACE,
                PREEMPTIBLE,
                LAYER,
                WAIT_LOAD0,
                WAIT_LOAD1,
                WAIT_INT8,
                WAIT_XNOR,
                WAIT_VECTOR,
                WAIT_STORE,
                SIGNAL_LOAD0,
                SIGNAL_LOAD1,
                SIGNAL_INT8,
                SIGNAL_XNOR,
                SIGNAL_VECTOR,
                SIGNAL_STORE,
                OFFSET,
                REGION,
                PORT,
                TARGET);
    }

    /** Activation memory to memory, layout [row][block][column][8] on both sides. */
    public static final class StoreMap {
        private StoreMap() {}

        public static final int CODE = 5;
        /** Which command. */
        public static final Field OPCODE = new Field("opcode", 0, 0, 4, false);
        /** Append a trace entry when this command completes. */
        public static final Field TRACE = new Field("trace", 0, 4, 1, false);
        /** No on-chip data is live after this command (reserved, no effect yet). */
        public static final Field PREEMPTIBLE = new Field("preemptible", 0, 5, 1, false);
        /** Layer number written to the trace entry. */
        public static final Field LAYER = new Field("layer", 0, 6, 10, false);
        /** Tokens to take from LOAD0 before starting. */
        public static final Field WAIT_LOAD0 = new Field("wait_load0", 0, 16, 4, false);
        /** Tokens to take from LOAD1 before starting. */
        public static final Field WAIT_LOAD1 = new Field("wait_load1", 0, 20, 4, false);
        /** Tokens to take from INT8 before starting. */
        public static final Field WAIT_INT8 = new Field("wait_int8", 0, 24, 4, false);
        /** Tokens to take from XNOR before starting. */
        public static final Field WAIT_XNOR = new Field("wait_xnor", 0, 28, 4, false);
        /** Tokens to take from VECTOR before starting. */
        public static final Field WAIT_VECTOR = new Field("wait_vector", 0, 32, 4, false);
        /** Tokens to take from STORE before starting. */
        public static final Field WAIT_STORE = new Field("wait_store", 0, 36, 4, false);
        /** Tokens to give LOAD0 when complete. */
        public static final Field SIGNAL_LOAD0 = new Field("signal_load0", 0, 40, 4, false);
        /** Tokens to give LOAD1 when complete. */
        public static final Field SIGNAL_LOAD1 = new Field("signal_load1", 0, 44, 4, false);
        /** Tokens to give INT8 when complete. */
        public static final Field SIGNAL_INT8 = new Field("signal_int8", 0, 48, 4, false);
        /** Tokens to give XNOR when complete. */
        public static final Field SIGNAL_XNOR = new Field("signal_xnor", 0, 52, 4, false);
        /** Tokens to give VECTOR when complete. */
        public static final Field SIGNAL_VECTOR = new Field("signal_vector", 0, 56, 4, false);
        /** Tokens to give STORE when complete. */
        public static final Field SIGNAL_STORE = new Field("signal_store", 0, 60, 4, false);
        /** First word in every bank. */
        public static final Field MAP_BASE = new Field("map_base", 1, 0, 13, false);
        /** Channel blocks of the whole map. */
        public static final Field MAP_BLOCKS = new Field("map_blocks", 1, 13, 12, false);
        /** Words of one row and block in a bank: ceil(columns / 4). */
        public static final Field MAP_QUADS = new Field("map_quads", 1, 25, 9, false);
        /** Groups of 4 rows kept: the ring's modulus is 4 x ring rows. */
        public static final Field MAP_RING = new Field("map_ring", 1, 34, 8, false);
        /** Physical row of the command's row 0. */
        public static final Field MAP_ROW = new Field("map_row", 1, 42, 10, false);
        /** Channel block of the command's block 0. */
        public static final Field MAP_BLOCK = new Field("map_block", 1, 52, 12, false);
        /** Byte offset in the region. */
        public static final Field OFFSET = new Field("offset", 2, 0, 32, false);
        /** Memory region. */
        public static final Field REGION = new Field("region", 2, 32, 4, false);
        /** Read port, which is also the load queue. */
        public static final Field PORT = new Field("port", 2, 36, 1, false);
        /** Rows to move. */
        public static final Field ROWS = new Field("rows", 3, 0, 12, false);
        /** Channel blocks to move. */
        public static final Field MOVE_BLOCKS = new Field("move_blocks", 3, 12, 12, false);
        /** Columns to move. */
        public static final Field COLUMNS = new Field("columns", 3, 24, 12, false);
        /** First column on chip. */
        public static final Field COLUMN = new Field("column", 3, 36, 12, false);
        /** Bytes from row to row in memory. */
        public static final Field ROW_PITCH = new Field("row_pitch", 4, 0, 32, false);
        /** Bytes from run to run in memory. */
        public static final Field RUN_PITCH = new Field("run_pitch", 4, 32, 32, false);
        /** Contiguous 64-bit words of one run. */
        public static final Field RUN_WORDS = new Field("run_words", 5, 0, 20, false);
        /** Runs of a row: run_words x runs = move_blocks x columns. */
        public static final Field RUNS = new Field("runs", 5, 20, 12, false);
        public static final java.util.List<Field> ALL = java.util.List.of(
                OPCODE,
                TRACE,
                PREEMPTIBLE,
                LAYER,
                WAIT_LOAD0,
                WAIT_LOAD1,
                WAIT_INT8,
                WAIT_XNOR,
                WAIT_VECTOR,
                WAIT_STORE,
                SIGNAL_LOAD0,
                SIGNAL_LOAD1,
                SIGNAL_INT8,
                SIGNAL_XNOR,
                SIGNAL_VECTOR,
                SIGNAL_STORE,
                MAP_BASE,
                MAP_BLOCKS,
                MAP_QUADS,
                MAP_RING,
                MAP_ROW,
                MAP_BLOCK,
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

    /** Dense or depthwise convolution of an on-chip int8 map by the int8 array. */
    public static final class Int8Convolution {
        private Int8Convolution() {}

        public static final int CODE = 6;
        /** Which command. */
        public static final Field OPCODE = new Field("opcode", 0, 0, 4, false);
        /** Append a trace entry when this command completes. */
        public static final Field TRACE = new Field("trace", 0, 4, 1, false);
        /** No on-chip data is live after this command (reserved, no effect yet). */
        public static final Field PREEMPTIBLE = new Field("preemptible", 0, 5, 1, false);
        /** Layer number written to the trace entry. */
        public static final Field LAYER = new Field("layer", 0, 6, 10, false);
        /** Tokens to take from LOAD0 before starting. */
        public static final Field WAIT_LOAD0 = new Field("wait_load0", 0, 16, 4, false);
        /** Tokens to take from LOAD1 before starting. */
        public static final Field WAIT_LOAD1 = new Field("wait_load1", 0, 20, 4, false);
        /** Tokens to take from INT8 before starting. */
        public static final Field WAIT_INT8 = new Field("wait_int8", 0, 24, 4, false);
        /** Tokens to take from XNOR before starting. */
        public static final Field WAIT_XNOR = new Field("wait_xnor", 0, 28, 4, false);
        /** Tokens to take from VECTOR before starting. */
        public static final Field WAIT_VECTOR = new Field("wait_vector", 0, 32, 4, false);
        /** Tokens to take from STORE before starting. */
        public static final Field WAIT_STORE = new Field("wait_store", 0, 36, 4, false);
        /** Tokens to give LOAD0 when complete. */
        public static final Field SIGNAL_LOAD0 = new Field("signal_load0", 0, 40, 4, false);
        /** Tokens to give LOAD1 when complete. */
        public static final Field SIGNAL_LOAD1 = new Field("signal_load1", 0, 44, 4, false);
        /** Tokens to give INT8 when complete. */
        public static final Field SIGNAL_INT8 = new Field("signal_int8", 0, 48, 4, false);
        /** Tokens to give XNOR when complete. */
        public static final Field SIGNAL_XNOR = new Field("signal_xnor", 0, 52, 4, false);
        /** Tokens to give VECTOR when complete. */
        public static final Field SIGNAL_VECTOR = new Field("signal_vector", 0, 56, 4, false);
        /** Tokens to give STORE when complete. */
        public static final Field SIGNAL_STORE = new Field("signal_store", 0, 60, 4, false);
        /** First word in every bank. */
        public static final Field IN_BASE = new Field("in_base", 1, 0, 13, false);
        /** Channel blocks of the whole map. */
        public static final Field IN_BLOCKS = new Field("in_blocks", 1, 13, 12, false);
        /** Words of one row and block in a bank: ceil(columns / 4). */
        public static final Field IN_QUADS = new Field("in_quads", 1, 25, 9, false);
        /** Groups of 4 rows kept: the ring's modulus is 4 x ring rows. */
        public static final Field IN_RING = new Field("in_ring", 1, 34, 8, false);
        /** Physical row of the command's row 0. */
        public static final Field IN_ROW = new Field("in_row", 1, 42, 10, false);
        /** Channel block of the command's block 0. */
        public static final Field IN_BLOCK = new Field("in_block", 1, 52, 12, false);
        /** First word in every bank. */
        public static final Field OUT_BASE = new Field("out_base", 2, 0, 13, false);
        /** Channel blocks of the whole map. */
        public static final Field OUT_BLOCKS = new Field("out_blocks", 2, 13, 12, false);
        /** Words of one row and block in a bank: ceil(columns / 4). */
        public static final Field OUT_QUADS = new Field("out_quads", 2, 25, 9, false);
        /** Groups of 4 rows kept: the ring's modulus is 4 x ring rows. */
        public static final Field OUT_RING = new Field("out_ring", 2, 34, 8, false);
        /** Physical row of the command's row 0. */
        public static final Field OUT_ROW = new Field("out_row", 2, 42, 10, false);
        /** Channel block of the command's block 0. */
        public static final Field OUT_BLOCK = new Field("out_block", 2, 52, 12, false);
        /** Rows of the input that exist; outside is padding. */
        public static final Field IN_ROWS = new Field("in_rows", 3, 0, 12, false);
        /** Columns of the input that exist; outside is padding. */
        public static final Field IN_COLUMNS = new Field("in_columns", 3, 12, 12, false);
        /** Rows to compute. */
        public static final Field OUT_ROWS = new Field("out_rows", 3, 24, 12, false);
        /** Columns to compute. */
        public static final Field OUT_COLUMNS = new Field("out_columns", 3, 36, 12, false);
        /** Input row of output row 0 and kernel row 0, negated. */
        public static final Field PAD_TOP = new Field("pad_top", 3, 48, 8, true);
        /** Input column of output column 0 and kernel column 0, negated. */
        public static final Field PAD_LEFT = new Field("pad_left", 3, 56, 8, true);
        /** Kernel rows. */
        public static final Field KERNEL_HEIGHT = new Field("kernel_height", 4, 0, 8, false);
        /** Kernel columns. */
        public static final Field KERNEL_WIDTH = new Field("kernel_width", 4, 8, 8, false);
        /** Rows between outputs. */
        public static final Field STRIDE_Y = new Field("stride_y", 4, 16, 4, false);
        /** Columns between outputs. */
        public static final Field STRIDE_X = new Field("stride_x", 4, 20, 4, false);
        /** Rows between kernel taps. */
        public static final Field DILATION_Y = new Field("dilation_y", 4, 24, 4, false);
        /** Columns between kernel taps. */
        public static final Field DILATION_X = new Field("dilation_x", 4, 28, 4, false);
        /** Input blocks reduced over or (VECTOR) processed; for XNOR_CONVOLUTION blocks of 64 bits. */
        public static final Field CHANNEL_BLOCKS = new Field("channel_blocks", 4, 32, 12, false);
        /** Output zero point. */
        public static final Field ZERO_POINT = new Field("zero_point", 5, 40, 8, true);
        /** Least output code. */
        public static final Field CLAMP_MIN = new Field("clamp_min", 5, 48, 8, true);
        /** Greatest output code. */
        public static final Field CLAMP_MAX = new Field("clamp_max", 5, 56, 8, true);
        /** Groups of 8 output channels. */
        public static final Field GROUPS = new Field("groups", 4, 44, 12, false);
        /** Positions (pixel pairs) per tile, 1 to TILE_POSITIONS. */
        public static final Field TILE = new Field("tile", 4, 56, 6, false);
        /** First 32-byte word of group 0 in the weight memory. */
        public static final Field WEIGHT_ADDRESS = new Field("weight_address", 5, 0, 20, false);
        /** Group g reads only input block g. */
        public static final Field DEPTHWISE = new Field("depthwise", 5, 20, 1, false);
        /** Pair pixels across row ends (1x1 kernel without padding only). */
        public static final Field FLATTEN = new Field("flatten", 5, 21, 1, false);
        /** One pixel per position instead of a pair. */
        public static final Field SINGLE = new Field("single", 5, 22, 1, false);
        /** Add to the partial sums a keep command left (one group and one tile). */
        public static final Field ACCUMULATE = new Field("accumulate", 5, 23, 1, false);
        /** Leave partial sums in the array instead of writing outputs (one group and one tile). */
        public static final Field KEEP = new Field("keep", 5, 24, 1, false);
        /** What becomes of the sums. */
        public static final Field POST = new Field("post", 5, 25, 2, false);
        /** Pass the requantised codes through the activation table. */
        public static final Field TABLE = new Field("table", 5, 27, 1, false);
        /** Requantise full 32-bit sums at half rate. */
        public static final Field WIDE = new Field("wide", 5, 28, 1, false);
        /** Code of a position outside the input. */
        public static final Field PAD_VALUE = new Field("pad_value", 5, 32, 8, true);
        /** Depthwise: kernel rows taken in one step, 1 to 3. */
        public static final Field WINDOW_HEIGHT = new Field("window_height", 6, 0, 2, false);
        /** Depthwise: kernel columns taken in one step, 1 to 3. */
        public static final Field WINDOW_WIDTH = new Field("window_width", 6, 2, 2, false);
        public static final java.util.List<Field> ALL = java.util.List.of(
                OPCODE,
                TRACE,
                PREEMPTIBLE,
                LAYER,
                WAIT_LOAD0,
                WAIT_LOAD1,
                WAIT_INT8,
                WAIT_XNOR,
                WAIT_VECTOR,
                WAIT_STORE,
                SIGNAL_LOAD0,
                SIGNAL_LOAD1,
                SIGNAL_INT8,
                SIGNAL_XNOR,
                SIGNAL_VECTOR,
                SIGNAL_STORE,
                IN_BASE,
                IN_BLOCKS,
                IN_QUADS,
                IN_RING,
                IN_ROW,
                IN_BLOCK,
                OUT_BASE,
                OUT_BLOCKS,
                OUT_QUADS,
                OUT_RING,
                OUT_ROW,
                OUT_BLOCK,
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
                ZERO_POINT,
                CLAMP_MIN,
                CLAMP_MAX,
                GROUPS,
                TILE,
                WEIGHT_ADDRESS,
                DEPTHWISE,
                FLATTEN,
                SINGLE,
                ACCUMULATE,
                KEEP,
                POST,
                TABLE,
                WIDE,
                PAD_VALUE,
                WINDOW_HEIGHT,
                WINDOW_WIDTH);
    }

    /** Binary convolution of an on-chip map of packed bits by the XNOR-popcount array. */
    public static final class XnorConvolution {
        private XnorConvolution() {}

        public static final int CODE = 7;
        /** Which command. */
        public static final Field OPCODE = new Field("opcode", 0, 0, 4, false);
        /** Append a trace entry when this command completes. */
        public static final Field TRACE = new Field("trace", 0, 4, 1, false);
        /** No on-chip data is live after this command (reserved, no effect yet). */
        public static final Field PREEMPTIBLE = new Field("preemptible", 0, 5, 1, false);
        /** Layer number written to the trace entry. */
        public static final Field LAYER = new Field("layer", 0, 6, 10, false);
        /** Tokens to take from LOAD0 before starting. */
        public static final Field WAIT_LOAD0 = new Field("wait_load0", 0, 16, 4, false);
        /** Tokens to take from LOAD1 before starting. */
        public static final Field WAIT_LOAD1 = new Field("wait_load1", 0, 20, 4, false);
        /** Tokens to take from INT8 before starting. */
        public static final Field WAIT_INT8 = new Field("wait_int8", 0, 24, 4, false);
        /** Tokens to take from XNOR before starting. */
        public static final Field WAIT_XNOR = new Field("wait_xnor", 0, 28, 4, false);
        /** Tokens to take from VECTOR before starting. */
        public static final Field WAIT_VECTOR = new Field("wait_vector", 0, 32, 4, false);
        /** Tokens to take from STORE before starting. */
        public static final Field WAIT_STORE = new Field("wait_store", 0, 36, 4, false);
        /** Tokens to give LOAD0 when complete. */
        public static final Field SIGNAL_LOAD0 = new Field("signal_load0", 0, 40, 4, false);
        /** Tokens to give LOAD1 when complete. */
        public static final Field SIGNAL_LOAD1 = new Field("signal_load1", 0, 44, 4, false);
        /** Tokens to give INT8 when complete. */
        public static final Field SIGNAL_INT8 = new Field("signal_int8", 0, 48, 4, false);
        /** Tokens to give XNOR when complete. */
        public static final Field SIGNAL_XNOR = new Field("signal_xnor", 0, 52, 4, false);
        /** Tokens to give VECTOR when complete. */
        public static final Field SIGNAL_VECTOR = new Field("signal_vector", 0, 56, 4, false);
        /** Tokens to give STORE when complete. */
        public static final Field SIGNAL_STORE = new Field("signal_store", 0, 60, 4, false);
        /** First word in every bank. */
        public static final Field IN_BASE = new Field("in_base", 1, 0, 13, false);
        /** Channel blocks of the whole map. */
        public static final Field IN_BLOCKS = new Field("in_blocks", 1, 13, 12, false);
        /** Words of one row and block in a bank: ceil(columns / 4). */
        public static final Field IN_QUADS = new Field("in_quads", 1, 25, 9, false);
        /** Groups of 4 rows kept: the ring's modulus is 4 x ring rows. */
        public static final Field IN_RING = new Field("in_ring", 1, 34, 8, false);
        /** Physical row of the command's row 0. */
        public static final Field IN_ROW = new Field("in_row", 1, 42, 10, false);
        /** Channel block of the command's block 0. */
        public static final Field IN_BLOCK = new Field("in_block", 1, 52, 12, false);
        /** First word in every bank. */
        public static final Field OUT_BASE = new Field("out_base", 2, 0, 13, false);
        /** Channel blocks of the whole map. */
        public static final Field OUT_BLOCKS = new Field("out_blocks", 2, 13, 12, false);
        /** Words of one row and block in a bank: ceil(columns / 4). */
        public static final Field OUT_QUADS = new Field("out_quads", 2, 25, 9, false);
        /** Groups of 4 rows kept: the ring's modulus is 4 x ring rows. */
        public static final Field OUT_RING = new Field("out_ring", 2, 34, 8, false);
        /** Physical row of the command's row 0. */
        public static final Field OUT_ROW = new Field("out_row", 2, 42, 10, false);
        /** Channel block of the command's block 0. */
        public static final Field OUT_BLOCK = new Field("out_block", 2, 52, 12, false);
        /** Rows of the input that exist; outside is padding. */
        public static final Field IN_ROWS = new Field("in_rows", 3, 0, 12, false);
        /** Columns of the input that exist; outside is padding. */
        public static final Field IN_COLUMNS = new Field("in_columns", 3, 12, 12, false);
        /** Rows to compute. */
        public static final Field OUT_ROWS = new Field("out_rows", 3, 24, 12, false);
        /** Columns to compute. */
        public static final Field OUT_COLUMNS = new Field("out_columns", 3, 36, 12, false);
        /** Input row of output row 0 and kernel row 0, negated. */
        public static final Field PAD_TOP = new Field("pad_top", 3, 48, 8, true);
        /** Input column of output column 0 and kernel column 0, negated. */
        public static final Field PAD_LEFT = new Field("pad_left", 3, 56, 8, true);
        /** Kernel rows. */
        public static final Field KERNEL_HEIGHT = new Field("kernel_height", 4, 0, 8, false);
        /** Kernel columns. */
        public static final Field KERNEL_WIDTH = new Field("kernel_width", 4, 8, 8, false);
        /** Rows between outputs. */
        public static final Field STRIDE_Y = new Field("stride_y", 4, 16, 4, false);
        /** Columns between outputs. */
        public static final Field STRIDE_X = new Field("stride_x", 4, 20, 4, false);
        /** Rows between kernel taps. */
        public static final Field DILATION_Y = new Field("dilation_y", 4, 24, 4, false);
        /** Columns between kernel taps. */
        public static final Field DILATION_X = new Field("dilation_x", 4, 28, 4, false);
        /** Input blocks reduced over or (VECTOR) processed; for XNOR_CONVOLUTION blocks of 64 bits. */
        public static final Field CHANNEL_BLOCKS = new Field("channel_blocks", 4, 32, 12, false);
        /** Output zero point. */
        public static final Field ZERO_POINT = new Field("zero_point", 5, 40, 8, true);
        /** Least output code. */
        public static final Field CLAMP_MIN = new Field("clamp_min", 5, 48, 8, true);
        /** Greatest output code. */
        public static final Field CLAMP_MAX = new Field("clamp_max", 5, 56, 8, true);
        /** Groups of XNOR_LANES output channels. */
        public static final Field GROUPS = new Field("groups", 4, 44, 12, false);
        /** Positions (pixels) per tile, 1 to TILE_POSITIONS. */
        public static final Field TILE = new Field("tile", 4, 56, 6, false);
        /** First 32-byte word of group 0 in the weight memory. */
        public static final Field WEIGHT_ADDRESS = new Field("weight_address", 5, 0, 20, false);
        /** What a position outside the input counts. */
        public static final Field PADDING = new Field("padding", 5, 20, 2, false);
        /** What becomes of the sums. */
        public static final Field POST = new Field("post", 5, 25, 2, false);
        /** Valid bits of the last input block, 1 to 64. */
        public static final Field LAST_BITS = new Field("last_bits", 5, 32, 7, false);
        /** Output blocks that may be written; later ones are dropped. */
        public static final Field WRITE_BLOCKS = new Field("write_blocks", 6, 0, 12, false);
        /** Fraction bits of the bias: the dot product is shifted left by it first; 0 unless post is REQUANTISE. */
        public static final Field FRACTION = new Field("fraction", 6, 12, 4, false);
        public static final java.util.List<Field> ALL = java.util.List.of(
                OPCODE,
                TRACE,
                PREEMPTIBLE,
                LAYER,
                WAIT_LOAD0,
                WAIT_LOAD1,
                WAIT_INT8,
                WAIT_XNOR,
                WAIT_VECTOR,
                WAIT_STORE,
                SIGNAL_LOAD0,
                SIGNAL_LOAD1,
                SIGNAL_INT8,
                SIGNAL_XNOR,
                SIGNAL_VECTOR,
                SIGNAL_STORE,
                IN_BASE,
                IN_BLOCKS,
                IN_QUADS,
                IN_RING,
                IN_ROW,
                IN_BLOCK,
                OUT_BASE,
                OUT_BLOCKS,
                OUT_QUADS,
                OUT_RING,
                OUT_ROW,
                OUT_BLOCK,
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
                ZERO_POINT,
                CLAMP_MIN,
                CLAMP_MAX,
                GROUPS,
                TILE,
                WEIGHT_ADDRESS,
                PADDING,
                POST,
                LAST_BITS,
                WRITE_BLOCKS,
                FRACTION);
    }

    /** Pooling and element-wise operators on on-chip maps. */
    public static final class Vector {
        private Vector() {}

        public static final int CODE = 8;
        /** Which command. */
        public static final Field OPCODE = new Field("opcode", 0, 0, 4, false);
        /** Append a trace entry when this command completes. */
        public static final Field TRACE = new Field("trace", 0, 4, 1, false);
        /** No on-chip data is live after this command (reserved, no effect yet). */
        public static final Field PREEMPTIBLE = new Field("preemptible", 0, 5, 1, false);
        /** Layer number written to the trace entry. */
        public static final Field LAYER = new Field("layer", 0, 6, 10, false);
        /** Tokens to take from LOAD0 before starting. */
        public static final Field WAIT_LOAD0 = new Field("wait_load0", 0, 16, 4, false);
        /** Tokens to take from LOAD1 before starting. */
        public static final Field WAIT_LOAD1 = new Field("wait_load1", 0, 20, 4, false);
        /** Tokens to take from INT8 before starting. */
        public static final Field WAIT_INT8 = new Field("wait_int8", 0, 24, 4, false);
        /** Tokens to take from XNOR before starting. */
        public static final Field WAIT_XNOR = new Field("wait_xnor", 0, 28, 4, false);
        /** Tokens to take from VECTOR before starting. */
        public static final Field WAIT_VECTOR = new Field("wait_vector", 0, 32, 4, false);
        /** Tokens to take from STORE before starting. */
        public static final Field WAIT_STORE = new Field("wait_store", 0, 36, 4, false);
        /** Tokens to give LOAD0 when complete. */
        public static final Field SIGNAL_LOAD0 = new Field("signal_load0", 0, 40, 4, false);
        /** Tokens to give LOAD1 when complete. */
        public static final Field SIGNAL_LOAD1 = new Field("signal_load1", 0, 44, 4, false);
        /** Tokens to give INT8 when complete. */
        public static final Field SIGNAL_INT8 = new Field("signal_int8", 0, 48, 4, false);
        /** Tokens to give XNOR when complete. */
        public static final Field SIGNAL_XNOR = new Field("signal_xnor", 0, 52, 4, false);
        /** Tokens to give VECTOR when complete. */
        public static final Field SIGNAL_VECTOR = new Field("signal_vector", 0, 56, 4, false);
        /** Tokens to give STORE when complete. */
        public static final Field SIGNAL_STORE = new Field("signal_store", 0, 60, 4, false);
        /** First word in every bank. */
        public static final Field IN_BASE = new Field("in_base", 1, 0, 13, false);
        /** Channel blocks of the whole map. */
        public static final Field IN_BLOCKS = new Field("in_blocks", 1, 13, 12, false);
        /** Words of one row and block in a bank: ceil(columns / 4). */
        public static final Field IN_QUADS = new Field("in_quads", 1, 25, 9, false);
        /** Groups of 4 rows kept: the ring's modulus is 4 x ring rows. */
        public static final Field IN_RING = new Field("in_ring", 1, 34, 8, false);
        /** Physical row of the command's row 0. */
        public static final Field IN_ROW = new Field("in_row", 1, 42, 10, false);
        /** Channel block of the command's block 0. */
        public static final Field IN_BLOCK = new Field("in_block", 1, 52, 12, false);
        /** First word in every bank. */
        public static final Field OUT_BASE = new Field("out_base", 2, 0, 13, false);
        /** Channel blocks of the whole map. */
        public static final Field OUT_BLOCKS = new Field("out_blocks", 2, 13, 12, false);
        /** Words of one row and block in a bank: ceil(columns / 4). */
        public static final Field OUT_QUADS = new Field("out_quads", 2, 25, 9, false);
        /** Groups of 4 rows kept: the ring's modulus is 4 x ring rows. */
        public static final Field OUT_RING = new Field("out_ring", 2, 34, 8, false);
        /** Physical row of the command's row 0. */
        public static final Field OUT_ROW = new Field("out_row", 2, 42, 10, false);
        /** Channel block of the command's block 0. */
        public static final Field OUT_BLOCK = new Field("out_block", 2, 52, 12, false);
        /** First word in every bank. */
        public static final Field B_BASE = new Field("b_base", 6, 0, 13, false);
        /** Channel blocks of the whole map. */
        public static final Field B_BLOCKS = new Field("b_blocks", 6, 13, 12, false);
        /** Words of one row and block in a bank: ceil(columns / 4). */
        public static final Field B_QUADS = new Field("b_quads", 6, 25, 9, false);
        /** Groups of 4 rows kept: the ring's modulus is 4 x ring rows. */
        public static final Field B_RING = new Field("b_ring", 6, 34, 8, false);
        /** Physical row of the command's row 0. */
        public static final Field B_ROW = new Field("b_row", 6, 42, 10, false);
        /** Channel block of the command's block 0. */
        public static final Field B_BLOCK = new Field("b_block", 6, 52, 12, false);
        /** Rows of the input that exist; outside is padding. */
        public static final Field IN_ROWS = new Field("in_rows", 3, 0, 12, false);
        /** Columns of the input that exist; outside is padding. */
        public static final Field IN_COLUMNS = new Field("in_columns", 3, 12, 12, false);
        /** Rows to compute. */
        public static final Field OUT_ROWS = new Field("out_rows", 3, 24, 12, false);
        /** Columns to compute. */
        public static final Field OUT_COLUMNS = new Field("out_columns", 3, 36, 12, false);
        /** Input row of output row 0 and kernel row 0, negated. */
        public static final Field PAD_TOP = new Field("pad_top", 3, 48, 8, true);
        /** Input column of output column 0 and kernel column 0, negated. */
        public static final Field PAD_LEFT = new Field("pad_left", 3, 56, 8, true);
        /** Kernel rows. */
        public static final Field KERNEL_HEIGHT = new Field("kernel_height", 4, 0, 8, false);
        /** Kernel columns. */
        public static final Field KERNEL_WIDTH = new Field("kernel_width", 4, 8, 8, false);
        /** Rows between outputs. */
        public static final Field STRIDE_Y = new Field("stride_y", 4, 16, 4, false);
        /** Columns between outputs. */
        public static final Field STRIDE_X = new Field("stride_x", 4, 20, 4, false);
        /** Rows between kernel taps. */
        public static final Field DILATION_Y = new Field("dilation_y", 4, 24, 4, false);
        /** Columns between kernel taps. */
        public static final Field DILATION_X = new Field("dilation_x", 4, 28, 4, false);
        /** Input blocks reduced over or (VECTOR) processed; for XNOR_CONVOLUTION blocks of 64 bits. */
        public static final Field CHANNEL_BLOCKS = new Field("channel_blocks", 4, 32, 12, false);
        /** Output zero point. */
        public static final Field ZERO_POINT = new Field("zero_point", 5, 40, 8, true);
        /** Least output code. */
        public static final Field CLAMP_MIN = new Field("clamp_min", 5, 48, 8, true);
        /** Greatest output code. */
        public static final Field CLAMP_MAX = new Field("clamp_max", 5, 56, 8, true);
        /** Which operator. */
        public static final Field OPERATION = new Field("operation", 4, 56, 4, false);
        /** Output multiplier. */
        public static final Field MULTIPLIER = new Field("multiplier", 5, 0, 32, true);
        /** Output shift: positive is left. */
        public static final Field SHIFT = new Field("shift", 5, 32, 8, true);
        /** Zero point of the input. */
        public static final Field A_ZERO = new Field("a_zero", 7, 0, 8, true);
        /** Zero point of operand B. */
        public static final Field B_ZERO = new Field("b_zero", 7, 8, 8, true);
        /** Operand B has one position. */
        public static final Field B_BROADCAST = new Field("b_broadcast", 7, 16, 1, false);
        public static final java.util.List<Field> ALL = java.util.List.of(
                OPCODE,
                TRACE,
                PREEMPTIBLE,
                LAYER,
                WAIT_LOAD0,
                WAIT_LOAD1,
                WAIT_INT8,
                WAIT_XNOR,
                WAIT_VECTOR,
                WAIT_STORE,
                SIGNAL_LOAD0,
                SIGNAL_LOAD1,
                SIGNAL_INT8,
                SIGNAL_XNOR,
                SIGNAL_VECTOR,
                SIGNAL_STORE,
                IN_BASE,
                IN_BLOCKS,
                IN_QUADS,
                IN_RING,
                IN_ROW,
                IN_BLOCK,
                OUT_BASE,
                OUT_BLOCKS,
                OUT_QUADS,
                OUT_RING,
                OUT_ROW,
                OUT_BLOCK,
                B_BASE,
                B_BLOCKS,
                B_QUADS,
                B_RING,
                B_ROW,
                B_BLOCK,
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
                ZERO_POINT,
                CLAMP_MIN,
                CLAMP_MAX,
                OPERATION,
                MULTIPLIER,
                SHIFT,
                A_ZERO,
                B_ZERO,
                B_BROADCAST);
    }

    /** Fields of the command with this opcode, or an empty list when there is none. */
    public static java.util.List<Field> of(int opcode) {
        return switch (opcode) {
            case LoadMap.CODE -> LoadMap.ALL;
            case LoadPatch.CODE -> LoadPatch.ALL;
            case LoadWeights.CODE -> LoadWeights.ALL;
            case LoadTable.CODE -> LoadTable.ALL;
            case StoreMap.CODE -> StoreMap.ALL;
            case Int8Convolution.CODE -> Int8Convolution.ALL;
            case XnorConvolution.CODE -> XnorConvolution.ALL;
            case Vector.CODE -> Vector.ALL;
            default -> java.util.List.of();
        };
    }

    /** Name of the command with this opcode, or {@code "?"}. */
    public static String nameOf(int opcode) {
        return switch (opcode) {
            case LoadMap.CODE -> "LOAD_MAP";
            case LoadPatch.CODE -> "LOAD_PATCH";
            case LoadWeights.CODE -> "LOAD_WEIGHTS";
            case LoadTable.CODE -> "LOAD_TABLE";
            case StoreMap.CODE -> "STORE_MAP";
            case Int8Convolution.CODE -> "INT8_CONVOLUTION";
            case XnorConvolution.CODE -> "XNOR_CONVOLUTION";
            case Vector.CODE -> "VECTOR";
            default -> "?";
        };
    }
}
