// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.emission;

import io.windhover.contract.Contract;
import io.windhover.contract.Queue;
import io.windhover.driver.Capabilities;
import io.windhover.runtime.compiler.program.Command;
import io.windhover.runtime.compiler.program.ScheduledCommand;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Estimates how long a program takes. Commands run in order within their queue, after their tokens, once fetched; the
 * engines slow each other as {@link Contention} says.
 */
public final class Timeline {
    /** Commands a queue holds before fetching stops. */
    private static final int QUEUE_DEPTH = 32;

    private static final int FETCH_CYCLES = 9;
    /** Beats of a command, through the port that LOAD1 uses. */
    private static final int FETCH_BEATS = 8;
    /** Less work than this is none. */
    private static final double ROUNDING = 1e-6;

    /**
     * When a command runs.
     *
     * @param command its position in the program
     * @param start the cycle in which it takes its tokens
     * @param end one past its last cycle
     */
    public record Run(int command, long start, long end) {}

    private final List<ScheduledCommand> program;
    private final List<Run> runs = new ArrayList<>();
    private final Capabilities capabilities;
    private final int[][] tokens = new int[Contract.QUEUES][Contract.QUEUES];
    private final Map<Queue, Deque<Integer>> waiting = new EnumMap<>(Queue.class);
    private final Map<Queue, Running> running = new EnumMap<>(Queue.class);
    private int fetched;
    private double fetchTime = FETCH_CYCLES;
    private double now;

    private static final class Running {
        private final int position;
        private final double start;
        private final Contention contention;
        private double left;

        Running(int position, double start, ScheduledCommand command, Capabilities capabilities) {
            this.position = position;
            this.start = start;
            contention = Contention.of(command, capabilities);
            left = command.cycles();
        }
    }

    public Timeline(List<ScheduledCommand> program, Capabilities capabilities) {
        this.program = program;
        this.capabilities = capabilities;
        for (Queue queue : Queue.values()) {
            waiting.put(queue, new ArrayDeque<>());
        }
        double step = step();
        while (step < Double.POSITIVE_INFINITY) {
            advance(step);
            step = step();
        }
        if (fetched < program.size() || waiting.values().stream().anyMatch(queue -> !queue.isEmpty())) {
            throw new IllegalStateException("Commands of the program wait for tokens that no command gives.");
        }
    }

    public long cycles() {
        return Math.round(now);
    }

    /** In order of their ends, none of which is later than {@link #cycles}. */
    public List<Run> runs() {
        return List.copyOf(runs);
    }

    /** Time until something ends or is fetched. */
    private double step() {
        double step = mayFetch() ? Math.max(0, fetchTime - now) : Double.POSITIVE_INFINITY;
        for (Running command : running.values()) {
            step = Math.min(step, command.left / rate(command));
        }
        return step;
    }

    private boolean mayFetch() {
        return fetched < program.size() && queue(program.get(fetched).queue()).size() < QUEUE_DEPTH;
    }

    private Deque<Integer> queue(Queue queue) {
        return Objects.requireNonNull(waiting.get(queue));
    }

    private double rate(Running command) {
        double rate = 1;
        for (Running other : running.values()) {
            rate *= command.contention.rateBeside(other.contention);
        }
        return rate;
    }

    private void advance(double step) {
        Map<Queue, Double> done = new EnumMap<>(Queue.class);
        running.forEach((queue, command) -> done.put(queue, step * rate(command)));
        now += step;
        done.forEach((queue, work) -> {
            Running command = Objects.requireNonNull(running.get(queue));
            command.left -= work;
            if (command.left < ROUNDING) {
                running.remove(queue);
                give(program.get(command.position));
                runs.add(new Run(command.position, Math.round(command.start), Math.round(now)));
            }
        });
        if (mayFetch() && now >= fetchTime) {
            queue(program.get(fetched).queue()).addLast(fetched);
            fetched++;
            fetchTime = now + FETCH_CYCLES;
            Running load = running.get(Queue.LOAD1);
            if (load != null) {
                load.left += FETCH_BEATS;
            }
        }
        for (Queue queue : Queue.values()) {
            Integer head = queue(queue).peekFirst();
            if (head != null && !running.containsKey(queue) && take(program.get(head))) {
                running.put(queue, new Running(head, now, program.get(head), capabilities));
                queue(queue).removeFirst();
            }
        }
    }

    private void give(ScheduledCommand command) {
        for (Queue taker : Queue.values()) {
            tokens[command.queue().ordinal()][taker.ordinal()] +=
                    Command.signals(command.command().words(), 0, taker);
        }
    }

    /** Takes the tokens that the command waits for, if all are there. */
    private boolean take(ScheduledCommand command) {
        int own = command.queue().ordinal();
        long[] words = command.command().words();
        for (Queue giver : Queue.values()) {
            if (tokens[giver.ordinal()][own] < Command.waits(words, 0, giver)) {
                return false;
            }
        }
        for (Queue giver : Queue.values()) {
            tokens[giver.ordinal()][own] -= Command.waits(words, 0, giver);
        }
        return true;
    }
}
