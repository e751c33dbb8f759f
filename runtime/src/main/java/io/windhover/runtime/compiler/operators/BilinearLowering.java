// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.operators;

import io.windhover.models.graph.Interpolation;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Rescale;
import io.windhover.models.graph.Resize;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.runtime.compiler.channels.BlockRun;
import io.windhover.runtime.compiler.channels.ChannelView;
import io.windhover.runtime.compiler.lowering.DenseAssembly;
import io.windhover.runtime.compiler.lowering.Int8StageBuilder;
import io.windhover.runtime.compiler.lowering.LoweringState;
import io.windhover.runtime.compiler.lowering.TensorMaps;
import io.windhover.runtime.compiler.program.BilinearShares;
import io.windhover.runtime.compiler.program.BilinearShares.Shares;
import io.windhover.runtime.compiler.program.FieldLimits;
import io.windhover.runtime.compiler.stage.Geometry;
import io.windhover.runtime.compiler.stage.MapNode;
import io.windhover.runtime.compiler.weights.ConvolutionSpec;
import io.windhover.runtime.compiler.weights.Filters;
import java.util.Arrays;
import java.util.List;

/**
 * Bilinear resizing and interpolation: output rows with the same shares of their two input rows, at constant steps,
 * make one depthwise stage with those of the columns. Its sums of codes times whole shares are divided, or brought to
 * other codes, and rounded once; the stages store their pixels between one another's. A resize to twice the height and
 * width is one stage instead, over a map that is loaded with every pixel four times.
 */
final class BilinearLowering {
    /**
     * Loading the rows of smaller maps twice takes as long as storing their pixels one by one: most of it is their ends
     * and the wait for the memory.
     */
    private static final int FEWEST_COLUMNS = 4;

    private static final int FEWEST_ROW_WORDS = 8;

    /** A pixel of a doubled map and its neighbours, which that map has at its ends too. */
    private static final Geometry WINDOW = Geometry.whole(3, 3);

    private final LoweringState state;
    private final TensorMaps tensors;
    private final Int8StageBuilder int8;

    BilinearLowering(LoweringState state, TensorMaps tensors, Int8StageBuilder int8) {
        this.state = state;
        this.tensors = tensors;
        this.int8 = int8;
    }

    void lower(Operator operator) {
        BilinearShares all = BilinearShares.of(operator, state::tensor);
        ChannelView view = tensors.compact(operator, operator.input());
        Shape out = state.tensor(operator.output()).shape();
        int[] y = all.rows().overDoubled(view.map().height, out.height());
        int[] x = all.columns().overDoubled(view.map().width, out.width());
        if (y != null && x != null && isDivisor(operator, all, y, x) && isWorthDoubling(view.map(), out)) {
            doubled(operator, view, y, x);
        } else {
            inParts(operator, view, all);
        }
    }

    /** An interpolation's factor is that of its own shares; a resize has one for any. */
    private static boolean isDivisor(Operator operator, BilinearShares all, int[] y, int[] x) {
        return operator instanceof Resize
                || Arrays.stream(y).sum() * Arrays.stream(x).sum() == all.divisor();
    }

    /** False also where a few rows of a block exceed what fits on chip. */
    private boolean isWorthDoubling(MapNode map, Shape out) {
        int columns = TensorMaps.doubledColumns(map);
        return map.height > 1
                && map.width >= FEWEST_COLUMNS
                && map.width * map.blocks >= FEWEST_ROW_WORDS
                && out.height() + WINDOW.kernelHeight() - 1 <= FieldLimits.ROWS
                && columns <= FieldLimits.COLUMNS
                && columns / 2 <= state.capabilities.activationBankWords() * 3 / 4;
    }

    /** One stage, or one for each run of blocks where a few rows of all of them exceed what fits on chip. */
    private void doubled(Operator operator, ChannelView view, int[] y, int[] x) {
        MapNode source = tensors.storable(operator, view.map());
        MapNode output = state.outputMap(operator.output(), view);
        int[] rows = new int[output.height + WINDOW.kernelHeight() - 1];
        Arrays.setAll(rows, row -> BilinearShares.doubled(row - 1, source.height));
        MapNode all = new MapNode(source.name, rows.length, TensorMaps.doubledColumns(source), source.blocks, null);
        int divisor = Arrays.stream(y).sum() * Arrays.stream(x).sum();
        for (BlockRun run : BlockRun.of(List.of(all), output, WINDOW, state.capabilities.activationBankWords())) {
            MapNode loaded = tensors.doubled(operator, run.of(source), rows);
            ChannelView bytes = ChannelView.plain(loaded, 8 * run.blocks());
            stage(operator, bytes, y, x, WINDOW, divisor, run.partOf(output, operator));
        }
    }

    private void inParts(Operator operator, ChannelView view, BilinearShares all) {
        Tensor output = state.tensor(operator.output());
        DenseAssembly assembly = tensors.assembleOutput(operator, view.map().blocks);
        for (Shares y : all.rows().shares()) {
            for (Shares x : all.columns().shares()) {
                MapNode part = new MapNode(
                        output.name() + "/part",
                        y.positions().count(),
                        x.positions().count(),
                        view.map().blocks,
                        null);
                Geometry geometry = new Geometry(
                        y.weights().length,
                        x.weights().length,
                        y.positions().inputStep(),
                        x.positions().inputStep(),
                        1,
                        1,
                        -y.positions().input(),
                        -x.positions().input());
                stage(operator, view, y.weights(), x.weights(), geometry, all.divisor(), part);
                assembly.add(
                        part,
                        y.positions().output(),
                        y.positions().outputStep(),
                        x.positions().output(),
                        x.positions().outputStep());
            }
        }
        assembly.bind(view.byteOf());
    }

    /** Weights are kept one higher, with a weight zero point of 1, so that those beyond 8 bits are split. */
    private void stage(
            Operator operator, ChannelView view, int[] y, int[] x, Geometry geometry, int divisor, MapNode target) {
        int channels = view.byteOf().length;
        Filters filters =
                new Filters(channels, channels, channels, y.length, x.length, (o, ky, kx, i) -> y[ky] * x[kx] + 1, 1);
        int8.depthwise(spec(operator, filters, geometry, divisor), view, target);
    }

    private ConvolutionSpec spec(Operator operator, Filters filters, Geometry geometry, int divisor) {
        if (operator instanceof Interpolation between) {
            return new ConvolutionSpec(
                    operator,
                    state.offset(operator.input()),
                    filters,
                    geometry,
                    new int[filters.outputs()],
                    between.inputZeroPoint(),
                    PostProcess.Requantize.uniform(
                            between.rescale(),
                            filters.outputs(),
                            between.outputZeroPoint(),
                            between.clampMin(),
                            between.clampMax()));
        }
        boolean awayFromZero = state.tensor(operator.output()).type() == TensorType.INT8;
        Rescale share = divisor == 1
                ? ConvolutionSpec.ONE
                : new Rescale((int) ((1L << 31) / divisor) + (awayFromZero ? 1 : 0), 0);
        return ConvolutionSpec.ofCodes(operator, state.offset(operator.output()), filters, geometry, share);
    }
}
