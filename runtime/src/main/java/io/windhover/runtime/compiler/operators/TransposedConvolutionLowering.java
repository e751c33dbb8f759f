// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.operators;

import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TransposedConvolution;
import io.windhover.models.graph.Window;
import io.windhover.runtime.compiler.channels.ChannelView;
import io.windhover.runtime.compiler.lowering.DenseAssembly;
import io.windhover.runtime.compiler.lowering.Int8StageBuilder;
import io.windhover.runtime.compiler.lowering.LoweringState;
import io.windhover.runtime.compiler.lowering.TensorMaps;
import io.windhover.runtime.compiler.stage.Geometry;
import io.windhover.runtime.compiler.stage.MapNode;
import io.windhover.runtime.compiler.weights.ArrangedFilters;
import io.windhover.runtime.compiler.weights.ConvolutionSpec;
import io.windhover.runtime.compiler.weights.Filters;

/**
 * Transposed convolutions: output rows and columns at one distance from a stride's multiple are a convolution of the
 * input with every stride-th tap, last one first. Each such phase is a dense stage, stored between the others.
 */
final class TransposedConvolutionLowering {
    /** Taps of one phase in one direction; {@code pad} may be negative. */
    private record Phase(int firstOutput, int outputs, int firstTap, int taps, int pad) {
        /** Outputs {@code phase + k * stride} of the full result, less {@code cut} at its start. */
        static Phase of(int phase, int stride, int kernel, int cut, int outputs) {
            int first = Math.floorMod(phase - cut, stride);
            int source = (first + cut) / stride;
            int taps = kernel > phase ? (kernel - phase + stride - 1) / stride : 0;
            int count = first < outputs ? (outputs - first + stride - 1) / stride : 0;
            return new Phase(first, count, phase, taps, Math.max(taps, 1) - 1 - source);
        }

        /** Kernel position of tap {@code t} of the convolution, or -1 when the phase has no tap at all. */
        int tap(int t, int stride) {
            return taps == 0 ? -1 : firstTap + (taps - 1 - t) * stride;
        }
    }

    private final LoweringState state;
    private final TensorMaps tensors;
    private final Int8StageBuilder int8;

    TransposedConvolutionLowering(LoweringState state, TensorMaps tensors, Int8StageBuilder int8) {
        this.state = state;
        this.tensors = tensors;
        this.int8 = int8;
    }

    void lower(TransposedConvolution operator) {
        Tensor output = state.tensor(operator.output());
        Shape out = output.shape();
        Window window = operator.window();
        int blocks = (out.channels() + 7) / 8;
        ChannelView view = tensors.view(operator, operator.input());
        if (window.strideY() == 1 && window.strideX() == 1) {
            stage(
                    operator,
                    view,
                    phase(operator, true, 0, out),
                    phase(operator, false, 0, out),
                    state.outputMap(output.index()));
            return;
        }
        DenseAssembly assembly = tensors.assembleOutput(operator, blocks);
        for (int y = 0; y < window.strideY(); y++) {
            for (int x = 0; x < window.strideX(); x++) {
                Phase rows = phase(operator, true, y, out);
                Phase columns = phase(operator, false, x, out);
                if (rows.outputs > 0 && columns.outputs > 0) {
                    MapNode part = new MapNode(output.name() + "/phase", rows.outputs, columns.outputs, blocks, null);
                    stage(operator, view, rows, columns, part);
                    assembly.add(part, rows.firstOutput, window.strideY(), columns.firstOutput, window.strideX());
                }
            }
        }
        assembly.bind();
    }

    private static Phase phase(TransposedConvolution operator, boolean rows, int phase, Shape out) {
        Window window = operator.window();
        return rows
                ? Phase.of(
                        phase,
                        window.strideY(),
                        window.kernelHeight(),
                        window.padding().top(),
                        out.height())
                : Phase.of(
                        phase,
                        window.strideX(),
                        window.kernelWidth(),
                        window.padding().left(),
                        out.width());
    }

    private void stage(TransposedConvolution operator, ChannelView input, Phase rows, Phase columns, MapNode target) {
        Window window = operator.window();
        int channels = input.byteOf().length;
        int height = Math.max(rows.taps, 1);
        int width = Math.max(columns.taps, 1);
        byte[] weights = operator.weights();
        Filters filters = new Filters(
                operator.outputChannels(),
                channels,
                1,
                height,
                width,
                (o, ky, kx, i) -> {
                    int y = rows.tap(ky, window.strideY());
                    int x = columns.tap(kx, window.strideX());
                    return y < 0 || x < 0
                            ? operator.weightZeroPoint()
                            : weights[((o * window.kernelHeight() + y) * window.kernelWidth() + x) * channels + i];
                },
                operator.weightZeroPoint());
        Geometry geometry = new Geometry(height, width, 1, 1, 1, 1, rows.pad, columns.pad);
        ConvolutionSpec spec = new ConvolutionSpec(
                operator,
                state.offset(operator.input()),
                filters,
                geometry,
                operator.bias(),
                operator.inputZeroPoint(),
                operator.post());
        int8.dense(spec, input, ArrangedFilters.inOrder(filters.outputs()), target);
    }
}
