// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The one real number that a network input is compared with, as codes to which the input is rounded, half to even: 0
 * and above at and above a negative limit, 1 and above at and above a positive one. Beside the limit 0, numbers of less
 * than half the smallest normal one count as 0.
 *
 * @param scale of the codes, whose zero point is 0
 * @param offset what added to a code's value gives the sign
 */
record InputLimit(float scale, double offset) {
    /** Where factor[c] * x + offset[c] >= 0 changes; null unless that is the same for all channels, and not extreme. */
    static @Nullable InputLimit of(double[] factor, double[] offset) {
        double limit = -offset[0] / factor[0];
        for (int c = 0; c < factor.length; c++) {
            if (!(factor[c] > 0) || Math.abs(-offset[c] / factor[c] - limit) > 1e-9 * Math.abs(limit)) {
                return null;
            }
        }
        float single = (float) limit;
        single = single < limit ? Math.nextUp(single) : single;
        float scale = single == 0 ? Float.MIN_NORMAL : 2 * (single > 0 ? Math.nextDown(single) : -single);
        boolean extreme = !(scale >= Float.MIN_NORMAL && Float.isFinite(scale));
        return extreme ? null : new InputLimit(scale, single > 0 ? -scale : 0);
    }

    double[] offsets(int channels) {
        double[] offsets = new double[channels];
        Arrays.fill(offsets, offset);
        return offsets;
    }
}
