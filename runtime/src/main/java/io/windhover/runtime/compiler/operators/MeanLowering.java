// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.operators;

import io.windhover.models.graph.Axes;
import io.windhover.models.graph.Mean;
import io.windhover.models.graph.PostProcess;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.runtime.compiler.channels.ChannelView;
import io.windhover.runtime.compiler.channels.TensorValue;
import io.windhover.runtime.compiler.lowering.Int8StageBuilder;
import io.windhover.runtime.compiler.lowering.LoweringState;
import io.windhover.runtime.compiler.lowering.TensorMaps;
import io.windhover.runtime.compiler.program.CompileException;
import io.windhover.runtime.compiler.program.FieldLimits;
import io.windhover.runtime.compiler.program.Rectangles;
import io.windhover.runtime.compiler.stage.Geometry;
import io.windhover.runtime.compiler.weights.ArrangedFilters;
import io.windhover.runtime.compiler.weights.ConvolutionSpec;
import io.windhover.runtime.compiler.weights.Filters;

/** Means: convolutions of ones whose kernel spans the reduced dimensions; depthwise unless channels are reduced too. */
final class MeanLowering {
    private final LoweringState state;
    private final TensorMaps tensors;
    private final Int8StageBuilder int8;

    MeanLowering(LoweringState state, TensorMaps tensors, Int8StageBuilder int8) {
        this.state = state;
        this.tensors = tensors;
        this.int8 = int8;
    }

    void lower(Mean operator) {
        Shape own = state.tensor(operator.input()).shape();
        Shape in = Rectangles.of(own, operator.axes());
        boolean rectangle = !in.equals(own);
        Axes axes = rectangle ? new Axes(true, true, operator.axes().channels()) : operator.axes();
        int rows = axes.height() ? in.height() : 1;
        int columns = axes.width() ? in.width() : 1;
        if (rows > FieldLimits.KERNEL || columns > FieldLimits.KERNEL) {
            throw CompileException.layer(
                    operator.name(),
                    "a mean over %s spans more than %d rows or columns; pool first.",
                    in,
                    FieldLimits.KERNEL);
        }
        int channels = in.channels();
        int outputs = axes.channels() ? 1 : channels;
        Filters ones = axes.channels()
                ? new Filters(1, channels, 1, rows, columns, (o, ky, kx, i) -> 1, 0)
                : Filters.eachChannel(channels, rows, columns, 1);
        TensorType type = state.tensor(operator.output()).type();
        PostProcess post = PostProcess.Requantize.uniform(
                operator.rescale(), outputs, operator.outputZeroPoint(), type.minimum(), type.maximum());
        ConvolutionSpec spec = new ConvolutionSpec(
                operator,
                state.offset(operator.input()),
                ones,
                Geometry.whole(rows, columns),
                new int[outputs],
                operator.inputZeroPoint(),
                post);
        if (axes.channels()) {
            ChannelView view = rectangle
                    ? tensors.view(operator, reshaped(operator, in))
                    : tensors.view(operator, operator.input());
            int8.dense(
                    spec, view, ArrangedFilters.inOrder(outputs), state.outputMap(operator.output(), axes.reduced(in)));
        } else {
            ChannelView view = rectangle
                    ? tensors.compact(operator, reshaped(operator, in))
                    : tensors.compact(operator, operator.input());
            int8.depthwise(spec, view, state.outputMap(operator.output(), axes.reduced(in), view));
        }
    }

    private TensorValue reshaped(Mean operator, Shape to) {
        return tensors.reshaped(operator, state.value(operator, operator.input()), to);
    }
}
