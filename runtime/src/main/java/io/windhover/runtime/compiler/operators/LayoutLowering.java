// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.operators;

import io.windhover.models.graph.Concatenation;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Pad;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Threshold;
import io.windhover.runtime.compiler.channels.ChannelView;
import io.windhover.runtime.compiler.channels.Channels;
import io.windhover.runtime.compiler.channels.TensorValue;
import io.windhover.runtime.compiler.lowering.Int8StageBuilder;
import io.windhover.runtime.compiler.lowering.LoweringState;
import io.windhover.runtime.compiler.lowering.TensorMaps;
import io.windhover.runtime.compiler.stage.Geometry;
import io.windhover.runtime.compiler.weights.ConvolutionSpec;
import io.windhover.runtime.compiler.weights.Filters;
import java.util.ArrayList;
import java.util.List;

/** Operators that move codes or compare them: convolutions whose weights are 0 and 1, or no work at all. */
final class LayoutLowering {
    private final LoweringState state;
    private final TensorMaps tensors;
    private final Int8StageBuilder int8;

    LayoutLowering(LoweringState state, TensorMaps tensors, Int8StageBuilder int8) {
        this.state = state;
        this.tensors = tensors;
        this.int8 = int8;
    }

    void lower(Threshold operator) {
        int channels = state.tensor(operator.input()).shape().channels();
        int8.depthwise(
                new ConvolutionSpec(
                        operator,
                        state.offset(operator.input()),
                        Filters.eachChannel(channels, 1, 1, 1),
                        Geometry.POINT,
                        new int[channels],
                        0,
                        operator.bits()),
                tensors.map(operator, operator.input()));
    }

    void lower(Pad operator) {
        Shape in = state.tensor(operator.input()).shape();
        Shape out = state.tensor(operator.output()).shape();
        int before = operator.channelsBefore();
        Geometry geometry = new Geometry(
                1, 1, 1, 1, 1, 1, operator.padding().top(), operator.padding().left());
        if (before == 0 && out.channels() == in.channels()) {
            ChannelView view = tensors.compact(operator, operator.input());
            int8.depthwise(
                    spec(operator, Filters.eachChannel(in.channels(), 1, 1, 1), geometry, operator.value()),
                    view,
                    state.outputMap(operator.output(), view));
            return;
        }
        Filters shifted =
                new Filters(out.channels(), in.channels(), 1, 1, 1, (o, ky, kx, i) -> o == before + i ? 1 : 0, 0);
        int8.dense(spec(operator, shifted, geometry, operator.value()), tensors.map(operator, operator.input()));
    }

    /**
     * Output code = sum of (code - value) + value, so that outside positions and added channels come out as
     * {@code value}.
     */
    private ConvolutionSpec spec(Operator operator, Filters filters, Geometry geometry, int value) {
        TensorType type = state.tensor(operator.output()).type();
        return new ConvolutionSpec(
                operator,
                state.offset(operator.input()),
                filters,
                geometry,
                new int[filters.outputs()],
                value,
                PostProcess.Requantize.uniform(
                        ConvolutionSpec.ONE, filters.outputs(), value, type.minimum(), type.maximum()));
    }

    /** Along channels. */
    void lower(Concatenation operator) {
        List<Channels> parts = new ArrayList<>();
        for (int index : operator.inputs()) {
            Tensor tensor = state.tensor(index);
            Channels part = tensor.isConstant()
                    ? Channels.of(state.constantMap(tensor), tensor.shape().channels())
                    : tensors.channels(operator, index);
            parts.add(part);
            if (!Channels.joined(parts).areDistinct()) {
                parts.set(parts.size() - 1, Channels.of(tensors.copy(operator, index), part.count()));
            }
        }
        Tensor output = state.tensor(operator.output());
        state.bind(output.index(), TensorValue.of(Channels.joined(parts), output.shape(), output.type()));
    }
}
