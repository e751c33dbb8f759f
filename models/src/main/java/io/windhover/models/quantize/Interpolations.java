// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.quantize;

import io.windhover.models.arithmetic.Resampling;
import io.windhover.models.arithmetic.Resampling.Position;
import io.windhover.models.arithmetic.Resampling.RealPosition;
import io.windhover.models.arithmetic.Rescaling;
import io.windhover.models.graph.FloatInterpolation;
import io.windhover.models.graph.Interpolation;
import io.windhover.models.graph.NeighbourShares;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Resize;
import io.windhover.models.graph.Rounding;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import org.jspecify.annotations.Nullable;

/** Which operators between neighbouring pixels have a form of integers. */
public final class Interpolations {
    private static final double SMALLEST_SHIFT = 1e-4;
    /** Beyond it the sums are the host's, which may as well compute with real numbers. */
    private static final int LARGEST_DIVISOR = 1024;

    private Interpolations() {}

    /** Whole shares of rows and columns. */
    public record Shares(NeighbourShares rows, NeighbourShares columns) {
        int divisor() {
            return rows.divisor() * columns.divisor();
        }
    }

    /** The shares that an interpolation between these maps takes; null where they are finer than 1/1024 in all. */
    public static @Nullable Shares shares(Operator operator, Shape from, Shape to) {
        NeighbourShares rows = NeighbourShares.of(
                operator instanceof FloatInterpolation listed
                        ? listed.rows()
                        : positions((Resize) operator, from.height(), to.height()));
        NeighbourShares columns = NeighbourShares.of(
                operator instanceof FloatInterpolation listed
                        ? listed.columns()
                        : positions((Resize) operator, from.width(), to.width()));
        return rows == null || columns == null || rows.divisor() * columns.divisor() > LARGEST_DIVISOR
                ? null
                : new Shares(rows, columns);
    }

    /** The same over codes, rounded once. */
    static Interpolation of(
            Operator operator, Tensor input, int output, QuantizationState.Result result, Shares shares) {
        Quantization from = input.requireQuantization();
        return new Interpolation(
                operator.name(),
                new int[] {input.index()},
                new int[] {output},
                shares.rows(),
                shares.columns(),
                from.zeroPoint(),
                Rescaling.roundingOnce((double) from.scale() / ((double) result.scale() * shares.divisor())),
                result.zeroPoint(),
                result.low(),
                result.high());
    }

    /** True for a resize that, keeping its codes, is the same in TFLite's arithmetic, or was asked for in that. */
    static boolean staysResize(Operator operator, Shape from, Shape to, Rounding rounding) {
        return operator instanceof Resize && (rounding != Rounding.HALF_TO_EVEN || isFixedPoint(operator, from, to));
    }

    private static float[] positions(Resize operator, int from, int to) {
        float[] positions = new float[to];
        for (int i = 0; i < to; i++) {
            positions[i] = real(operator, i, from, to).position();
        }
        return positions;
    }

    private static RealPosition real(Resize operator, int position, int from, int to) {
        return Resampling.betweenReal(position, from, to, operator.alignCorners(), operator.halfPixelCenters());
    }

    /** True when the fixed point in which TFLite counts positions of int8 maps holds all of them. */
    public static boolean isFixedPoint(Operator operator, Shape from, Shape to) {
        return operator instanceof Resize resize
                && isFixedPoint(resize, from.height(), to.height())
                && isFixedPoint(resize, from.width(), to.width());
    }

    private static boolean isFixedPoint(Resize operator, int from, int to) {
        boolean exact = true;
        for (int i = 0; i < to; i++) {
            Position fixed = Resampling.between(i, from, to, operator.alignCorners(), operator.halfPixelCenters());
            double share = fixed.lower() == fixed.upper() ? 0 : fixed.upperWeight() / (double) Resampling.ONE;
            exact &=
                    Math.abs(fixed.lower() + share - real(operator, i, from, to).position()) < SMALLEST_SHIFT;
        }
        return exact;
    }
}
