// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.graph.Concatenation;
import io.windhover.models.graph.Dequantize;
import io.windhover.models.graph.FloatActivation;
import io.windhover.models.graph.FloatElementwise;
import io.windhover.models.graph.FloatLogSoftmax;
import io.windhover.models.graph.FloatMean;
import io.windhover.models.graph.FloatPRelu;
import io.windhover.models.graph.FloatSoftmax;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.ScaleAccumulators;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import java.util.ArrayDeque;
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

/**
 * The ends of a quantised network that no codes represent: scores made of the integer sums of a last layer, joined
 * values whose codes differ, each of which keeps its scale until it is real, and functions, sums and products behind
 * the last codes. What moves or joins real values, and a softmax, may follow. All of it runs on the host.
 */
final class RealEnds {
    private final Translation network;
    private final InheritedCodes codes;
    private final Set<Integer> real = new HashSet<>();
    private final Set<TranslationStep> steps = Collections.newSetFromMap(new IdentityHashMap<>());
    /** Tensors at which the network of codes ends. */
    private final Set<Integer> frontier = new LinkedHashSet<>();
    /** Graph's FLOAT32 tensors, by tensor id. */
    private final Map<Integer, Integer> made = new HashMap<>();

    RealEnds(Translation network) {
        this.network = network;
        this.codes = new InheritedCodes(network);
        for (TranslationStep step : network.steps()) {
            if (network.draft(step.output()).codes == null && isReal(step)) {
                real.add(step.output());
            }
        }
    }

    /** True when the tensor has no codes and cannot borrow any. */
    boolean isReal(int tensorId) {
        return real.contains(tensorId);
    }

    private boolean isReal(TranslationStep step) {
        if (step instanceof LinearStep linear) {
            return linear.hasIntegerSums();
        }
        if (!(step instanceof DirectStep direct)) {
            return false;
        }
        Operator operator = direct.operator();
        if (operator instanceof Concatenation) {
            return Arrays.stream(direct.inputs()).anyMatch(this::isReal) || !codes.areSame(direct.inputs());
        }
        if (isFunction(operator)) {
            return Arrays.stream(direct.inputs()).allMatch(this::isKnown);
        }
        return (InheritedCodes.isMove(operator)
                        || operator instanceof FloatSoftmax
                        || operator instanceof FloatLogSoftmax)
                && isReal(direct.inputs()[0]);
    }

    private static boolean isFunction(Operator operator) {
        return operator instanceof FloatActivation
                || operator instanceof FloatElementwise
                || operator instanceof FloatPRelu
                || operator instanceof FloatMean;
    }

    private boolean isKnown(int tensorId) {
        return isReal(tensorId) || codes.of(tensorId) != null || network.draft(tensorId).constant != null;
    }

    /** Makes a real tensor one of this network's ends. */
    void add(int end) {
        Deque<Integer> open = new ArrayDeque<>(List.of(end));
        while (!open.isEmpty()) {
            int tensorId = open.pop();
            TranslationStep step = network.producer(tensorId);
            if (network.draft(tensorId).constant != null) {
                continue;
            }
            if (step == null || !isReal(tensorId)) {
                frontier.add(tensorId);
            } else if (steps.add(step)) {
                Arrays.stream(step.inputs()).forEach(step instanceof LinearStep ? frontier::add : open::push);
            }
        }
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
                made.put(step.output(), appended(graph, step));
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
            return graph.constant(codes.name, TensorType.FLOAT32, codes.shape, null, codes.constant);
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

    private int appended(GraphBuilder graph, TranslationStep step) {
        TensorDraft output = network.draft(step.output());
        if (step instanceof DirectStep direct) {
            int[] from = Arrays.stream(direct.inputs())
                    .map(input -> real(graph, input))
                    .toArray();
            int to = declared(graph, output);
            graph.operator(direct.factory().make(output.name, from, new int[] {to}));
            return to;
        }
        LinearStep layer = (LinearStep) step;
        Quantization input = graph.tensor(network.draft(layer.input()).index).requireQuantization();
        OneBitEmission.Held held = new OneBitEmission.Held(TensorType.INT8, input.scale(), input.zeroPoint());
        LayerLowering lowering =
                new LayerLowering(network, graph, layer, held, "The last layer '" + output.name + "' cannot be used: ");
        int sums = graph.tensor(output.name + " sums", TensorType.INT32, output.shape, null);
        int to = declared(graph, output);
        ScaleAccumulators scores = lowering.toSums(sums, output.name, to);
        graph.operator(scores);
        return to;
    }

    /** The tensor under its own number, unless the network of codes has it too. */
    private static int declared(GraphBuilder graph, TensorDraft output) {
        if (graph.has(output.index)) {
            return graph.tensor(output.name, TensorType.FLOAT32, output.shape, null);
        }
        graph.tensor(new Tensor(output.index, output.name, TensorType.FLOAT32, output.shape, null, null));
        return output.index;
    }
}
