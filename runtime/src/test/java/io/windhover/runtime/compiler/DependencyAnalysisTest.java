// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.contract.Contract;
import io.windhover.contract.Queue;
import io.windhover.driver.Capabilities;
import io.windhover.models.graph.Graph;
import io.windhover.models.testing.RandomGraphs;
import io.windhover.models.zoo.Zoo;
import io.windhover.runtime.compiler.program.Command;
import io.windhover.runtime.compiler.program.ScheduledCommand;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DependencyAnalysisTest {
    @ParameterizedTest
    @ValueSource(strings = {"zynq7020", "tiny", "zu3eg"})
    void conflicting_commands_never_overlap_whatever_the_engines_take(String configuration) {
        Capabilities capabilities = Capabilities.named(configuration);
        for (long seed = 0; seed < 60; seed++) {
            Graph graph = switch ((int) seed / 2 % 4) {
                case 0 -> RandomGraphs.binaryNetwork(seed);
                case 1 -> RandomGraphs.network(seed);
                case 2 -> RandomGraphs.layoutNetwork(seed);
                default -> RandomGraphs.layoutChain(seed);
            };
            List<ScheduledCommand> program = Compiler.program(graph, capabilities, seed % 2 == 0);
            for (int order = 0; order < 3; order++) {
                checkInterleaving(program, new Random(seed * 31 + order), graph.name());
            }
        }
    }

    @Test
    void a_large_network_has_no_race_either() {
        List<ScheduledCommand> program =
                Compiler.program(Zoo.load("mobilenet_v2_1.0_224"), Capabilities.named("zynq7020"), false);
        checkInterleaving(program, new Random(7), "mobilenet_v2");
    }

    /**
     * Runs the program with random durations; when a command starts, every earlier command it conflicts with must have
     * ended.
     */
    private static void checkInterleaving(List<ScheduledCommand> program, Random random, String name) {
        double[] start = new double[program.size()];
        double[] end = new double[program.size()];
        double[] free = new double[Contract.QUEUES];
        List<Deque<Double>> tokens = new ArrayList<>();
        for (int i = 0; i < Contract.QUEUES * Contract.QUEUES; i++) {
            tokens.add(new ArrayDeque<>());
        }
        for (int number = 0; number < program.size(); number++) {
            int own = program.get(number).queue().ordinal();
            long[] words = program.get(number).command().words();
            start[number] = free[own];
            for (Queue giver : Queue.values()) {
                Deque<Double> given = tokens.get(giver.ordinal() * Contract.QUEUES + own);
                for (int i = Command.waits(words, 0, giver); i > 0; i--) {
                    start[number] = Math.max(start[number], given.removeFirst());
                }
            }
            end[number] = start[number] + (random.nextInt(10) == 0 ? 1000 : 1) * random.nextDouble();
            free[own] = end[number];
            for (Queue taker : Queue.values()) {
                for (int i = Command.signals(words, 0, taker); i > 0; i--) {
                    tokens.get(own * Contract.QUEUES + taker.ordinal()).addLast(end[number]);
                }
            }
        }
        tokens.forEach(left -> assertEquals(0, left.size(), name));
        for (int later = 0; later < program.size(); later++) {
            for (int earlier = 0; earlier < later; earlier++) {
                boolean overlap = end[earlier] > start[later];
                assertTrue(
                        !overlap || !program.get(earlier).conflicts(program.get(later)),
                        name + ": commands " + earlier + " and " + later + " race");
            }
        }
    }
}
