// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.stage;

import io.windhover.contract.Queue;
import io.windhover.contract.Vector;
import io.windhover.contract.VectorOperation;
import io.windhover.runtime.compiler.program.Command;
import io.windhover.runtime.compiler.program.CommandFloor;
import io.windhover.runtime.compiler.program.MapAllocation;
import java.util.List;

/** Pooling or an element-wise operator on the vector engine. */
public final class VectorStage extends Stage {
    /**
     * The operator and its numbers.
     *
     * @param table offset of two rescale tables in the constants, or -1
     */
    public record Mode(
            VectorOperation operation,
            int multiplier,
            int shift,
            int zeroPoint,
            int clampMin,
            int clampMax,
            int firstZero,
            int secondZero,
            boolean broadcast,
            int table) {
        public static Mode pool(VectorOperation operation, int clampMin, int clampMax) {
            return new Mode(operation, 0, 0, 0, clampMin, clampMax, 0, 0, false, -1);
        }
    }

    public final Mode mode;

    public VectorStage(String name, int layer, List<MapNode> inputs, MapNode output, Geometry geometry, Mode mode) {
        super(name, layer, inputs, output, geometry);
        this.mode = mode;
    }

    @Override
    public Queue queue() {
        return Queue.VECTOR;
    }

    @Override
    public List<WeightSlice> slices() {
        return List.of();
    }

    @Override
    public int inputLow(int operand, int row) {
        return operand == 1 && mode.broadcast ? 0 : super.inputLow(operand, row);
    }

    @Override
    public int inputHigh(int operand, int rows) {
        return operand == 1 && mode.broadcast ? 1 : super.inputHigh(operand, rows);
    }

    @Override
    public long cycles(int rows, int pixels, int reduction) {
        return (long) rows
                * output.blocks
                * CommandFloor.vectorCycles(
                        mode.operation,
                        output.width,
                        geometry.kernelHeight(),
                        geometry.kernelWidth(),
                        geometry.strideX(),
                        geometry.padLeft());
    }

    /** The command over output rows {@code low} to {@code high}; {@code allocations} are the inputs'. */
    public Command command(int low, int high, List<MapAllocation> allocations, MapAllocation out) {
        MapNode input = inputs.get(0);
        int firstRow = geometry.inputLow(low, input.height);
        int skipped = Geometry.columnsBefore(geometry.padLeft());
        Command command = new Command(Vector.OPCODE)
                .map(Vector.IN_MAP, allocations.get(0).from(skipped), firstRow, input.rootBlock())
                .map(Vector.OUT_MAP, out, low, output.rootBlock())
                .set(Vector.IN_ROWS, Geometry.rowsFrom(firstRow, input.height))
                .set(Vector.IN_COLUMNS, input.width - skipped)
                .set(Vector.OUT_ROWS, high - low)
                .set(Vector.OUT_COLUMNS, output.width)
                .set(Vector.PAD_TOP, geometry.padTopAt(low, input.height))
                .set(Vector.PAD_LEFT, geometry.padLeft() + skipped)
                .set(Vector.CHANNEL_BLOCKS, output.blocks);
        if (inputs.size() > 1) {
            MapNode second = inputs.get(1);
            command.map(Vector.B_MAP, allocations.get(1), mode.broadcast ? 0 : low, second.rootBlock());
        }
        return mode(command);
    }

    private Command mode(Command command) {
        return command.set(Vector.KERNEL_HEIGHT, geometry.kernelHeight())
                .set(Vector.KERNEL_WIDTH, geometry.kernelWidth())
                .set(Vector.STRIDE_Y, geometry.strideY())
                .set(Vector.STRIDE_X, geometry.strideX())
                .set(Vector.DILATION_Y, 1)
                .set(Vector.DILATION_X, 1)
                .set(Vector.OPERATION, mode.operation.ordinal())
                .set(Vector.MULTIPLIER, mode.multiplier)
                .set(Vector.SHIFT, mode.shift)
                .set(Vector.ZERO_POINT, mode.zeroPoint)
                .set(Vector.CLAMP_MIN, mode.clampMin)
                .set(Vector.CLAMP_MAX, mode.clampMax)
                .set(Vector.A_ZERO, mode.firstZero)
                .set(Vector.B_ZERO, mode.secondZero)
                .set(Vector.B_BROADCAST, mode.broadcast ? 1 : 0);
    }
}
