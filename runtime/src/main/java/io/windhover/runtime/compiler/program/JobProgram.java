// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.program;

import io.windhover.contract.Contract;
import io.windhover.contract.Header;
import io.windhover.driver.Job.Access;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * What one job of the accelerator computes. Arrays are shared, not copied: treat them as read-only.
 *
 * <p>Region 0 holds {@code constants} and then the commands; region 1 is {@code scratchBytes} of working memory; then
 * come the inputs and outputs, as {@link Regions} says.
 *
 * @param commands eight words each; none where the host runs the whole network
 * @param constants weights and tables; a multiple of 64 bytes
 * @param scratchBytes size of region 1
 * @param inputs what the host writes before the job
 * @param outputs what the host reads after the job
 * @param dumped every tensor the program leaves in memory, outputs included; all of them when compiled so
 */
public record JobProgram(
        long[] commands,
        byte[] constants,
        long scratchBytes,
        List<InputLocation> inputs,
        List<TensorLocation> outputs,
        List<TensorLocation> dumped) {
    public JobProgram {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        dumped = List.copyOf(dumped);
    }

    public int commandCount() {
        return commands.length / Contract.COMMAND_WORDS;
    }

    /**
     * The same program, in which commands from {@code first} to {@code end} leave trace entries whose layer numbers
     * count them from 0; {@code first} may lie before the program's first command and {@code end} behind its last.
     */
    JobProgram traced(int first, int end) {
        long[] traced = commands.clone();
        for (int command = 0; command < commandCount(); command++) {
            boolean inside = command >= first && command < end;
            Header.TRACE.put(traced, command * Contract.COMMAND_WORDS, inside ? 1 : 0);
            Header.LAYER.put(traced, command * Contract.COMMAND_WORDS, inside ? command - first : 0);
        }
        return new JobProgram(traced, constants, scratchBytes, inputs, outputs, dumped);
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
