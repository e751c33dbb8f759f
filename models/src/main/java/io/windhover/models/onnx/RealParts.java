// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.graph.Concatenation;
import io.windhover.models.graph.Dequantize;
import io.windhover.models.graph.FloatActivation;
import io.windhover.models.graph.FloatElementwise;
import io.windhover.models.graph.FloatInterpolation;
import io.windhover.models.graph.FloatLogSoftmax;
import io.windhover.models.graph.FloatMean;
import io.windhover.models.graph.FloatPRelu;
import io.windhover.models.graph.FloatPad;
import io.windhover.models.graph.FloatPool;
import io.windhover.models.graph.FloatSoftmax;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.HostOperator;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.models.quantize.Interpolations;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a quantised network that no codes represent. At its ends: scores made of the integer sums of a last
 * layer, joined values whose codes differ, each of which keeps its scale until it is real, and functions, sums and
 * products behind the last codes. Before and between layers: the same, up to where the file rounds it to codes again.
 * What moves or joins real values, and a softmax, may follow. All of it runs on the host.
 */
final class RealParts {
    /** By how much of a step of the result's codes integer sums may round a bias. */
    static final double BIAS_PRECISION = 1.0 / 80;
    /** The same over +1 and -1, which have few sums. */
    private static final double SIGN_BIAS_PRECISION = 1.0 / 512;

    private final Translation network;
    private final OneBitLayers signs;
    private final InheritedCodes codes;
    private final Set<Integer> real = new HashSet<>();
    private final Set<TranslationStep> steps = Collections.newSetFromMap(new IdentityHashMap<>());
    /** Tensors at which the network of codes ends. */
    private final Set<Integer> frontier = new LinkedHashSet<>();
    /** Tensors of codes that are made of real numbers. */
    private final Set<Integer> rounded = new LinkedHashSet<>();
    /** Layers of coded weights that read real numbers. */
    private final Set<TranslationStep> realLayers = Collections.newSetFromMap(new IdentityHashMap<>());

    private final Map<Integer, List<TranslationStep>> readers = new HashMap<>();
    /** Graph's FLOAT32 tensors, by tensor id. */
    private final Map<Integer, Integer> made = new HashMap<>();

    RealParts(Translation network, OneBitLayers signs) {
        this.network = network;
        this.signs = signs;
        this.codes = new InheritedCodes(network);
        for (TranslationStep step : network.steps()) {
            Arrays.stream(step.inputs())
                    .distinct()
                    .forEach(input -> readers.computeIfAbsent(input, missing -> new ArrayList<>())
                            .add(step));
        }
        for (TranslationStep step : network.steps()) {
            if (isReal(step)) {
                Arrays.stream(step.outputs())
                        .filter(output -> network.draft(output).codes == null)
                        .forEach(real::add);
            }
        }
    }

    /**
     * Lets operators be of real numbers that have no form of integers: those that only the host knows, those of
     * constants that no codes hold, interpolations in shares finer than sums of codes hold, softmaxes of other codes
     * than 1/256, and averages and interpolations between codes that several quantisers or other operators read. So are
     * rectifiers that were not split, whose integer form rounds their slopes. What follows such an operator up to a
     * quantiser is real as well.
     */
    void addRoundings() {
        for (TranslationStep step : network.steps()) {
            if (step instanceof LinearStep layer) {
                addRounding(layer);
                continue;
            }
            Operator operator = step instanceof DirectStep direct ? direct.operator() : null;
            TensorDraft output = network.draft(step.output());
            boolean resizes = operator != null && FloatInterpolation.interpolates(operator) && !isExact(operator);
            boolean between = isBetweenCodes(step);
            if (resizes && output.codes == null && !between) {
                output.codes = codes.of(step.inputs()[0]);
            }
            boolean joins =
                    operator instanceof Concatenation && output.codes == null && !isQuantisedBehind(step.output());
            boolean mixes = (operator instanceof FloatElementwise || joins)
                    && Arrays.stream(step.inputs()).anyMatch(this::isUncoded);
            boolean real = operator instanceof HostOperator
                    || operator instanceof FloatLogSoftmax
                    || operator instanceof FloatPRelu
                    || (operator instanceof FloatSoftmax && !isOfShares(output.codes))
                    || between;
            if (!resizes && !mixes && !real) {
                continue;
            }
            if (hasCodes(step.output()) && rounded.add(step.output())) {
                add(step.output());
            }
            for (int made : step.outputs()) {
                if (network.draft(made).codes == null) {
                    addBetween(made);
                }
            }
        }
    }

    /** Whether these are the codes that the softmax of codes makes. */
    private static boolean isOfShares(Activation.@Nullable Codes codes) {
        return codes != null
                && codes.scale() == 1f / 256
                && codes.zeroPoint() == codes.type().minimum()
                && codes.low() == codes.type().minimum()
                && codes.high() == codes.type().maximum();
    }

    /**
     * The host scales the sums of a layer whose factors leave it no 8-bit weights, or whose bias they are too coarse
     * for.
     */
    private void addRounding(LinearStep layer) {
        if (isSign(layer) || !(layer.isTooWide() || isTooCoarse(layer))) {
            return;
        }
        if (layer.kind() == LinearStep.Kind.TRANSPOSED) {
            realLayers.add(layer);
        }
        if (hasCodes(layer.output()) && rounded.add(layer.output())) {
            add(layer.output());
        }
        addBetween(layer.output());
    }

    private boolean isTooCoarse(LinearStep layer) {
        Activation.Codes input = codes.of(layer.input());
        if (input == null) {
            return false;
        }
        double scale = resultScale(layer.output());
        boolean oneBit = isOneBit(layer.input());
        boolean takesBits = layer.kind() != LinearStep.Kind.TRANSPOSED && layer.groups() == 1;
        if (oneBit && takesBits && layer.weights().isOneBit()) {
            return Double.isFinite(scale) && BitBias.of(layer, input.scale(), scale) == null;
        }
        return layer.biasError(input.scale(), scale) > (oneBit ? SIGN_BIAS_PRECISION : BIAS_PRECISION);
    }

    /** True for +1 and -1. */
    private boolean isOneBit(int tensorId) {
        TranslationStep producer = network.producer(tensorId);
        if (!(producer instanceof DirectStep direct)) {
            return producer instanceof LinearStep layer && isSign(layer);
        }
        return SharedAverages.keepsCodes(producer)
                && !SharedAverages.isAverage(producer)
                && Arrays.stream(direct.inputs()).allMatch(this::isOneBit);
    }

    /** The smallest step of codes that a value is rounded to; infinite where none is behind it. */
    private double resultScale(int tensorId) {
        Activation.Codes own = network.draft(tensorId).codes;
        if (own != null) {
            return own.scale();
        }
        return readers.getOrDefault(tensorId, List.of()).stream()
                .filter(SharedAverages::keepsCodes)
                .mapToDouble(reader -> resultScale(reader.output()))
                .min()
                .orElse(Double.POSITIVE_INFINITY);
    }

    /** True for constants of several numbers that the file gives no codes. */
    private boolean isUncoded(int tensorId) {
        TensorDraft draft = network.draft(tensorId);
        return draft.constant != null && draft.codes == null && draft.shape.elements() > 1;
    }

    /** Whether codes have a form for it that is rounded once. */
    private boolean isExact(Operator operator) {
        Shape from = network.draft(operator.input()).shape;
        Shape to = network.draft(operator.output()).shape;
        Activation.Codes own = network.draft(operator.output()).codes;
        boolean keepsCodes = own == null || own.equals(codes.of(operator.input()));
        return Interpolations.shares(operator, from, to) != null
                || (keepsCodes && Interpolations.isFixedPoint(operator, from, to));
    }

    /** True when the tensor has no codes and cannot borrow any. */
    boolean isReal(int tensorId) {
        return real.contains(tensorId);
    }

    private boolean isReal(TranslationStep step) {
        if (step instanceof LinearStep linear) {
            return linear.hasIntegerSums() || isKnown(linear.input());
        }
        if (!(step instanceof DirectStep direct)) {
            return false;
        }
        Operator operator = direct.operator();
        if (operator instanceof Concatenation) {
            return Arrays.stream(direct.inputs()).anyMatch(this::isRealNumber) || !codes.areSame(direct.inputs());
        }
        if (isFunction(operator) || operator instanceof FloatSoftmax || operator instanceof FloatLogSoftmax) {
            return Arrays.stream(direct.inputs()).allMatch(this::isKnown);
        }
        if (operator instanceof FloatPad pad && !codes.isCode(pad.value(), direct.inputs()[0])) {
            return isKnown(direct.inputs()[0]);
        }
        return (InheritedCodes.isMove(operator) || operator instanceof FloatPad || operator instanceof FloatPool)
                && (isRealNumber(direct.inputs()[0]) || isBetweenCodes(step));
    }

    /** True for averages and interpolations of codes that are rounded by what follows: in codes they would be twice. */
    private boolean isBetweenCodes(TranslationStep step) {
        return network.draft(step.output()).keptReal && !hasCodes(step.output()) && isKnown(step.inputs()[0]);
    }

    /** True where one quantiser rounds all that is made of it. */
    private boolean isQuantisedBehind(int tensorId) {
        List<TranslationStep> behind = readers.getOrDefault(tensorId, List.of());
        return behind.size() == 1
                && behind.get(0) instanceof DirectStep next
                && InheritedCodes.isMove(next.operator())
                && !SharedAverages.isAverage(next)
                && (hasCodes(next.output()) || isQuantisedBehind(next.output()));
    }

    private boolean isRealNumber(int tensorId) {
        return isReal(tensorId) || isRealInput(network.draft(tensorId));
    }

    private static boolean isFunction(Operator operator) {
        return operator instanceof FloatActivation
                || operator instanceof FloatElementwise
                || operator instanceof FloatPRelu
                || operator instanceof FloatMean
                || operator instanceof HostOperator;
    }

    private boolean isKnown(int tensorId) {
        TensorDraft draft = network.draft(tensorId);
        return isRealNumber(tensorId) || codes.of(tensorId) != null || draft.constant != null;
    }

    private static boolean isRealInput(TensorDraft draft) {
        return draft.inputType == TensorType.FLOAT32 && draft.codes == null;
    }

    /** Makes a real tensor one of this network's ends. */
    void add(int end) {
        Deque<Integer> open = new ArrayDeque<>(List.of(end));
        while (!open.isEmpty()) {
            int tensorId = open.pop();
            TranslationStep step = network.producer(tensorId);
            TensorDraft draft = network.draft(tensorId);
            if (draft.constant != null || isRealInput(draft)) {
                continue;
            }
            if (step == null || !(isReal(tensorId) || rounded.contains(tensorId))) {
                frontier.add(tensorId);
            } else if (steps.add(step)) {
                if (step instanceof LinearStep layer && (holdsShares(layer.input()) || comparesInput(layer))) {
                    realLayers.add(layer);
                }
                Arrays.stream(step.inputs()).forEach(isLayer(step) ? frontier::add : open::push);
            }
        }
    }

    /** True for numbers of the caller's that are compared with more than one. */
    private boolean comparesInput(LinearStep layer) {
        return layer.isOfSingleValues() && isRealInput(network.draft(layer.input()));
    }

    /** True for what a softmax makes, which never has codes. */
    private boolean holdsShares(int tensorId) {
        if (!(network.producer(tensorId) instanceof DirectStep direct) || network.draft(tensorId).codes != null) {
            return false;
        }
        Operator operator = direct.operator();
        return operator instanceof FloatSoftmax
                || operator instanceof FloatLogSoftmax
                || (InheritedCodes.isMove(operator) && holdsShares(direct.inputs()[0]));
    }

    /**
     * True for a layer whose integer sums become real; one of real weights or inputs computes in real numbers itself.
     */
    private boolean isLayer(TranslationStep step) {
        return step instanceof LinearStep linear && linear.hasIntegerSums() && !realLayers.contains(step);
    }

    /**
     * Lets real numbers be computed as such up to where they become codes. Returns false where the tensor holds none,
     * or all that it leads to is known already.
     */
    boolean addBetween(int tensorId) {
        Deque<Integer> open = new ArrayDeque<>(isRealNumber(tensorId) ? List.of(tensorId) : List.of());
        Set<Integer> seen = new HashSet<>(open);
        boolean grown = false;
        while (!open.isEmpty()) {
            for (TranslationStep reader : readers.getOrDefault(open.pop(), List.of())) {
                for (int output : reader.outputs()) {
                    boolean becomesCodes = isReal(reader) && hasCodes(output);
                    if (isSign(reader)) {
                        continue;
                    }
                    if (isLayer(reader) && (isReal(output) || becomesCodes)) {
                        addReading((LinearStep) reader);
                        grown = true;
                    }
                    if (isReal(output) && seen.add(output)) {
                        open.push(output);
                    } else if (becomesCodes && rounded.add(output)) {
                        add(output);
                        grown = true;
                    }
                }
            }
        }
        return grown;
    }

    private boolean isSign(TranslationStep step) {
        return step instanceof LinearStep && signs.sign(network.draft(step.output()).name) != null;
    }

    /** Lets a layer read real numbers, which are then no end of the network of codes. */
    private void addReading(LinearStep layer) {
        realLayers.add(layer);
        if (steps.contains(layer)) {
            frontier.remove(layer.input());
            add(layer.input());
        }
    }

    private boolean hasCodes(int tensorId) {
        return network.draft(tensorId).codes != null;
    }

    /** True for codes that the host makes of real numbers. */
    boolean isRounded(int tensorId) {
        return rounded.contains(tensorId);
    }

    /** Tensors at which the network of codes must end. */
    Set<Integer> frontier() {
        return frontier;
    }

    boolean contains(TranslationStep step) {
        return steps.contains(step);
    }

    /** Adds all that makes ends real to a graph that holds the codes. */
    void append(GraphBuilder graph) {
        for (TranslationStep step : network.steps()) {
            if (steps.contains(step)) {
                int[] indexes = appended(graph, step);
                for (int i = 0; i < indexes.length; i++) {
                    int output = step.outputs()[i];
                    if (rounded.contains(output)) {
                        Emission.rounded(graph, indexes[i], network.draft(output))
                                .forEach(graph::operator);
                    } else {
                        made.put(output, indexes[i]);
                    }
                }
            }
        }
    }

    /** The index of a real end's FLOAT32 tensor. */
    int index(int end) {
        return Objects.requireNonNull(made.get(end));
    }

    private int real(GraphBuilder graph, int tensorId) {
        return made.computeIfAbsent(tensorId, codes -> dequantized(graph, network.draft(codes)));
    }

    private static int dequantized(GraphBuilder graph, TensorDraft codes) {
        if (codes.constant != null) {
            return graph.constant(codes.name, codes.type, codes.shape, null, codes.constant);
        }
        Tensor tensor = graph.tensor(codes.index);
        if (!tensor.type().isByte()) {
            return codes.index;
        }
        Quantization quantization = tensor.requireQuantization();
        String name = codes.name + " as real numbers";
        int to = graph.tensor(name, TensorType.FLOAT32, tensor.shape(), null);
        graph.operator(new Dequantize(
                name, new int[] {codes.index}, new int[] {to}, quantization.scale(), quantization.zeroPoint()));
        return to;
    }

    private int[] appended(GraphBuilder graph, TranslationStep step) {
        TensorDraft output = network.draft(step.output());
        if (!isLayer(step)) {
            int[] from = Arrays.stream(step.inputs())
                    .map(input -> real(graph, input))
                    .toArray();
            int[] to = Arrays.stream(step.outputs())
                    .map(result -> declared(graph, network.draft(result)))
                    .toArray();
            if (step instanceof LinearStep affine && affine.kind() == LinearStep.Kind.AFFINE) {
                Emission.affine(graph, output, affine, from, to);
            } else {
                Emission.direct(graph, output, step, from, to);
            }
            return to;
        }
        LinearStep layer = (LinearStep) step;
        Quantization input = graph.tensor(network.draft(layer.input()).index).requireQuantization();
        OneBitEmission.Held held = new OneBitEmission.Held(TensorType.INT8, input.scale(), input.zeroPoint());
        String title = output.title() + " cannot be used: ";
        int to = declared(graph, output);
        if (layer.kind() == LinearStep.Kind.TRANSPOSED) {
            Shape read = graph.tensor(network.draft(layer.input()).index).shape();
            TransposedSums sums = TransposedSums.of(layer, read, output.shape, title);
            int blocks = graph.tensor(output.name + " in blocks", TensorType.FLOAT32, sums.shape(), null);
            addSums(graph, new LayerLowering(network, graph, sums.layer(), held, title), output.name, blocks);
            sums.place(graph, output.name, blocks, to);
        } else {
            addSums(graph, new LayerLowering(network, graph, layer, held, title), output.name, to);
        }
        return new int[] {to};
    }

    private static void addSums(GraphBuilder graph, LayerLowering lowering, String name, int to) {
        int sums =
                graph.tensor(name + " sums", TensorType.INT32, graph.tensor(to).shape(), null);
        graph.operator(lowering.toSums(sums, name, to));
    }

    /** The tensor under its own number, unless the network of codes has it too. */
    private static int declared(GraphBuilder graph, TensorDraft output) {
        if (graph.has(output.index) || output.codes != null) {
            return graph.tensor(output.name + " as real numbers", TensorType.FLOAT32, output.shape, null);
        }
        graph.tensor(new Tensor(output.index, output.name, output.type, output.shape, null, null));
        return output.index;
    }
}
