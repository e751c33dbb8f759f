// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.lowering;

import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Shape;
import io.windhover.runtime.compiler.channels.ChannelView;
import io.windhover.runtime.compiler.channels.Channels;
import io.windhover.runtime.compiler.channels.TensorValue;
import io.windhover.runtime.compiler.stage.MapNode;
import io.windhover.runtime.compiler.stage.Strides;
import java.util.HashMap;
import java.util.Map;

/**
 * Tensors as the maps that operators read: loaded, reshaped or arranged first where they are not yet what one needs.
 */
public final class TensorMaps {
    private final LoweringState state;
    private final Arranger arranger;
    private final Reshaper reshaper;
    /** Network inputs by number and shape. */
    private final Map<String, MapNode> loaded = new HashMap<>();

    public TensorMaps(LoweringState state, Arranger arranger, Reshaper reshaper) {
        this.state = state;
        this.arranger = arranger;
        this.reshaper = reshaper;
    }

    /** The tensor's map: its shape is the tensor's own, its channels are in order. */
    public MapNode map(Operator operator, int tensor) {
        return arranger.inOrder(
                operator, view(operator, tensor), state.tensor(tensor).type());
    }

    /** The value as a map whose channels are in order, on chip or loadable as one. */
    public MapNode materialise(Operator operator, TensorValue value) {
        return arranger.inOrder(operator, view(operator, value), value.type());
    }

    /** The tensor in one map of its own height and width, its channels in any order. */
    public ChannelView view(Operator operator, int tensor) {
        requireOwnShape(operator, tensor);
        TensorValue value = state.value(operator, tensor);
        Channels channels = arranger.together(operator, channels(operator, value), value.type());
        if (!value.isInput()) {
            state.bind(tensor, TensorValue.of(channels, value.shape(), value.type()));
        }
        return Arranger.view(channels, value.type());
    }

    /** The value in one map, its channels in any order. */
    public ChannelView view(Operator operator, TensorValue value) {
        return arranger.view(operator, channels(operator, value), value.type());
    }

    /**
     * The same for an operator that works on every byte of the map and passes it on: in its own shape, without many
     * spare bytes.
     */
    public ChannelView compact(Operator operator, int tensor) {
        ChannelView view = view(operator, tensor);
        return view.isSparse() ? ChannelView.plain(map(operator, tensor), view.byteOf().length) : view;
    }

    public ChannelView compact(Operator operator, TensorValue value) {
        ChannelView view = view(operator, value);
        return view.isSparse() ? ChannelView.plain(materialise(operator, value), view.byteOf().length) : view;
    }

    /** A map in which every {@code size} channels of the tensor start a block of 8 of their own. */
    public MapNode spaced(Operator operator, int tensor, int size) {
        return arranger.spaced(operator, view(operator, tensor), size);
    }

    /** A copy of the tensor's map. */
    public MapNode copy(Operator operator, int tensor) {
        return arranger.copy(operator, map(operator, tensor));
    }

    /**
     * A line of {@code count} pixels whose pixel y has as channels {@code bytes} of the tensor's, from y * pitch on.
     */
    public MapNode windows(Operator operator, int tensor, int count, int bytes, int pitch) {
        return reshaper.windows(operator, state.value(operator, tensor), count, bytes, pitch);
    }

    /** The value as one of this shape, with the same elements in the same order. */
    public TensorValue reshaped(Operator operator, TensorValue value, Shape to) {
        return reshaper.reshaped(operator, value, to);
    }

    /** The map, or a copy of one that no stage makes, so that it can be stored wherever its readers want it. */
    public MapNode storable(Operator operator, MapNode map) {
        return map.lineage().stream().anyMatch(MapNode::isWritten) ? map : arranger.copy(operator, map);
    }

    /**
     * These rows of a storable map, every pixel of them twice, the first and last of a row three times. In memory a row
     * of w pixels has its ends twice, and a load takes pairs of neighbours from each place on: 0 0, 0 1, 1 2, and so on
     * to w-1 w-1, and a pair more that is undefined.
     */
    public MapNode doubled(Operator operator, MapNode map, int[] rows) {
        int places = map.width + 2;
        Strides padded = Strides.dense(places, map.blocks);
        Assembly assembly = arranger.assembly(operator, padded.row() * map.height + 8);
        assembly.add(map, padded.part(0, 1, 0, 1, 1));
        assembly.add(map, 0, 1, padded);
        assembly.add(map, map.width - 1, 1, padded.part(0, 1, 0, places - 1, 1));
        return assembly.map(map.name + "/doubled", doubledColumns(map), map.blocks, padded.together(2), rows);
    }

    /** Columns on chip of a doubled map. */
    public static int doubledColumns(MapNode map) {
        return 2 * (map.width + 2);
    }

    /** Memory in which a map is put together on the operator's behalf. */
    public Assembly assembly(Operator operator, long bytes) {
        return arranger.assembly(operator, bytes);
    }

    /** The operator's output, to be put together in memory out of blocks of channels. */
    public DenseAssembly assembleOutput(Operator operator, int blocks) {
        return new DenseAssembly(state, arranger, operator, blocks);
    }

    /** Where the channels of a tensor lie, which has its own shape; a network input is loaded. */
    public Channels channels(Operator operator, int tensor) {
        requireOwnShape(operator, tensor);
        return channels(operator, state.value(operator, tensor));
    }

    /** Where the channels of a value lie; a network input is loaded. */
    public Channels channels(Operator operator, TensorValue value) {
        Channels channels = value.channels();
        return channels != null
                ? channels
                : Channels.of(
                        loaded.computeIfAbsent(
                                value.input() + "/" + value.shape(), key -> reshaper.loaded(operator, value)),
                        value.shape().channels());
    }

    /** Makes the map that holds the tensor one of the tensor's own height, width and channels. */
    private void requireOwnShape(Operator operator, int tensor) {
        TensorValue value = state.value(operator, tensor);
        Shape own = state.tensor(tensor).shape();
        if (!value.shape().sameMap(own)) {
            state.bind(tensor, reshaper.reshaped(operator, value, own));
        }
    }

    /** Makes the tensor a map of its own, in its own layout, that a program can leave in memory. */
    public void settle(Operator operator, int tensor) {
        TensorValue value = state.value(operator, tensor);
        MapNode map = materialise(operator, value);
        MapNode own = map.isWritten() || map.denseArea() != null ? map : arranger.copy(operator, map);
        // A network input that stands for this tensor may be of the other type of bytes, whose codes on chip are the
        // same.
        state.bind(
                tensor, TensorValue.of(own, value.shape(), state.tensor(tensor).type()));
        state.keepForDump(tensor);
    }
}
