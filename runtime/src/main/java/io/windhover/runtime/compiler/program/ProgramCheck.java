// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.program;

import io.windhover.contract.Contract;
import io.windhover.contract.LoadMap;
import io.windhover.contract.LoadWeights;
import io.windhover.contract.Queue;
import io.windhover.contract.StoreMap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Refuses programs that could not run, or whose result would not depend on their inputs alone: unknown commands,
 * regions that do not exist or serve two purposes, stores into what is only read, outputs that are not stored, tokens
 * that do not balance, places outside their region.
 */
public final class ProgramCheck {
    /**
     * Tokens between two queues in program order; engines that run ahead by all their queues hold add fewer than the
     * rest of the limit.
     */
    public static final int MOST_TOKENS = Contract.TOKEN_LIMIT / 2;

    private ProgramCheck() {}

    static void check(
            String name,
            long[] commands,
            byte[] constants,
            long scratchBytes,
            List<InputLocation> inputs,
            List<TensorLocation> outputs,
            List<TensorLocation> dumped) {
        require(commands.length % Contract.COMMAND_WORDS == 0, name, "its program is not a whole number of commands");
        require(constants.length % 64 == 0, name, "its constants are not a multiple of 64 bytes");
        require(
                scratchBytes >= 0 && scratchBytes <= Integer.MAX_VALUE,
                name,
                "its scratch memory is not 0 to 2^31 - 1 bytes");
        long[] sizes = regionSizes(name, constants.length, scratchBytes, inputs, outputs);
        for (TensorLocation location : dumped) {
            require(
                    location.region() >= 0
                            && location.region() < sizes.length
                            && location.offset() >= 0
                            && location.height() > 0
                            && location.width() > 0
                            && location.channels() > 0
                            && location.blocks() > 0
                            && location.bytes() > 0
                            && location.offset() + location.bytes() <= sizes[location.region()]
                            && location.blocks() >= TensorLocation.blocks(location.type(), location.channels()),
                    name,
                    "tensor " + location.tensor() + " lies outside its memory region");
        }
        for (int offset = 0; offset < commands.length; offset += Contract.COMMAND_WORDS) {
            command(name, commands, offset, sizes);
            store(name, commands, offset, outputs);
        }
        require(
                commands.length / Contract.COMMAND_WORDS <= Contract.PROGRAM_COMMANDS_LIMIT,
                name,
                "its program has more than " + Contract.PROGRAM_COMMANDS_LIMIT + " commands");
        tokens(name, commands);
        TensorLocation gap = OutputCoverage.gap(commands, outputs);
        if (gap != null) {
            throw damaged(name, "its program does not store all of output tensor " + gap.tensor());
        }
    }

    /** True where a program may write: its working memory and its outputs, not its inputs, weights and commands. */
    static boolean isWritable(int region, List<TensorLocation> outputs) {
        return region == Regions.SCRATCH || outputs.stream().anyMatch(output -> output.region() == region);
    }

    /** A part on the host comes first, last and between any two jobs. */
    static void checkParts(String name, int jobs, int parts) {
        require(jobs >= 1 && parts == jobs + 1, name, "it has " + jobs + " jobs and " + parts + " parts on the host");
    }

    static void checkLayers(String name, List<LayerInfo> layers, List<List<Integer>> parts) {
        for (int position = 0; position < layers.size(); position++) {
            require(layers.get(position).layer() == position, name, "layer " + position + " of its report is missing");
        }
        for (List<Integer> host : parts) {
            for (int position : host) {
                require(
                        position >= 0 && position < layers.size(),
                        name,
                        "operator " + position + " for the host does not exist");
            }
        }
    }

    private static long[] regionSizes(
            String name, int constants, long scratchBytes, List<InputLocation> inputs, List<TensorLocation> outputs) {
        long[] sizes = new long[Contract.REGIONS];
        sizes[Regions.CONSTANTS] = constants;
        sizes[Regions.SCRATCH] = scratchBytes;
        List<InputLocation> inOrder = new ArrayList<>(inputs);
        inOrder.sort(Comparator.comparingLong(InputLocation::offset));
        for (InputLocation input : inOrder) {
            require(
                    input.region() >= Regions.INPUT
                            && input.region() < sizes.length
                            && input.offset() >= 0
                            && input.offset() % Regions.ALIGNMENT == 0
                            && input.tensorBytes() > 0
                            && input.regionBytes() >= input.tensorBytes()
                            && input.regionBytes() % 8 == 0
                            && input.end() <= Integer.MAX_VALUE,
                    name,
                    "an input has no valid memory region");
            require(
                    sizes[input.region()] <= input.offset(),
                    name,
                    "two inputs lie in region " + input.region() + " at one place");
            sizes[input.region()] = input.end();
        }
        for (TensorLocation output : outputs) {
            require(
                    output.region() >= Regions.INPUT
                            && output.region() < sizes.length
                            && output.offset() >= 0
                            && output.offset() % Regions.ALIGNMENT == 0
                            && output.offset() + output.bytes() <= Integer.MAX_VALUE
                            && output.height() > 0
                            && output.width() > 0
                            && output.blocks() > 0,
                    name,
                    "an output has no valid memory region");
            require(
                    inputs.stream().noneMatch(input -> input.region() == output.region()),
                    name,
                    "an input and an output lie in region " + output.region());
            sizes[output.region()] = Math.max(sizes[output.region()], output.offset() + output.bytes());
        }
        return sizes;
    }

    private static void command(String name, long[] commands, int offset, long[] sizes) {
        Queue queue = Command.queue(commands, offset);
        if (queue != Queue.LOAD0 && queue != Queue.LOAD1 && queue != Queue.STORE) {
            return;
        }
        long region = LoadMap.REGION.get(commands, offset);
        long first = LoadMap.OFFSET.get(commands, offset);
        long bytes = 1;
        if (Command.opcode(commands, offset) == LoadWeights.OPCODE) {
            bytes = LoadWeights.ENCODED_BYTES.get(commands, offset);
        }
        require(
                region < sizes.length && first + bytes <= sizes[(int) region],
                name,
                "command " + offset / Contract.COMMAND_WORDS + " moves bytes outside region " + region);
    }

    private static void store(String name, long[] commands, int offset, List<TensorLocation> outputs) {
        if (Command.queue(commands, offset) == Queue.STORE) {
            int region = (int) StoreMap.REGION.get(commands, offset);
            require(
                    isWritable(region, outputs),
                    name,
                    "command " + offset / Contract.COMMAND_WORDS + " stores into region " + region
                            + ", which may only be read");
        }
    }

    /**
     * Every token must be given before it is taken in program order, and none may be left: such a program always ends.
     */
    private static void tokens(String name, long[] commands) {
        int[][] held = new int[Contract.QUEUES][Contract.QUEUES];
        for (int offset = 0; offset < commands.length; offset += Contract.COMMAND_WORDS) {
            Queue own = Command.queue(commands, offset);
            for (Queue other : Queue.values()) {
                held[other.ordinal()][own.ordinal()] -= Command.waits(commands, offset, other);
                require(
                        held[other.ordinal()][own.ordinal()] >= 0,
                        name,
                        "command " + offset / Contract.COMMAND_WORDS
                                + " waits for a token that no earlier command gives");
            }
            for (Queue other : Queue.values()) {
                held[own.ordinal()][other.ordinal()] += Command.signals(commands, offset, other);
                require(
                        held[own.ordinal()][other.ordinal()] <= MOST_TOKENS,
                        name,
                        "more than " + MOST_TOKENS + " tokens pass from one queue to another at once");
            }
        }
        for (int[] row : held) {
            for (int tokens : row) {
                require(tokens == 0, name, "tokens are left when its program ends");
            }
        }
    }

    private static void require(boolean condition, String name, String problem) {
        if (!condition) {
            throw damaged(name, problem);
        }
    }

    private static CompileException damaged(String name, String problem) {
        return new CompileException("The compiled model '" + name + "' is damaged: " + problem + "; compile it again.");
    }
}
