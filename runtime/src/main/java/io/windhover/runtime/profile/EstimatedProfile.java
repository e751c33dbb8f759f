// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.profile;

import io.windhover.contract.Contract;
import io.windhover.driver.Capabilities;
import io.windhover.models.graph.Graph;
import io.windhover.runtime.compiler.Estimate;
import io.windhover.runtime.compiler.program.CompiledModel;
import java.util.List;

/** The figures of a frame that was not run, from the compiler's estimate. */
public final class EstimatedProfile {
    private EstimatedProfile() {}

    /**
     * What the estimate comes to.
     *
     * @param device locator, for the profile only
     */
    public static Profile of(Estimate estimate, Graph graph, String device, Capabilities capabilities) {
        CompiledModel program = estimate.model();
        List<LayerCycles.Run> runs = estimate.runs().stream()
                .map(run -> LayerCycles.Run.of(program, run.command(), run.start(), run.end()))
                .toList();
        ProfileFigures figures = new ProfileFigures(program, capabilities, runs, program.estimatedCycles());
        long commandBytes = (long) program.commandCount() * Contract.COMMAND_WORDS * Long.BYTES;
        return figures.profile(
                graph, device, true, figures.layerReadBytes() + commandBytes, figures.layerWrittenBytes(), new long[0]);
    }
}
