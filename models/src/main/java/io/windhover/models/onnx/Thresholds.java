// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import io.windhover.models.graph.PostProcess;

/** Where a linear function of an integer changes sign. */
final class Thresholds {
    private Thresholds() {}

    /**
     * Bits of slope[c] * n + offset[c] >= 0 for integers n.
     *
     * @param lowest smallest n that occurs
     * @param highest largest n that occurs
     */
    static PostProcess.Bits bits(double[] slope, double[] offset, long lowest, long highest) {
        int[] threshold = new int[slope.length];
        boolean[] invert = new boolean[slope.length];
        for (int c = 0; c < slope.length; c++) {
            invert[c] = slope[c] < 0;
            double first = slope[c] > 0
                    ? Math.ceil(-offset[c] / slope[c])
                    : slope[c] < 0 ? Math.floor(-offset[c] / slope[c]) + 1 : offset[c] >= 0 ? lowest : highest + 1.0;
            threshold[c] = (int) Math.max((double) lowest, Math.min(highest + 1.0, first));
        }
        return new PostProcess.Bits(threshold, invert);
    }

    /** The same thresholds again and again, for a map whose pixels become channels. */
    static PostProcess.Bits repeated(PostProcess.Bits bits, int count) {
        int[] threshold = new int[count];
        boolean[] invert = new boolean[count];
        for (int i = 0; i < count; i++) {
            threshold[i] = bits.threshold()[i % bits.threshold().length];
            invert[i] = bits.invert()[i % bits.invert().length];
        }
        return new PostProcess.Bits(threshold, invert);
    }
}
