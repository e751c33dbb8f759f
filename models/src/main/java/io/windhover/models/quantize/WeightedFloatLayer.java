// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.quantize;

import io.windhover.models.graph.FloatConvolution;
import io.windhover.models.graph.FloatFullyConnected;
import io.windhover.models.graph.FloatOperator;
import io.windhover.models.graph.Operator;

/**
 * A convolution or fully-connected layer seen alike: output channel o sums {@code terms} weights, term t of them
 * reading channel {@link #inputChannel} of the input.
 *
 * @param groups 1 for fully-connected layers
 */
record WeightedFloatLayer(FloatOperator operator, int outputChannels, int groups, float[] weights, float[] bias) {
    static boolean isWeighted(Operator operator) {
        return operator instanceof FloatConvolution || operator instanceof FloatFullyConnected;
    }

    static WeightedFloatLayer of(Operator operator) {
        if (operator instanceof FloatConvolution convolution) {
            return new WeightedFloatLayer(
                    convolution,
                    convolution.outputChannels(),
                    convolution.groups(),
                    convolution.weights(),
                    convolution.bias());
        }
        FloatFullyConnected layer = (FloatFullyConnected) operator;
        return new WeightedFloatLayer(layer, layer.outputChannels(), 1, layer.weights(), layer.bias());
    }

    int terms() {
        return weights.length / outputChannels;
    }

    /**
     * The channel of an input of this many channels that a weight multiplies; weights count over all output channels.
     */
    int inputChannel(int weight, int channels) {
        int perGroup = channels / groups;
        int group = weight / terms() / (outputChannels / groups);
        return group * perGroup + weight % terms() % perGroup;
    }

    boolean isDepthwise(int channels) {
        return groups == channels && groups > 1;
    }

    /** The same layer with other numbers. */
    Operator with(float[] newWeights, float[] newBias) {
        return operator instanceof FloatConvolution convolution
                ? new FloatConvolution(
                        convolution.name(),
                        convolution.inputs(),
                        convolution.outputs(),
                        convolution.window(),
                        outputChannels,
                        groups,
                        newWeights,
                        newBias)
                : new FloatFullyConnected(
                        operator.name(), operator.inputs(), operator.outputs(), outputChannels, newWeights, newBias);
    }
}
