// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.reference;

import io.windhover.models.graph.FloatConvolution;
import io.windhover.models.graph.FloatFullyConnected;
import io.windhover.models.graph.FloatTransposedConvolution;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Window;

/** Float layers with weights; sums are double. */
final class FloatWeightedKernels {
    private FloatWeightedKernels() {}

    static void convolve(FloatConvolution operator, Values values) {
        Shape in = values.shape(operator.input());
        Shape out = values.shape(operator.output());
        float[] input = values.floats(operator.input());
        float[] output = new float[out.elements()];
        Window window = operator.window();
        int groupInputs = in.channels() / operator.groups();
        int groupOutputs = operator.outputChannels() / operator.groups();
        int terms = window.kernelHeight() * window.kernelWidth() * groupInputs;
        float[] patch = new float[terms * operator.groups()];
        for (int pixel = 0; pixel < out.height() * out.width(); pixel++) {
            Cancellation.check();
            gather(window, input, in, groupInputs, pixel / out.width(), pixel % out.width(), patch);
            for (int o = 0; o < operator.outputChannels(); o++) {
                double sum =
                        operator.bias()[o] + dot(patch, o / groupOutputs * terms, operator.weights(), o * terms, terms);
                output[pixel * operator.outputChannels() + o] = (float) sum;
            }
        }
        values.setFloats(operator.output(), output);
    }

    /** What one output pixel reads, zeros outside the map: group, kernel position, channel of the group. */
    private static void gather(
            Window window, float[] input, Shape in, int groupInputs, int outY, int outX, float[] patch) {
        int taps = window.kernelHeight() * window.kernelWidth();
        for (int tap = 0; tap < taps; tap++) {
            int y = outY * window.strideY() - window.padding().top() + tap / window.kernelWidth() * window.dilationY();
            int x = outX * window.strideX() - window.padding().left() + tap % window.kernelWidth() * window.dilationX();
            boolean inside = y >= 0 && y < in.height() && x >= 0 && x < in.width();
            int pixel = (y * in.width() + x) * in.channels();
            for (int c = 0; c < in.channels(); c++) {
                patch[(c / groupInputs * taps + tap) * groupInputs + c % groupInputs] = inside ? input[pixel + c] : 0;
            }
        }
    }

    static void fullyConnected(FloatFullyConnected operator, Values values) {
        float[] input = values.floats(operator.input());
        float[] output = new float[operator.outputChannels()];
        for (int o = 0; o < output.length; o++) {
            Cancellation.check();
            output[o] =
                    (float) (operator.bias()[o] + dot(input, 0, operator.weights(), o * input.length, input.length));
        }
        values.setFloats(operator.output(), output);
    }

    static void transposed(FloatTransposedConvolution operator, Values values) {
        Shape in = values.shape(operator.input());
        Shape out = values.shape(operator.output());
        float[] input = values.floats(operator.input());
        double[] sums = new double[out.elements()];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = operator.bias()[i % operator.outputChannels()];
        }
        for (int pixel = 0; pixel < in.height() * in.width(); pixel++) {
            Cancellation.check();
            scatter(operator, input, pixel, in, out, sums);
        }
        float[] output = new float[sums.length];
        for (int i = 0; i < sums.length; i++) {
            output[i] = (float) sums[i];
        }
        values.setFloats(operator.output(), output);
    }

    private static void scatter(
            FloatTransposedConvolution operator, float[] input, int pixel, Shape in, Shape out, double[] sums) {
        Window window = operator.window();
        int channels = in.channels();
        int taps = window.kernelHeight() * window.kernelWidth();
        for (int tap = 0; tap < taps; tap++) {
            int y = pixel / in.width() * window.strideY() - window.padding().top() + tap / window.kernelWidth();
            int x = pixel % in.width() * window.strideX() - window.padding().left() + tap % window.kernelWidth();
            if (y >= 0 && y < out.height() && x >= 0 && x < out.width()) {
                int target = (y * out.width() + x) * out.channels();
                for (int o = 0; o < operator.outputChannels(); o++) {
                    sums[target + o] +=
                            dot(input, pixel * channels, operator.weights(), (o * taps + tap) * channels, channels);
                }
            }
        }
    }

    /** Four partial sums, so that one addition need not wait for the one before. */
    private static double dot(float[] a, int aStart, float[] b, int bStart, int length) {
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        int i = 0;
        for (; i + 3 < length; i += 4) {
            sum0 += (double) a[aStart + i] * b[bStart + i];
            sum1 += (double) a[aStart + i + 1] * b[bStart + i + 1];
            sum2 += (double) a[aStart + i + 2] * b[bStart + i + 2];
            sum3 += (double) a[aStart + i + 3] * b[bStart + i + 3];
        }
        for (; i < length; i++) {
            sum0 += (double) a[aStart + i] * b[bStart + i];
        }
        return sum0 + sum1 + (sum2 + sum3);
    }
}
