// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.reference;

import io.windhover.models.graph.LocallyConnected;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Window;

/** Convolution with filters of its own at every output position. */
final class LocallyConnectedKernel {
    private LocallyConnectedKernel() {}

    static void run(LocallyConnected operator, Values values) {
        Shape out = values.shape(operator.output());
        Shape in = values.shape(operator.input());
        int[] activations = values.centred(operator.input(), operator.inputZeroPoint());
        int[] weights = Values.centred(operator.weights(), TensorType.INT8, 0);
        Accumulators output = Accumulators.into(operator.post(), operator.output(), values);
        int[] accumulators = new int[operator.outputChannels()];
        for (int pixel = 0; pixel < out.height() * out.width(); pixel++) {
            int first = pixel * accumulators.length;
            System.arraycopy(operator.bias(), first, accumulators, 0, accumulators.length);
            for (int o = 0; o < accumulators.length; o++) {
                accumulators[o] += filter(
                        operator.window(),
                        in,
                        activations,
                        weights,
                        first + o,
                        pixel / out.width(),
                        pixel % out.width());
            }
            output.write(pixel, accumulators);
        }
    }

    private static int filter(
            Window window, Shape in, int[] activations, int[] weights, int filter, int outY, int outX) {
        int taps = window.kernelHeight() * window.kernelWidth();
        int sum = 0;
        for (int tap = 0; tap < taps; tap++) {
            int y = outY * window.strideY() - window.padding().top() + tap / window.kernelWidth() * window.dilationY();
            int x = outX * window.strideX() - window.padding().left() + tap % window.kernelWidth() * window.dilationX();
            if (y >= 0 && y < in.height() && x >= 0 && x < in.width()) {
                int pixel = (y * in.width() + x) * in.channels();
                sum += ConvolutionKernel.dot(
                        activations, pixel, weights, (filter * taps + tap) * in.channels(), in.channels());
            }
        }
        return sum;
    }
}
