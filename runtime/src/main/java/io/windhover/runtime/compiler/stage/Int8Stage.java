// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.stage;

import io.windhover.contract.Contract;
import io.windhover.contract.Int8Convolution;
import io.windhover.contract.Post;
import io.windhover.contract.Queue;
import io.windhover.runtime.compiler.program.Command;
import io.windhover.runtime.compiler.program.CompileException;
import io.windhover.runtime.compiler.program.MapAllocation;
import java.util.List;

/** A convolution on the int8 array. */
public sealed class Int8Stage extends Stage permits LocalStage {
    /**
     * What the array does beside sliding.
     *
     * @param windowHeight depthwise: kernel rows of one step (unused when dense)
     * @param windowWidth depthwise: kernel columns of one step (unused when dense)
     * @param oneSet depthwise: the weights of all windows are the same, so that one set serves
     * @param table offset of an activation table in the constants, or -1
     */
    public record Mode(
            boolean depthwise,
            int windowHeight,
            int windowWidth,
            boolean oneSet,
            Post post,
            boolean wide,
            int zeroPoint,
            int clampMin,
            int clampMax,
            int padValue,
            int table) {}

    /** Cycles before the same partial sum may be added to again. */
    private static final int SLOT_CYCLES = 2;

    public final Mode mode;
    private final List<WeightSlice> slices;

    public Int8Stage(
            String name,
            int layer,
            MapNode input,
            MapNode output,
            Geometry geometry,
            Mode mode,
            List<WeightSlice> slices) {
        super(name, layer, List.of(input), output, geometry);
        this.mode = mode;
        this.slices = slices;
    }

    @Override
    public Queue queue() {
        return Queue.INT8;
    }

    @Override
    public List<WeightSlice> slices() {
        return slices;
    }

    /**
     * Pairs of pixels are impossible where two neighbouring windows would meet in a bank, or share a set; wide sums are
     * single.
     */
    boolean single() {
        return mode.wide
                || mode.oneSet
                || (mode.depthwise
                        ? geometry.strideX() != 1 || geometry.dilationX() != 1
                        : geometry.strideX() % 4 == 0);
    }

    /**
     * Not where rows below the input are made of padding: a band of these alone would start above its input, which
     * flattening excludes.
     */
    private boolean flatten(int pixels) {
        return pixels > 1
                && !mode.depthwise
                && geometry.isPoint()
                && output.width % 4 != 1
                && output.height <= inputs.get(0).height;
    }

    private int positions(int rows, int pixels) {
        if (single()) {
            return rows * output.width;
        }
        return flatten(pixels)
                ? (rows * output.width + pixels - 1) / pixels
                : rows * ((output.width + pixels - 1) / pixels);
    }

    /** Rows one command may compute when its weights come in several pieces: their sums must fit one tile. */
    public int partialRows(int pixels) {
        int rows = 0;
        while (rows < output.height && positions(rows + 1, pixels) <= Contract.TILE_POSITIONS) {
            rows++;
        }
        if (rows == 0) {
            throw CompileException.layer(
                    name,
                    "its weights for %d outputs exceed the weight memory and a row of %d outputs exceeds a tile; use fewer input channels.",
                    Contract.INT8_LANES,
                    output.width);
        }
        return rows;
    }

    int sets(WeightSlice slice, int reduction) {
        if (mode.depthwise) {
            return geometry.depthwiseSets(mode.windowHeight, mode.windowWidth);
        }
        return geometry.denseSets(slice.channelBlocks(), reduction);
    }

    @Override
    public long cycles(int rows, int pixels, int reduction) {
        int positions = positions(rows, pixels);
        int tile = CostModel.tile(positions, Contract.TILE_POSITIONS);
        long cycles = 0;
        for (WeightSlice slice : slices) {
            int hold = mode.oneSet ? SLOT_CYCLES : reduction / 4;
            cycles +=
                    slice.groups() * CostModel.group(positions, tile, sets(slice, reduction), hold, mode.wide ? 2 : 1);
        }
        return cycles;
    }

    /** Output block of the stage's map that group {@code group} starts at. */
    public int outputBlock(int group) {
        return switch (mode.post) {
            case REQUANTISE -> group;
            case BITS -> group / 8;
            case RAW -> 4 * group;
        };
    }

    /** One past the last output block that groups below {@code group} write. */
    public int endBlock(int group) {
        return outputBlock(group - 1) + (mode.post == Post.RAW ? 4 : 1);
    }

    public int firstInputBlock(WeightSlice slice, int from) {
        return slice.inBlock() + (mode.depthwise ? from : 0);
    }

    public int endInputBlock(WeightSlice slice, int to) {
        return slice.inBlock() + (mode.depthwise ? to : slice.channelBlocks());
    }

    /** Columns of padding before the first window of a piece's commands; negative: columns of input. */
    int padLeft(WeightSlice slice) {
        return geometry.padLeft();
    }

    /** The command for groups {@code from} to {@code to} of a piece over output rows {@code low} to {@code high}. */
    public Command command(
            WeightSlice slice,
            int from,
            int to,
            int low,
            int high,
            int weightAddress,
            MapAllocation in,
            MapAllocation out,
            int pixels) {
        MapNode input = inputs.get(0);
        int firstRow = geometry.inputLow(low, input.height);
        int padLeft = padLeft(slice);
        int skipped = Geometry.columnsBefore(padLeft);
        int inBlock = input.rootBlock() + firstInputBlock(slice, from);
        int outBlock = output.rootBlock() + outputBlock(slice.firstGroup() + from);
        boolean flatten = flatten(pixels);
        Command command = new Command(Int8Convolution.OPCODE)
                .map(Int8Convolution.IN_MAP, in.from(skipped), firstRow, inBlock)
                .map(Int8Convolution.OUT_MAP, out, low, outBlock)
                .set(Int8Convolution.IN_ROWS, Geometry.rowsFrom(firstRow, input.height))
                .set(Int8Convolution.IN_COLUMNS, input.width - skipped)
                .set(Int8Convolution.OUT_ROWS, high - low)
                .set(Int8Convolution.OUT_COLUMNS, output.width)
                .set(Int8Convolution.PAD_TOP, geometry.padTopAt(low, input.height))
                .set(Int8Convolution.PAD_LEFT, padLeft + skipped)
                .set(Int8Convolution.CHANNEL_BLOCKS, slice.channelBlocks())
                .set(Int8Convolution.GROUPS, to - from)
                .set(Int8Convolution.TILE, CostModel.tile(positions(high - low, pixels), Contract.TILE_POSITIONS))
                .set(Int8Convolution.WEIGHT_ADDRESS, weightAddress)
                .set(Int8Convolution.FLATTEN, flatten ? 1 : 0)
                .set(Int8Convolution.SINGLE, single() ? 1 : 0)
                .set(Int8Convolution.ACCUMULATE, slice.accumulate() ? 1 : 0)
                .set(Int8Convolution.KEEP, slice.keep() ? 1 : 0);
        return mode(kernel(command));
    }

    private Command kernel(Command command) {
        return command.set(Int8Convolution.KERNEL_HEIGHT, geometry.kernelHeight())
                .set(Int8Convolution.KERNEL_WIDTH, geometry.kernelWidth())
                .set(Int8Convolution.STRIDE_Y, geometry.strideY())
                .set(Int8Convolution.STRIDE_X, geometry.strideX())
                .set(Int8Convolution.DILATION_Y, geometry.dilationY())
                .set(Int8Convolution.DILATION_X, geometry.dilationX());
    }

    private Command mode(Command command) {
        return command.set(Int8Convolution.DEPTHWISE, mode.depthwise ? 1 : 0)
                .set(Int8Convolution.WINDOW_HEIGHT, mode.windowHeight)
                .set(Int8Convolution.WINDOW_WIDTH, mode.windowWidth)
                .set(Int8Convolution.POST, mode.post.ordinal())
                .set(Int8Convolution.WIDE, mode.wide ? 1 : 0)
                .set(Int8Convolution.ONE_SET, mode.oneSet ? 1 : 0)
                .set(Int8Convolution.ACTIVATION, mode.table >= 0 ? 1 : 0)
                .set(Int8Convolution.ZERO_POINT, mode.zeroPoint)
                .set(Int8Convolution.CLAMP_MIN, mode.clampMin)
                .set(Int8Convolution.CLAMP_MAX, mode.clampMax)
                .set(Int8Convolution.PAD_VALUE, mode.padValue);
    }
}
