// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.graph.Concatenation;
import io.windhover.models.graph.Elementwise;
import io.windhover.models.graph.FloatActivation;
import io.windhover.models.graph.FloatElementwise;
import io.windhover.models.graph.FloatInterpolation;
import io.windhover.models.graph.FloatPad;
import io.windhover.models.graph.FloatPool;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Reshape;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An AveragePool or linear Resize that no quantiser follows has the codes of its input where only layers read it, which
 * need codes; finer ones where these are few. Where something else reads it as well it is real, and is rounded to such
 * codes for the layers alone.
 */
final class SharedAverages {
    private static final int CODES = 255;

    private final Translation network;
    /** The codes of values that have some, or that all they are made of has. */
    private final Map<Integer, Activation.Codes> kept = new HashMap<>();

    private final Set<Integer> ends;
    /** Outputs of layers for which their input is rounded. */
    private final Set<Integer> rounded = new HashSet<>();

    private final Map<Integer, List<TranslationStep>> readers = new HashMap<>();

    private SharedAverages(Translation network, List<Activation> results) {
        this.network = network;
        this.ends = new HashSet<>(results.stream().map(Activation::tensorId).toList());
        InheritedCodes inherited = new InheritedCodes(network);
        for (int tensorId = 0; tensorId < network.drafts().size(); tensorId++) {
            keep(tensorId, inherited.of(tensorId));
        }
        for (TranslationStep step : network.steps()) {
            for (int input : step.inputs()) {
                readers.computeIfAbsent(input, missing -> new ArrayList<>()).add(step);
            }
            if (step instanceof BinarizeStep bits && !kept.containsKey(bits.output())) {
                keep(bits.output(), new Activation.Codes(ElementType.INT8, (float) bits.scale(), 0, -1, 1));
            }
            if (keepsCodes(step) && !kept.containsKey(step.output())) {
                keep(step.output(), common(step));
            }
        }
    }

    /** The codes of all that a step reads, where they also hold what it pads that with. */
    private Activation.@Nullable Codes common(TranslationStep step) {
        Activation.Codes first = kept.get(step.inputs()[0]);
        return first != null
                        && !padsBeyond(step, first)
                        && Arrays.stream(step.inputs()).allMatch(input -> first.equals(kept.get(input)))
                ? first
                : null;
    }

    private static boolean padsBeyond(TranslationStep step, Activation.Codes codes) {
        return step instanceof DirectStep direct
                && direct.operator() instanceof FloatPad pad
                && !codes.isCode(pad.value());
    }

    private void keep(int tensorId, Activation.@Nullable Codes codes) {
        if (codes != null) {
            kept.put(tensorId, codes);
        }
    }

    static void split(Translation network, List<Activation> results) {
        SharedAverages averages = new SharedAverages(network, results);
        for (TranslationStep step : network.steps()) {
            if (isAverage(step) && network.draft(step.output()).codes == null) {
                averages.split(step);
            }
        }
    }

    /** True for what makes values between those that it reads. */
    static boolean isAverage(TranslationStep step) {
        return step instanceof DirectStep direct
                && ((direct.operator() instanceof FloatPool pool && !pool.maximum())
                        || FloatInterpolation.interpolates(direct.operator()));
    }

    /** True for what a comparison of single values reads, which is made of real numbers. */
    private boolean isCompared(LinearStep layer) {
        return layer.kind() == LinearStep.Kind.AFFINE
                || (layer.isOfSingleValues()
                        && readers.getOrDefault(layer.output(), List.of()).stream()
                                .allMatch(BinarizeStep.class::isInstance));
    }

    private void split(TranslationStep average) {
        Set<LinearStep> layers = new LinkedHashSet<>();
        boolean shared = false;
        boolean joined = false;
        Deque<Integer> open = new ArrayDeque<>(List.of(average.output()));
        Set<Integer> seen = new HashSet<>(open);
        while (!open.isEmpty()) {
            int tensorId = open.pop();
            shared |= ends.contains(tensorId);
            for (TranslationStep reader : readers.getOrDefault(tensorId, List.of())) {
                if (reader instanceof LinearStep layer && !isCompared(layer)) {
                    layers.add(layer);
                } else if (keepsCodes(reader) && network.draft(reader.output()).codes == null) {
                    joined |= reader.inputs().length > 1;
                    if (seen.add(reader.output())) {
                        open.push(reader.output());
                    }
                } else {
                    shared = true;
                }
            }
        }
        Activation.Codes read = kept.get(average.inputs()[0]);
        Activation.Codes finer = read == null || finest(read).equals(read) ? null : finest(read);
        TensorDraft output = network.draft(average.output());
        if (shared || layers.isEmpty() || (finer != null && joined)) {
            output.keptReal = true;
            layers.forEach(this::round);
        } else {
            output.codes = finer;
        }
    }

    /** Codes of the same range and at least as fine: 8 bits of them. */
    private static Activation.Codes finest(Activation.Codes codes) {
        int span = codes.high() - codes.low();
        int finer = span == 0 ? 1 : Integer.highestOneBit(CODES / span);
        if (finer <= 1 || codes.zeroPoint() < codes.low() || codes.zeroPoint() > codes.high()) {
            return codes;
        }
        return new Activation.Codes(
                ElementType.INT8,
                codes.scale() / finer,
                Byte.MIN_VALUE + (codes.zeroPoint() - codes.low()) * finer,
                Byte.MIN_VALUE,
                Byte.MIN_VALUE + span * finer);
    }

    /** True for steps that may make a value of the codes that they read. */
    static boolean keepsCodes(TranslationStep step) {
        if (!(step instanceof DirectStep direct)) {
            return false;
        }
        Operator operator = direct.operator();
        return InheritedCodes.isMove(operator)
                || operator instanceof FloatPad
                || operator instanceof FloatPool
                || operator instanceof Concatenation
                || (operator instanceof FloatActivation activation
                        && activation.function() == FloatActivation.Function.CLAMP)
                || (operator instanceof FloatElementwise pair
                        && (pair.function() == Elementwise.Function.MAXIMUM
                                || pair.function() == Elementwise.Function.MINIMUM));
    }

    private void round(LinearStep layer) {
        Activation.Codes codes = kept.get(layer.input());
        if (codes == null || !rounded.add(layer.output())) {
            return;
        }
        TensorDraft from = network.draft(layer.input());
        int made = network.auxiliary(from.name + " for " + network.draft(layer.output()).name, from.shape);
        network.draft(made).codes = finest(codes);
        network.expand(
                layer, List.of(new DirectStep(new int[] {layer.input()}, made, Reshape::new), layer.reading(made)));
    }
}
