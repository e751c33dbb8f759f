// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.graph.FloatActivation;
import io.windhover.models.graph.FloatInterpolation;
import io.windhover.models.graph.FloatPad;
import io.windhover.models.graph.FloatPool;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Reshape;
import java.util.ArrayDeque;
import java.util.ArrayList;
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
 * need codes. Where something else reads it as well it is real, and is rounded to these codes for the layers alone.
 */
final class SharedAverages {
    private final Translation network;
    private final InheritedCodes inherited;
    private final Set<Integer> ends;
    private final Map<Integer, List<TranslationStep>> readers = new HashMap<>();

    private SharedAverages(Translation network, List<Activation> results) {
        this.network = network;
        this.inherited = new InheritedCodes(network);
        this.ends = new HashSet<>(results.stream().map(Activation::tensorId).toList());
        for (TranslationStep step : network.steps()) {
            for (int input : step.inputs()) {
                readers.computeIfAbsent(input, missing -> new ArrayList<>()).add(step);
            }
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

    private void split(TranslationStep average) {
        Set<LinearStep> layers = new LinkedHashSet<>();
        boolean shared = false;
        Deque<Integer> open = new ArrayDeque<>(List.of(average.output()));
        Set<Integer> seen = new HashSet<>(open);
        while (!open.isEmpty()) {
            int tensorId = open.pop();
            shared |= ends.contains(tensorId);
            for (TranslationStep reader : readers.getOrDefault(tensorId, List.of())) {
                if (reader instanceof LinearStep layer && layer.kind() != LinearStep.Kind.AFFINE) {
                    layers.add(layer);
                } else if (isMove(reader) && network.draft(reader.output()).codes == null) {
                    if (seen.add(reader.output())) {
                        open.push(reader.output());
                    }
                } else {
                    shared = true;
                }
            }
        }
        Activation.Codes codes = codes(average.inputs()[0]);
        if (shared && codes != null) {
            layers.forEach(layer -> round(layer, codes));
        }
    }

    private static boolean isMove(TranslationStep step) {
        if (!(step instanceof DirectStep direct)) {
            return false;
        }
        Operator operator = direct.operator();
        return InheritedCodes.isMove(operator) || operator instanceof FloatPad || operator instanceof FloatPool;
    }

    /** Those that a value is made of, also by a Relu or Clip. */
    private Activation.@Nullable Codes codes(int tensorId) {
        Activation.Codes own = inherited.of(tensorId);
        TranslationStep step = own == null ? network.producer(tensorId) : null;
        return step != null && (isClamp(step) || isMove(step)) ? codes(step.inputs()[0]) : own;
    }

    private static boolean isClamp(TranslationStep step) {
        return step instanceof DirectStep direct
                && direct.operator() instanceof FloatActivation activation
                && activation.function() == FloatActivation.Function.CLAMP;
    }

    private void round(LinearStep layer, Activation.Codes codes) {
        TensorDraft from = network.draft(layer.input());
        int rounded = network.auxiliary(from.name + " for " + network.draft(layer.output()).name, from.shape);
        network.draft(rounded).codes = codes;
        network.expand(
                layer,
                List.of(new DirectStep(new int[] {layer.input()}, rounded, Reshape::new), layer.reading(rounded)));
    }
}
