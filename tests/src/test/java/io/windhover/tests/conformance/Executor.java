// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.conformance;

import io.windhover.driver.Accelerator;
import io.windhover.runtime.compiler.program.CompiledModel;
import io.windhover.runtime.compiler.program.JobProgram;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;

/** Runs compiled models on a device without a session, and hands back every tensor the program leaves in memory. */
final class Executor {
    private final Accelerator accelerator;

    Executor(Accelerator accelerator) {
        this.accelerator = accelerator;
    }

    /** Tensors by index; {@code inputs} gives the bytes of those that jobs read. */
    Map<Integer, byte[]> run(CompiledModel model, IntFunction<byte[]> inputs) {
        Map<Integer, byte[]> tensors = new HashMap<>();
        for (JobProgram program : model.jobs()) {
            if (program.commandCount() > 0) {
                try (JobMemory memory = new JobMemory(accelerator, program, inputs, 0)) {
                    memory.run();
                    tensors.putAll(memory.tensors());
                }
            }
        }
        return tensors;
    }
}
