// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.contract.Contract;
import io.windhover.contract.MapWord;
import io.windhover.contract.StoreMap;
import io.windhover.driver.Capabilities;
import io.windhover.driver.Job.Access;
import io.windhover.models.graph.TensorType;
import io.windhover.models.zoo.Zoo;
import io.windhover.runtime.compiler.Compiler;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ProgramCheckTest {
    private static final CompiledModel MODEL = Compiler.compile(Zoo.load("lenet5"), Capabilities.named("zynq7020"));

    private static CompiledModel with(long[] commands, List<InputLocation> inputs, List<TensorLocation> outputs) {
        return new CompiledModel(
                MODEL.name(),
                MODEL.configuration(),
                MODEL.contractDigest(),
                commands,
                MODEL.constants(),
                MODEL.scratchBytes(),
                inputs,
                outputs,
                List.of(),
                MODEL.layers(),
                MODEL.head(),
                MODEL.tail(),
                MODEL.estimatedCycles());
    }

    /** The program with one more command: a store of one word. */
    private static CompiledModel storing(int region) {
        Command store = new Command(StoreMap.OPCODE)
                .set(StoreMap.REGION, region)
                .set(MapWord.RING.in("chip_map", StoreMap.CHIP_MAP), 1)
                .set(StoreMap.ROWS, 1)
                .set(StoreMap.MOVE_BLOCKS, 1)
                .set(StoreMap.COLUMNS, 1)
                .set(StoreMap.RUN_WORDS, 1)
                .set(StoreMap.RUNS, 1);
        long[] commands = Arrays.copyOf(MODEL.commands(), MODEL.commands().length + Contract.COMMAND_WORDS);
        System.arraycopy(store.words(), 0, commands, MODEL.commands().length, Contract.COMMAND_WORDS);
        return with(commands, MODEL.inputs(), MODEL.outputs());
    }

    private static String refused(Runnable making) {
        return assertThrows(CompileException.class, making::run).getMessage();
    }

    @Test
    void a_store_into_weights_or_program_is_refused_by_its_index() {
        String message = refused(() -> storing(Regions.CONSTANTS));
        assertTrue(
                message.contains("command " + MODEL.commandCount() + " stores into region 0, which may only be read"),
                message);
    }

    @Test
    void a_store_into_an_input_is_refused() {
        String message = refused(() -> storing(MODEL.inputs().get(0).region()));
        assertTrue(message.contains("stores into region 2, which may only be read"), message);
    }

    @Test
    void a_store_into_an_output_is_not() {
        int region = MODEL.outputs().get(0).region();
        assertEquals(MODEL.commandCount() + 1, storing(region).commandCount());
        assertEquals(Access.READ_WRITE, MODEL.jobs().get(0).access(region));
        assertEquals(Access.READ_ONLY, MODEL.jobs().get(0).access(Regions.CONSTANTS));
        assertEquals(
                Access.READ_ONLY,
                MODEL.jobs().get(0).access(MODEL.inputs().get(0).region()));
    }

    @Test
    void an_output_that_is_not_stored_is_refused() {
        String message = refused(() -> with(new long[0], MODEL.inputs(), MODEL.outputs()));
        assertTrue(message.contains("does not store all of output tensor"), message);
    }

    @Test
    void an_output_that_is_stored_but_for_a_word_is_refused() {
        TensorLocation output = MODEL.outputs().get(0);
        TensorLocation wider = new TensorLocation(
                output.tensor(),
                output.region(),
                0,
                output.height() + 1,
                output.width(),
                output.channels(),
                output.blocks(),
                output.type());
        assertTrue(refused(() -> with(MODEL.commands(), MODEL.inputs(), List.of(wider)))
                .contains("does not store all of output tensor"));
    }

    @Test
    void an_output_in_an_inputs_region_is_refused() {
        int region = MODEL.inputs().get(0).region();
        UnaryOperator<TensorLocation> moved =
                place -> new TensorLocation(place.tensor(), region, 0, 1, 1, 8, 1, TensorType.INT8);
        List<TensorLocation> outputs = MODEL.outputs().stream().map(moved).toList();
        assertTrue(refused(() -> with(MODEL.commands(), MODEL.inputs(), outputs))
                .contains("an input and an output lie in region 2"));
    }

    @Test
    void two_inputs_in_one_region_are_refused() {
        InputLocation input = MODEL.inputs().get(0);
        List<InputLocation> twice = List.of(input, new InputLocation(input.tensor() + 1, input.region(), 8, 8));
        assertTrue(
                refused(() -> with(MODEL.commands(), twice, MODEL.outputs())).contains("two inputs lie in region 2"));
    }
}
