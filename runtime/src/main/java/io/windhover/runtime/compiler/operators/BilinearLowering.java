// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.operators;

import io.windhover.models.arithmetic.Resampling;
import io.windhover.models.graph.Rescale;
import io.windhover.models.graph.Resize;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.runtime.compiler.channels.ChannelView;
import io.windhover.runtime.compiler.channels.Progressions;
import io.windhover.runtime.compiler.lowering.DenseAssembly;
import io.windhover.runtime.compiler.lowering.Int8StageBuilder;
import io.windhover.runtime.compiler.lowering.LoweringState;
import io.windhover.runtime.compiler.lowering.TensorMaps;
import io.windhover.runtime.compiler.program.CompileException;
import io.windhover.runtime.compiler.program.FieldLimits;
import io.windhover.runtime.compiler.stage.Geometry;
import io.windhover.runtime.compiler.stage.MapNode;
import io.windhover.runtime.compiler.weights.ConvolutionSpec;
import io.windhover.runtime.compiler.weights.Filters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Bilinear resizing: output rows with the same shares of their two input rows, at constant steps, make one depthwise
 * stage with those of the columns. Its sums of codes times whole shares are divided and rounded exactly; the stages
 * store their pixels between one another's.
 */
final class BilinearLowering {
    private static final int MOST_STAGES = 256;
    /** Largest divisor for which a multiplier of 2^31 / divisor + 1 still rounds every sum as a division would. */
    private static final int LARGEST_DIVISOR = 1024;

    /** Output positions that take these shares of the input position and, when there are two, of the one after it. */
    private record Shares(Progressions.Run positions, int[] weights) {}

    private final LoweringState state;
    private final TensorMaps tensors;
    private final Int8StageBuilder int8;

    BilinearLowering(LoweringState state, TensorMaps tensors, Int8StageBuilder int8) {
        this.state = state;
        this.tensors = tensors;
        this.int8 = int8;
    }

    void lower(Resize operator) {
        Tensor output = state.tensor(operator.output());
        Shape in = state.tensor(operator.input()).shape();
        Shape out = output.shape();
        Axis rows = Axis.of(operator, output.type(), in.height(), out.height());
        Axis columns = Axis.of(operator, output.type(), in.width(), out.width());
        if (rows.divisor * columns.divisor > LARGEST_DIVISOR
                || rows.shares.size() * columns.shares.size() > MOST_STAGES) {
            throw CompileException.layer(
                    operator.name(),
                    "resizing %s to %s takes shares of pixels in units of 1/%d or %d kinds of them; "
                            + "scale bilinearly by a small power of two.",
                    in,
                    out,
                    rows.divisor * columns.divisor,
                    rows.shares.size() * columns.shares.size());
        }
        ChannelView view = tensors.compact(operator, operator.input());
        DenseAssembly assembly = tensors.assembleOutput(operator, view.map().blocks);
        for (Shares y : rows.shares) {
            for (Shares x : columns.shares) {
                MapNode part = new MapNode(
                        output.name() + "/part", y.positions.count(), x.positions.count(), view.map().blocks, null);
                stage(operator, view, y, x, rows.divisor * columns.divisor, part);
                assembly.add(
                        part,
                        y.positions.output(),
                        y.positions.outputStep(),
                        x.positions.output(),
                        x.positions.outputStep());
            }
        }
        assembly.bind(view.byteOf());
    }

    /** Weights are kept one higher, with a weight zero point of 1, so that those beyond 8 bits are split. */
    private void stage(Resize operator, ChannelView view, Shares y, Shares x, int divisor, MapNode part) {
        int channels = view.byteOf().length;
        Filters filters = new Filters(
                channels,
                channels,
                channels,
                y.weights.length,
                x.weights.length,
                (o, ky, kx, i) -> y.weights[ky] * x.weights[kx] + 1,
                1);
        Geometry geometry = new Geometry(
                y.weights.length,
                x.weights.length,
                y.positions.inputStep(),
                x.positions.inputStep(),
                1,
                1,
                -y.positions.input(),
                -x.positions.input());
        boolean awayFromZero = state.tensor(operator.output()).type() == TensorType.INT8;
        Rescale share = divisor == 1
                ? ConvolutionSpec.ONE
                : new Rescale((int) ((1L << 31) / divisor) + (awayFromZero ? 1 : 0), 0);
        int8.depthwise(
                ConvolutionSpec.ofCodes(operator, state.offset(operator.output()), filters, geometry, share),
                view,
                part);
    }

    /** The shares of one direction in units of 1 / {@code divisor}. */
    private record Axis(int divisor, List<Shares> shares) {
        static Axis of(Resize operator, TensorType type, int inputs, int outputs) {
            Map<List<Integer>, List<int[]>> alike = new LinkedHashMap<>();
            int unit = Resampling.ONE;
            for (int output = 0; output < outputs; output++) {
                int[] taps = taps(operator, type, output, inputs, outputs);
                for (int t = 1; t < taps.length; t++) {
                    unit = gcd(unit, Math.abs(taps[t]));
                }
                alike.computeIfAbsent(Arrays.stream(taps).skip(1).boxed().toList(), key -> new ArrayList<>())
                        .add(new int[] {output, taps[0]});
            }
            List<Shares> shares = new ArrayList<>();
            for (Map.Entry<List<Integer>, List<int[]>> entry : alike.entrySet()) {
                int divisor = unit;
                int[] weights = entry.getKey().stream()
                        .mapToInt(weight -> weight / divisor)
                        .toArray();
                int[] positions =
                        entry.getValue().stream().mapToInt(pair -> pair[0]).toArray();
                int[] sources =
                        entry.getValue().stream().mapToInt(pair -> pair[1]).toArray();
                Progressions.of(positions, sources, FieldLimits.STRIDE)
                        .forEach(run -> shares.add(new Shares(run, weights)));
            }
            return new Axis(Resampling.ONE / unit, shares);
        }

        private static int gcd(int a, int b) {
            return b == 0 ? a : gcd(b, a % b);
        }

        /** First input position and the shares, in units of 1 / 1024, of it and the next where that has any. */
        private static int[] taps(Resize operator, TensorType type, int output, int inputs, int outputs) {
            int lower;
            int upper;
            int share;
            if (type == TensorType.INT8) {
                Resampling.Position position = Resampling.between(
                        output, inputs, outputs, operator.alignCorners(), operator.halfPixelCenters());
                lower = position.lower();
                upper = position.upper();
                share = position.upperWeight();
            } else {
                Resampling.RealPosition position = Resampling.betweenReal(
                        output, inputs, outputs, operator.alignCorners(), operator.halfPixelCenters());
                lower = position.lower();
                upper = position.upper();
                share = exact(operator, position.upperWeight());
            }
            if (lower == upper || share == 0) {
                return new int[] {lower, Resampling.ONE};
            }
            return share == Resampling.ONE
                    ? new int[] {upper, Resampling.ONE}
                    : new int[] {lower, Resampling.ONE - share, share};
        }

        private static int exact(Resize operator, float share) {
            float scaled = share * Resampling.ONE;
            if (scaled != (int) scaled) {
                throw CompileException.layer(
                        operator.name(),
                        "it takes shares of UINT8 pixels that are no fractions of %d; "
                                + "scale bilinearly by a power of two or quantise to INT8.",
                        Resampling.ONE);
            }
            return (int) scaled;
        }
    }
}
