// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.emission;

import io.windhover.contract.Post;
import io.windhover.contract.TableTarget;
import io.windhover.driver.Capabilities;
import io.windhover.runtime.compiler.program.Command;
import io.windhover.runtime.compiler.program.CompileException;
import io.windhover.runtime.compiler.program.MapAllocation;
import io.windhover.runtime.compiler.program.MemoryAccess;
import io.windhover.runtime.compiler.program.ScheduledCommand;
import io.windhover.runtime.compiler.schedule.Segment;
import io.windhover.runtime.compiler.stage.CostModel;
import io.windhover.runtime.compiler.stage.Int8Stage;
import io.windhover.runtime.compiler.stage.LocalStage;
import io.windhover.runtime.compiler.stage.MapNode;
import io.windhover.runtime.compiler.stage.Stage;
import io.windhover.runtime.compiler.stage.VectorStage;
import io.windhover.runtime.compiler.stage.WeightSlice;
import io.windhover.runtime.compiler.stage.XnorStage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Commands of the compute engines and the weights and tables they need. */
final class ComputeEmitter {
    /**
     * Streamed weights are loaded in parts of at most this fraction of the weight memory, so that the next part loads
     * meanwhile.
     */
    private static final int STREAM_PARTS = 5;

    private final List<ScheduledCommand> program;
    private final Capabilities capabilities;
    private final MoveEmitter moves;
    private final Map<WeightSlice, Integer> addresses = new HashMap<>();
    private final int[] tables = {-1, -1};
    private boolean resident;
    private int nextWord;

    ComputeEmitter(List<ScheduledCommand> program, Capabilities capabilities, MoveEmitter moves) {
        this.program = program;
        this.capabilities = capabilities;
        this.moves = moves;
    }

    void enter(Segment segment, List<Stage> stages) {
        addresses.clear();
        resident = segment.residentWeights();
        int words = stages.subList(segment.from(), segment.to()).stream()
                .mapToInt(Stage::weightWords)
                .sum();
        if (resident && nextWord + words > capabilities.weightWords()) {
            nextWord = 0;
        }
        if (resident) {
            Stage first = stages.get(segment.from());
            first.slices().forEach(slice -> address(first, slice));
        }
    }

    private int address(Stage stage, WeightSlice slice) {
        return addresses.computeIfAbsent(slice, key -> load(stage, slice, 0, slice.groups()));
    }

    private int allocate(int words) {
        if (nextWord + words > capabilities.weightWords()) {
            nextWord = 0;
        }
        int address = nextWord;
        nextWord += words;
        return address;
    }

    void run(Stage stage, int low, int high, List<MapAllocation> inputs, MapAllocation output) {
        if (stage instanceof VectorStage vector) {
            vector(vector, low, high, inputs, output);
        } else if (stage instanceof LocalStage local) {
            for (int row = low; row < high; row++) {
                for (WeightSlice slice : local.slices(row)) {
                    stream(stage, slice, row, row + 1, inputs.get(0), output);
                }
            }
        } else if (stage instanceof Int8Stage int8 && stage.slices().stream().anyMatch(WeightSlice::isPartial)) {
            int rows = int8.partialRows(capabilities.int8Pixels());
            for (int row = low; row < high; row += rows) {
                for (WeightSlice slice : stage.slices()) {
                    stream(stage, slice, row, Math.min(high, row + rows), inputs.get(0), output);
                }
            }
        } else {
            for (WeightSlice slice : stage.slices()) {
                if (resident) {
                    convolve(stage, slice, 0, slice.groups(), low, high, address(stage, slice), inputs.get(0), output);
                } else {
                    stream(stage, slice, low, high, inputs.get(0), output);
                }
            }
        }
    }

    private void stream(Stage stage, WeightSlice slice, int low, int high, MapAllocation input, MapAllocation output) {
        int alignment = stage instanceof XnorStage xnor
                ? xnor.groupAlignment()
                : stage instanceof Int8Stage int8 && int8.mode.post() == Post.BITS ? 8 : 1;
        int words = capabilities.weightWords() / STREAM_PARTS;
        int parts = Math.max(1, (slice.words() + words - 1) / words);
        int chunk = Math.max(1, (slice.groups() + parts - 1) / parts);
        chunk = (chunk + alignment - 1) / alignment * alignment;
        for (int from = 0; from < slice.groups(); from += chunk) {
            int to = Math.min(slice.groups(), from + chunk);
            if ((to - from) * slice.groupWords() > capabilities.weightWords()) {
                throw CompileException.layer(
                        stage.name,
                        "%d groups of weights take %d words, more than the weight memory's %d; use fewer channels or a smaller kernel.",
                        to - from,
                        (to - from) * slice.groupWords(),
                        capabilities.weightWords());
            }
            convolve(stage, slice, from, to, low, high, load(stage, slice, from, to), input, output);
        }
    }

    private int load(Stage stage, WeightSlice slice, int from, int to) {
        int words = (to - from) * slice.groupWords();
        int address = allocate(words);
        moves.weights(slice.offset() + from * slice.groupWords() * 32, address, words, stage.layer);
        return address;
    }

    private void convolve(
            Stage stage,
            WeightSlice slice,
            int from,
            int to,
            int low,
            int high,
            int address,
            MapAllocation in,
            MapAllocation out) {
        int words = (to - from) * slice.groupWords();
        List<MemoryAccess> accesses = new ArrayList<>();
        accesses.add(MemoryAccess.weights(address, words, false));
        Command command;
        if (stage instanceof Int8Stage int8) {
            command = int8.command(slice, from, to, low, high, address, in, out, capabilities.int8Pixels());
            accesses.add(rows(stage, in, low, high, int8.firstInputBlock(slice, from), int8.endInputBlock(slice, to)));
            accesses.add(written(
                    stage,
                    out,
                    low,
                    high,
                    int8.outputBlock(slice.firstGroup() + from),
                    int8.endBlock(slice.firstGroup() + to)));
            if (int8.mode.table() >= 0) {
                table(int8.mode.table(), TableTarget.ACTIVATION, stage.layer);
                accesses.add(MemoryAccess.table(TableTarget.ACTIVATION.ordinal(), false));
            }
        } else {
            XnorStage xnor = (XnorStage) stage;
            command = xnor.command(slice, from, to, low, high, address, in, out);
            accesses.add(rows(stage, in, low, high, 0, slice.channelBlocks()));
            accesses.add(written(stage, out, low, high, xnor.outputBlock(from), xnor.endBlock(to)));
        }
        long share = stage.cycles(high - low, words, capabilities.int8Pixels(), capabilities.int8Reduction());
        program.add(
                new ScheduledCommand(command, stage.queue(), stage.layer, accesses, share + CostModel.COMMAND_CYCLES));
    }

    /** The rows of the stage's first input that output rows {@code low} to {@code high} read, in these blocks of it. */
    private static MemoryAccess rows(Stage stage, MapAllocation in, int low, int high, int firstBlock, int endBlock) {
        int inLow = stage.inputLow(0, low);
        int root = stage.inputs.get(0).rootBlock();
        return MemoryAccess.rows(
                in, inLow, Math.max(1, stage.inputHigh(0, high) - inLow), root + firstBlock, root + endBlock, false);
    }

    private static MemoryAccess written(
            Stage stage, MapAllocation out, int low, int high, int firstBlock, int endBlock) {
        int root = stage.output.rootBlock();
        return MemoryAccess.rows(out, low, high - low, root + firstBlock, root + endBlock, true);
    }

    private void vector(VectorStage stage, int low, int high, List<MapAllocation> inputs, MapAllocation output) {
        List<MemoryAccess> accesses = new ArrayList<>();
        if (stage.mode.table() >= 0) {
            table(stage.mode.table(), TableTarget.RESCALE, stage.layer);
            accesses.add(MemoryAccess.table(TableTarget.RESCALE.ordinal(), false));
        }
        for (int operand = 0; operand < inputs.size(); operand++) {
            MapNode input = stage.inputs.get(operand);
            int inLow = stage.inputLow(operand, low);
            int rows = Math.max(1, stage.inputHigh(operand, high) - inLow);
            accesses.add(MemoryAccess.rows(
                    inputs.get(operand), inLow, rows, input.rootBlock(), input.rootBlock() + input.blocks, false));
        }
        int root = stage.output.rootBlock();
        accesses.add(MemoryAccess.rows(output, low, high - low, root, root + stage.output.blocks, true));
        program.add(new ScheduledCommand(
                stage.command(low, high, inputs, output),
                stage.queue(),
                stage.layer,
                accesses,
                stage.cycles(high - low, 0, 0) + CostModel.COMMAND_CYCLES));
    }

    private void table(int offset, TableTarget target, int layer) {
        if (tables[target.ordinal()] != offset) {
            moves.table(offset, target, layer);
            tables[target.ordinal()] = offset;
        }
    }
}
