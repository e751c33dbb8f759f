package io.windhover.runtime.compiler;

import io.windhover.driver.contract.Contract;
import io.windhover.driver.contract.Contract.Queue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Puts tokens into commands so that conflicting ones never overlap, whatever the engines' speeds. A queue runs in order, so
 * only the latest conflicting command of each other queue matters, and only when nothing waited for already implies it.
 */
final class DependencyAnalysis {
    private static final int QUEUES = Contract.QUEUES;

    private final List<List<Integer>> history = new ArrayList<>();
    /** For each queue the number of the latest command of every queue known complete when its next command starts. */
    private final int[][] known = new int[QUEUES][QUEUES];

    private final List<Instruction> program;
    private final int[][] clocks;

    private DependencyAnalysis(List<Instruction> program) {
        this.program = program;
        clocks = new int[program.size()][];
        for (int queue = 0; queue < QUEUES; queue++) {
            history.add(new ArrayList<>());
            Arrays.fill(known[queue], -1);
        }
    }

    /** Adds waits and signals to the commands of a program in its order. */
    static void addTokens(List<Instruction> program) {
        DependencyAnalysis analysis = new DependencyAnalysis(program);
        for (int number = 0; number < program.size(); number++) {
            analysis.place(number);
        }
    }

    private void place(int number) {
        Instruction instruction = program.get(number);
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
                program.get(giver).command().signal(instruction.queue());
                instruction.command().waitFor(from);
                merge(clock, clocks[giver]);
            }
        }
        int[] complete = clock.clone();
        complete[queue] = number;
        clocks[number] = complete;
        clock[queue] = number;
        history.get(queue).add(number);
    }

    private int latestConflict(Instruction instruction, List<Integer> candidates, int knownComplete) {
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
