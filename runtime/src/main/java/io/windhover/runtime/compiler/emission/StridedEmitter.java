// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.emission;

import io.windhover.contract.LoadMap;
import io.windhover.contract.LoadPatch;
import io.windhover.contract.Queue;
import io.windhover.contract.StoreMap;
import io.windhover.runtime.compiler.program.Command;
import io.windhover.runtime.compiler.program.MapAddress;
import io.windhover.runtime.compiler.program.MapAllocation;
import io.windhover.runtime.compiler.program.MemoryAccess;
import io.windhover.runtime.compiler.program.ScheduledCommand;
import io.windhover.runtime.compiler.schedule.MemoryPlan;
import io.windhover.runtime.compiler.schedule.ScheduleStep;
import io.windhover.runtime.compiler.stage.CostModel;
import io.windhover.runtime.compiler.stage.MapNode;
import io.windhover.runtime.compiler.stage.Strides;
import java.util.List;

/** Loads and stores of maps that lie in memory in another order than on chip. */
final class StridedEmitter {
    /** A burst of one or two beats takes a port as long as five beats of a long one. */
    private static final int SHORT_BURST_CYCLES = 5;
    /** Kernel rows of one LOAD_PATCH: a multiple of 8, so that the next one starts with a block of its own. */
    private static final int KERNEL_ROWS = 248;

    private final MoveEmitter moves;
    private final MemoryPlan plan;

    StridedEmitter(MoveEmitter moves, MemoryPlan plan) {
        this.moves = moves;
        this.plan = plan;
    }

    /** What a stage's rows of {@code map} contribute to a copy of {@code holder}. */
    void store(
            MapNode map,
            MapAllocation allocation,
            MapNode holder,
            MapNode.Copy copy,
            int firstRow,
            int endRow,
            int layer) {
        int low = Math.max(firstRow, copy.firstRow());
        int high = Math.min(endRow, copy.firstRow() + copy.rows());
        int offset = map.rootBlock() - holder.rootBlock();
        int first = Math.max(copy.firstBlock(), offset);
        int end = Math.min(copy.firstBlock() + copy.blocks(), offset + map.blocks);
        if (first >= end || low >= high) {
            return;
        }
        MapAddress memory = plan.address(copy.area());
        Strides strides = copy.strides();
        for (Strides.Run run : strides.runs(end - first, copy.columns())) {
            int block = first + run.firstBlock();
            long at = memory.offset() + strides.at(low - copy.firstRow(), block - copy.firstBlock(), 0);
            int onChip = holder.rootBlock() + block;
            Command command = MoveEmitter.move(StoreMap.OPCODE, map, allocation, low, high, onChip, run.blocks())
                    .set(StoreMap.COLUMN, copy.firstColumn())
                    .set(StoreMap.COLUMNS, copy.columns())
                    .set(StoreMap.OFFSET, at)
                    .set(StoreMap.REGION, memory.region())
                    .set(StoreMap.ROW_PITCH, strides.row())
                    .set(StoreMap.RUN_PITCH, run.runPitch())
                    .set(StoreMap.RUN_WORDS, run.runWords())
                    .set(StoreMap.RUNS, run.runs());
            long span = strides.span(high - low, run.blocks(), copy.columns());
            moves.add(new ScheduledCommand(
                    command,
                    Queue.STORE,
                    layer,
                    List.of(
                            MemoryAccess.memory(memory.region(), at, span, true),
                            MemoryAccess.rows(allocation, low, high - low, onChip, onChip + run.blocks(), false)),
                    CostModel.MEMORY_LATENCY_CYCLES + CostModel.transfer(portBytes(strides, run, high - low))));
        }
    }

    /** Bytes that a port could move in long bursts meanwhile. */
    private static long portBytes(Strides strides, Strides.Run run, int rows) {
        boolean isShort = run.runWords() == strides.together();
        return 8L * rows * run.runs() * (isShort ? SHORT_BURST_CYCLES : run.runWords());
    }

    /** Rows that follow one another at one distance in memory are loaded together. */
    void load(ScheduleStep.Load load, MapNode.Assembled source, MapAllocation allocation, int layer) {
        int[] rows = source.rows();
        int low = load.low();
        while (low < load.high()) {
            int step = low + 1 < load.high() ? Math.max(0, rows[low + 1] - rows[low]) : 0;
            int high = low + 1;
            while (high < load.high() && rows[high] - rows[high - 1] == step) {
                high++;
            }
            load(load.map(), source, allocation, low, high, step, layer);
            low = high;
        }
    }

    private void load(
            MapNode map, MapNode.Assembled source, MapAllocation allocation, int low, int high, int step, int layer) {
        MapAddress memory = plan.address(source.area());
        Strides strides = source.strides();
        Strides stepped = strides.everyRow(step);
        for (Strides.Run run : strides.runs(map.blocks, map.width)) {
            int port = moves.lighterPort();
            long at = memory.offset() + strides.at(source.rows()[low], run.firstBlock(), 0);
            Command command = MoveEmitter.move(
                            LoadMap.OPCODE, map, allocation, low, high, run.firstBlock(), run.blocks())
                    .set(LoadMap.OFFSET, at)
                    .set(LoadMap.REGION, memory.region())
                    .set(LoadMap.PORT, port)
                    .set(LoadMap.ROW_PITCH, stepped.row())
                    .set(LoadMap.RUN_PITCH, run.runPitch())
                    .set(LoadMap.RUN_WORDS, run.runWords())
                    .set(LoadMap.RUNS, run.runs());
            moves.add(
                    command,
                    port,
                    layer,
                    portBytes(strides, run, high - low),
                    MemoryAccess.memory(memory.region(), at, stepped.span(high - low, run.blocks(), map.width), false),
                    MemoryAccess.rows(
                            allocation, low, high - low, run.firstBlock(), run.firstBlock() + run.blocks(), true));
        }
    }

    /** One command for each row and 248 kernel rows, and one for the tail. */
    void gather(ScheduleStep.Load load, MapNode.Bytes source, MapAllocation allocation, int layer) {
        for (int row = load.low(); row < load.high(); row++) {
            for (int kernel = 0; kernel < source.kernelRows(); kernel += KERNEL_ROWS) {
                gather(
                        load.map(),
                        source,
                        allocation,
                        row,
                        kernel,
                        Math.min(KERNEL_ROWS, source.kernelRows() - kernel),
                        source.channels(),
                        layer);
            }
            if (source.tail() > 0) {
                gather(load.map(), source, allocation, row, source.kernelRows(), 1, source.tail(), layer);
            }
        }
    }

    private void gather(
            MapNode map,
            MapNode.Bytes source,
            MapAllocation allocation,
            int row,
            int kernel,
            int kernelRows,
            int channels,
            int layer) {
        MapAddress memory = plan.address(source.area());
        int firstBlock = kernel * source.channels() / 8;
        int blocks = (kernelRows * channels + 7) / 8;
        long at = memory.offset() + row * source.rowPitch() + kernel * source.kernelPitch();
        Command command = new Command(LoadPatch.OPCODE)
                .map(LoadPatch.CHIP_MAP, allocation, row, firstBlock)
                .set(LoadPatch.OFFSET, at)
                .set(LoadPatch.REGION, memory.region())
                .set(LoadPatch.PORT, 0)
                .set(LoadPatch.ROWS, 1)
                .set(LoadPatch.COLUMNS, map.width)
                .set(LoadPatch.SOURCE_ROWS, kernelRows)
                .set(LoadPatch.SOURCE_COLUMNS, source.sourceColumns(map.width))
                .set(LoadPatch.ROW_PITCH, source.kernelPitch())
                .set(LoadPatch.CHANNELS, channels)
                .set(LoadPatch.KERNEL_HEIGHT, kernelRows)
                .set(LoadPatch.KERNEL_WIDTH, 1)
                .set(LoadPatch.STRIDE_Y, 1)
                .set(LoadPatch.STRIDE_X, source.strideX())
                .set(LoadPatch.FLIP_SIGN, source.flip() ? 1 : 0);
        long span = (kernelRows - 1L) * source.kernelPitch() + (long) source.sourceColumns(map.width) * channels;
        moves.add(
                command,
                0,
                layer,
                8L * blocks * map.width,
                MemoryAccess.memory(memory.region(), at, span, false),
                MemoryAccess.rows(allocation, row, 1, firstBlock, firstBlock + blocks, true));
    }
}
