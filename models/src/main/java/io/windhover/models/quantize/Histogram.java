// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.quantize;

import io.windhover.models.quantize.Ranges.Range;

/**
 * How often values of each size occur. The span doubles as larger values arrive, so one pass over the data suffices.
 */
final class Histogram {
    private static final int HALF = 2048;

    private final long[] counts = new long[2 * HALF];
    private double binWidth;
    private float low;
    private float high;

    /** Counts a value. Zeros only widen the range: they have a code of their own and are never wrong. */
    void add(float value) {
        low = Math.min(low, value);
        high = Math.max(high, value);
        if (value == 0) {
            return;
        }
        double magnitude = Math.abs((double) value);
        if (binWidth == 0) {
            binWidth = magnitude / HALF;
        }
        while (magnitude > binWidth * HALF) {
            halve();
        }
        int bin = HALF + (int) Math.floor(value / binWidth);
        counts[Math.max(0, Math.min(counts.length - 1, bin))]++;
    }

    /** Joins neighbouring bins, which doubles the span. */
    private void halve() {
        long[] joined = new long[counts.length];
        for (int bin = 0; bin < counts.length; bin++) {
            joined[HALF + Math.floorDiv(bin - HALF, 2)] += counts[bin];
        }
        System.arraycopy(joined, 0, counts, 0, counts.length);
        binWidth *= 2;
    }

    /** Smallest and largest value, 0 included. */
    Range range() {
        return new Range(low, high);
    }

    /**
     * Sum of squared errors when values outside the range are cut and those inside rounded to one of {@code steps}
     * steps.
     */
    double squaredError(Range range, int steps) {
        double step = ((double) range.high() - range.low()) / steps;
        double rounding = step * step / 12;
        double sum = 0;
        for (int bin = 0; bin < counts.length; bin++) {
            if (counts[bin] > 0) {
                double centre = (bin - HALF + 0.5) * binWidth;
                double cut = centre < range.low() ? range.low() - centre : Math.max(0, centre - range.high());
                sum += counts[bin] * (cut > 0 ? cut * cut : rounding);
            }
        }
        return sum;
    }

    /** The range with the least squared error among those that cut both ends in steps of a twentieth. */
    Range bestRange(int steps) {
        Range best = range();
        double least = squaredError(best, steps);
        for (int lower = low < 0 ? 20 : 1; lower >= 1; lower--) {
            for (int upper = high > 0 ? 20 : 1; upper >= 1; upper--) {
                Range candidate = new Range(low * lower / 20, high * upper / 20);
                double error =
                        candidate.high() > candidate.low() ? squaredError(candidate, steps) : Double.POSITIVE_INFINITY;
                if (error < least) {
                    least = error;
                    best = candidate;
                }
            }
        }
        return best;
    }
}
