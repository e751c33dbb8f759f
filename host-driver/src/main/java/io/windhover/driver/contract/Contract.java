// Generated from hdl/contract/contract.yaml by `./windhover contract`.
// SPDX-License-Identifier: Apache-2.0
package io.windhover.driver.contract;

/** Constants of the accelerator's contract; documented in {@code hdl/doc/contract.md}. */
public final class Contract {
    private Contract() {}

    public static final long DIGEST = 0x0FC1F452BA0334C4L;
    public static final int COMMAND_WORDS = 8;
    public static final int QUEUES = 6;
    public static final int REGIONS = 8;
    public static final int BLOCK_CHANNELS = 8;
    public static final int ROW_BANKS = 4;
    public static final int COLUMN_BANKS = 4;
    public static final int WEIGHT_WORD_BYTES = 32;
    public static final int INT8_LANES = 8;
    public static final int INT8_PARAMETER_WORDS = 3;
    public static final int TILE_POSITIONS = 32;
    public static final int BURST_BEATS = 16;
    public static final int AVERAGE_POSITIONS = 256;
    public static final int TOKEN_LIMIT = 255;
    public static final int PATCH_SEGMENT_BYTES = 255;
    public static final int RESCALE_TABLE_BYTES = 2048;
    public static final int PROGRAM_COMMANDS_LIMIT = 1048575;
    public static final int XNOR_FRACTION_LIMIT = 10;
    public static final int DRAIN_CYCLES = 65536;
    public static final int ACTIVATION_TABLE_BYTES = 256;

    /** Command queues, in index order. */
    public enum Queue {
        LOAD0,
        LOAD1,
        INT8,
        XNOR,
        VECTOR,
        STORE
    }

    /** The ordinal is the code. */
    public enum Fault {
        NONE("no fault"),
        ILLEGAL_COMMAND("unknown opcode or a field outside its range"),
        READ_ERROR("the memory answered a read with an error"),
        WRITE_ERROR("the memory answered a write with an error"),
        OUT_OF_REGION("a burst would leave the command's memory region"),
        OUT_OF_MEMORY("an on-chip address is beyond the memory"),
        WATCHDOG("no command completed for WATCHDOG_CYCLES"),
        TOKEN_OVERFLOW("a queue pair held more than TOKEN_LIMIT tokens"),
        TOKENS_LEFT("the program ended with tokens unconsumed: its waits and signals do not balance"),
        READ_ONLY_REGION("a store names a region that REGION_WRITABLE does not open for writing");

        private final String meaning;

        Fault(String meaning) {
            this.meaning = meaning;
        }

        public String meaning() {
            return meaning;
        }
    }

    /** The ordinal is the code. */
    public enum Status {
        BUSY("bit 0: a job runs or its bursts are still being drained"),
        DONE("bit 1: the last job ended well"),
        FAULT("bit 2: the last job was stopped; FAULT_* say why"),
        DRAINING("bit 3: the job has stopped and the memory still owes answers"),
        DEAD("bit 4: draining has taken DRAIN_CYCLES; the memory does not answer");

        private final String meaning;

        Status(String meaning) {
            this.meaning = meaning;
        }

        public String meaning() {
            return meaning;
        }
    }

    /** The ordinal is the code. */
    public enum Post {
        REQUANTISE("int8: bias, multiply, shift, zero point, clamp, optional table"),
        BITS("packed bits: (sum + bias >= 0) xor invert"),
        RAW("int32: sum + bias, little-endian, two to a 64-bit word");

        private final String meaning;

        Post(String meaning) {
            this.meaning = meaning;
        }

        public String meaning() {
            return meaning;
        }
    }

    /** The ordinal is the code. */
    public enum BinaryPadding {
        ZERO("outside positions contribute nothing"),
        MINUS_ONE("outside bits are 0"),
        PLUS_ONE("outside bits are 1");

        private final String meaning;

        BinaryPadding(String meaning) {
            this.meaning = meaning;
        }

        public String meaning() {
            return meaning;
        }
    }

    /** The ordinal is the code. */
    public enum VectorOperation {
        MAXIMUM_POOL("int8 maximum over the valid window"),
        OR_POOL("bitwise or over the valid window (maximum of packed bits)"),
        AVERAGE_POOL("int8 average over the valid window"),
        ADD("rescale tables, sum, requantise"),
        MULTIPLY("(a - a_zero) x (b - b_zero), requantise"),
        TABLE("low byte of rescale table A");

        private final String meaning;

        VectorOperation(String meaning) {
            this.meaning = meaning;
        }

        public String meaning() {
            return meaning;
        }
    }

    /** The ordinal is the code. */
    public enum TableTarget {
        RESCALE("the VECTOR engine's two rescale tables"),
        ACTIVATION("the INT8 engine's activation table");

        private final String meaning;

        TableTarget(String meaning) {
            this.meaning = meaning;
        }

        public String meaning() {
            return meaning;
        }
    }

    /** The ordinal is the code. */
    public enum Codec {
        RAW("weights are stored as they are");

        private final String meaning;

        Codec(String meaning) {
            this.meaning = meaning;
        }

        public String meaning() {
            return meaning;
        }
    }

    /** Byte offsets of the registers. */
    public static final class Register {
        private Register() {}

        public static final int IDENTITY = 0;
        public static final int CONFIGURATION = 4;
        public static final int DIGEST_LOW = 8;
        public static final int DIGEST_HIGH = 12;
        public static final int INT8_REDUCTION = 16;
        public static final int INT8_PIXELS = 20;
        public static final int XNOR_LANES = 24;
        public static final int ACTIVATION_BANK_WORDS = 28;
        public static final int WEIGHT_WORDS = 32;
        public static final int LINE_BYTES = 36;
        public static final int TRACE_ENTRIES = 40;
        public static final int CLOCK_HZ = 44;
        public static final int CONTROL = 64;
        public static final int STATUS = 68;
        public static final int INTERRUPT = 72;
        public static final int DOORBELL = 76;
        public static final int PROGRAM_REGION = 80;
        public static final int PROGRAM_OFFSET = 84;
        public static final int PROGRAM_COMMANDS = 88;
        public static final int WATCHDOG_CYCLES = 92;
        public static final int FAULT_CODE = 96;
        public static final int FAULT_COMMAND = 100;
        public static final int FAULT_DETAIL = 104;
        public static final int COMMANDS_DONE = 108;
        public static final int CYCLES_LOW = 128;
        public static final int CYCLES_HIGH = 132;
        public static final int READ_BEATS_0 = 136;
        public static final int READ_BEATS_1 = 140;
        public static final int WRITE_BEATS = 144;
        public static final int TRACE_COUNT = 148;
        public static final int TRACE_INDEX = 152;
        public static final int TRACE_CYCLE = 156;
        public static final int TRACE_LAYER = 160;
        public static final int TRACE_BUSY = 164;
        public static final int TRACE_STALL = 168;
        public static final int TRACE_START = 172;
        public static final int BUSY = 192;
        public static final int STALL = 224;
        public static final int WAITING = 256;
        public static final int REGION_BASE_LOW = 320;
        public static final int REGION_BASE_HIGH = 352;
        public static final int REGION_BYTES = 384;
        public static final int REGION_WRITABLE = 416;
    }

    /** Bits of the writable registers that exist. */
    public static final class Mask {
        private Mask() {}

        public static final int CONTROL = 0x00000001;
        public static final int PROGRAM_REGION = 0x00000007;
        public static final int PROGRAM_OFFSET = 0xFFFFFFC0;
        public static final int PROGRAM_COMMANDS = 0x000FFFFF;
        public static final int WATCHDOG_CYCLES = 0xFFFFFFFF;
        public static final int TRACE_INDEX = 0xFFFFFFFF;
        public static final int REGION_BASE_LOW = 0xFFFFFFF8;
        public static final int REGION_BASE_HIGH = 0xFFFFFFFF;
        public static final int REGION_BYTES = 0xFFFFFFFF;
        public static final int REGION_WRITABLE = 0x000000FF;
    }

    /** A named configuration of the accelerator. */
    public record Configuration(
            String name,
            int id,
            int int8Reduction,
            int int8Pixels,
            int xnorLanes,
            int activationBankWords,
            int weightWords,
            int lineBytes,
            int traceEntries,
            int clockHz,
            int budgetLut,
            int budgetFf,
            int budgetBram36,
            int budgetDsp) {}

    public static final java.util.List<Configuration> CONFIGURATIONS = java.util.List.of(
            new Configuration("zynq7020", 1, 16, 2, 64, 2048, 6144, 4096, 1024, 100000000, 53200, 106400, 140, 220),
            new Configuration("tiny", 2, 16, 1, 16, 512, 1024, 1024, 256, 24000000, 5280, 5280, 30, 8),
            new Configuration("zu3eg", 3, 32, 2, 64, 3072, 8192, 4096, 1024, 200000000, 70560, 141120, 216, 360));
}
