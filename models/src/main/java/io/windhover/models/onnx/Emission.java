// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static io.windhover.models.ModelException.require;

import io.windhover.models.graph.Elementwise;
import io.windhover.models.graph.FloatElementwise;
import io.windhover.models.graph.FloatLogSoftmax;
import io.windhover.models.graph.FloatSoftmax;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Quantize;
import io.windhover.models.graph.Reshape;
import io.windhover.models.graph.Rounding;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.models.quantize.Int8Lowering;
import io.windhover.models.quantize.QuantizationPlan;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The finished translation as a graph: float, or integer where the file says how. Codes are int8 inside, uint8 ones
 * less 128, which is the same number with the same arithmetic; the network's own inputs and outputs keep their types.
 */
final class Emission {
    static final int HALF = 128;

    private final String name;
    private final Translation network;
    private final List<Activation> results;
    private final List<SourceValue> outputs;
    private final OneBitLayers signs;
    private final RealParts realParts;
    /** Whether any value of the network is one of codes. */
    private final boolean coded;
    /** Steps of the network of codes that its ends depend on. */
    private final Set<TranslationStep> needed = Collections.newSetFromMap(new IdentityHashMap<>());

    Emission(
            String name, Translation network, List<Activation> results, List<SourceValue> outputs, OneBitLayers signs) {
        this.name = name;
        this.network = network;
        this.results = results;
        this.outputs = outputs;
        this.signs = signs;
        this.realParts = new RealParts(network, signs);
        this.coded = network.drafts().stream().anyMatch(draft -> draft.codes != null && draft.constant == null);
    }

    Graph graph() {
        boolean binary = isBinary();
        if (!binary && !coded) {
            return floats(
                    results.stream().map(result -> network.draft(result).index).toList());
        }
        if (!binary) {
            results.forEach(this::prepare);
        }
        if (binary) {
            requireOneReading();
            return wrapped(new OneBitEmission(name, network, network.highestIndex() + 1).lower(inputs(), ends()));
        }
        realParts.addRoundings();
        Graph floats = networkOfCodes();
        requireOneReading();
        requireNarrowWeights();
        return wrapped(
                floats == null
                        ? null
                        : signs.exact(Int8Lowering.lower(floats, plan(), new FileNames(network, floats))));
    }

    /** The network of codes, before it is lowered; null where all is of real numbers. */
    private @Nullable Graph networkOfCodes() {
        for (List<Integer> ends = ends(); !ends.isEmpty(); ends = ends()) {
            Graph floats = floats(ends);
            if (isComplete(floats)) {
                return floats;
            }
        }
        return null;
    }

    /** @param integers the network of codes, or null where all is of real numbers */
    private Graph wrapped(@Nullable Graph integers) {
        return new FileTypes(network, realParts, isBinary()).around(name, integers, results, outputs);
    }

    private void requireOneReading() {
        for (int tensorId = 0; tensorId < network.drafts().size(); tensorId++) {
            require(
                    network.quantizedInputs(tensorId).isEmpty() || !isRead(tensorId),
                    "Input '%s' is read both as codes and as real numbers.",
                    network.draft(tensorId).name);
        }
    }

    /** Weights of codes are never rounded once more. */
    private void requireNarrowWeights() {
        for (TranslationStep step : needed) {
            require(
                    isReal(step)
                            || !(step instanceof LinearStep layer)
                            || !layer.isTooWide()
                            || signs.sign(network.draft(layer.output()).name) != null,
                    "%s cannot be used: its weights, less their zero points or negated by what follows, do not fit 8 bits.",
                    network.draft(step.output()).title());
        }
    }

    /** False when parts of the network turned out to be of real numbers, which leaves fewer to the network of codes. */
    private boolean isComplete(Graph floats) {
        Set<Integer> gaps = Int8Lowering.gaps(floats, plan());
        boolean complete = true;
        for (int tensorId = 0; tensorId < network.drafts().size(); tensorId++) {
            if (gaps.contains(network.draft(tensorId).index)) {
                complete &= !realParts.addBetween(tensorId);
            }
        }
        return complete;
    }

    /** Indexes of the tensors at which the network of codes ends. */
    private List<Integer> ends() {
        Set<Integer> ends = new LinkedHashSet<>(realParts.frontier());
        results.stream()
                .map(Activation::tensorId)
                .filter(result -> isBinary() || !realParts.isReal(result))
                .forEach(ends::add);
        ends.removeIf(realParts::isRounded);
        needed.clear();
        ends.forEach(this::need);
        return ends.stream().map(end -> network.draft(end).index).distinct().toList();
    }

    private boolean isBinary() {
        return network.steps().stream().anyMatch(BinarizeStep.class::isInstance);
    }

    private void need(int end) {
        Deque<Integer> open = new ArrayDeque<>(List.of(end));
        while (!open.isEmpty()) {
            int tensorId = open.pop();
            TranslationStep step = realParts.isRounded(tensorId) ? null : network.producer(tensorId);
            if (step != null && needed.add(step)) {
                Arrays.stream(step.inputs()).forEach(open::push);
            }
        }
    }

    /** Where an output of real numbers will be codes inside, its name and number are kept for what becomes of them. */
    private void prepare(Activation result) {
        TensorDraft draft = network.draft(result);
        if (result.codes() == null && realParts.isReal(result.tensorId())) {
            realParts.add(result.tensorId());
        } else if (result.codes() == null && draft.codes == null && !staysReal(result.tensorId())) {
            network.renameAuxiliary(result.tensorId(), draft.name + " as codes");
        }
    }

    private boolean staysReal(int tensorId) {
        if (!(network.producer(tensorId) instanceof DirectStep direct)) {
            return false;
        }
        Operator operator = direct.operator();
        return operator instanceof FloatSoftmax
                || operator instanceof FloatLogSoftmax
                || (operator instanceof Reshape && staysReal(direct.inputs()[0]));
    }

    /** Tensors the caller feeds, or the codes made of them. */
    private List<Integer> inputs() {
        List<Integer> inputs = new ArrayList<>();
        for (int tensorId = 0; tensorId < network.drafts().size(); tensorId++) {
            TensorDraft draft = network.draft(tensorId);
            if (realParts.isRounded(tensorId)) {
                inputs.add(tensorId);
            } else if (draft.inputType != null) {
                List<Integer> inside = network.quantizedInputs(tensorId);
                inputs.addAll(inside);
                if (isRead(tensorId) || (inside.isEmpty() && !(coded && draft.codes == null))) {
                    inputs.add(tensorId);
                }
            }
        }
        return inputs;
    }

    /** Whether a layer of the network of codes reads it. */
    private boolean isRead(int tensorId) {
        return network.steps().stream()
                .filter(step -> !isReal(step))
                .anyMatch(step -> Arrays.stream(step.inputs()).anyMatch(input -> input == tensorId));
    }

    private boolean isReal(TranslationStep step) {
        return realParts.contains(step) && !needed.contains(step);
    }

    private Graph floats(List<Integer> ends) {
        GraphBuilder graph = new GraphBuilder(name, network.highestIndex() + 1);
        for (TensorDraft draft : network.drafts()) {
            if (draft.readers > 0 || draft.inputType != null || ends.contains(draft.index)) {
                declare(graph, draft);
            }
        }
        for (int input : inputs()) {
            TensorDraft draft = network.draft(input);
            if (!graph.has(draft.index)) {
                graph.tensor(new Tensor(draft.index, draft.name, TensorType.FLOAT32, draft.shape, null, null));
            }
            graph.input(draft.index);
        }
        network.steps().forEach(step -> emit(graph, step));
        return graph.build(ends.stream().mapToInt(Integer::intValue).toArray());
    }

    private static void declare(GraphBuilder graph, TensorDraft draft) {
        if (!graph.has(draft.index)) {
            graph.tensor(new Tensor(draft.index, draft.name, draft.type, draft.shape, null, draft.constant));
        }
    }

    private void emit(GraphBuilder graph, TranslationStep step) {
        int[] outputs = indexes(network, step.outputs());
        if (Arrays.stream(outputs).anyMatch(graph::has) && !isReal(step)) {
            Arrays.stream(step.outputs()).forEach(output -> declare(graph, network.draft(output)));
            direct(graph, network.draft(step.output()), step, indexes(network, step.inputs()), outputs);
        }
    }

    /** Adds the float operator of a step. */
    static void direct(GraphBuilder graph, TensorDraft result, TranslationStep step, int[] inputs, int[] outputs) {
        if (step instanceof LinearStep linear && linear.isScalar()) {
            affine(graph, result, linear, inputs, outputs);
        } else if (step instanceof LinearStep linear) {
            graph.operator(linear.operator(result.name, inputs, outputs));
        } else {
            graph.operator(((DirectStep) step).factory().make(result.name, inputs, outputs));
        }
    }

    static int[] indexes(Translation network, int[] tensorIds) {
        int[] indexes = new int[tensorIds.length];
        for (int i = 0; i < tensorIds.length; i++) {
            indexes[i] = network.draft(tensorIds[i]).index;
        }
        return indexes;
    }

    /**
     * x * factor + offset, a number for each channel or one for all; functions of one element, which quantisation can
     * make tables of.
     */
    static void affine(GraphBuilder graph, TensorDraft result, LinearStep linear, int[] inputs, int[] outputs) {
        String operator = result.name;
        boolean shifts = Arrays.stream(linear.bias()).anyMatch(offset -> offset != 0);
        boolean scales = Arrays.stream(linear.factor()).anyMatch(factor -> factor != 1) || !shifts;
        int[] between = inputs;
        if (scales) {
            String name = shifts ? operator + " scaled" : operator;
            between = shifts ? new int[] {graph.tensor(name, TensorType.FLOAT32, result.shape, null)} : outputs;
            int factors = numbers(graph, operator + " factor", linear, linear.factor());
            graph.operator(new FloatElementwise(
                    name, new int[] {inputs[0], factors}, between, Elementwise.Function.MULTIPLY, false));
        }
        if (shifts) {
            int offsets = numbers(graph, operator + " offset", linear, linear.bias());
            graph.operator(new FloatElementwise(
                    operator, new int[] {between[0], offsets}, outputs, Elementwise.Function.ADD, false));
        }
    }

    private static int numbers(GraphBuilder graph, String name, LinearStep linear, double[] values) {
        double[] needed = linear.isScalar() ? new double[] {values[0]} : values;
        ByteBuffer bytes = ByteBuffer.allocate(needed.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : needed) {
            bytes.putFloat((float) value);
        }
        byte[] contents = new byte[bytes.capacity()];
        bytes.rewind().get(contents);
        Shape shape = needed.length == 1 ? Shape.of(1) : Shape.vector(needed.length);
        return graph.constant(name, TensorType.FLOAT32, shape, null, contents);
    }

    private QuantizationPlan plan() {
        Map<Integer, QuantizationPlan.Activation> activations = new HashMap<>();
        Map<String, QuantizationPlan.Weights> weights = new HashMap<>();
        for (TensorDraft draft : network.drafts()) {
            if (draft.codes != null) {
                activations.put(draft.index, inside(draft.codes));
            }
        }
        for (TranslationStep step : network.steps()) {
            if (step instanceof LinearStep linear) {
                QuantizationPlan.Weights codes = linear.plan();
                if (codes != null) {
                    weights.put(network.draft(linear.output()).name, codes);
                }
            }
        }
        return new QuantizationPlan(activations, weights);
    }

    /** The int8 representation of a file's codes. */
    static QuantizationPlan.Activation inside(Activation.Codes codes) {
        int shift = codes.type() == ElementType.UINT8 ? HALF : 0;
        return new QuantizationPlan.Activation(
                TensorType.INT8, quantization(codes, shift), codes.low() - shift, codes.high() - shift);
    }

    /** What makes the codes of real numbers: a quantiser, and a clamp where the codes are not all of their type. */
    static List<Operator> rounded(GraphBuilder graph, int real, TensorDraft draft) {
        QuantizationPlan.Activation codes = inside(draft.knownCodes());
        Quantization into = codes.quantization();
        if (!graph.has(draft.index)) {
            graph.tensor(new Tensor(draft.index, draft.name, TensorType.INT8, draft.shape, into, null));
        }
        boolean every = codes.low() == Byte.MIN_VALUE && codes.high() == Byte.MAX_VALUE;
        String name = every ? draft.name : draft.name + " rounded";
        int rounded = every ? draft.index : graph.tensor(name, TensorType.INT8, draft.shape, into);
        Operator quantizer = new Quantize(
                name, new int[] {real}, new int[] {rounded}, into.scale(), into.zeroPoint(), into.rounding());
        return every
                ? List.of(quantizer)
                : List.of(
                        quantizer,
                        new LookupTable(
                                draft.name,
                                new int[] {rounded},
                                new int[] {draft.index},
                                "clamp",
                                clamp(codes.low(), codes.high())));
    }

    private static byte[] clamp(int low, int high) {
        byte[] table = new byte[2 * HALF];
        for (int code = Byte.MIN_VALUE; code <= Byte.MAX_VALUE; code++) {
            table[code & 0xFF] = (byte) Math.max(low, Math.min(high, code));
        }
        return table;
    }

    static Quantization quantization(Activation.Codes codes, int shift) {
        return Quantization.of(codes.scale(), codes.zeroPoint() - shift, Rounding.HALF_TO_EVEN);
    }
}
