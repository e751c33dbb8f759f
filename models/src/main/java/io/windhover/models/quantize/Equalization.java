// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.quantize;

import io.windhover.models.graph.FloatActivation;
import io.windhover.models.graph.FloatFullyConnected;
import io.windhover.models.graph.FloatMean;
import io.windhover.models.graph.FloatPRelu;
import io.windhover.models.graph.FloatPad;
import io.windhover.models.graph.FloatPool;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Reshape;
import io.windhover.models.graph.TensorUses;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Cross-layer equalisation (Nagel et al. 2019, "Data-Free Quantization Through Weight Equalization and Bias
 * Correction"): a channel between two layers may be scaled down in the first and up in the second where only positively
 * homogeneous functions lie between. As weights have a scale per output channel here, it is the activations' channels
 * that are balanced against the second layer's weights; depthwise layers, which have a scale for each channel on both
 * sides, take any factor.
 */
final class Equalization {
    private static final float LARGEST_FACTOR = 256;

    private final Graph graph;
    private final Statistics statistics;
    private final TensorUses uses;
    private final Map<Operator, WeightedFloatLayer> changed = new HashMap<>();

    private Equalization(Graph graph, Statistics statistics) {
        this.graph = graph;
        this.statistics = statistics;
        uses = new TensorUses(graph);
    }

    /** The same function with balanced channels, or null when no two layers can be balanced. */
    static @Nullable Graph apply(Graph graph, Statistics statistics) {
        Equalization equalization = new Equalization(graph, statistics);
        for (Operator operator : graph.operators()) {
            Operator second = WeightedFloatLayer.isWeighted(operator) ? equalization.successor(operator) : null;
            if (second != null) {
                equalization.balance(operator, second);
            }
        }
        return equalization.changed.isEmpty()
                ? null
                : Rewriting.replace(graph, operator -> {
                    WeightedFloatLayer layer = equalization.changed.get(operator);
                    return layer == null ? operator : layer.with(layer.weights(), layer.bias());
                });
    }

    /**
     * The only layer with weights that reads this one's channels, scaled values giving scaled results on the way; or
     * null.
     */
    private @Nullable Operator successor(Operator first) {
        Operator next = uses.onlyConsumer(first.output());
        while (next != null && !WeightedFloatLayer.isWeighted(next)) {
            next = keepsChannelScale(next) ? uses.onlyConsumer(next.output()) : null;
        }
        return next;
    }

    private boolean keepsChannelScale(Operator operator) {
        if (operator instanceof FloatActivation activation) {
            return switch (activation.function()) {
                case CLAMP -> activation.alpha() == 0 && activation.beta() == Float.POSITIVE_INFINITY;
                case LEAKY_RELU, ABS -> true;
                default -> false;
            };
        }
        if (operator instanceof Reshape) {
            return uses.onlyConsumer(operator.output()) instanceof FloatFullyConnected
                    || graph.tensor(operator.input()).shape().channels()
                            == graph.tensor(operator.output()).shape().channels();
        }
        return operator instanceof FloatPRelu
                || operator instanceof FloatPool
                || (operator instanceof FloatMean mean && !mean.axes().channels())
                || (operator instanceof FloatPad pad
                        && pad.value() == 0
                        && pad.channelsBefore() == 0
                        && pad.channelsAfter() == 0);
    }

    private void balance(Operator first, Operator second) {
        WeightedFloatLayer before = changed.getOrDefault(first, WeightedFloatLayer.of(first));
        WeightedFloatLayer after = changed.getOrDefault(second, WeightedFloatLayer.of(second));
        int channels = before.outputChannels();
        float[] factors = new float[channels];
        float[] weights = largestWeights(after, channels);
        for (int c = 0; c < channels; c++) {
            float activation = statistics.largest(second.input(), c, channels);
            double factor = after.isDepthwise(channels) ? activation : Math.sqrt((double) activation / weights[c]);
            factors[c] = activation > 0 && weights[c] > 0 ? (float) factor : 0;
        }
        if (normalize(factors)) {
            changed.put(first, divided(before, factors));
            changed.put(second, multiplied(after, factors));
        }
    }

    private static float[] largestWeights(WeightedFloatLayer layer, int channels) {
        float[] largest = new float[channels];
        for (int i = 0; i < layer.weights().length; i++) {
            int channel = layer.inputChannel(i, channels);
            largest[channel] = Math.max(largest[channel], Math.abs(layer.weights()[i]));
        }
        return largest;
    }

    /** Factors around 1, those of silent channels 1; false when none is known. */
    private static boolean normalize(float[] factors) {
        double logarithms = 0;
        int known = 0;
        for (float factor : factors) {
            logarithms += factor > 0 ? StrictMath.log(factor) : 0;
            known += factor > 0 ? 1 : 0;
        }
        double mean = known == 0 ? 1 : StrictMath.exp(logarithms / known);
        for (int c = 0; c < factors.length; c++) {
            double factor = factors[c] > 0 ? factors[c] / mean : 1;
            factors[c] = (float) Math.max(1 / LARGEST_FACTOR, Math.min(LARGEST_FACTOR, factor));
        }
        return known > 0;
    }

    private static WeightedFloatLayer divided(WeightedFloatLayer layer, float[] factors) {
        float[] weights = layer.weights().clone();
        float[] bias = layer.bias().clone();
        for (int i = 0; i < weights.length; i++) {
            weights[i] /= factors[i / layer.terms()];
        }
        for (int c = 0; c < bias.length; c++) {
            bias[c] /= factors[c];
        }
        return new WeightedFloatLayer(layer.operator(), layer.outputChannels(), layer.groups(), weights, bias);
    }

    private static WeightedFloatLayer multiplied(WeightedFloatLayer layer, float[] factors) {
        float[] weights = layer.weights().clone();
        for (int i = 0; i < weights.length; i++) {
            weights[i] *= factors[layer.inputChannel(i, factors.length)];
        }
        return new WeightedFloatLayer(layer.operator(), layer.outputChannels(), layer.groups(), weights, layer.bias());
    }
}
