// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.reference;

import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.TransposedConvolution;
import io.windhover.models.graph.Window;

/** Transposed convolution, gathered: every output pixel looks for the input pixels that reach it. */
final class TransposedConvolutionKernel {
    private final Window window;
    private final Shape in;
    private final int[] activations;
    private final int[] weights;

    private TransposedConvolutionKernel(TransposedConvolution operator, Values values) {
        window = operator.window();
        in = values.shape(operator.input());
        activations = values.centred(operator.input(), operator.inputZeroPoint());
        weights = Values.centred(operator.weights(), TensorType.INT8, operator.weightZeroPoint());
    }

    static void run(TransposedConvolution operator, Values values) {
        TransposedConvolutionKernel kernel = new TransposedConvolutionKernel(operator, values);
        Accumulators output = Accumulators.into(operator.post(), operator.output(), values);
        Shape out = values.shape(operator.output());
        int[] accumulators = new int[operator.outputChannels()];
        for (int y = 0; y < out.height(); y++) {
            for (int x = 0; x < out.width(); x++) {
                System.arraycopy(operator.bias(), 0, accumulators, 0, accumulators.length);
                kernel.accumulate(
                        y + operator.window().padding().top(),
                        x + operator.window().padding().left(),
                        accumulators);
                output.write(y * out.width() + x, accumulators);
            }
        }
    }

    /** Adds what reaches this position of the full, uncut result. */
    private void accumulate(int fullY, int fullX, int[] accumulators) {
        for (int ky = 0; ky < window.kernelHeight(); ky++) {
            int y = source(fullY - ky, window.strideY(), in.height());
            for (int kx = 0; kx < window.kernelWidth(); kx++) {
                int x = source(fullX - kx, window.strideX(), in.width());
                if (y >= 0 && x >= 0) {
                    accumulateTap(ky * window.kernelWidth() + kx, (y * in.width() + x) * in.channels(), accumulators);
                }
            }
        }
    }

    /** The input position that lands here, or -1 when none does. */
    private static int source(int position, int stride, int extent) {
        return position >= 0 && position % stride == 0 && position / stride < extent ? position / stride : -1;
    }

    private void accumulateTap(int tap, int pixel, int[] accumulators) {
        int taps = window.kernelHeight() * window.kernelWidth();
        int channels = in.channels();
        for (int o = 0; o < accumulators.length; o++) {
            accumulators[o] +=
                    ConvolutionKernel.dot(activations, pixel, weights, (o * taps + tap) * channels, channels);
        }
    }
}
