// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.whm;

import static io.windhover.models.ModelException.require;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Tensor;
import io.windhover.runtime.compiler.program.CompiledModel;
import io.windhover.runtime.compiler.program.InputLocation;
import io.windhover.runtime.compiler.program.TensorLocation;
import java.util.List;

/**
 * That a program belongs to the network it is stored with: what the host will copy and compute fits the network's
 * tensors.
 */
final class CompiledFileCheck {
    private CompiledFileCheck() {}

    static void check(Graph graph, CompiledModel compiled) {
        for (InputLocation place : compiled.inputs()) {
            Tensor tensor = graph.tensor(place.tensor());
            require(
                    place.tensorBytes() == tensor.bytes() && place.regionBytes() >= tensor.bytes(),
                    "the program takes %d bytes for %s; compile the model again.",
                    place.tensorBytes(),
                    tensor);
        }
        compiled.outputs().forEach(place -> checkPlace(graph, place));
        compiled.dumped().forEach(place -> checkPlace(graph, place));
        checkPositions(graph, compiled.head());
        checkPositions(graph, compiled.tail());
        require(
                compiled.layers().size() == graph.operators().size(),
                "the program describes %d layers of %d; compile the model again.",
                compiled.layers().size(),
                graph.operators().size());
    }

    private static void checkPlace(Graph graph, TensorLocation place) {
        Tensor tensor = graph.tensor(place.tensor());
        boolean fits = place.type() == tensor.type()
                && place.height() == tensor.shape().height()
                && place.width() == tensor.shape().width()
                && place.channels() == tensor.shape().channels()
                && place.blocks() > 0
                && place.blocks() * 8L * 8L >= place.channels()
                && place.offset() >= 0
                && place.offset() + place.bytes() <= Integer.MAX_VALUE;
        require(fits, "the program places %s otherwise than the network has it; compile the model again.", tensor);
    }

    private static void checkPositions(Graph graph, List<Integer> positions) {
        for (int position : positions) {
            require(
                    position >= 0 && position < graph.operators().size(),
                    "the program names operator %d; compile the model again.",
                    position);
        }
    }
}
