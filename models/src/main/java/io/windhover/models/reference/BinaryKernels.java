// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.reference;

import io.windhover.models.graph.BinaryConvolution;
import io.windhover.models.graph.BinaryConvolution.Outside;
import io.windhover.models.graph.BinaryFullyConnected;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Window;
import java.util.Arrays;

/** XNOR and count: dot = 2 * agreements - length, above the fraction bits of the bias. */
final class BinaryKernels {
    private BinaryKernels() {}

    static void convolve(BinaryConvolution operator, Values values) {
        Shape in = values.shape(operator.input());
        Shape out = values.shape(operator.output());
        Accumulators output = Accumulators.into(operator.post(), operator.output(), values);
        int[] accumulators = new int[operator.outputChannels()];
        byte[] input = values.bytes(operator.input());
        byte[] outside = outsidePixel(operator.outside(), in.channels());
        for (int y = 0; y < out.height(); y++) {
            for (int x = 0; x < out.width(); x++) {
                System.arraycopy(operator.bias(), 0, accumulators, 0, accumulators.length);
                accumulate(operator, input, in, outside, y, x, accumulators);
                output.write(y * out.width() + x, accumulators);
            }
        }
    }

    private static void accumulate(
            BinaryConvolution operator,
            byte[] input,
            Shape in,
            byte[] outside,
            int outY,
            int outX,
            int[] accumulators) {
        Window window = operator.window();
        int pixelBytes = outside.length;
        int taps = window.kernelHeight() * window.kernelWidth();
        for (int tap = 0; tap < taps; tap++) {
            int y = outY * window.strideY() - window.padding().top() + tap / window.kernelWidth() * window.dilationY();
            int x = outX * window.strideX() - window.padding().left() + tap % window.kernelWidth() * window.dilationX();
            boolean inside = y >= 0 && y < in.height() && x >= 0 && x < in.width();
            if (!inside && operator.outside() == Outside.NOTHING) {
                continue;
            }
            byte[] source = inside ? input : outside;
            int pixel = inside ? (y * in.width() + x) * pixelBytes : 0;
            for (int o = 0; o < accumulators.length; o++) {
                accumulators[o] += dot(source, pixel, operator.weights(), (o * taps + tap) * pixelBytes, in.channels())
                        << operator.fraction();
            }
        }
    }

    private static byte[] outsidePixel(Outside outside, int channels) {
        byte[] pixel = new byte[(channels + 7) / 8];
        if (outside == Outside.PLUS_ONE) {
            Arrays.fill(pixel, (byte) 0xFF);
        }
        return pixel;
    }

    static void fullyConnected(BinaryFullyConnected operator, Values values) {
        byte[] input = values.bytes(operator.input());
        int elements = values.shape(operator.input()).elements();
        int[] accumulators = operator.bias().clone();
        for (int o = 0; o < accumulators.length; o++) {
            accumulators[o] += dot(input, 0, operator.weights(), o * input.length, elements) << operator.fraction();
        }
        Accumulators.into(operator.post(), operator.output(), values).write(0, accumulators);
    }

    /** Dot product of {@code length} bits of +1 and -1; bits beyond the length are ignored. */
    private static int dot(byte[] a, int aStart, byte[] b, int bStart, int length) {
        int agreements = 0;
        int whole = length / 8;
        for (int i = 0; i < whole; i++) {
            agreements += Integer.bitCount(~(a[aStart + i] ^ b[bStart + i]) & 0xFF);
        }
        if (length % 8 != 0) {
            int mask = (1 << (length % 8)) - 1;
            agreements += Integer.bitCount(~(a[aStart + whole] ^ b[bStart + whole]) & mask);
        }
        return 2 * agreements - length;
    }
}
