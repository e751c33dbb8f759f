// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.synthetic;

import io.windhover.models.arithmetic.Rescaling;
import io.windhover.models.graph.ChannelSum;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.TensorType;

/**
 * Local response normalisation across channels (Krizhevsky et al. 2012): x * (bias + alpha * s) ^ -beta, where s is the
 * sum of the squares of the {@code size} channels around x's. It is composed of a table that squares, a 1x1 convolution
 * with ones inside the band and zeros elsewhere, a table for the power, and a product.
 */
public record LocalResponse(int size, double alpha, double beta, double bias) {
    public static final LocalResponse ALEXNET = new LocalResponse(5, 1e-4, 0.75, 2);

    /**
     * Of layers to be normalised: activations reach some hundreds, as on images of 0..255, so that the power varies.
     */
    public static final Quantization INPUT = Quantization.of(2, -128);

    /** Sums of squares cover this many times their root mean square before they saturate. */
    private static final double HEADROOM = 5;

    public int normalize(NetworkBuilder network, int input) {
        double rms = network.expectedDeviation.rms(input) * network.scale(input);
        float squareScale = (float) (HEADROOM * 2 * rms * rms / 255);
        int squares = network.elementwise().table(input, "square", x -> x * x, Quantization.of(squareScale, -128));
        int sums = sum(network, squares, (float) (HEADROOM * size * rms * rms / 255));
        float powerScale = (float) (StrictMath.pow(bias, -beta) / 255);
        int powers = network.elementwise()
                .table(sums, "power", s -> StrictMath.pow(bias + alpha * s, -beta), Quantization.of(powerScale, -128));
        return network.elementwise().multiply(input, powers);
    }

    private int sum(NetworkBuilder network, int squares, float scale) {
        String name = network.name("window_sum");
        int output = network.graph.tensor(name, TensorType.INT8, network.shape(squares), Quantization.of(scale, -128));
        network.expectedDeviation.put(output, 255 / HEADROOM);
        network.graph.operator(ChannelSum.of(
                name,
                network.graph.tensor(squares),
                network.graph.tensor(output),
                size / 2,
                Rescaling.convolution(network.scale(squares), 1, scale)));
        return output;
    }
}
