// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.reference;

import io.windhover.models.graph.DepthwiseConvolution;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Window;

/** Depthwise convolution with a channel multiplier. */
final class DepthwiseConvolutionKernel {
    private DepthwiseConvolutionKernel() {}

    static void run(DepthwiseConvolution operator, Values values) {
        Shape in = values.shape(operator.input());
        Shape out = values.shape(operator.output());
        int[] activations = values.centred(operator.input(), operator.inputZeroPoint());
        int[] weights = Values.centred(operator.weights(), TensorType.INT8, operator.weightZeroPoint());
        Accumulators output = Accumulators.into(operator.post(), operator.output(), values);
        Window window = operator.window();
        int[] accumulators = new int[out.channels()];
        for (int outY = 0; outY < out.height(); outY++) {
            for (int outX = 0; outX < out.width(); outX++) {
                System.arraycopy(operator.bias(), 0, accumulators, 0, accumulators.length);
                for (int ky = 0; ky < window.kernelHeight(); ky++) {
                    int y = outY * window.strideY() - window.padding().top() + ky * window.dilationY();
                    for (int kx = 0; kx < window.kernelWidth(); kx++) {
                        int x = outX * window.strideX() - window.padding().left() + kx * window.dilationX();
                        if (y >= 0 && y < in.height() && x >= 0 && x < in.width()) {
                            int pixel = (y * in.width() + x) * in.channels();
                            int tap = (ky * window.kernelWidth() + kx) * out.channels();
                            accumulateTap(activations, pixel, weights, tap, operator.multiplier(), accumulators);
                        }
                    }
                }
                output.write(outY * out.width() + outX, accumulators);
            }
        }
    }

    private static void accumulateTap(
            int[] activations, int pixel, int[] weights, int tap, int multiplier, int[] accumulators) {
        if (multiplier == 1) {
            for (int c = 0; c < accumulators.length; c++) {
                accumulators[c] += activations[pixel + c] * weights[tap + c];
            }
            return;
        }
        for (int c = 0; c < accumulators.length; c++) {
            accumulators[c] += activations[pixel + c / multiplier] * weights[tap + c];
        }
    }
}
