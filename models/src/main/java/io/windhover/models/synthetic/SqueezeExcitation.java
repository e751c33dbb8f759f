// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.synthetic;

import io.windhover.models.arithmetic.Rescaling;
import io.windhover.models.graph.Multiply;
import io.windhover.models.graph.Rescale;
import io.windhover.models.graph.TensorType;
import java.util.function.IntUnaryOperator;

/** Squeeze-and-excitation (Hu et al. 2018): every channel times a gate computed from the means of all channels. */
public final class SqueezeExcitation {
    private SqueezeExcitation() {}

    /**
     * Mean over the map, two fully-connected layers, a gate within 0..1 and the product with the input.
     *
     * @param squeezed channels between the two layers
     * @param between activation between the two layers
     * @param gate appends the gate's table: logistic or hard sigmoid
     */
    public static int append(
            NetworkBuilder network, String name, int map, int squeezed, Activation between, IntUnaryOperator gate) {
        int channels = network.shape(map).channels();
        int means = network.named(name + "_mean").elementwise().mean(map);
        int reduced = network.named(name + "_reduce").fullyConnected(means, squeezed, between);
        int expanded = network.named(name + "_expand").fullyConnected(reduced, channels, Activation.NONE);
        network.named(name + "_gate");
        return product(network, name + "_scale", map, gate.applyAsInt(expanded));
    }

    /** No product leaves the range of the map, whose quantisation the result keeps. */
    private static int product(NetworkBuilder network, String name, int map, int factors) {
        int zeroPoint = network.zeroPoint(map);
        int output = network.graph.tensor(
                name,
                TensorType.INT8,
                network.shape(map),
                network.graph.tensor(map).quantization());
        network.expectedDeviation.put(
                output,
                network.expectedDeviation.rms(map) * network.expectedDeviation.rms(factors) * network.scale(factors));
        Rescale rescale = Rescaling.product(network.scale(map), network.scale(factors), network.scale(output));
        network.graph.operator(new Multiply(
                name,
                new int[] {map, factors},
                new int[] {output},
                zeroPoint,
                network.zeroPoint(factors),
                rescale,
                zeroPoint,
                -128,
                127));
        return output;
    }
}
