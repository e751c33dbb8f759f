// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.contract.Header;
import io.windhover.contract.LoadWeights;
import io.windhover.contract.MapWord;
import io.windhover.contract.Queue;
import io.windhover.contract.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgramListingTest {
    private static final List<LayerInfo> LAYERS = List.of(
            new LayerInfo(0, "", "Quantize", "on the host", 0, 0, 0, 0),
            new LayerInfo(1, "a/b", "MaxPool", "3 commands", 0, 0, 0, 0),
            new LayerInfo(2, "", "Softmax", "on the host", 0, 0, 0, 0));

    private static Command weights(int layer, int address) {
        return new Command(LoadWeights.OPCODE)
                .set(Header.LAYER, layer)
                .set(LoadWeights.ADDRESS, address)
                .set(LoadWeights.PORT, 1)
                .set(LoadWeights.DECODED_BYTES, 64)
                .set(LoadWeights.ENCODED_BYTES, 64);
    }

    private static Command pool(int layer) {
        return new Command(Vector.OPCODE).set(Header.LAYER, layer).set(Vector.PAD_TOP, -1);
    }

    private static JobProgram job(Command... commands) {
        return new JobProgram(
                Arrays.stream(commands)
                        .flatMapToLong(command -> Arrays.stream(command.words()))
                        .toArray(),
                new byte[64],
                64,
                List.of(),
                List.of(),
                List.of());
    }

    private static CompiledModel program(JobProgram... jobs) {
        List<List<Integer>> host = new ArrayList<>();
        host.add(List.of(0));
        for (int between = 1; between < jobs.length; between++) {
            host.add(List.of());
        }
        host.add(List.of(2));
        return new CompiledModel("m", 2, 0, List.of(jobs), LAYERS, host, 0);
    }

    @Test
    void a_line_has_all_that_a_command_says() {
        Command load = weights(1, 7).signal(Queue.VECTOR).signal(Queue.VECTOR);
        Command pool = pool(1).set(MapWord.BASE.in("out_map", Vector.OUT_MAP), 12)
                .waitFor(Queue.LOAD1)
                .waitFor(Queue.LOAD1);
        assertEquals(
                List.of(
                        "     0  load1   LOAD_WEIGHTS      layer 1 MaxPool 'a/b'; gives vector 2; address 7, port 1,"
                                + " decoded_bytes 64, encoded_bytes 64",
                        "     1  vector  VECTOR            layer 1 MaxPool 'a/b'; waits load1 2; out_map.base 12, pad_top -1"),
                ProgramListing.of(program(job(load, pool)), 0, 2));
    }

    @Test
    void positions_are_those_in_the_job_which_is_named_where_there_are_several() {
        CompiledModel program = program(job(weights(1, 1), weights(1, 2)), job(weights(1, 3), pool(1)));
        List<String> lines = ProgramListing.of(program, 1, 3);
        assertEquals(4, lines.size(), lines::toString);
        assertEquals("job 1 of 2", lines.get(0));
        assertTrue(lines.get(1).startsWith("     1  load1 "), lines::toString);
        assertEquals("job 2 of 2", lines.get(2));
        assertTrue(lines.get(3).startsWith("     0  load1 ") && lines.get(3).contains("; address 3, port 1, "));
        assertThrows(IllegalArgumentException.class, () -> ProgramListing.of(program, 3, 5));
    }

    @Test
    void a_layer_is_shown_with_what_stands_beside_it() {
        CompiledModel program = program(job(
                weights(0, 1),
                weights(0, 2),
                weights(0, 3),
                pool(1),
                weights(2, 4),
                pool(1),
                pool(2),
                pool(2),
                pool(2)));
        List<String> lines = ProgramListing.ofLayer(program, 1);
        assertEquals(
                "2 commands of layer 1 MaxPool 'a/b', and those beside them; fields that are 0 are not shown:",
                lines.get(0));
        assertEquals(List.of(1, 2, 3, 5, 6, 7), positions(lines));
    }

    @Test
    void a_long_layer_is_cut_and_says_so() {
        Command[] commands = new Command[103];
        for (int command = 0; command < commands.length; command++) {
            commands[command] = command < 10 ? weights(0, command) : pool(command < 100 ? 1 : 2);
        }
        List<String> lines = ProgramListing.ofLayer(program(job(commands)), 1);
        assertEquals(ProgramListing.MOST_COMMANDS, positions(lines).size());
        assertEquals(
                "90 commands of layer 1 MaxPool 'a/b', of which 74 are left out, and those beside them; fields that are 0 are"
                        + " not shown:",
                lines.get(0));
        assertEquals(List.of(8, 9, 10), positions(lines).subList(0, 3));
        assertEquals(List.of(25, 100, 101), positions(lines).subList(17, 20));
    }

    @Test
    void a_layer_without_commands_has_those_of_the_nearest_one_before() {
        CompiledModel program = program(job(weights(1, 1)));
        assertEquals(List.of(0), positions(ProgramListing.ofLayer(program, 2)));
        assertEquals(List.of(), ProgramListing.ofLayer(program, 0));
    }

    private static List<Integer> positions(List<String> lines) {
        return lines.stream()
                .skip(1)
                .map(line -> Integer.parseInt(line.strip().split(" ", -1)[0]))
                .toList();
    }
}
