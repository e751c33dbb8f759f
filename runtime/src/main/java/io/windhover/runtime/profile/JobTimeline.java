// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.profile;

import io.windhover.runtime.exception.WindhoverException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What queues and ports did in each cycle of a job, as a simulated accelerator writes it with the option
 * {@code timeline}.
 *
 * @param cycles of the job
 * @param tracks by name; the stretches of each in order of time, without overlap
 */
record JobTimeline(long cycles, Map<String, List<Stretch>> tracks) {
    /** The state of a queue whose engine, or of a port that, does something in each cycle. */
    static final String WORK = "work";

    private static final String FIRST_LINE = "timeline 1";
    private static final String TOKEN = "token-";

    /**
     * Cycles in which a queue or port does the same.
     *
     * @param command that it does it for, as a position in the job's program; -1 for none
     * @param state as in simulator/README.md
     * @param from first cycle
     * @param to one past the last
     */
    record Stretch(int command, String state, long from, long to) {
        long cycles() {
            return to - from;
        }

        boolean works() {
            return state.equals(WORK);
        }

        /** Whether the command has yet to start, for lack of a token. */
        boolean waits() {
            return state.startsWith(TOKEN);
        }

        /** The queue whose token the command waits for. */
        String giver() {
            return state.substring(TOKEN.length());
        }
    }

    /** All jobs that a device ran. */
    static List<JobTimeline> parse(List<String> lines) {
        if (lines.isEmpty() || !lines.get(0).equals(FIRST_LINE)) {
            throw new WindhoverException(
                    "The simulated device writes no timeline of this version; build it again, with make -C simulator rtl.");
        }
        List<JobTimeline> jobs = new ArrayList<>();
        Map<String, List<Stretch>> tracks = new LinkedHashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] words = line.split(" ", -1);
            if (words[0].equals("job")) {
                tracks = new LinkedHashMap<>();
            } else if (words[0].equals("end")) {
                jobs.add(new JobTimeline(Long.parseLong(words[1]), tracks));
            } else {
                tracks.computeIfAbsent(words[0], track -> new ArrayList<>())
                        .add(new Stretch(
                                Integer.parseInt(words[1]),
                                words[2].intern(),
                                Long.parseLong(words[3]),
                                Long.parseLong(words[4])));
            }
        }
        return jobs;
    }
}
