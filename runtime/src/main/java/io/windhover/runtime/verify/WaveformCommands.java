// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.verify;

import io.windhover.contract.Commands;
import io.windhover.contract.Contract;
import io.windhover.contract.Header;
import io.windhover.runtime.compiler.program.CompiledModel;
import io.windhover.runtime.compiler.program.LayerInfo;
import io.windhover.runtime.profile.CommandCycles;
import java.util.List;
import java.util.Set;

/**
 * The commands that work in the cycles of a waveform.
 *
 * @param program theirs
 * @param from first cycle, which has the time 2 from
 * @param to one past the last
 * @param all in their order
 * @param marked those of the layer that it is written for, as many as a viewer has letters to mark them with
 */
record WaveformCommands(
        CompiledModel program, long from, long to, List<CommandCycles> all, List<CommandCycles> marked) {
    static final int MARKERS = 26;

    /**
     * Of all commands of a frame.
     *
     * @param ofLayer those of the layer, which are of one job
     */
    static WaveformCommands of(
            CompiledModel program, List<CommandCycles> frame, Set<Integer> ofLayer, long from, long to) {
        int job = program.job(ofLayer.iterator().next());
        List<CommandCycles> all = frame.stream()
                .filter(command -> command.to() > from && command.from() < to && program.job(command.command()) == job)
                .toList();
        List<CommandCycles> marked = all.stream()
                .filter(command -> ofLayer.contains(command.command()))
                .limit(MARKERS)
                .toList();
        return new WaveformCommands(program, from, to, all, marked);
    }

    /** The time at which a command is marked. */
    long time(CommandCycles command) {
        return 2 * Math.max(from, command.from());
    }

    /** In the program of its job. */
    int position(CommandCycles command) {
        return command.command() - program.firstCommand(program.job(command.command()));
    }

    /** Its position and kind. */
    String kind(CommandCycles command) {
        long[] words = program.jobs().get(program.job(command.command())).commands();
        int position = position(command);
        return position + " " + Commands.nameOf((int) Header.OPCODE.get(words, position * Contract.COMMAND_WORDS));
    }

    /** The same and its layer; on one line whatever that is called. */
    String name(CommandCycles command) {
        LayerInfo layer = program.layers().get(program.layer(command.command()));
        String title = "layer " + layer.layer() + " " + layer.operator() + " " + layer.name();
        return kind(command) + " " + title.strip().replaceAll("\\p{Cntrl}", "?");
    }
}
