// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.model;

import io.windhover.contract.Contract;
import io.windhover.driver.Capabilities;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.HostOperator;
import io.windhover.models.graph.Preprocessing;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.TensorUses;
import io.windhover.runtime.compiler.program.CompiledModel;
import io.windhover.runtime.detection.Decode;
import io.windhover.runtime.detection.DecodeSettings;
import io.windhover.runtime.detection.Detector;
import io.windhover.runtime.detection.Recognition;
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
 * @param decode how its outputs become boxes, where its file or a user says so; null elsewhere
 */
public record Model(
        String source,
        String sha256,
        Graph graph,
        @Nullable CompiledModel compiled,
        List<String> notes,
        @Nullable Decode decode) {
    private static final int TENSORS_SHOWN = 8;

    public Model {
        notes = List.copyOf(notes);
    }

    /** A model whose file says nothing of boxes. */
    public Model(String source, String sha256, Graph graph, @Nullable CompiledModel compiled, List<String> notes) {
        this(source, sha256, graph, compiled, notes, null);
    }

    /** A model without notes. */
    public Model(String source, String sha256, Graph graph, @Nullable CompiledModel compiled) {
        this(source, sha256, graph, compiled, List.of());
    }

    /** The same model with other names for its classes, and other preprocessing. */
    public Model with(List<String> labels, @Nullable Preprocessing preprocessing) {
        return new Model(source, sha256, graph.with(labels, preprocessing), compiled, notes, decode);
    }

    /** The same model with its program. */
    public Model with(CompiledModel program) {
        return new Model(source, sha256, graph, program, notes, decode);
    }

    /** The same model with boxes made in this way. */
    public Model with(@Nullable Decode other) {
        return new Model(source, sha256, graph, compiled, notes, other);
    }

    /**
     * The same model with what a user says about its boxes; a {@link WindhoverException} says why its outputs cannot be
     * read so.
     */
    public Model with(DecodeSettings settings) {
        if (settings.isEmpty()) {
            return this;
        }
        Decode own = detector();
        return with(settings.apply(own == null ? decode : own)).checked();
    }

    /** Itself; refuses a description that does not fit the network. */
    public Model checked() {
        Decode own = detector();
        if (own != null) {
            Detector unused = Detector.of(graph, own);
        }
        return this;
    }

    /**
     * How its outputs become boxes: as its file or a user says, else as they look beyond doubt; null where it is no
     * detector, or not known to be one.
     */
    public @Nullable Decode detector() {
        if (decode != null) {
            return decode.kind() == Decode.Kind.NONE ? null : Recognition.resolve(decode, graph, source);
        }
        return isClassifier() ? null : Recognition.of(graph, source).decode();
    }

    public boolean isDetector() {
        return detector() != null;
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
        return graph.outputs().length == 1 && shape.elements() >= 2 && isLine(shape) && holdsScores(graph.outputs()[0]);
    }

    /** Positions, counts and truth values are none; integers are where a layer made them. */
    private boolean holdsScores(int output) {
        TensorType type = graph.tensor(output).type();
        return type != TensorType.INT64
                && type != TensorType.BOOL
                && !(type == TensorType.INT32 && new TensorUses(graph).producer(output) instanceof HostOperator);
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
        if (isDetector()) {
            throw new ClassificationException("Model '" + name() + "' is a detector, not a classifier: "
                    + list("output", graph.outputs()) + "; --decode none has it taken for none.");
        }
        if (!isClassifier()) {
            throw new ClassificationException("Model '" + name() + "' is not a classifier: "
                    + list("output", graph.outputs()) + "; run it with --raw FILE --dump DIR to have the bytes"
                    + perhaps() + ".");
        }
        return graph.tensor(graph.outputs()[0]).shape().elements();
    }

    /** What it could be where that is not beyond doubt, as the end of a sentence. */
    private String perhaps() {
        String could = decode == null ? Recognition.of(graph, source).could() : null;
        return could == null ? "" : ", or, if it is the detector " + could + ", say so with --decode";
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
