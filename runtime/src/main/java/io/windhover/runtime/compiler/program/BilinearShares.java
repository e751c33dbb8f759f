// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.program;

import io.windhover.models.arithmetic.Resampling;
import io.windhover.models.graph.Interpolation;
import io.windhover.models.graph.NeighbourShares;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Resize;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How a bilinear resize or an interpolation mixes pixels: the shares that output positions take of input positions, in
 * both directions.
 */
public record BilinearShares(Axis rows, Axis columns) {
    private static final int MOST_KINDS = 64;
    /**
     * Channels beyond which stages of weights above 8 bits, which each read two maps of all channels, cost too much.
     */
    private static final int WIDEST_SPLIT = 64;
    /**
     * Ways in which a resize to twice the size weights pixels: centres of pixels coincide, or corners or origins do.
     */
    private static final int[][] OVER_DOUBLED = {{1, 2, 1}, {0, 1, 1}};
    /** Largest divisor for which a multiplier of 2^31 / divisor + 1 still rounds every sum as a division would. */
    private static final int LARGEST_DIVISOR = 1024;

    /** Output positions that take these shares of the input position and, when there are two, of the one after it. */
    public record Shares(Progressions.Run positions, int[] weights) {
        private boolean areOverDoubled(int[] overDoubled, int inputs) {
            return IntStream.range(0, positions.count())
                    .allMatch(i -> areOverDoubled(
                            overDoubled,
                            inputs,
                            positions.output() + i * positions.outputStep(),
                            positions.input() + i * positions.inputStep()));
        }

        private boolean areOverDoubled(int[] overDoubled, int inputs, int output, int input) {
            int[] sums = new int[inputs];
            int divisor = Arrays.stream(weights).sum();
            for (int tap = 0; tap < overDoubled.length; tap++) {
                sums[doubled(output - 1 + tap, inputs)] += divisor * overDoubled[tap];
            }
            int whole = Arrays.stream(overDoubled).sum();
            for (int tap = 0; tap < weights.length; tap++) {
                sums[input + tap] -= whole * weights[tap];
            }
            return Arrays.stream(sums).allMatch(difference -> difference == 0);
        }
    }

    /** The shares of one direction in units of 1 / {@code divisor}, or a divisor of 0 where 1/1024 is too coarse. */
    public record Axis(int divisor, List<Shares> shares) {
        private int largest() {
            return shares.stream()
                    .flatMapToInt(each -> Arrays.stream(each.weights))
                    .max()
                    .orElse(0);
        }

        /**
         * Weights with which each output o is the mean of positions o - 1, o and o + 1 of a line that holds every input
         * twice ({@link #doubled}); null when there are none or the output is not twice the input, or one less.
         */
        public int @Nullable [] overDoubled(int inputs, int outputs) {
            return outputs < 2 * inputs - 1 || outputs > 2 * inputs
                    ? null
                    : Arrays.stream(OVER_DOUBLED)
                            .filter(weights -> shares.stream().allMatch(each -> each.areOverDoubled(weights, inputs)))
                            .findFirst()
                            .orElse(null);
        }
    }

    /** The input at a position of a line that holds every input twice, its ends also beyond them. */
    public static int doubled(int position, int inputs) {
        return Math.min(Math.max(Math.floorDiv(position, 2), 0), inputs - 1);
    }

    /** True for bilinear resizes and interpolations. */
    public static boolean areTakenBy(Operator operator) {
        return operator instanceof Interpolation
                || (operator instanceof Resize resize && resize.mode() == Resize.Mode.BILINEAR);
    }

    /** The shares of an operator that {@link #areTakenBy takes} any. */
    public static BilinearShares of(Operator operator, Tensors tensors) {
        return operator instanceof Interpolation interpolation
                ? new BilinearShares(axis(interpolation.rows()), axis(interpolation.columns()))
                : of((Resize) operator, tensors);
    }

    private static BilinearShares of(Resize operator, Tensors tensors) {
        TensorType type = tensors.tensor(operator.output()).type();
        Shape in = tensors.tensor(operator.input()).shape();
        Shape out = tensors.tensor(operator.output()).shape();
        return new BilinearShares(
                axis(operator, type, in.height(), out.height()), axis(operator, type, in.width(), out.width()));
    }

    /** In units of one over this. */
    public int divisor() {
        return rows.divisor * columns.divisor;
    }

    /** True when stages compute it exactly, and not too many of them, or too wide ones. */
    public boolean isTaken(int channels) {
        return rows.divisor > 0
                && columns.divisor > 0
                && divisor() <= LARGEST_DIVISOR
                && rows.shares.size() * columns.shares.size() <= MOST_KINDS
                && (channels <= WIDEST_SPLIT || rows.largest() * columns.largest() <= Byte.MAX_VALUE);
    }

    private static Axis axis(NeighbourShares all) {
        int[][] taps = new int[all.size()][];
        for (int output = 0; output < taps.length; output++) {
            int share = all.upperShares()[output];
            int lower = all.lower()[output];
            taps[output] =
                    share == 0 ? new int[] {lower, all.divisor()} : new int[] {lower, all.divisor() - share, share};
        }
        return axis(taps, all.divisor(), 1);
    }

    private static Axis axis(Resize operator, TensorType type, int inputs, int outputs) {
        int[][] taps = new int[outputs][];
        int unit = Resampling.ONE;
        for (int output = 0; output < outputs; output++) {
            taps[output] = taps(operator, type, output, inputs, outputs);
            if (taps[output].length == 0) {
                return new Axis(0, List.of());
            }
            for (int t = 1; t < taps[output].length; t++) {
                unit = gcd(unit, Math.abs(taps[output][t]));
            }
        }
        return axis(taps, Resampling.ONE, unit);
    }

    /**
     * @param all for each output, the first input and the shares, which are multiples of the unit, of it and the next
     */
    private static Axis axis(int[][] all, int one, int unit) {
        Map<List<Integer>, List<int[]>> alike = new LinkedHashMap<>();
        for (int output = 0; output < all.length; output++) {
            int[] taps = all[output];
            alike.computeIfAbsent(Arrays.stream(taps).skip(1).boxed().toList(), key -> new ArrayList<>())
                    .add(new int[] {output, taps[0]});
        }
        List<Shares> shares = new ArrayList<>();
        for (Map.Entry<List<Integer>, List<int[]>> entry : alike.entrySet()) {
            int[] weights =
                    entry.getKey().stream().mapToInt(weight -> weight / unit).toArray();
            int[] positions =
                    entry.getValue().stream().mapToInt(pair -> pair[0]).toArray();
            int[] sources = entry.getValue().stream().mapToInt(pair -> pair[1]).toArray();
            Progressions.of(positions, sources, FieldLimits.STRIDE)
                    .forEach(run -> shares.add(new Shares(run, weights)));
        }
        return new Axis(one / unit, shares);
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    /**
     * First input position and the shares, in units of 1 / 1024, of it and the next where that has any; empty where
     * they are no multiples of that.
     */
    private static int[] taps(Resize operator, TensorType type, int output, int inputs, int outputs) {
        int lower;
        int upper;
        int share;
        if (type == TensorType.INT8) {
            Resampling.Position position =
                    Resampling.between(output, inputs, outputs, operator.alignCorners(), operator.halfPixelCenters());
            lower = position.lower();
            upper = position.upper();
            share = position.upperWeight();
        } else {
            Resampling.RealPosition position = Resampling.betweenReal(
                    output, inputs, outputs, operator.alignCorners(), operator.halfPixelCenters());
            lower = position.lower();
            upper = position.upper();
            float scaled = position.upperWeight() * Resampling.ONE;
            share = (int) scaled;
            if (scaled != share) {
                return new int[0];
            }
        }
        if (lower == upper || share == 0) {
            return new int[] {lower, Resampling.ONE};
        }
        return share == Resampling.ONE
                ? new int[] {upper, Resampling.ONE}
                : new int[] {lower, Resampling.ONE - share, share};
    }
}
