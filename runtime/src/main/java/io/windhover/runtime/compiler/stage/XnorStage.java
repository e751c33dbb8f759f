// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.stage;

import io.windhover.contract.BinaryPadding;
import io.windhover.contract.Contract;
import io.windhover.contract.Post;
import io.windhover.contract.Queue;
import io.windhover.contract.XnorConvolution;
import io.windhover.runtime.compiler.program.Command;
import io.windhover.runtime.compiler.program.MapAllocation;
import java.util.List;

/** A convolution of packed bits on the XNOR array. */
public final class XnorStage extends Stage {
    /** What the array does beside sliding. {@code lastBits} channels of the last input block exist. */
    public record Mode(
            Post post,
            BinaryPadding padding,
            int lastBits,
            int lanes,
            int fraction,
            int zeroPoint,
            int clampMin,
            int clampMax) {}

    final Mode mode;
    private final List<WeightSlice> slices;

    public XnorStage(
            String name, int layer, MapNode input, MapNode output, Geometry geometry, Mode mode, WeightSlice slice) {
        super(name, layer, List.of(input), output, geometry);
        this.mode = mode;
        this.slices = List.of(slice);
    }

    @Override
    public Queue queue() {
        return Queue.XNOR;
    }

    @Override
    public List<WeightSlice> slices() {
        return slices;
    }

    @Override
    public long cycles(int rows, int pixels, int reduction) {
        int positions = rows * output.width;
        int tile = CostModel.tile(positions, Contract.TILE_POSITIONS);
        WeightSlice slice = slices.get(0);
        int sets = geometry.kernelHeight() * geometry.kernelWidth() * slice.channelBlocks();
        int post = mode.post == Post.BITS ? 1 : mode.post == Post.RAW ? mode.lanes / 2 : mode.lanes / 4;
        int hold = mode.lanes / 4;
        return slice.groups() * (hold + CostModel.group(positions, tile, sets, hold, post));
    }

    /** The command for groups {@code from} to {@code to} over output rows {@code low} to {@code high}. */
    public Command command(
            WeightSlice slice,
            int from,
            int to,
            int low,
            int high,
            int weightAddress,
            MapAllocation in,
            MapAllocation out) {
        MapNode input = inputs.get(0);
        int firstRow = geometry.inputLow(low, input.height);
        int firstBlock = outputBlock(from);
        Command command = new Command(XnorConvolution.OPCODE)
                .map(XnorConvolution.IN_MAP, in, firstRow, input.rootBlock())
                .map(XnorConvolution.OUT_MAP, out, low, output.rootBlock() + firstBlock)
                .set(XnorConvolution.IN_ROWS, input.height - firstRow)
                .set(XnorConvolution.IN_COLUMNS, input.width)
                .set(XnorConvolution.OUT_ROWS, high - low)
                .set(XnorConvolution.OUT_COLUMNS, output.width)
                .set(XnorConvolution.PAD_TOP, geometry.padTopAt(low, input.height))
                .set(XnorConvolution.PAD_LEFT, geometry.padLeft())
                .set(XnorConvolution.CHANNEL_BLOCKS, slice.channelBlocks())
                .set(XnorConvolution.GROUPS, to - from)
                .set(XnorConvolution.TILE, CostModel.tile((high - low) * output.width, Contract.TILE_POSITIONS))
                .set(XnorConvolution.WEIGHT_ADDRESS, weightAddress)
                .set(XnorConvolution.WRITE_BLOCKS, output.blocks - firstBlock);
        return mode(kernel(command));
    }

    private Command kernel(Command command) {
        return command.set(XnorConvolution.KERNEL_HEIGHT, geometry.kernelHeight())
                .set(XnorConvolution.KERNEL_WIDTH, geometry.kernelWidth())
                .set(XnorConvolution.STRIDE_Y, geometry.strideY())
                .set(XnorConvolution.STRIDE_X, geometry.strideX())
                .set(XnorConvolution.DILATION_Y, geometry.dilationY())
                .set(XnorConvolution.DILATION_X, geometry.dilationX());
    }

    private Command mode(Command command) {
        return command.set(XnorConvolution.PADDING, mode.padding.ordinal())
                .set(XnorConvolution.POST, mode.post.ordinal())
                .set(XnorConvolution.LAST_BITS, mode.lastBits)
                .set(XnorConvolution.FRACTION, mode.fraction)
                .set(XnorConvolution.ZERO_POINT, mode.zeroPoint)
                .set(XnorConvolution.CLAMP_MIN, mode.clampMin)
                .set(XnorConvolution.CLAMP_MAX, mode.clampMax);
    }

    /** Output block that group {@code group} starts at; several groups share a block of bits when lanes are few. */
    public int outputBlock(int group) {
        return switch (mode.post) {
            case REQUANTISE -> group * mode.lanes / 8;
            case BITS -> group * mode.lanes / 64;
            case RAW -> group * mode.lanes / 2;
        };
    }

    /** One past the last output block that groups below {@code group} write. */
    public int endBlock(int group) {
        return Math.min(output.blocks, Math.max(outputBlock(group - 1) + 1, outputBlock(group)));
    }

    /** Groups a chunk must be a multiple of, so that it starts on a block. */
    public int groupAlignment() {
        return mode.post == Post.BITS ? Math.max(1, 64 / mode.lanes) : 1;
    }
}
