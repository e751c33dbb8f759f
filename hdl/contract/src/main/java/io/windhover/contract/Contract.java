// Generated from hdl/contract/contract.yaml by `./windhover contract`.
// SPDX-License-Identifier: Apache-2.0
package io.windhover.contract;

/** Constants of the accelerator's contract. */
public final class Contract {
    private Contract() {}

    public static final long DIGEST = 0xBB8C202C4BB9D9E7L;
    /** What register IDENTITY reads: WHOV in ASCII. */
    public static final int IDENTITY_VALUE = 1464356694;
    /** 64-bit words in a command. */
    public static final int COMMAND_WORDS = 8;
    /** Command queues. */
    public static final int QUEUES = 6;
    /** Memory regions a job may name. */
    public static final int REGIONS = 8;
    /** Bytes in one beat of a memory port. */
    public static final int PORT_BYTES = 8;
    /** Channels in one 64-bit activation word. */
    public static final int BLOCK_CHANNELS = 8;
    /** Row banks of the activation memory. */
    public static final int ROW_BANKS = 4;
    /** Column banks of the activation memory. */
    public static final int COLUMN_BANKS = 4;
    /** Banks of the activation memory: row banks x column banks. */
    public static final int ACTIVATION_BANKS = 16;
    /** Bytes in one word of an activation bank. */
    public static final int ACTIVATION_WORD_BYTES = 8;
    /** Bytes in one word of the weight memory. */
    public static final int WEIGHT_WORD_BYTES = 32;
    /** Output channels the int8 array computes at once. */
    public static final int INT8_LANES = 8;
    /** Weight-memory words of per-channel parameters before each int8 group: bias, multiplier, shift. */
    public static final int INT8_PARAMETER_WORDS = 3;
    /** Positions whose partial sums an array holds at once. */
    public static final int TILE_POSITIONS = 32;
    /** Beats in the longest burst (AXI3). */
    public static final int BURST_BEATS = 16;
    /** Most valid positions one average may divide by. */
    public static final int AVERAGE_POSITIONS = 256;
    /** Most tokens one queue pair may hold. */
    public static final int TOKEN_LIMIT = 255;
    /** Most bytes (kernel width x channels) of one patch row. */
    public static final int PATCH_SEGMENT_BYTES = 255;
    /** Two tables of 256 x int32, first for operand A, then for operand B. */
    public static final int RESCALE_TABLE_BYTES = 2048;
    /** Most commands in a program. */
    public static final int PROGRAM_COMMANDS_LIMIT = 1048575;
    /** A program starts at a multiple of this, the size of a command. */
    public static final int PROGRAM_ALIGNMENT_BYTES = 64;
    /** Most fraction bits of a binary layer's sums. */
    public static final int XNOR_FRACTION_LIMIT = 10;
    /** Cycles a stopped job waits for the memory's outstanding answers before STATUS.dead. */
    public static final int DRAIN_CYCLES = 65536;
    /** One table of 256 x int8, indexed by code + 128. */
    public static final int ACTIVATION_TABLE_BYTES = 256;
}
