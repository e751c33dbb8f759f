// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.program;

import io.windhover.contract.Commands;
import io.windhover.contract.Contract;
import io.windhover.contract.Field;
import io.windhover.contract.Header;
import io.windhover.contract.Int8Convolution;
import io.windhover.contract.LoadMap;
import io.windhover.contract.LoadPatch;
import io.windhover.contract.LoadTable;
import io.windhover.contract.LoadWeights;
import io.windhover.contract.MapWord;
import io.windhover.contract.Queue;
import io.windhover.contract.StoreMap;
import io.windhover.contract.Vector;
import io.windhover.contract.XnorConvolution;
import java.util.List;

/** One command under construction. Every field is checked against its width. */
public final class Command {
    private static final List<Field> WAITS = Header.WAITS.elements();
    private static final List<Field> SIGNALS = Header.SIGNALS.elements();

    private final long[] words = new long[Contract.COMMAND_WORDS];

    public Command(int opcode) {
        set(Header.OPCODE, opcode);
    }

    public Command set(Field field, long value) {
        if (value < field.minimum() || value > field.maximum()) {
            throw new CompileException(String.format(
                    "A layer needs %d as the %s of a command (%s), which takes %d to %d; use smaller layers.",
                    value,
                    field.name().replace('_', ' '),
                    Commands.nameOf(opcode(words, 0)),
                    field.minimum(),
                    field.maximum()));
        }
        field.put(words, 0, value);
        return this;
    }

    /** Places a map in {@code word}; {@code block} counts from the root map's first. */
    public Command map(int word, MapAllocation map, int row, int block) {
        words[word] = 0;
        return set(MapWord.BASE.in("map", word), map.base())
                .set(MapWord.BLOCKS.in("map", word), map.blocks())
                .set(MapWord.QUADS.in("map", word), map.quads())
                .set(MapWord.RING.in("map", word), map.ring())
                .set(MapWord.ROW.in("map", word), row % map.rows())
                .set(MapWord.BLOCK.in("map", word), block - map.firstBlock());
    }

    /** One token more to take from {@code giver} before starting. */
    public Command waitFor(Queue giver) {
        return set(WAITS.get(giver.ordinal()), waits(words, 0, giver) + 1L);
    }

    /** One token more to give {@code taker} when complete. */
    public Command signal(Queue taker) {
        return set(SIGNALS.get(taker.ordinal()), signals(words, 0, taker) + 1L);
    }

    public long[] words() {
        return words;
    }

    static int opcode(long[] words, int offset) {
        return (int) Header.OPCODE.get(words, offset);
    }

    public static int waits(long[] words, int offset, Queue giver) {
        return (int) WAITS.get(giver.ordinal()).get(words, offset);
    }

    public static int signals(long[] words, int offset, Queue taker) {
        return (int) SIGNALS.get(taker.ordinal()).get(words, offset);
    }

    /** The queue that runs a command, or null when its opcode is unknown. */
    static Queue queue(long[] words, int offset) {
        return switch (opcode(words, offset)) {
            case LoadMap.OPCODE, LoadPatch.OPCODE, LoadWeights.OPCODE, LoadTable.OPCODE ->
                LoadMap.PORT.get(words, offset) == 0 ? Queue.LOAD0 : Queue.LOAD1;
            case StoreMap.OPCODE -> Queue.STORE;
            case Int8Convolution.OPCODE -> Queue.INT8;
            case XnorConvolution.OPCODE -> Queue.XNOR;
            case Vector.OPCODE -> Queue.VECTOR;
            default ->
                throw new CompileException("Opcode " + opcode(words, offset) + " is unknown; compile the model again.");
        };
    }
}
