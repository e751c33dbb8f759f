// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.program;

import io.windhover.driver.contract.Contract;
import io.windhover.driver.contract.Contract.Queue;
import io.windhover.driver.contract.Fields;
import io.windhover.driver.contract.Fields.Field;

/** One 64-byte command under construction. Every field is checked against its width. */
public final class Command {
    private static final int WAIT_LSB = Fields.LoadMap.WAIT_LOAD0.lsb();
    private static final int SIGNAL_LSB = Fields.LoadMap.SIGNAL_LOAD0.lsb();
    private static final int TOKEN_BITS = Fields.LoadMap.WAIT_LOAD0.width();

    private final long[] words = new long[Contract.COMMAND_WORDS];

    public Command(int opcode) {
        words[0] = opcode;
    }

    public Command set(Field field, long value) {
        long low = field.signed() ? -(1L << (field.width() - 1)) : 0;
        long high = field.signed()
                ? (1L << (field.width() - 1)) - 1
                : field.width() == 64 ? -1L >>> 1 : (1L << field.width()) - 1;
        if (value < low || value > high) {
            throw new CompileException(String.format(
                    "Field %s of %s cannot hold %d (range %d..%d); use a smaller layer.",
                    field.name(), Fields.nameOf((int) (words[0] & 15)), value, low, high));
        }
        put(words, 0, field, value);
        return this;
    }

    /** Writes a value that the field can hold. */
    static void put(long[] words, int offset, Field field, long value) {
        long mask = field.width() == 64 ? -1L : (1L << field.width()) - 1;
        int word = offset + field.word();
        words[word] = words[word] & ~(mask << field.lsb()) | (value & mask) << field.lsb();
    }

    /**
     * Places a map descriptor in {@code word}; {@code block} counts from the root map's first. The layout is the same
     * in every command.
     */
    public Command map(int word, MapAllocation map, int row, int block) {
        words[word] = 0;
        return set(in(word, Fields.LoadMap.MAP_BASE), map.base())
                .set(in(word, Fields.LoadMap.MAP_BLOCKS), map.blocks())
                .set(in(word, Fields.LoadMap.MAP_QUADS), map.quads())
                .set(in(word, Fields.LoadMap.MAP_RING), map.ring())
                .set(in(word, Fields.LoadMap.MAP_ROW), row % map.rows())
                .set(in(word, Fields.LoadMap.MAP_BLOCK), block - map.firstBlock());
    }

    private static Field in(int word, Field field) {
        return new Field(field.name(), word, field.lsb(), field.width(), field.signed());
    }

    public Command waitFor(Queue giver) {
        words[0] += 1L << (WAIT_LSB + TOKEN_BITS * giver.ordinal());
        return this;
    }

    public Command signal(Queue taker) {
        words[0] += 1L << (SIGNAL_LSB + TOKEN_BITS * taker.ordinal());
        return this;
    }

    public long[] words() {
        return words;
    }

    static int opcode(long[] words, int offset) {
        return (int) (words[offset] & 15);
    }

    static long get(long[] words, int offset, Field field) {
        long raw = words[offset + field.word()] >>> field.lsb();
        if (field.width() == 64) {
            return raw;
        }
        long value = raw & ((1L << field.width()) - 1);
        return field.signed() ? value << (64 - field.width()) >> (64 - field.width()) : value;
    }

    public static int waits(long[] words, int offset, Queue giver) {
        return (int) (words[offset] >>> (WAIT_LSB + TOKEN_BITS * giver.ordinal())) & 15;
    }

    public static int signals(long[] words, int offset, Queue taker) {
        return (int) (words[offset] >>> (SIGNAL_LSB + TOKEN_BITS * taker.ordinal())) & 15;
    }

    /** The queue that runs a command, or null when its opcode is unknown. */
    static Queue queue(long[] words, int offset) {
        return switch (opcode(words, offset)) {
            case Fields.LoadMap.CODE, Fields.LoadPatch.CODE, Fields.LoadWeights.CODE, Fields.LoadTable.CODE ->
                get(words, offset, Fields.LoadMap.PORT) == 0 ? Queue.LOAD0 : Queue.LOAD1;
            case Fields.StoreMap.CODE -> Queue.STORE;
            case Fields.Int8Convolution.CODE -> Queue.INT8;
            case Fields.XnorConvolution.CODE -> Queue.XNOR;
            case Fields.Vector.CODE -> Queue.VECTOR;
            default ->
                throw new CompileException("Opcode " + opcode(words, offset) + " is unknown; compile the model again.");
        };
    }
}
