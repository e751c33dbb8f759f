// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.emission;

import io.windhover.contract.Contract;
import io.windhover.contract.Field;
import io.windhover.contract.Header;
import io.windhover.contract.Int8Convolution;
import io.windhover.contract.LoadMap;
import io.windhover.contract.LoadPatch;
import io.windhover.contract.Post;
import io.windhover.contract.Queue;
import io.windhover.contract.StoreMap;
import io.windhover.contract.Vector;
import io.windhover.contract.VectorOperation;
import io.windhover.contract.XnorConvolution;
import io.windhover.driver.Capabilities;
import io.windhover.runtime.compiler.program.CommandFloor;
import io.windhover.runtime.compiler.program.ScheduledCommand;

/**
 * What a running command keeps from others, and how much of it they need. Stores come first where banks are read and
 * loads where they are written, then INT8, which comes after XNOR at the requantisers.
 *
 * @param banks the share of the banks that INT8 reads in a cycle
 * @param rowBanks the share of the row banks that INT8 or STORE reads in a cycle, or that a load writes
 * @param pairs the share of cycles in which INT8 writes a pair of pixels
 * @param requantises the share of cycles in which INT8 or XNOR holds the requantisers
 * @param run for how many cycles on end it holds them: while it finishes the sums of a tile
 * @param reads how often VECTOR or XNOR could read each of its words in its time
 * @param word cycles from one requantised word of VECTOR to the next; 0 where it requantises none
 */
record Contention(
        Queue queue,
        double banks,
        double rowBanks,
        double pairs,
        double requantises,
        double run,
        double reads,
        double word) {
    /** Requantisers that XNOR uses. */
    private static final int XNOR_REQUANTISERS = 4;
    /** Row banks, and words of each: one a column bank. */
    private static final int ROW_BANKS = 4;

    private static final int ROW_BANK_WORDS = 4;
    /** A larger share leaves no room for a second set: the requantisers are held from tile to tile. */
    private static final double ON_END = 0.8;
    /** Work goes on: a share of the requantisers is always left over. */
    private static final double LEAST = 0.05;

    static Contention of(ScheduledCommand command, Capabilities capabilities) {
        return switch (command.queue()) {
            case INT8 -> int8(command, capabilities);
            case XNOR -> xnor(command, capabilities.xnorLanes());
            case VECTOR -> vector(command);
            case STORE, LOAD0, LOAD1 -> new Contention(command.queue(), 0, moved(command), 0, 0, 0, 1, 0);
        };
    }

    /** STORE reads four columns of a row bank at once; a load writes each word on its own. */
    private static double moved(ScheduledCommand command) {
        double words = switch ((int) get(command, Header.OPCODE)) {
            case StoreMap.OPCODE -> mapWords(command, StoreMap.COLUMNS, ROW_BANK_WORDS);
            case LoadMap.OPCODE -> mapWords(command, LoadMap.COLUMNS, 1);
            case LoadPatch.OPCODE -> patchWords(command);
            default -> 0;
        };
        return Math.min(1, words / command.cycles() / ROW_BANKS);
    }

    private static double mapWords(ScheduledCommand command, Field columns, int together) {
        return (double) get(command, LoadMap.ROWS)
                * get(command, LoadMap.MOVE_BLOCKS)
                * Math.ceil((double) get(command, columns) / together);
    }

    /** Segments of kernel rows lie one behind the other and share words. */
    private static double patchWords(ScheduledCommand command) {
        long segment = get(command, LoadPatch.KERNEL_WIDTH) * get(command, LoadPatch.CHANNELS);
        long words = 0;
        for (long kernel = 0; kernel < get(command, LoadPatch.KERNEL_HEIGHT); kernel++) {
            words += (kernel * segment % Contract.BLOCK_CHANNELS + segment + Contract.BLOCK_CHANNELS - 1)
                    / Contract.BLOCK_CHANNELS;
        }
        return (double) words * get(command, LoadPatch.ROWS) * get(command, LoadPatch.COLUMNS);
    }

    private static Contention int8(ScheduledCommand command, Capabilities capabilities) {
        long pixels = get(command, Int8Convolution.SINGLE) != 0 ? 1 : capabilities.int8Pixels();
        double blocks = get(command, Int8Convolution.CHANNEL_BLOCKS);
        boolean depthwise = get(command, Int8Convolution.DEPTHWISE) != 0;
        double rows = depthwise
                ? get(command, Int8Convolution.WINDOW_HEIGHT)
                : blocks / Math.ceil(blocks * Contract.BLOCK_CHANNELS / capabilities.int8Reduction());
        double columns = depthwise ? get(command, Int8Convolution.WINDOW_WIDTH) + pixels - 1 : pixels;
        double banks = rows * columns / Contract.ACTIVATION_BANKS;
        double outputs = 0;
        if (is(command, Int8Convolution.POST, Post.REQUANTISE) && get(command, Int8Convolution.KEEP) == 0) {
            outputs = (double) get(command, Int8Convolution.GROUPS)
                    * get(command, Int8Convolution.OUT_ROWS)
                    * get(command, Int8Convolution.OUT_COLUMNS)
                    / pixels;
        }
        double cyclesEach = get(command, Int8Convolution.WIDE) + 1.0;
        double requantised = Math.min(1, outputs * cyclesEach / command.cycles());
        return new Contention(
                Queue.INT8,
                depthwise || pixels == 1 ? banks : banks / (1 + banks),
                Math.min(1, rows / ROW_BANKS),
                pixels == 1 ? 0 : Math.min(1, outputs / command.cycles()),
                requantised,
                run(requantised, cyclesEach * get(command, Int8Convolution.TILE)),
                1,
                0);
    }

    private static Contention xnor(ScheduledCommand command, int lanes) {
        double cyclesEach = (double) lanes / XNOR_REQUANTISERS;
        double requantised = 0;
        if (is(command, XnorConvolution.POST, Post.REQUANTISE)) {
            double positions = (double) get(command, XnorConvolution.GROUPS)
                    * get(command, XnorConvolution.OUT_ROWS)
                    * get(command, XnorConvolution.OUT_COLUMNS);
            requantised = Math.min(1, positions * cyclesEach / command.cycles());
        }
        return new Contention(
                Queue.XNOR,
                0,
                0,
                0,
                requantised,
                run(requantised, cyclesEach * get(command, XnorConvolution.TILE)),
                1,
                0);
    }

    /** Tiles of one set follow one another. */
    private static double run(double requantised, double tileCycles) {
        return requantised > ON_END ? Double.POSITIVE_INFINITY : Math.max(1, tileCycles);
    }

    /** ADD and MULTIPLY read a word of each operand in two cycles. */
    private static Contention vector(ScheduledCommand command) {
        VectorOperation operation = VectorOperation.values()[(int) get(command, Vector.OPERATION)];
        long columns = get(command, Vector.OUT_COLUMNS);
        double word = (double) CommandFloor.vectorCycles(
                        operation,
                        columns,
                        get(command, Vector.KERNEL_HEIGHT),
                        get(command, Vector.KERNEL_WIDTH),
                        get(command, Vector.STRIDE_X),
                        get(command, Vector.PAD_LEFT))
                / columns;
        return switch (operation) {
            case ADD, MULTIPLY -> new Contention(Queue.VECTOR, 0, 0, 0, 0, 0, word, word);
            case AVERAGE_POOL -> new Contention(Queue.VECTOR, 0, 0, 0, 0, 0, 1, word);
            default -> new Contention(Queue.VECTOR, 0, 0, 0, 0, 0, 1, 0);
        };
    }

    /** Speed of this command, at most 1, while the other runs. */
    double rateBeside(Contention other) {
        double rate = switch (queue) {
            case INT8 -> int8RateBeside(other);
            case XNOR -> reads * (1 - other.banks);
            case VECTOR -> Math.min(reads * (1 - other.banks), 1 - other.requantises * waitingIn(other.run));
            default -> 1;
        };
        return Math.max(LEAST, Math.min(1, rate));
    }

    /**
     * The share of a run for which VECTOR stands still: from its next word on, which comes after half a word's cycles
     * where these are fewer than the run's.
     */
    private double waitingIn(double otherRun) {
        if (word == 0 || otherRun == 0) {
            return 0;
        }
        return otherRun >= word ? 1 - word / (2 * otherRun) : otherRun / (2 * word);
    }

    /**
     * A store stops all reads of a row bank for a cycle. A load goes from column to column as a pair of pixels does,
     * and meets it in every other cycle while both are in one row bank.
     */
    private double int8RateBeside(Contention other) {
        return switch (other.queue) {
            case XNOR -> requantises > 0 ? 1 - other.requantises : 1;
            case STORE -> 1 - ROW_BANKS * other.rowBanks * rowBanks;
            case LOAD0, LOAD1 -> 1 / (1 + other.rowBanks * pairs);
            default -> 1;
        };
    }

    private static long get(ScheduledCommand command, Field field) {
        return field.get(command.command().words(), 0);
    }

    private static boolean is(ScheduledCommand command, Field field, Post post) {
        return get(command, field) == post.ordinal();
    }
}
