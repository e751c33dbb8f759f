// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.emission;

import io.windhover.contract.Contract;
import io.windhover.contract.Queue;
import io.windhover.runtime.compiler.program.Command;
import io.windhover.runtime.compiler.program.ScheduledCommand;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Estimates when each command of a program starts and ends: in order within its queue, after its tokens, once fetched.
 */
public final class Timeline {
    /** Commands a queue holds before fetching stops. */
    private static final int QUEUE_DEPTH = 32;

    private static final int FETCH_CYCLES = 9;

    private final long[] busy = new long[Contract.QUEUES];
    private final long[] ends;
    private long cycles;

    public Timeline(List<ScheduledCommand> program) {
        ends = new long[program.size()];
        long[] free = new long[Contract.QUEUES];
        long fetched = 0;
        List<Deque<Long>> tokens = new ArrayList<>();
        List<Deque<Long>> waiting = new ArrayList<>();
        for (int i = 0; i < Contract.QUEUES * Contract.QUEUES; i++) {
            tokens.add(new ArrayDeque<>());
        }
        for (int i = 0; i < Contract.QUEUES; i++) {
            waiting.add(new ArrayDeque<>());
        }
        for (int number = 0; number < program.size(); number++) {
            ScheduledCommand instruction = program.get(number);
            int own = instruction.queue().ordinal();
            long[] words = instruction.command().words();
            Deque<Long> queue = waiting.get(own);
            fetched = Math.max(fetched + FETCH_CYCLES, queue.size() >= QUEUE_DEPTH ? queue.removeFirst() : 0);
            long start = Math.max(free[own], fetched);
            for (Queue giver : Queue.values()) {
                for (int i = 0; i < Command.waits(words, 0, giver); i++) {
                    start = Math.max(
                            start,
                            tokens.get(giver.ordinal() * Contract.QUEUES + own).removeFirst());
                }
            }
            queue.addLast(start);
            long end = start + instruction.cycles();
            for (Queue taker : Queue.values()) {
                for (int i = 0; i < Command.signals(words, 0, taker); i++) {
                    tokens.get(own * Contract.QUEUES + taker.ordinal()).addLast(end);
                }
            }
            busy[own] += instruction.cycles();
            free[own] = end;
            ends[number] = end;
            cycles = Math.max(cycles, end);
        }
    }

    public long cycles() {
        return cycles;
    }

    long busy(Queue queue) {
        return busy[queue.ordinal()];
    }

    long end(int number) {
        return ends[number];
    }
}
