// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.synthetic;

import io.windhover.models.graph.Padding;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Window;
import java.util.HashMap;
import java.util.Map;

/**
 * How far the codes of each activation are expected to lie from their zero point (root mean square). Errors would
 * multiply from layer to layer, so that deep networks saturate or fall silent: the estimate follows padding, pooling
 * and sums.
 */
final class ExpectedDeviation {
    /** Deviation of the codes that layers are scaled to. */
    static final double TARGET = 45;

    /** Mean of a rectified normal value relative to its root mean square. */
    private static final double RECTIFIED_MEAN = 1 / Math.sqrt(Math.PI);

    private final Map<Integer, Double> rms = new HashMap<>();

    void put(int tensor, double codes) {
        rms.put(tensor, codes);
    }

    double rms(int tensor) {
        return rms.getOrDefault(tensor, TARGET);
    }

    /** What layers are scaled to: half of a rectified map is zero. */
    static double target(boolean nonNegative) {
        return nonNegative ? TARGET / Math.sqrt(2) : TARGET;
    }

    /** Share of a sliding kernel's positions that lie inside the map rather than on its padding. */
    static double coverage(Window window, Shape map) {
        Padding padding = window.padding();
        return coverage(
                        map.height(),
                        padding.top(),
                        window.outputHeight(map.height()),
                        window.kernelHeight(),
                        window.strideY(),
                        window.dilationY())
                * coverage(
                        map.width(),
                        padding.left(),
                        window.outputWidth(map.width()),
                        window.kernelWidth(),
                        window.strideX(),
                        window.dilationX());
    }

    private static double coverage(int size, int before, int outputs, int kernel, int stride, int dilation) {
        int inside = 0;
        for (int output = 0; output < outputs; output++) {
            for (int tap = 0; tap < kernel; tap++) {
                int position = output * stride + tap * dilation - before;
                inside += position >= 0 && position < size ? 1 : 0;
            }
        }
        return inside / (double) (outputs * kernel);
    }

    /**
     * Root mean square of a sum of two independent maps from theirs, in real values. A rectifier cuts half of what is
     * spread around 0, and about a quarter of what is added to a map without negative values.
     */
    static double sum(
            double first, boolean firstNonNegative, double second, boolean secondNonNegative, boolean rectified) {
        double squares = first * first + second * second;
        if (firstNonNegative && secondNonNegative) {
            squares += 2 * RECTIFIED_MEAN * RECTIFIED_MEAN * first * second;
        } else if (rectified && (firstNonNegative || secondNonNegative)) {
            squares -= StrictMath.pow(firstNonNegative ? second : first, 2) / 4;
        } else if (rectified) {
            squares /= 2;
        }
        return Math.sqrt(squares);
    }

    /** What a table of codes leaves of normal activations, rectified ones when their zero point is -128. */
    static double through(byte[] table, int inputZeroPoint, double inputRms, int outputZeroPoint) {
        boolean rectified = inputZeroPoint == -128;
        double deviation = rectified ? inputRms * Math.sqrt(2) : inputRms;
        double weights = 0;
        double squares = 0;
        for (int code = -128; code < 128; code++) {
            double argument = (code - inputZeroPoint) / deviation;
            double weight = StrictMath.exp(-argument * argument / 2);
            weights += weight;
            squares += weight * StrictMath.pow(table[code & 0xFF] - outputZeroPoint, 2);
        }
        double mean = squares / weights;
        double atZero = StrictMath.pow(table[inputZeroPoint & 0xFF] - outputZeroPoint, 2);
        return Math.max(1, Math.sqrt(rectified ? (mean + atZero) / 2 : mean));
    }
}
