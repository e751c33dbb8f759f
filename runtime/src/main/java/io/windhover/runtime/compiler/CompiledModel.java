package io.windhover.runtime.compiler;

import io.windhover.driver.Job.Access;
import io.windhover.driver.contract.Contract;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A network as a program for one configuration of the accelerator. Arrays are shared, not copied: treat them as read-only.
 *
 * <p>Region 0 holds {@code constants} and then the commands; region 1 is {@code scratchBytes} of working memory; then one
 * region for each input and each output. A network whose operators all run on the host has no commands.
 *
 * @param name           the network's name
 * @param configuration  ID of the accelerator's configuration
 * @param contractDigest digest of the contract the commands follow
 * @param commands       eight words each
 * @param constants      weights and tables; a multiple of 64 bytes
 * @param scratchBytes   size of region 1
 * @param inputs         what the host writes before a job
 * @param outputs        what the host reads after a job
 * @param dumped         every tensor the program leaves in memory, outputs included; all of them when compiled so
 * @param layers         one for each operator of the graph
 * @param head           operators, by position, that the host runs before the job
 * @param tail           operators, by position, that the host runs after the job
 * @param estimatedCycles of one frame
 */
public record CompiledModel(
        String name,
        int configuration,
        long contractDigest,
        long[] commands,
        byte[] constants,
        long scratchBytes,
        List<InputPlace> inputs,
        List<TensorPlace> outputs,
        List<TensorPlace> dumped,
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

    /** Byte offset of the first command in region 0. */
    public int programOffset() {
        return constants.length;
    }

    /** Bytes of region 0. */
    public int programRegionBytes() {
        return constants.length + commands.length * Long.BYTES;
    }

    /** What commands may do with a region: working memory and outputs are written, inputs, weights and the program are not. */
    public Access access(int region) {
        boolean written = region == Regions.SCRATCH || outputs.stream().anyMatch(output -> output.region() == region);
        return written ? Access.READ_WRITE : Access.READ_ONLY;
    }

    /** Writes region 0 from the buffer's position on. */
    public void writeProgramRegion(ByteBuffer target) {
        target.order(ByteOrder.LITTLE_ENDIAN).put(constants);
        for (long word : commands) {
            target.putLong(word);
        }
    }
}
