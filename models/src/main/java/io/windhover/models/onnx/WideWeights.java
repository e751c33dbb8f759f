// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.graph.Elementwise;
import io.windhover.models.graph.FloatElementwise;
import java.util.ArrayList;
import java.util.List;

/**
 * Layers whose weights less their zero points fit no 8 bits, as where each output channel has a zero point of its own:
 * one layer for each part of the weights that does fit, and the sum of what they make.
 */
final class WideWeights {
    private WideWeights() {}

    /** Splits all such layers of a network of codes, but those whose signs are taken. */
    static void split(Translation network, OneBitLayers signs) {
        if (network.drafts().stream().noneMatch(draft -> draft.codes != null && draft.constant == null)) {
            return;
        }
        for (TranslationStep step : network.steps()) {
            if (step instanceof LinearStep layer
                    && layer.kind() != LinearStep.Kind.TRANSPOSED
                    && signs.sign(network.draft(layer.output()).name) == null) {
                List<Weights> parts = layer.weights().parts(layer.factor());
                if (parts.size() > 1) {
                    network.expand(layer, steps(network, layer, parts));
                }
            }
        }
    }

    private static List<TranslationStep> steps(Translation network, LinearStep layer, List<Weights> parts) {
        TensorDraft result = network.draft(layer.output());
        List<TranslationStep> steps = new ArrayList<>();
        int sum = -1;
        for (int i = 0; i < parts.size(); i++) {
            network.charge(parts.get(i).count());
            int part = network.again(result, result.name + " of weights " + (i + 1));
            double[] bias = i == 0 ? layer.bias() : new double[layer.outputChannels()];
            steps.add(layer.withWeights(parts.get(i)).withBias(bias, null).writing(part));
            if (i > 0) {
                boolean last = i == parts.size() - 1;
                int to = last ? layer.output() : network.again(result, result.name + " of weights up to " + (i + 1));
                steps.add(new DirectStep(
                        new int[] {sum, part},
                        to,
                        (name, from, into) -> new FloatElementwise(name, from, into, Elementwise.Function.ADD, false)));
                part = to;
            }
            sum = part;
        }
        return steps;
    }
}
