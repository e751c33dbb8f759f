// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler;

import io.windhover.contract.Contract;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Tensor;
import io.windhover.runtime.compiler.program.CompileException;
import io.windhover.runtime.compiler.program.InputLocation;
import io.windhover.runtime.compiler.program.MapAddress;
import io.windhover.runtime.compiler.program.Placement.JobPart;
import io.windhover.runtime.compiler.program.Regions;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory regions of a job's inputs and outputs: one for each while there are enough of them, otherwise one for all
 * inputs, which is only read, and one for all outputs.
 */
final class JobRegions {
    private final boolean shared;
    private final int firstOutput;
    private final List<InputLocation> locations = new ArrayList<>();

    JobRegions(Graph graph, JobPart part) {
        int inputs = part.inputs().size();
        shared = inputs + part.outputs().size() > Contract.REGIONS - Regions.INPUT;
        firstOutput = Regions.INPUT + (shared ? 1 : inputs);
        long offset = 0;
        for (int i = 0; i < inputs; i++) {
            Tensor tensor = graph.tensor(part.inputs().get(i));
            int bytes = (tensor.bytes() + 7) / 8 * 8;
            if (offset + bytes > Integer.MAX_VALUE) {
                throw new CompileException(
                        "The inputs of network '" + graph.name() + "' take more than 2 GiB; split it.");
            }
            locations.add(
                    new InputLocation(tensor.index(), Regions.INPUT + (shared ? 0 : i), offset, tensor.bytes(), bytes));
            offset = shared ? Regions.aligned(offset + bytes) : 0;
        }
    }

    /** Where each input begins. */
    List<MapAddress> inputs() {
        return locations.stream()
                .map(location -> new MapAddress(location.region(), (int) location.offset()))
                .toList();
    }

    List<InputLocation> locations() {
        return locations;
    }

    /** The region of output {@code index}. */
    int output(int index) {
        return firstOutput + (shared ? 0 : index);
    }
}
