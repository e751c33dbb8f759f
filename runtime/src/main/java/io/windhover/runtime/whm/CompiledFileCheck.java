// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.whm;

import static io.windhover.models.ModelException.require;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.runtime.compiler.program.CompiledModel;
import io.windhover.runtime.compiler.program.InputLocation;
import io.windhover.runtime.compiler.program.JobProgram;
import io.windhover.runtime.compiler.program.Placement;
import io.windhover.runtime.compiler.program.Placement.JobPart;
import io.windhover.runtime.compiler.program.TensorLocation;
import java.util.List;

/**
 * Checks that a program belongs to the network it is stored with: what the host will copy and compute is what the
 * compiler leaves to it, and fits the tensors of the network.
 */
final class CompiledFileCheck {
    private CompiledFileCheck() {}

    static void check(Graph graph, CompiledModel compiled) {
        Placement placement = Placement.of(graph);
        require(
                compiled.host().equals(placement.host()),
                "the program leaves operators %s to the host instead of %s; compile the model again.",
                compiled.host(),
                placement.host());
        for (int job = 0; job < placement.jobs().size(); job++) {
            checkJob(graph, compiled.jobs().get(job), placement.jobs().get(job));
        }
        require(
                compiled.layers().size() == graph.operators().size(),
                "the program describes %d layers of %d; compile the model again.",
                compiled.layers().size(),
                graph.operators().size());
    }

    private static void checkJob(Graph graph, JobProgram job, JobPart part) {
        List<Integer> inputs = job.inputs().stream().map(InputLocation::tensor).toList();
        List<Integer> outputs =
                job.outputs().stream().map(TensorLocation::tensor).toList();
        for (InputLocation location : job.inputs()) {
            Tensor tensor = graph.tensor(location.tensor());
            require(
                    location.tensorBytes() == tensor.bytes() && location.regionBytes() >= tensor.bytes(),
                    "the program takes %d bytes for %s; compile the model again.",
                    location.tensorBytes(),
                    tensor);
        }
        job.outputs().forEach(location -> checkLocation(graph, location));
        job.dumped().forEach(location -> checkLocation(graph, location));
        require(
                inputs.equals(part.inputs()) && outputs.equals(part.outputs()),
                "the program takes tensors %s and gives %s instead of %s and %s; compile the model again.",
                inputs,
                outputs,
                part.inputs(),
                part.outputs());
    }

    private static void checkLocation(Graph graph, TensorLocation location) {
        Tensor tensor = graph.tensor(location.tensor());
        boolean sameMap = (long) location.height() * location.width()
                        == (long) tensor.shape().height() * tensor.shape().width()
                && location.channels() == tensor.shape().channels();
        boolean sameElements = (long) location.height() * location.width() * location.channels()
                == tensor.shape().elements();
        boolean fits = location.type() == tensor.type()
                && (sameMap || (sameElements && tensor.type() != TensorType.BITS))
                && location.blocks() > 0
                && location.blocks() * 8L * 8L >= location.channels()
                && location.offset() >= 0
                && location.offset() + location.bytes() <= Integer.MAX_VALUE;
        require(fits, "the program places %s otherwise than the network has it; compile the model again.", tensor);
    }
}
