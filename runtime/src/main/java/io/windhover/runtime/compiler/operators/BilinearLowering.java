// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.operators;

import io.windhover.models.graph.Rescale;
import io.windhover.models.graph.Resize;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.runtime.compiler.channels.ChannelView;
import io.windhover.runtime.compiler.lowering.DenseAssembly;
import io.windhover.runtime.compiler.lowering.Int8StageBuilder;
import io.windhover.runtime.compiler.lowering.LoweringState;
import io.windhover.runtime.compiler.lowering.TensorMaps;
import io.windhover.runtime.compiler.program.BilinearShares;
import io.windhover.runtime.compiler.program.BilinearShares.Shares;
import io.windhover.runtime.compiler.stage.Geometry;
import io.windhover.runtime.compiler.stage.MapNode;
import io.windhover.runtime.compiler.weights.ConvolutionSpec;
import io.windhover.runtime.compiler.weights.Filters;

/**
 * Bilinear resizing: output rows with the same shares of their two input rows, at constant steps, make one depthwise
 * stage with those of the columns. Its sums of codes times whole shares are divided and rounded exactly; the stages
 * store their pixels between one another's.
 */
final class BilinearLowering {
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
        BilinearShares all = BilinearShares.of(operator, state::tensor);
        ChannelView view = tensors.compact(operator, operator.input());
        DenseAssembly assembly = tensors.assembleOutput(operator, view.map().blocks);
        for (Shares y : all.rows().shares()) {
            for (Shares x : all.columns().shares()) {
                MapNode part = new MapNode(
                        output.name() + "/part",
                        y.positions().count(),
                        x.positions().count(),
                        view.map().blocks,
                        null);
                stage(operator, view, y, x, all.divisor(), part);
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
    private void stage(Resize operator, ChannelView view, Shares y, Shares x, int divisor, MapNode part) {
        int channels = view.byteOf().length;
        Filters filters = new Filters(
                channels,
                channels,
                channels,
                y.weights().length,
                x.weights().length,
                (o, ky, kx, i) -> y.weights()[ky] * x.weights()[kx] + 1,
                1);
        Geometry geometry = new Geometry(
                y.weights().length,
                x.weights().length,
                y.positions().inputStep(),
                x.positions().inputStep(),
                1,
                1,
                -y.positions().input(),
                -x.positions().input());
        boolean awayFromZero = state.tensor(operator.output()).type() == TensorType.INT8;
        Rescale share = divisor == 1
                ? ConvolutionSpec.ONE
                : new Rescale((int) ((1L << 31) / divisor) + (awayFromZero ? 1 : 0), 0);
        int8.depthwise(
                ConvolutionSpec.ofCodes(operator, state.offset(operator.output()), filters, geometry, share),
                view,
                part);
    }
}
