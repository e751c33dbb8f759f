// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.ModelException;
import io.windhover.models.graph.Graph;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One-bit activations of a network that is no chain: tensors of the codes +1 and -1, which any operator over codes may
 * read. The layer before a sign is put in as one that writes such codes, and made exact when the graph is one of
 * integers: its threshold is an integer, and layers of one-bit weights over it take it as bits ({@link OneBitGraph}).
 */
final class OneBitLayers {
    private final Translation network;
    /** The layers whose signs are taken, by the names of the operators that stand for them. */
    private final Map<String, LinearStep> signs = new HashMap<>();

    /** By the tensor of signs as the file has it: the one that holds them exactly. */
    private final Map<Integer, Integer> exact = new HashMap<>();

    private OneBitLayers(Translation network) {
        this.network = network;
    }

    static boolean isBinary(Translation network) {
        return network.steps().stream().anyMatch(BinarizeStep.class::isInstance);
    }

    /** Those of a network without one-bit activations, or whose signs are kept as steps. */
    static OneBitLayers none(Translation network) {
        return new OneBitLayers(network);
    }

    /** Takes all steps to one bit out of a network. */
    static OneBitLayers rewrite(Translation network) {
        OneBitLayers layers = new OneBitLayers(network);
        for (TranslationStep step : network.steps()) {
            if (step instanceof BinarizeStep binarize) {
                layers.rewrite(binarize);
            }
        }
        return layers;
    }

    private void rewrite(BinarizeStep binarize) {
        List<TranslationStep> parts = new ArrayList<>();
        SignOf sign = new SignOf(network, binarize, parts, signs, exact);
        sign.write();
        network.expand(binarize, parts);
        sign.removeUnread();
    }

    /** The layer behind this operator's result, when it is a sign. */
    @Nullable
    LinearStep sign(String operator) {
        return signs.get(operator);
    }

    /** The layer whose sign is taken has taken in what was before it. */
    void replace(String operator, LinearStep layer) {
        signs.put(operator, layer);
    }

    /** The integer graph with its signs exact, and with bits where layers of one-bit weights read them. */
    Graph exact(Graph integers) {
        if (signs.isEmpty()) {
            return integers;
        }
        Map<String, LinearStep> layers = new HashMap<>();
        for (TranslationStep step : network.steps()) {
            if (step instanceof LinearStep linear) {
                layers.put(network.draft(linear.output()).name, linear);
            }
        }
        Graph exact = new OneBitGraph(integers, signs, layers, network.freeIndex(integers)).lower();
        for (Map.Entry<String, LinearStep> sign : signs.entrySet()) {
            String name = sign.getKey();
            boolean isRead = network.draft(sign.getValue().output()).readers > 0;
            if (isRead
                    && integers.operators().stream()
                            .noneMatch(operator -> operator.name().equals(name))) {
                throw new ModelException("The signs '" + name + "' are clipped or shifted as a part of another "
                        + "operator; take away what stands right behind them.");
            }
        }
        return exact;
    }
}
