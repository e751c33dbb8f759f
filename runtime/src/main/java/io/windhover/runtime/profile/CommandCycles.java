// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.profile;

import io.windhover.contract.Queue;
import io.windhover.runtime.compiler.program.CompiledModel;
import io.windhover.runtime.exception.WindhoverException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Cycles in which a queue runs a command, without those in which the command waits for tokens.
 *
 * @param command numbered through all jobs
 * @param from first cycle, counted through all jobs
 * @param to one past the last
 */
public record CommandCycles(int command, long from, long to) {
    /**
     * Those of all commands of a frame that ran, in their order.
     *
     * @param lines that the device's option {@code timeline} wrote while it ran the frame
     */
    public static List<CommandCycles> of(List<String> lines, CompiledModel program) {
        List<JobTimeline> jobs = JobTimeline.parse(lines);
        if (jobs.size() != program.jobs().size()) {
            throw new WindhoverException("The device noted " + jobs.size() + " jobs of "
                    + program.jobs().size() + "; report it.");
        }
        Map<Integer, CommandCycles> all = new TreeMap<>();
        long before = 0;
        for (int job = 0; job < jobs.size(); job++) {
            for (Queue queue : Queue.values()) {
                String track = queue.name().toLowerCase(Locale.ROOT);
                for (JobTimeline.Stretch stretch : jobs.get(job).tracks().getOrDefault(track, List.of())) {
                    if (!stretch.waits()) {
                        int command = program.firstCommand(job) + stretch.command();
                        all.merge(
                                command,
                                new CommandCycles(command, before + stretch.from(), before + stretch.to()),
                                CommandCycles::and);
                    }
                }
            }
            before += jobs.get(job).cycles();
        }
        return List.copyOf(all.values());
    }

    private CommandCycles and(CommandCycles other) {
        return new CommandCycles(command, Math.min(from, other.from), Math.max(to, other.to));
    }
}
