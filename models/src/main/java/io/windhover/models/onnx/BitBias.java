// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import org.jspecify.annotations.Nullable;

/**
 * The bias of a layer over bits whose sums become codes, in units of these sums of one-bit products.
 *
 * @param fraction bits of it: the fewest that keep every channel's bias to 1/500 of a code
 */
record BitBias(int fraction, int[] bias) {
    private static final int LARGEST_FRACTION = 10;
    private static final int CODES = 256;
    private static final double PRECISION = 1.0 / 500;
    /** The accelerator holds a bias in 24 bits, and its sum with the products in 25. */
    private static final int LARGEST_BIAS = (1 << 23) - 1;

    private static final int LARGEST_SUM = (1 << 24) - 1;

    /** Null where such sums are too coarse for the layer's bias, or so fine that it is too large. */
    static @Nullable BitBias of(LinearStep layer, double inputScale, double resultScale) {
        int terms = layer.weights().count() / layer.outputChannels();
        double[] steps = new double[layer.outputChannels()];
        double[] sums = new double[layer.outputChannels()];
        for (int o = 0; o < steps.length; o++) {
            double unit = inputScale * layer.weights().scale(o) * Math.abs(layer.factor()[o]);
            steps[o] = unit / resultScale;
            // Cut where the result is beyond all codes whatever the inputs are.
            double decisive = Math.ceil(terms + 2 * CODES / steps[o]);
            sums[o] = Math.max(-decisive, Math.min(decisive, layer.bias()[o] / unit));
        }
        int fraction = 0;
        while (fraction <= LARGEST_FRACTION && error(steps, sums, fraction) > PRECISION) {
            fraction++;
        }
        int[] bias = new int[steps.length];
        boolean fits = fraction <= LARGEST_FRACTION;
        for (int o = 0; o < bias.length && fits; o++) {
            double exact = Math.rint(Math.scalb(sums[o], fraction));
            // False for the factor 0 too, whose sums are infinite or no number.
            fits = Math.abs(exact) <= LARGEST_BIAS && Math.abs(exact) + ((long) terms << fraction) <= LARGEST_SUM;
            bias[o] = (int) exact;
        }
        return fits ? new BitBias(fraction, bias) : null;
    }

    private static double error(double[] steps, double[] sums, int fraction) {
        double worst = 0;
        for (int o = 0; o < steps.length; o++) {
            double fine = Math.scalb(sums[o], fraction);
            worst = Math.max(worst, Math.scalb(Math.abs(fine - Math.rint(fine)), -fraction) * steps[o]);
        }
        return worst;
    }
}
