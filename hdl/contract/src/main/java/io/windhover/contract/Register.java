// Generated from hdl/contract/contract.yaml by `./windhover contract`.
// SPDX-License-Identifier: Apache-2.0
package io.windhover.contract;

/** Byte offsets of the registers; MASK_ are the bits of a writable one that exist, the rest bits with a name. */
public final class Register {
    private Register() {}

    /** IDENTITY_VALUE. */
    public static final int IDENTITY = 0x000;
    /** Configuration ID. */
    public static final int CONFIGURATION = 0x004;
    /** Low word of the contract digest. */
    public static final int DIGEST_LOW = 0x008;
    /** High word of the contract digest. */
    public static final int DIGEST_HIGH = 0x00C;
    /** Products summed per lane, pixel and cycle. */
    public static final int INT8_REDUCTION = 0x010;
    /** Pixels per cycle of the int8 array. */
    public static final int INT8_PIXELS = 0x014;
    /** Output channels of the XNOR array. */
    public static final int XNOR_LANES = 0x018;
    /** Words in each of the 16 activation banks. */
    public static final int ACTIVATION_BANK_WORDS = 0x01C;
    /** 32-byte words of weight memory. */
    public static final int WEIGHT_WORDS = 0x020;
    /** Longest source row of LOAD_PATCH in bytes. */
    public static final int LINE_BYTES = 0x024;
    /** Trace entries kept. */
    public static final int TRACE_ENTRIES = 0x028;
    /** Nominal clock. */
    public static final int CLOCK_HZ = 0x02C;
    /** Interrupt enable and soft reset. */
    public static final int CONTROL = 0x040;
    /** What the accelerator is doing, and how the last job ended. */
    public static final int STATUS = 0x044;
    /** Write 1 to clear. */
    public static final int INTERRUPT = 0x048;
    /** Starts jobs. */
    public static final int DOORBELL = 0x04C;
    /** Region that holds the program. */
    public static final int PROGRAM_REGION = 0x050;
    /** Byte offset of the first command, a multiple of 64. */
    public static final int PROGRAM_OFFSET = 0x054;
    /** Commands to run; 0 ends at once. */
    public static final int PROGRAM_COMMANDS = 0x058;
    /** Cycles without a completed command before the job is stopped; 0 turns it off. */
    public static final int WATCHDOG_CYCLES = 0x05C;
    /** Fault of the last job. */
    public static final int FAULT_CODE = 0x060;
    /** Index of the command at fault (watchdog: of the oldest unfinished one). */
    public static final int FAULT_COMMAND = 0x064;
    /** Queue index, or low bits of the address at fault. */
    public static final int FAULT_DETAIL = 0x068;
    /** Commands completed in this job. */
    public static final int COMMANDS_DONE = 0x06C;
    /** Cycles of the last or running job. */
    public static final int CYCLES_LOW = 0x080;
    /** High word of the same. */
    public static final int CYCLES_HIGH = 0x084;
    /** Beats read on port 0 in this job. */
    public static final int READ_BEATS_0 = 0x088;
    /** Beats read on port 1 in this job. */
    public static final int READ_BEATS_1 = 0x08C;
    /** Beats written in this job. */
    public static final int WRITE_BEATS = 0x090;
    /** Trace entries of this job. */
    public static final int TRACE_COUNT = 0x094;
    /** Trace entry to read. */
    public static final int TRACE_INDEX = 0x098;
    /** Entry: cycle of completion (low 32 bits). */
    public static final int TRACE_CYCLE = 0x09C;
    /** Entry: layer number. */
    public static final int TRACE_LAYER = 0x0A0;
    /** Entry: cycles so far in which a compute engine (INT8, XNOR, VECTOR) issued work. */
    public static final int TRACE_BUSY = 0x0A4;
    /** Entry: cycles so far in which no compute engine issued work. */
    public static final int TRACE_STALL = 0x0A8;
    /** Entry: cycle in which the command took its tokens and started (low 32 bits). */
    public static final int TRACE_START = 0x0AC;
    /** Per queue: cycles with a command running. */
    public static final int BUSY = 0x0C0;
    /** Per queue: cycles with a command running that could not move (memory, bank or port not ready). */
    public static final int STALL = 0x0E0;
    /** Per queue: cycles a command waited for tokens. */
    public static final int WAITING = 0x100;
    /** Per region: low word of the base address, a multiple of 8. */
    public static final int REGION_BASE_LOW = 0x140;
    /** Per region: high word of the base address. */
    public static final int REGION_BASE_HIGH = 0x160;
    /** Per region: bytes; a burst that would pass them is a fault; bytes 0 closes the region. */
    public static final int REGION_BYTES = 0x180;
    /** Bit r: stores may write to region r. */
    public static final int REGION_WRITABLE = 0x1A0;

    public static final int MASK_CONTROL = 0x00000001;
    public static final int MASK_PROGRAM_REGION = 0x00000007;
    public static final int MASK_PROGRAM_OFFSET = 0xFFFFFFC0;
    public static final int MASK_PROGRAM_COMMANDS = 0x000FFFFF;
    public static final int MASK_WATCHDOG_CYCLES = 0xFFFFFFFF;
    public static final int MASK_TRACE_INDEX = 0xFFFFFFFF;
    public static final int MASK_REGION_BASE_LOW = 0xFFFFFFF8;
    public static final int MASK_REGION_BASE_HIGH = 0xFFFFFFFF;
    public static final int MASK_REGION_BYTES = 0xFFFFFFFF;
    public static final int MASK_REGION_WRITABLE = 0x000000FF;
    /** Raise the interrupt line while a bit of INTERRUPT is set. */
    public static final int CONTROL_INTERRUPT_ENABLE = 0x00000001;
    /** Write 1, self-clearing: stops the job and clears faults, tokens, queues. */
    public static final int CONTROL_SOFT_RESET = 0x00000002;
    /** A job runs or its bursts are still being drained. */
    public static final int STATUS_BUSY = 0x00000001;
    /** The last job ended well. */
    public static final int STATUS_DONE = 0x00000002;
    /** The last job was stopped; FAULT_* say why. It is set as soon as the job stops, before its bursts are drained. */
    public static final int STATUS_FAULT = 0x00000004;
    /** The job has stopped and the memory still owes answers. */
    public static final int STATUS_DRAINING = 0x00000008;
    /** Draining has taken DRAIN_CYCLES; the memory does not answer. */
    public static final int STATUS_DEAD = 0x00000010;
    /** A job ended (done or fault), or STATUS.DEAD was set. */
    public static final int INTERRUPT_ENDED = 0x00000001;
    /** Write 1 to start a job; written while busy, the job starts as soon as the accelerator is not; a soft reset drops it. */
    public static final int DOORBELL_START = 0x00000001;
}
