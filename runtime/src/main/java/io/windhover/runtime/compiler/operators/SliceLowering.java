// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.operators;

import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Slice;
import io.windhover.models.graph.Tensor;
import io.windhover.runtime.compiler.channels.ChannelView;
import io.windhover.runtime.compiler.channels.Channels;
import io.windhover.runtime.compiler.channels.TensorValue;
import io.windhover.runtime.compiler.lowering.LoweringState;
import io.windhover.runtime.compiler.lowering.TensorMaps;
import io.windhover.runtime.compiler.stage.MapNode;
import java.util.Arrays;

/**
 * Slices: of channels a choice of bytes that costs nothing, of rows and columns a pool of single pixels with negative
 * padding.
 */
final class SliceLowering {
    private final LoweringState state;
    private final TensorMaps tensors;
    private final Crops crops;

    SliceLowering(LoweringState state, TensorMaps tensors, Crops crops) {
        this.state = state;
        this.tensors = tensors;
        this.crops = crops;
    }

    void lower(Slice operator) {
        Tensor output = state.tensor(operator.output());
        Shape in = state.tensor(operator.input()).shape();
        Shape out = output.shape();
        int[] order = new int[out.channels()];
        Arrays.setAll(order, c -> operator.channel() + c * operator.strideChannel());
        Channels chosen = tensors.channels(operator, operator.input()).select(order);
        TensorValue value = TensorValue.of(chosen, Shape.map(in.height(), in.width(), out.channels()), output.type());
        if (in.height() != out.height() || in.width() != out.width()) {
            ChannelView view = tensors.view(operator, value);
            value = TensorValue.of(Channels.of(cropped(operator, view.map(), out), view.byteOf()), out, output.type());
        }
        state.bind(output.index(), value);
    }

    private MapNode cropped(Slice operator, MapNode map, Shape out) {
        MapNode cropped =
                new MapNode(state.tensor(operator.output()).name(), out.height(), out.width(), map.blocks, null);
        return crops.of(
                operator, map, cropped, operator.top(), operator.left(), operator.strideY(), operator.strideX());
    }
}
