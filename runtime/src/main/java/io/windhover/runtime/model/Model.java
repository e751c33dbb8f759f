// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.model;

import io.windhover.contract.Contract;
import io.windhover.driver.Capabilities;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Preprocessing;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.runtime.compiler.program.CompiledModel;
import io.windhover.runtime.exception.ClassificationException;
import io.windhover.runtime.exception.WindhoverException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A network to run and where it came from.
 *
 * @param source what the user named: a path or zoo:NAME
 * @param sha256 digest of the model file's bytes in lower-case hexadecimal; of a zoo network, of its name; of a folder,
 *     of the name and bytes of each of its parameter files in order of names
 * @param graph the network
 * @param compiled its program, when the file holds one
 * @param notes what the file says but contradicts the network and is not used, a clause each
 */
public record Model(
        String source, String sha256, Graph graph, @Nullable CompiledModel compiled, List<String> notes) {
    private static final int TENSORS_SHOWN = 8;

    public Model {
        notes = List.copyOf(notes);
    }

    /** A model without notes. */
    public Model(String source, String sha256, Graph graph, @Nullable CompiledModel compiled) {
        this(source, sha256, graph, compiled, List.of());
    }

    /** The same model with other names for its classes, and other preprocessing. */
    public Model with(List<String> labels, @Nullable Preprocessing preprocessing) {
        return new Model(source, sha256, graph.with(labels, preprocessing), compiled, notes);
    }

    /** The program that its file holds, or null; one for another accelerator or contract is refused. */
    public @Nullable CompiledModel compiledFor(Capabilities capabilities) {
        if (compiled != null && compiled.configuration() != capabilities.configuration()) {
            throw new WindhoverException("'" + source + "' was compiled for another configuration than the device has ("
                    + capabilities.name() + "); compile it with --config " + capabilities.name() + ".");
        }
        if (compiled != null && compiled.contractDigest() != Contract.DIGEST) {
            throw new WindhoverException(
                    "'" + source + "' was compiled by another version of Windhover; compile it again.");
        }
        return compiled;
    }

    /** The network's own name. */
    public String name() {
        return graph.name();
    }

    /**
     * Whether its outputs are the scores of classes: it has one output, whose elements, two or more, lie along one
     * dimension ([1, N] or [1, 1, 1, N]). Several heads, maps and single values are something else.
     */
    public boolean isClassifier() {
        Shape shape = graph.tensor(graph.outputs()[0]).shape();
        return graph.outputs().length == 1 && shape.elements() >= 2 && isLine(shape);
    }

    private static boolean isLine(Shape shape) {
        for (int dimension = 0; dimension < shape.rank(); dimension++) {
            if (shape.dimensions().get(dimension) == shape.elements()) {
                return true;
            }
        }
        return false;
    }

    /**
     * How many classes it tells apart; a {@link ClassificationException} says what its outputs are where it is no
     * classifier.
     */
    public int classes() {
        if (!isClassifier()) {
            throw new ClassificationException("Model '" + name() + "' is not a classifier: "
                    + list("output", graph.outputs()) + "; run it with --raw FILE --dump DIR to have the bytes.");
        }
        return graph.tensor(graph.outputs()[0]).shape().elements();
    }

    /** The input that an image becomes; a {@link WindhoverException} says what it takes where that is not one input. */
    public Tensor image() {
        if (graph.inputs().length != 1) {
            throw new WindhoverException("Model '" + name() + "' takes more than one image: "
                    + list("input", graph.inputs()) + "; give the bytes of each with --raw.");
        }
        return graph.tensor(graph.inputs()[0]);
    }

    /** "its output is 'mask' INT8[1x96x96x2]", or all of several. */
    private String list(String role, int[] tensors) {
        String names = Arrays.stream(tensors)
                .limit(TENSORS_SHOWN)
                .mapToObj(graph::tensor)
                .map(tensor -> "'" + tensor.name() + "' " + tensor.type() + tensor.shape())
                .collect(Collectors.joining(", "));
        int more = tensors.length - TENSORS_SHOWN;
        return "its " + role + (tensors.length == 1 ? " is " : "s are ") + names
                + (more > 0 ? " and " + more + " more" : "");
    }
}
