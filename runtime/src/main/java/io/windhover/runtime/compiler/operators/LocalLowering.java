// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.operators;

import io.windhover.models.graph.LocallyConnected;
import io.windhover.models.graph.Shape;
import io.windhover.runtime.compiler.channels.ChannelView;
import io.windhover.runtime.compiler.lowering.LoweringState;
import io.windhover.runtime.compiler.lowering.TensorMaps;
import io.windhover.runtime.compiler.program.CompileException;
import io.windhover.runtime.compiler.stage.Geometry;
import io.windhover.runtime.compiler.stage.Int8Stage;
import io.windhover.runtime.compiler.stage.LocalStage;
import io.windhover.runtime.compiler.stage.WeightSlice;
import io.windhover.runtime.compiler.weights.ArrangedFilters;
import io.windhover.runtime.compiler.weights.ChannelParameters;
import io.windhover.runtime.compiler.weights.ConvolutionSpec;
import io.windhover.runtime.compiler.weights.Filters;
import io.windhover.runtime.compiler.weights.WeightPacker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Locally-connected layers: a dense convolution for every position. */
final class LocalLowering {
    private static final int MOST_POSITIONS = 4096;

    private final LoweringState state;
    private final TensorMaps tensors;
    private final WeightPacker packer;

    LocalLowering(LoweringState state, TensorMaps tensors) {
        this.state = state;
        this.tensors = tensors;
        packer = new WeightPacker(state.capabilities.int8Reduction());
    }

    void lower(LocallyConnected operator) {
        Shape out = state.tensor(operator.output()).shape();
        int positions = out.height() * out.width();
        if (positions > MOST_POSITIONS) {
            throw CompileException.layer(
                    operator.name(),
                    "it has filters for %d positions, more than %d; use a convolution there.",
                    positions,
                    MOST_POSITIONS);
        }
        ChannelView input = tensors.view(operator, operator.input());
        List<WeightSlice> slices = new ArrayList<>();
        List<ChannelParameters> all = new ArrayList<>();
        for (int turn = 0; turn < positions; turn++) {
            int position = turn / out.width() * out.width() + LocalStage.columnAt(turn % out.width(), out.width());
            ConvolutionSpec spec = at(operator, position);
            ArrangedFilters filters =
                    ArrangedFilters.of(spec.filters(), input, ArrangedFilters.inOrder(operator.outputChannels()));
            all.add(ChannelParameters.of(spec, state.offset(spec.operator().output()))
                    .arranged(filters.outputs()));
            slices.add(slice(spec, filters, all.get(turn)));
        }
        ChannelParameters post = all.get(0);
        Int8Stage.Mode mode = new Int8Stage.Mode(
                false,
                1,
                1,
                false,
                post.post(),
                all.stream().anyMatch(ChannelParameters::wide),
                post.zeroPoint(),
                post.clampMin(),
                post.clampMax(),
                operator.inputZeroPoint() - state.offset(operator.input()),
                -1);
        state.add(new LocalStage(
                operator.name(),
                state.layer(operator),
                input.map(),
                state.outputMap(operator.output()),
                Geometry.of(operator.window()),
                mode,
                slices));
    }

    /** The convolution of one position. */
    private ConvolutionSpec at(LocallyConnected operator, int position) {
        int channels = state.tensor(operator.input()).shape().channels();
        int outputs = operator.outputChannels();
        int height = operator.window().kernelHeight();
        int width = operator.window().kernelWidth();
        byte[] weights = operator.weights();
        Filters filters = new Filters(
                outputs,
                channels,
                1,
                height,
                width,
                (o, ky, kx, i) -> weights[(((position * outputs + o) * height + ky) * width + kx) * channels + i],
                0);
        int[] bias = Arrays.copyOfRange(operator.bias(), position * outputs, (position + 1) * outputs);
        return new ConvolutionSpec(
                operator,
                state.offset(operator.input()),
                filters,
                Geometry.of(operator.window()),
                bias,
                operator.inputZeroPoint(),
                operator.post());
    }

    private WeightSlice slice(ConvolutionSpec spec, ArrangedFilters filters, ChannelParameters parameters) {
        int blocks = filters.blocks();
        int groups = filters.groups();
        byte[] packed = packer.dense(spec.geometry(), 0, blocks, 0, groups, parameters.packed(), filters::at);
        int words = packer.groupWords(spec.geometry().denseSets(blocks, state.capabilities.int8Reduction()));
        return WeightSlice.whole(0, blocks, 0, groups, words, state.constants.append(packed));
    }
}
