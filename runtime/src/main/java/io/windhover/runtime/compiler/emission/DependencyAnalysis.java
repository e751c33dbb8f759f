// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.emission;

import io.windhover.contract.Contract;
import io.windhover.contract.Queue;
import io.windhover.runtime.compiler.program.ProgramCheck;
import io.windhover.runtime.compiler.program.ScheduledCommand;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/**
 * Puts tokens into commands so that conflicting ones never overlap, whatever the engines' speeds. A queue runs in
 * order, so only the latest conflicting command of each other queue matters, and only when nothing waited for already
 * implies it. Where a queue would be given more tokens ahead than it may hold, the last command that can still wait
 * waits for a later giver, which those behind it then need no more.
 */
public final class DependencyAnalysis {
    private static final int QUEUES = Contract.QUEUES;

    private final List<List<Integer>> history = new ArrayList<>();
    /** For each queue the number of the latest command of every queue known complete when its next command starts. */
    private final int[][] known = new int[QUEUES][QUEUES];

    private final List<ScheduledCommand> program;
    private final int[][] clocks;
    private final List<Token> tokens = new ArrayList<>();

    /** A command that waits for an earlier one of another queue. */
    private static final class Token {
        private int giver;
        private final int taker;

        private Token(int giver, int taker) {
            this.giver = giver;
            this.taker = taker;
        }
    }

    private DependencyAnalysis(List<ScheduledCommand> program) {
        this.program = program;
        clocks = new int[program.size()][];
        for (int queue = 0; queue < QUEUES; queue++) {
            history.add(new ArrayList<>());
            Arrays.fill(known[queue], -1);
        }
    }

    /** Adds waits and signals to the commands of a program in its order. */
    public static void addTokens(List<ScheduledCommand> program) {
        DependencyAnalysis analysis = new DependencyAnalysis(program);
        for (int number = 0; number < program.size(); number++) {
            analysis.place(number);
        }
        for (Queue from : Queue.values()) {
            for (Queue to : Queue.values()) {
                analysis.give(from, to);
            }
        }
    }

    private void give(Queue from, Queue to) {
        Deque<Token> outstanding = new ArrayDeque<>();
        List<Token> given = new ArrayList<>();
        for (Token token : tokens) {
            if (program.get(token.giver).queue() == from
                    && program.get(token.taker).queue() == to) {
                while (!outstanding.isEmpty() && outstanding.getFirst().taker < token.giver) {
                    outstanding.removeFirst();
                }
                if (outstanding.size() == ProgramCheck.MOST_TOKENS) {
                    outstanding.getLast().giver = token.giver;
                } else {
                    outstanding.addLast(token);
                    given.add(token);
                }
            }
        }
        for (Token token : given) {
            program.get(token.giver).command().signal(to);
            program.get(token.taker).command().waitFor(from);
        }
    }

    private void place(int number) {
        ScheduledCommand instruction = program.get(number);
        int queue = instruction.queue().ordinal();
        int[] clock = known[queue];
        List<Integer> needed = new ArrayList<>();
        for (int other = 0; other < QUEUES; other++) {
            int conflict = other == queue ? -1 : latestConflict(instruction, history.get(other), clock[other]);
            if (conflict >= 0) {
                needed.add(conflict);
            }
        }
        needed.sort(Comparator.reverseOrder());
        for (int giver : needed) {
            Queue from = program.get(giver).queue();
            if (clock[from.ordinal()] < giver) {
                tokens.add(new Token(giver, number));
                merge(clock, clocks[giver]);
            }
        }
        int[] complete = clock.clone();
        complete[queue] = number;
        clocks[number] = complete;
        clock[queue] = number;
        history.get(queue).add(number);
    }

    private int latestConflict(ScheduledCommand instruction, List<Integer> candidates, int knownComplete) {
        for (int i = candidates.size() - 1; i >= 0 && candidates.get(i) > knownComplete; i--) {
            if (program.get(candidates.get(i)).conflicts(instruction)) {
                return candidates.get(i);
            }
        }
        return -1;
    }

    private static void merge(int[] into, int[] from) {
        for (int queue = 0; queue < QUEUES; queue++) {
            into[queue] = Math.max(into[queue], from[queue]);
        }
    }
}
