// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.emission;

import io.windhover.contract.Codec;
import io.windhover.contract.Contract;
import io.windhover.contract.LoadMap;
import io.windhover.contract.LoadPatch;
import io.windhover.contract.LoadTable;
import io.windhover.contract.LoadWeights;
import io.windhover.contract.Queue;
import io.windhover.contract.StoreMap;
import io.windhover.contract.TableTarget;
import io.windhover.driver.Capabilities;
import io.windhover.runtime.compiler.program.Command;
import io.windhover.runtime.compiler.program.CommandFloor;
import io.windhover.runtime.compiler.program.FieldLimits;
import io.windhover.runtime.compiler.program.MapAddress;
import io.windhover.runtime.compiler.program.MapAllocation;
import io.windhover.runtime.compiler.program.MemoryAccess;
import io.windhover.runtime.compiler.program.Regions;
import io.windhover.runtime.compiler.program.ScheduledCommand;
import io.windhover.runtime.compiler.schedule.MemoryPlan;
import io.windhover.runtime.compiler.schedule.ScheduleStep;
import io.windhover.runtime.compiler.stage.CostModel;
import io.windhover.runtime.compiler.stage.Geometry;
import io.windhover.runtime.compiler.stage.MapNode;
import java.util.List;
import java.util.Objects;

/**
 * Loads and stores. Large loads are halved between the two read ports; small ones take the port with less to do so far.
 */
final class MoveEmitter {
    private static final int HALVED_BYTES = 2048;
    /** Before LOAD_PATCH asks for its first row. */
    private static final int PATCH_SETUP_CYCLES = 15;
    /** The activation table takes nine cycles for a word of eight entries. */
    private static final int ACTIVATION_TABLE_CYCLES = 9 * Contract.ACTIVATION_TABLE_BYTES / 8;

    private final List<ScheduledCommand> program;
    private final MemoryPlan plan;
    private final Capabilities capabilities;
    private final long[] portBytes = new long[2];
    private final StridedEmitter strided;

    MoveEmitter(List<ScheduledCommand> program, MemoryPlan plan, Capabilities capabilities) {
        this.program = program;
        this.plan = plan;
        this.capabilities = capabilities;
        strided = new StridedEmitter(this, plan);
    }

    StridedEmitter strided() {
        return strided;
    }

    void load(ScheduleStep.Load load, MapAllocation allocation, int layer) {
        MapNode map = load.map();
        MapNode.Source source = map.source;
        if (source instanceof MapNode.Patch patch) {
            patch(map, patch, allocation, load.low(), load.high(), layer);
        } else if (source instanceof MapNode.Direct direct) {
            direct(map, direct, allocation, load.low(), load.high(), layer);
        } else if (source instanceof MapNode.Constant constant) {
            dense(load, new MapAddress(Regions.CONSTANTS, constant.offset()), allocation, layer);
        } else if (source instanceof MapNode.Assembled assembled) {
            strided.load(load, assembled, allocation, layer);
        } else if (source instanceof MapNode.Bytes bytes) {
            strided.gather(load, bytes, allocation, layer);
        } else {
            MapAddress spilled = plan.spilled(map);
            dense(load, Objects.requireNonNull(spilled != null ? spilled : plan.kept(map)), allocation, layer);
        }
    }

    private void dense(ScheduleStep.Load load, MapAddress memory, MapAllocation allocation, int layer) {
        int low = load.low();
        int high = load.high();
        int first = load.firstBlock();
        int end = load.endBlock();
        if (load.bytes() < HALVED_BYTES || (high - low == 1 && end - first == 1)) {
            loadMap(load.map(), memory, allocation, low, high, first, end, lighterPort(), layer);
        } else if (high - low > 1) {
            int middle = low + (high - low) / 2;
            loadMap(load.map(), memory, allocation, low, middle, first, end, 0, layer);
            loadMap(load.map(), memory, allocation, middle, high, first, end, 1, layer);
        } else {
            int middle = first + (end - first) / 2;
            loadMap(load.map(), memory, allocation, low, high, first, middle, 0, layer);
            loadMap(load.map(), memory, allocation, low, high, middle, end, 1, layer);
        }
    }

    int lighterPort() {
        return portBytes[0] < portBytes[1] ? 0 : 1;
    }

    private void loadMap(
            MapNode map,
            MapAddress memory,
            MapAllocation allocation,
            int low,
            int high,
            int firstBlock,
            int endBlock,
            int port,
            int layer) {
        int blocks = endBlock - firstBlock;
        long offset = memory.offset() + (long) low * map.rowBytes() + (long) firstBlock * map.width * 8;
        Command command = move(LoadMap.OPCODE, map, allocation, low, high, firstBlock, blocks)
                .set(LoadMap.OFFSET, offset)
                .set(LoadMap.REGION, memory.region())
                .set(LoadMap.PORT, port)
                .set(LoadMap.ROW_PITCH, map.rowBytes())
                .set(LoadMap.RUN_PITCH, 0)
                .set(LoadMap.RUN_WORDS, (long) blocks * map.width)
                .set(LoadMap.RUNS, 1);
        long span = (high - low - 1L) * map.rowBytes() + 8L * blocks * map.width;
        long bytes = (long) (high - low) * blocks * map.width * 8;
        add(
                command,
                port,
                layer,
                bytes,
                MemoryAccess.memory(memory.region(), offset, span, false),
                MemoryAccess.rows(allocation, low, high - low, firstBlock, endBlock, true));
    }

    static Command move(
            int opcode, MapNode map, MapAllocation allocation, int low, int high, int firstBlock, int blocks) {
        return new Command(opcode)
                .map(LoadMap.CHIP_MAP, allocation, low, firstBlock)
                .set(LoadMap.ROWS, high - low)
                .set(LoadMap.MOVE_BLOCKS, blocks)
                .set(LoadMap.COLUMNS, map.width)
                .set(LoadMap.COLUMN, 0);
    }

    /**
     * Packed pixels of whole words: one command per block, whose words lie a pixel apart; a single pixel is one run.
     */
    private void direct(MapNode map, MapNode.Direct direct, MapAllocation allocation, int low, int high, int layer) {
        MapAddress memory = plan.address(direct.area());
        if (map.width == 1) {
            direct(map, allocation, low, high, 0, map.blocks, memory, direct.pixelBytes(), 0, map.blocks, 1, layer);
            return;
        }
        for (int block = 0; block < map.blocks; block++) {
            direct(
                    map,
                    allocation,
                    low,
                    high,
                    block,
                    block + 1,
                    memory,
                    map.width * direct.pixelBytes(),
                    direct.pixelBytes(),
                    1,
                    map.width,
                    layer);
        }
    }

    private void direct(
            MapNode map,
            MapAllocation allocation,
            int low,
            int high,
            int firstBlock,
            int endBlock,
            MapAddress memory,
            int rowPitch,
            int runPitch,
            int runWords,
            int runs,
            int layer) {
        int port = lighterPort();
        long pitch = (rowPitch + 7L) / 8 * 8;
        long offset = memory.offset() + low * pitch + firstBlock * 8L;
        Command command = move(LoadMap.OPCODE, map, allocation, low, high, firstBlock, endBlock - firstBlock)
                .set(LoadMap.OFFSET, offset)
                .set(LoadMap.REGION, memory.region())
                .set(LoadMap.PORT, port)
                .set(LoadMap.ROW_PITCH, pitch)
                .set(LoadMap.RUN_PITCH, runPitch)
                .set(LoadMap.RUN_WORDS, runWords)
                .set(LoadMap.RUNS, runs);
        long bytes = (high - low) * pitch;
        add(
                command,
                port,
                layer,
                bytes,
                MemoryAccess.memory(memory.region(), offset, bytes, false),
                MemoryAccess.rows(allocation, low, high - low, firstBlock, endBlock, true));
    }

    /** One command, or several where their source rows are more than one can name. */
    private void patch(MapNode map, MapNode.Patch patch, MapAllocation allocation, int low, int high, int layer) {
        Geometry geometry = patch.geometry();
        int sourceRows = geometry.inputHigh(high, patch.sourceRows()) - geometry.inputLow(low, patch.sourceRows());
        if (sourceRows > FieldLimits.ROWS && high - low > 1) {
            int middle = low + (high - low) / 2;
            patch(map, patch, allocation, low, middle, layer);
            patch(map, patch, allocation, middle, high, layer);
        } else {
            patchRows(map, patch, allocation, low, high, layer);
        }
    }

    private void patchRows(MapNode map, MapNode.Patch patch, MapAllocation allocation, int low, int high, int layer) {
        Geometry geometry = patch.geometry();
        int rowBytes = patch.sourceColumns() * patch.channels();
        int firstRow = geometry.inputLow(low, patch.sourceRows());
        int region = plan.address(patch.area()).region();
        long start = plan.address(patch.area()).offset();
        long offset = start + (long) firstRow * rowBytes;
        Command command = new Command(LoadPatch.OPCODE)
                .map(LoadPatch.CHIP_MAP, allocation, low, 0)
                .set(LoadPatch.OFFSET, offset)
                .set(LoadPatch.REGION, region)
                .set(LoadPatch.PORT, 0)
                .set(LoadPatch.ROWS, high - low)
                .set(LoadPatch.COLUMNS, map.width)
                .set(LoadPatch.SOURCE_ROWS, Geometry.rowsFrom(firstRow, patch.sourceRows()))
                .set(LoadPatch.SOURCE_COLUMNS, patch.sourceColumns())
                .set(LoadPatch.ROW_PITCH, rowBytes)
                .set(LoadPatch.CHANNELS, patch.channels())
                .set(LoadPatch.PAD_VALUE, patch.padValue())
                .set(LoadPatch.PAD_TOP, geometry.padTopAt(low, patch.sourceRows()))
                .set(LoadPatch.PAD_LEFT, geometry.padLeft())
                .set(LoadPatch.KERNEL_HEIGHT, geometry.kernelHeight())
                .set(LoadPatch.KERNEL_WIDTH, geometry.kernelWidth())
                .set(LoadPatch.STRIDE_Y, geometry.strideY())
                .set(LoadPatch.STRIDE_X, geometry.strideX())
                .set(LoadPatch.FLIP_SIGN, patch.flip() ? 1 : 0);
        long bytes = (long) (high - low) * map.rowBytes() / 2;
        long end = start + (long) geometry.inputHigh(high, patch.sourceRows()) * rowBytes;
        add(
                command,
                0,
                layer,
                bytes,
                patchCycles(command, CostModel.transfer(rowBytes)),
                MemoryAccess.memory(region, offset, end - offset, false),
                MemoryAccess.rows(allocation, low, high - low, 0, map.blocks, true));
    }

    /** A row is read while the one before is written: the first and the last are alone. */
    private long patchCycles(Command command, long readCycles) {
        long rows = LoadPatch.ROWS.get(command.words(), 0) * LoadPatch.KERNEL_HEIGHT.get(command.words(), 0);
        long writeCycles = CommandFloor.patchWindows(command.words(), 0, capabilities) / rows;
        return PATCH_SETUP_CYCLES + readCycles + writeCycles + (rows - 1) * Math.max(readCycles, writeCycles);
    }

    /** A map's rows to the memory of {@code holder}, which is the map itself or one it is part of. */
    void store(MapNode map, MapAllocation allocation, MapAddress memory, MapNode holder, int low, int high, int layer) {
        long pitch = holder.rowBytes();
        long offset = memory.offset() + low * pitch + 8L * (map.rootBlock() - holder.rootBlock()) * map.width;
        int block = map.rootBlock();
        Command command = move(StoreMap.OPCODE, map, allocation, low, high, block, map.blocks)
                .set(StoreMap.OFFSET, offset)
                .set(StoreMap.REGION, memory.region())
                .set(StoreMap.ROW_PITCH, pitch)
                .set(StoreMap.RUN_PITCH, 0)
                .set(StoreMap.RUN_WORDS, (long) map.blocks * map.width)
                .set(StoreMap.RUNS, 1);
        long words = (long) (high - low) * map.blocks * Math.max(map.width, map.quads() * 4);
        long span = (high - low - 1L) * pitch + (long) map.rowBytes();
        program.add(new ScheduledCommand(
                command,
                Queue.STORE,
                layer,
                List.of(
                        MemoryAccess.memory(memory.region(), offset, span, true),
                        MemoryAccess.rows(allocation, low, high - low, block, block + map.blocks, false)),
                CostModel.MEMORY_LATENCY_CYCLES + CostModel.transfer(words * 8)));
    }

    void weights(int offset, int address, int words, int layer) {
        if (words * Contract.WEIGHT_WORD_BYTES < HALVED_BYTES) {
            weights(offset, address, words, lighterPort(), layer);
            return;
        }
        int half = words / 2;
        weights(offset, address, half, 0, layer);
        weights(offset + half * Contract.WEIGHT_WORD_BYTES, address + half, words - half, 1, layer);
    }

    private void weights(int offset, int address, int words, int port, int layer) {
        int bytes = words * Contract.WEIGHT_WORD_BYTES;
        Command command = new Command(LoadWeights.OPCODE)
                .set(LoadWeights.OFFSET, offset)
                .set(LoadWeights.REGION, Regions.CONSTANTS)
                .set(LoadWeights.PORT, port)
                .set(LoadWeights.ADDRESS, address)
                .set(LoadWeights.CODEC, Codec.RAW.ordinal())
                .set(LoadWeights.DECODED_BYTES, bytes)
                .set(LoadWeights.ENCODED_BYTES, bytes);
        add(
                command,
                port,
                layer,
                bytes,
                MemoryAccess.memory(Regions.CONSTANTS, offset, bytes, false),
                MemoryAccess.weights(address, words, true));
    }

    void table(int offset, TableTarget target, int layer) {
        int port = lighterPort();
        int bytes = target == TableTarget.RESCALE ? Contract.RESCALE_TABLE_BYTES : Contract.ACTIVATION_TABLE_BYTES;
        Command command = new Command(LoadTable.OPCODE)
                .set(LoadTable.OFFSET, offset)
                .set(LoadTable.REGION, Regions.CONSTANTS)
                .set(LoadTable.PORT, port)
                .set(LoadTable.TARGET, target.ordinal());
        add(
                command,
                port,
                layer,
                bytes,
                target == TableTarget.ACTIVATION ? ACTIVATION_TABLE_CYCLES : CostModel.transfer(bytes),
                MemoryAccess.memory(Regions.CONSTANTS, offset, bytes, false),
                MemoryAccess.table(target.ordinal(), true));
    }

    void add(ScheduledCommand instruction) {
        program.add(instruction);
    }

    void add(Command command, int port, int layer, long bytes, MemoryAccess source, MemoryAccess target) {
        add(command, port, layer, bytes, CostModel.transfer(bytes), source, target);
    }

    private void add(
            Command command, int port, int layer, long bytes, long cycles, MemoryAccess source, MemoryAccess target) {
        portBytes[port] += bytes + 8L * CostModel.MEMORY_LATENCY_CYCLES;
        program.add(new ScheduledCommand(
                command,
                port == 0 ? Queue.LOAD0 : Queue.LOAD1,
                layer,
                List.of(source, target),
                CostModel.MEMORY_LATENCY_CYCLES + cycles));
    }
}
