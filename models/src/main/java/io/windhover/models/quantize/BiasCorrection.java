// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.quantize;

import io.windhover.models.graph.FloatFullyConnected;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Shape;
import io.windhover.models.quantize.QuantizationPlan.Activation;
import java.util.Map;

/**
 * Bias correction (Nagel et al. 2019): rounding a layer's weights shifts its outputs by the weights' errors times the
 * mean inputs, which calibration measured; the biases take that shift back.
 */
final class BiasCorrection {
    private BiasCorrection() {}

    /** The float network with corrected biases, for this plan. */
    static Graph apply(Graph graph, Statistics statistics, QuantizationPlan plan) {
        Map<Integer, Activation> activations = PlanCompletion.complete(graph, plan.activations());
        return Rewriting.replace(graph, operator -> {
            Activation input = activations.get(operator.input());
            return WeightedFloatLayer.isWeighted(operator) && input != null
                    ? corrected(graph, operator, statistics, input)
                    : operator;
        });
    }

    private static Operator corrected(Graph graph, Operator operator, Statistics statistics, Activation input) {
        WeightedFloatLayer layer = WeightedFloatLayer.of(operator);
        WeightCodes codes = WeightCodes.perChannel(
                layer.weights(), layer.bias(), input.quantization().scale());
        Shape shape = graph.tensor(operator.input()).shape();
        int period = operator instanceof FloatFullyConnected ? shape.elements() : shape.channels();
        float[] bias = layer.bias().clone();
        for (int o = 0; o < bias.length; o++) {
            double shift = 0;
            for (int i = o * layer.terms(); i < (o + 1) * layer.terms(); i++) {
                double error = layer.weights()[i] - (double) codes.scales()[o] * codes.codes()[i];
                shift += error * statistics.mean(operator.input(), layer.inputChannel(i, period), period);
            }
            bias[o] += (float) shift;
        }
        return layer.with(layer.weights(), bias);
    }
}
