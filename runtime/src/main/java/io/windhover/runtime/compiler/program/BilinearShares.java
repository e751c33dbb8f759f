// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.program;

import io.windhover.models.arithmetic.Resampling;
import io.windhover.models.graph.Resize;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How a bilinear resize mixes pixels: the shares that output positions take of input positions, in both directions. */
public record BilinearShares(Axis rows, Axis columns) {
    private static final int MOST_KINDS = 256;
    /** Largest divisor for which a multiplier of 2^31 / divisor + 1 still rounds every sum as a division would. */
    private static final int LARGEST_DIVISOR = 1024;

    /** Output positions that take these shares of the input position and, when there are two, of the one after it. */
    public record Shares(Progressions.Run positions, int[] weights) {}

    /** The shares of one direction in units of 1 / {@code divisor}, or a divisor of 0 where 1/1024 is too coarse. */
    public record Axis(int divisor, List<Shares> shares) {}

    /** The shares of a resize whose mode is bilinear. */
    public static BilinearShares of(Resize operator, Tensors tensors) {
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

    /** True when depthwise stages compute it exactly, and not too many. */
    public boolean isExact() {
        return rows.divisor > 0
                && columns.divisor > 0
                && divisor() <= LARGEST_DIVISOR
                && rows.shares.size() * columns.shares.size() <= MOST_KINDS;
    }

    private static Axis axis(Resize operator, TensorType type, int inputs, int outputs) {
        Map<List<Integer>, List<int[]>> alike = new LinkedHashMap<>();
        int unit = Resampling.ONE;
        for (int output = 0; output < outputs; output++) {
            int[] taps = taps(operator, type, output, inputs, outputs);
            if (taps.length == 0) {
                return new Axis(0, List.of());
            }
            for (int t = 1; t < taps.length; t++) {
                unit = gcd(unit, Math.abs(taps[t]));
            }
            alike.computeIfAbsent(Arrays.stream(taps).skip(1).boxed().toList(), key -> new ArrayList<>())
                    .add(new int[] {output, taps[0]});
        }
        List<Shares> shares = new ArrayList<>();
        for (Map.Entry<List<Integer>, List<int[]>> entry : alike.entrySet()) {
            int divisor = unit;
            int[] weights =
                    entry.getKey().stream().mapToInt(weight -> weight / divisor).toArray();
            int[] positions =
                    entry.getValue().stream().mapToInt(pair -> pair[0]).toArray();
            int[] sources = entry.getValue().stream().mapToInt(pair -> pair[1]).toArray();
            Progressions.of(positions, sources, FieldLimits.STRIDE)
                    .forEach(run -> shares.add(new Shares(run, weights)));
        }
        return new Axis(Resampling.ONE / unit, shares);
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
