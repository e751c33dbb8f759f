// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.reference;

import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Window;

/** Dense and grouped convolution. */
final class ConvolutionKernel {
    private final Window window;
    private final Shape in;
    private final int[] activations;
    private final int[] weights;
    private final int outputChannels;
    private final int groupInputs;
    private final int groupOutputs;

    private ConvolutionKernel(Convolution operator, Values values) {
        window = operator.window();
        in = values.shape(operator.input());
        activations = values.centred(operator.input(), operator.inputZeroPoint());
        weights = Values.centred(operator.weights(), TensorType.INT8, operator.weightZeroPoint());
        outputChannels = operator.outputChannels();
        groupInputs = in.channels() / operator.groups();
        groupOutputs = outputChannels / operator.groups();
    }

    static void run(Convolution operator, Values values) {
        ConvolutionKernel kernel = new ConvolutionKernel(operator, values);
        Accumulators output = Accumulators.into(operator.post(), operator.output(), values);
        Shape out = values.shape(operator.output());
        int[] accumulators = new int[kernel.outputChannels];
        for (int y = 0; y < out.height(); y++) {
            for (int x = 0; x < out.width(); x++) {
                System.arraycopy(operator.bias(), 0, accumulators, 0, accumulators.length);
                kernel.accumulate(y, x, accumulators);
                output.write(y * out.width() + x, accumulators);
            }
        }
    }

    private void accumulate(int outY, int outX, int[] accumulators) {
        for (int ky = 0; ky < window.kernelHeight(); ky++) {
            int y = outY * window.strideY() - window.padding().top() + ky * window.dilationY();
            for (int kx = 0; kx < window.kernelWidth(); kx++) {
                int x = outX * window.strideX() - window.padding().left() + kx * window.dilationX();
                if (y >= 0 && y < in.height() && x >= 0 && x < in.width()) {
                    accumulateTap(ky * window.kernelWidth() + kx, (y * in.width() + x) * in.channels(), accumulators);
                }
            }
        }
    }

    private void accumulateTap(int tap, int pixel, int[] accumulators) {
        int taps = window.kernelHeight() * window.kernelWidth();
        for (int o = 0; o < outputChannels; o++) {
            int first = pixel + o / groupOutputs * groupInputs;
            accumulators[o] += dot(activations, first, weights, (o * taps + tap) * groupInputs, groupInputs);
        }
    }

    static int dot(int[] a, int aStart, int[] b, int bStart, int length) {
        int sum = 0;
        for (int i = 0; i < length; i++) {
            sum += a[aStart + i] * b[bStart + i];
        }
        return sum;
    }
}
