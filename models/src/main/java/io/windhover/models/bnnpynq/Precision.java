// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.bnnpynq;

import static io.windhover.models.ModelException.require;

import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * Bits of a network's weights and hidden activations. One bit is +1 or -1; two are -1, 0 or 1, which become two bits of
 * one (see {@link io.windhover.models.graph.BitPlanes}): half their sum.
 */
record Precision(int weightBits, int activationBits) {
    Precision {
        require(
                weightBits <= activationBits,
                "its weights have two bits and its activations one, which is no network of BNN-PYNQ; "
                        + "a threshold file is not complete or a weight file is damaged.");
    }

    /**
     * What all layers agree on.
     *
     * @param hidden the layers that make activations
     * @param last the layer that makes scores
     */
    static Precision of(ParameterFolder parameters, List<LayerSize> hidden, LayerSize last) {
        int weightBits = parameters.weightBits(last);
        int activationBits = parameters.thresholdsPerNeuron(hidden.get(0));
        for (LayerSize layer : hidden) {
            int own = parameters.weightBits(layer);
            require(
                    own == weightBits,
                    "Layer %d has weights of %d bits but layer %d of %d; a weight file is damaged or belongs to another network.",
                    layer.index(),
                    own,
                    last.index(),
                    weightBits);
            parameters.thresholds(layer, activationBits);
        }
        return new Precision(weightBits, activationBits);
    }

    /** Whether weights and activations have one bit each. */
    boolean isBinary() {
        return activationBits == 1;
    }

    /**
     * One-bit channels for each activation, every bit of it beside every bit of a weight; the sum over them is as many
     * times the real one.
     */
    int planes() {
        return isBinary() ? 1 : activationBits * weightBits;
    }

    /**
     * From a layer's threshold to the least accumulator that is above it. Thresholds count agreements where everything
     * has one bit, the accumulator being 2 * agreements - inputs; else they are sums.
     *
     * @param multiple of the sum that the accumulator is
     */
    IntUnaryOperator leastActive(LayerSize layer, int multiple) {
        return isBinary() ? threshold -> 2 * threshold - layer.inputs() + 1 : threshold -> multiple * threshold + 1;
    }
}
