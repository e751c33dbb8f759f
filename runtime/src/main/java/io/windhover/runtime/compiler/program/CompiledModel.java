// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.program;

import io.windhover.contract.Contract;
import io.windhover.contract.Header;
import io.windhover.contract.Queue;
import io.windhover.driver.Capabilities;
import io.windhover.driver.Job.Access;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * A network as a program for one configuration of the accelerator. Arrays are shared, not copied: treat them as
 * read-only.
 *
 * <p>Region 0 holds {@code constants} and then the commands; region 1 is {@code scratchBytes} of working memory; then
 * one region for each input and each output. A network whose operators all run on the host has no commands.
 *
 * @param name the network's name
 * @param configuration ID of the accelerator's configuration
 * @param contractDigest digest of the contract the commands follow
 * @param commands eight words each
 * @param constants weights and tables; a multiple of 64 bytes
 * @param scratchBytes size of region 1
 * @param inputs what the host writes before a job
 * @param outputs what the host reads after a job
 * @param dumped every tensor the program leaves in memory, outputs included; all of them when compiled so
 * @param layers one for each operator of the graph
 * @param head operators, by position, that the host runs before the job
 * @param tail operators, by position, that the host runs after the job
 * @param estimatedCycles of one frame
 */
public record CompiledModel(
        String name,
        int configuration,
        long contractDigest,
        long[] commands,
        byte[] constants,
        long scratchBytes,
        List<InputLocation> inputs,
        List<TensorLocation> outputs,
        List<TensorLocation> dumped,
        List<LayerInfo> layers,
        List<Integer> head,
        List<Integer> tail,
        long estimatedCycles) {
    public CompiledModel {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        dumped = List.copyOf(dumped);
        layers = List.copyOf(layers);
        head = List.copyOf(head);
        tail = List.copyOf(tail);
        ProgramCheck.check(name, commands, constants, scratchBytes, inputs, outputs, dumped);
        ProgramCheck.checkLayers(name, layers, head, tail);
    }

    public int commandCount() {
        return commands.length / Contract.COMMAND_WORDS;
    }

    /** Queue that a command runs in. */
    public Queue queue(int command) {
        return Command.queue(commands, command * Contract.COMMAND_WORDS);
    }

    /** Layer that a command works for. */
    public int layer(int command) {
        return (int) Header.LAYER.get(commands, command * Contract.COMMAND_WORDS);
    }

    /**
     * The same program, in which commands from {@code first} to {@code end} leave trace entries whose layer numbers
     * count them from 0.
     */
    public CompiledModel traced(int first, int end) {
        long[] traced = commands.clone();
        for (int command = 0; command < commandCount(); command++) {
            boolean inside = command >= first && command < end;
            Header.TRACE.put(traced, command * Contract.COMMAND_WORDS, inside ? 1 : 0);
            Header.LAYER.put(traced, command * Contract.COMMAND_WORDS, inside ? command - first : 0);
        }
        return new CompiledModel(
                name,
                configuration,
                contractDigest,
                traced,
                constants,
                scratchBytes,
                inputs,
                outputs,
                dumped,
                layers,
                head,
                tail,
                estimatedCycles);
    }

    /**
     * What the whole program takes at least: of the queue whose commands take longest together; commands come through
     * LOAD1's port.
     */
    public long floorCycles(Capabilities capabilities) {
        long[] floors = new long[Contract.QUEUES];
        floors[Queue.LOAD1.ordinal()] = commands.length;
        for (int command = 0; command < commandCount(); command++) {
            floors[queue(command).ordinal()] +=
                    CommandFloor.cycles(commands, command * Contract.COMMAND_WORDS, capabilities);
        }
        return Arrays.stream(floors).max().orElse(0);
    }

    /** Byte offset of the first command in region 0. */
    public int programOffset() {
        return constants.length;
    }

    /** Bytes of region 0. */
    public int programRegionBytes() {
        return constants.length + commands.length * Long.BYTES;
    }

    /**
     * What commands may do with a region: working memory and outputs are written, inputs, weights and the program are
     * not.
     */
    public Access access(int region) {
        return ProgramCheck.isWritable(region, outputs) ? Access.READ_WRITE : Access.READ_ONLY;
    }

    /** Writes region 0 from the buffer's position on. */
    public void writeProgramRegion(ByteBuffer target) {
        target.order(ByteOrder.LITTLE_ENDIAN).put(constants);
        for (long word : commands) {
            target.putLong(word);
        }
    }
}
