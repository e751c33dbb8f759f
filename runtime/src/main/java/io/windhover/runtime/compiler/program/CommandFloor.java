// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.program;

import io.windhover.contract.Contract;
import io.windhover.contract.Field;
import io.windhover.contract.Int8Convolution;
import io.windhover.contract.LoadMap;
import io.windhover.contract.LoadPatch;
import io.windhover.contract.LoadTable;
import io.windhover.contract.LoadWeights;
import io.windhover.contract.Post;
import io.windhover.contract.StoreMap;
import io.windhover.contract.TableTarget;
import io.windhover.contract.Vector;
import io.windhover.contract.VectorOperation;
import io.windhover.contract.XnorConvolution;
import io.windhover.driver.Capabilities;

/**
 * What a command takes at least, by the rates of hdl/doc/accelerator.md: no start-up, no latency, no refresh, no bank
 * or port that another command uses. Words are of 8 bytes, and a port moves one a cycle.
 */
public final class CommandFloor {
    private static final int WIDE_CYCLES = 2;
    private static final int RAW_CYCLES = 4;
    /** Bytes that LOAD_PATCH writes in a cycle: three blocks. */
    private static final int PATCH_BYTES = 24;

    private final long[] words;
    private final int offset;
    private final Capabilities capabilities;

    private CommandFloor(long[] words, int offset, Capabilities capabilities) {
        this.words = words;
        this.offset = offset;
        this.capabilities = capabilities;
    }

    /** The fewest cycles from start to completion of the command at {@code words[offset]}. */
    public static long cycles(long[] words, int offset, Capabilities capabilities) {
        CommandFloor floor = new CommandFloor(words, offset, capabilities);
        return switch (Command.opcode(words, offset)) {
            case LoadPatch.OPCODE -> Math.max(floor.movedWords(), floor.patchWindows());
            case Int8Convolution.OPCODE -> floor.int8();
            case XnorConvolution.OPCODE -> floor.xnor();
            case Vector.OPCODE -> floor.vector();
            default -> floor.movedWords();
        };
    }

    /** Bytes that the command moves between a port and the chip. */
    public static long movedBytes(long[] words, int offset, Capabilities capabilities) {
        return Contract.PORT_BYTES * new CommandFloor(words, offset, capabilities).movedWords();
    }

    /** The cycles in which the LOAD_PATCH at {@code words[offset]} writes. */
    public static long patchWindows(long[] words, int offset, Capabilities capabilities) {
        return new CommandFloor(words, offset, capabilities).patchWindows();
    }

    private long get(Field field) {
        return field.get(words, offset);
    }

    private long movedWords() {
        return switch (Command.opcode(words, offset)) {
            case LoadMap.OPCODE, StoreMap.OPCODE -> get(LoadMap.ROWS) * get(LoadMap.MOVE_BLOCKS) * get(LoadMap.COLUMNS);
            case LoadWeights.OPCODE -> get(LoadWeights.ENCODED_BYTES) / Contract.PORT_BYTES;
            case LoadTable.OPCODE ->
                (get(LoadTable.TARGET) == TableTarget.RESCALE.ordinal()
                                ? Contract.RESCALE_TABLE_BYTES
                                : Contract.ACTIVATION_TABLE_BYTES)
                        / Contract.PORT_BYTES;
            case LoadPatch.OPCODE -> patchWords();
            default -> 0;
        };
    }

    /** Source rows are read whole, once for every output row and kernel row that meets them. */
    private long patchWords() {
        long rowBytes = get(LoadPatch.SOURCE_COLUMNS) * get(LoadPatch.CHANNELS);
        long read = 0;
        for (long row = 0; row < get(LoadPatch.ROWS); row++) {
            for (long kernel = 0; kernel < get(LoadPatch.KERNEL_HEIGHT); kernel++) {
                long source = row * get(LoadPatch.STRIDE_Y) + kernel - get(LoadPatch.PAD_TOP);
                if (source >= 0 && source < get(LoadPatch.SOURCE_ROWS)) {
                    long first = (get(LoadPatch.OFFSET) + source * get(LoadPatch.ROW_PITCH)) % Contract.PORT_BYTES;
                    read += (first + rowBytes + Contract.PORT_BYTES - 1) / Contract.PORT_BYTES;
                }
            }
        }
        return read;
    }

    /** A segment of a kernel row is written through a window of three blocks. */
    private long patchWindows() {
        long segment = get(LoadPatch.KERNEL_WIDTH) * get(LoadPatch.CHANNELS);
        long windows = 0;
        for (long kernel = 0; kernel < get(LoadPatch.KERNEL_HEIGHT); kernel++) {
            windows += (kernel * segment % Contract.BLOCK_CHANNELS + segment + PATCH_BYTES - 1) / PATCH_BYTES;
        }
        return windows * get(LoadPatch.ROWS) * get(LoadPatch.COLUMNS);
    }

    /** The array takes a position a cycle, and the weight memory gives a word. */
    private long int8() {
        long groups = get(Int8Convolution.GROUPS);
        long positions = int8Positions();
        long sets = int8Sets();
        long tiles = tiles(positions, get(Int8Convolution.TILE));
        long post = get(Int8Convolution.KEEP) != 0
                ? 1
                : get(Int8Convolution.POST) == Post.RAW.ordinal()
                        ? RAW_CYCLES
                        : get(Int8Convolution.POST) == Post.REQUANTISE.ordinal() && get(Int8Convolution.WIDE) != 0
                                ? WIDE_CYCLES
                                : 1;
        long setWords = capabilities.int8Reduction() / 4;
        long held = sets == 1 || get(Int8Convolution.ONE_SET) != 0 ? 1 : sets * tiles;
        return groups * Math.max(array(positions, tiles, sets, post), Contract.INT8_PARAMETER_WORDS + held * setWords);
    }

    private long int8Positions() {
        long rows = get(Int8Convolution.OUT_ROWS);
        long columns = get(Int8Convolution.OUT_COLUMNS);
        long pixels = get(Int8Convolution.SINGLE) != 0 ? 1 : capabilities.int8Pixels();
        return get(Int8Convolution.FLATTEN) != 0 ? tiles(rows * columns, pixels) : rows * tiles(columns, pixels);
    }

    private long int8Sets() {
        long height = get(Int8Convolution.KERNEL_HEIGHT);
        long width = get(Int8Convolution.KERNEL_WIDTH);
        return get(Int8Convolution.DEPTHWISE) != 0
                ? tiles(height, get(Int8Convolution.WINDOW_HEIGHT)) * tiles(width, get(Int8Convolution.WINDOW_WIDTH))
                : height * width * tiles(get(Int8Convolution.CHANNEL_BLOCKS), capabilities.int8Reduction() / 8);
    }

    /**
     * Positions of all sets; in a tile's last set each but the last is followed by the next one after {@code post}
     * cycles.
     */
    private static long array(long positions, long tiles, long sets, long post) {
        return (sets - 1) * positions + (positions - tiles) * post + tiles;
    }

    private long xnor() {
        long groups = get(XnorConvolution.GROUPS);
        long positions = get(XnorConvolution.OUT_ROWS) * get(XnorConvolution.OUT_COLUMNS);
        long sets = get(XnorConvolution.KERNEL_HEIGHT)
                * get(XnorConvolution.KERNEL_WIDTH)
                * get(XnorConvolution.CHANNEL_BLOCKS);
        long tiles = tiles(positions, get(XnorConvolution.TILE));
        long lanes = capabilities.xnorLanes();
        long post = get(XnorConvolution.POST) == Post.RAW.ordinal()
                ? lanes / 2
                : get(XnorConvolution.POST) == Post.REQUANTISE.ordinal() ? lanes / 4 : 1;
        return groups * Math.max(array(positions, tiles, sets, post), tiles * sets * lanes / 4);
    }

    private long vector() {
        return get(Vector.CHANNEL_BLOCKS)
                * get(Vector.OUT_ROWS)
                * vectorCycles(
                        VectorOperation.values()[(int) get(Vector.OPERATION)],
                        get(Vector.OUT_COLUMNS),
                        get(Vector.KERNEL_HEIGHT),
                        get(Vector.KERNEL_WIDTH),
                        get(Vector.STRIDE_X),
                        get(Vector.PAD_LEFT));
    }

    /** Cycles of VECTOR for a row of its output in one block. */
    public static long vectorCycles(
            VectorOperation operation,
            long outColumns,
            long kernelHeight,
            long kernelWidth,
            long strideX,
            long padLeft) {
        return switch (operation) {
            case TABLE -> outColumns;
            case ADD, MULTIPLY -> 2 * outColumns;
            case MAXIMUM_POOL, OR_POOL -> kernelHeight * windowSteps(outColumns, kernelWidth, strideX, padLeft);
            case AVERAGE_POOL -> kernelHeight * windowSteps(outColumns, kernelWidth, strideX, padLeft) + outColumns;
        };
    }

    /**
     * Steps through one kernel row of a row of windows: two columns each, but one where these are in differing words of
     * four.
     */
    private static long windowSteps(long outColumns, long kernelWidth, long strideX, long padLeft) {
        long steps = 0;
        for (long window = 0; window < outColumns; window++) {
            long column = window * strideX - padLeft;
            long end = column + kernelWidth;
            while (column < end) {
                column += column + 1 < end && Math.floorMod(column, Contract.COLUMN_BANKS) != Contract.COLUMN_BANKS - 1
                        ? 2
                        : 1;
                steps++;
            }
        }
        return steps;
    }

    private static long tiles(long whole, long part) {
        return (whole + part - 1) / part;
    }
}
