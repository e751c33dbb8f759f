// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.weights;

import io.windhover.models.arithmetic.FixedPoint;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Rescale;
import io.windhover.runtime.compiler.program.CompileException;
import io.windhover.runtime.compiler.stage.Geometry;
import org.jspecify.annotations.Nullable;

/**
 * A requantisation that divides a sum of {@code count} codes exactly as an average pool does: to the nearest integer,
 * ties away from 0.
 *
 * @param weight what each code is multiplied by before
 */
public record ExactDivision(int weight, Rescale rescale) {
    /** Averages lie within -128..255. */
    private static final int LEAST = -128;

    private static final int GREATEST = 255;

    private static final int MOST_BITS = 3;

    /**
     * The division by {@code count}, or null when no multiplier makes it exact. The candidates are slightly above 1 /
     * count, so that ties move outwards; each has one bit more than the one before. Both functions are monotonic, so
     * they are equal when they are at each step.
     */
    static @Nullable ExactDivision by(int count) {
        for (int bits = 0; bits <= MOST_BITS; bits++) {
            int shift = bits == 0 ? 0 : bits + 31 - Integer.numberOfLeadingZeros(count);
            long multiplier = (1L << (31 + shift - bits)) / count + 1;
            ExactDivision division =
                    new ExactDivision(1 << bits, new Rescale((int) Math.min(Integer.MAX_VALUE, multiplier), -shift));
            if (division.isExact(count)) {
                return division;
            }
        }
        return null;
    }

    public static ExactDivision required(String layer, int count) {
        ExactDivision division = by(count);
        if (division == null) {
            throw CompileException.layer(
                    layer, "it averages %d positions, which no multiplier divides by exactly; use a mean.", count);
        }
        return division;
    }

    /** A depthwise layer that sums windows, each code times the weight. */
    public Filters filters(int channels, Geometry geometry) {
        return Filters.eachChannel(channels, geometry.kernelHeight(), geometry.kernelWidth(), weight);
    }

    public PostProcess post(int channels, int clampMin, int clampMax) {
        return PostProcess.Requantize.uniform(rescale, channels, 0, clampMin, clampMax);
    }

    private boolean isExact(int count) {
        for (long average = LEAST; average <= GREATEST; average++) {
            long least = leastSum(average, count);
            if (quotient(least) != average || quotient(least - 1) != average - 1) {
                return false;
            }
        }
        return true;
    }

    /** The least sum whose average, ties away from 0, is at least this. */
    private static long leastSum(long average, int count) {
        return average > 0 ? average * count - count / 2 : average * count - (count - 1) / 2;
    }

    private int quotient(long sum) {
        return FixedPoint.multiplyByQuantizedMultiplier((int) (weight * sum), rescale.multiplier(), rescale.shift());
    }
}
