// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler;

import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Shape;
import java.util.HashMap;
import java.util.Map;

/** Tensors as the maps that operators read: loaded, reshaped or arranged first where they are not yet what one needs. */
final class TensorMaps {
    private final Lowering lowering;
    private final Arranger arranger;
    private final Reshaper reshaper;
    /** Network inputs by number and shape. */
    private final Map<String, MapNode> loaded = new HashMap<>();

    TensorMaps(Lowering lowering, Arranger arranger, Reshaper reshaper) {
        this.lowering = lowering;
        this.arranger = arranger;
        this.reshaper = reshaper;
    }

    /** The tensor's map: its shape is the tensor's own, its channels are in order. */
    MapNode map(Operator operator, int tensor) {
        return arranger.inOrder(
                operator,
                laid(operator, tensor),
                lowering.tensor(tensor).type());
    }

    /** The value as a map whose channels are in order, on chip or loadable as one. */
    MapNode materialise(Operator operator, Value value) {
        return arranger.inOrder(operator, laid(operator, value), value.type());
    }

    /** The tensor in one map of its own height and width, its channels in any order. */
    Laid laid(Operator operator, int tensor) {
        requireOwnShape(operator, tensor);
        Value value = lowering.value(operator, tensor);
        Channels channels = arranger.together(operator, channels(operator, value), value.type());
        if (!value.isInput()) {
            lowering.bind(tensor, Value.of(channels, value.shape(), value.type()));
        }
        return Arranger.view(channels, value.type());
    }

    /** The value in one map, its channels in any order. */
    Laid laid(Operator operator, Value value) {
        return arranger.laid(operator, channels(operator, value), value.type());
    }

    /**
     * The same for an operator that works on every byte of the map and passes it on: in its own shape, without many
     * spare bytes.
     */
    Laid compact(Operator operator, int tensor) {
        Laid laid = laid(operator, tensor);
        return laid.isSparse() ? Laid.plain(map(operator, tensor), laid.places().length) : laid;
    }

    /** A map in which every {@code size} channels of the tensor start a block of 8 of their own. */
    MapNode spaced(Operator operator, int tensor, int size) {
        return arranger.spaced(operator, laid(operator, tensor), size);
    }

    /** A copy of the tensor's map. */
    MapNode copy(Operator operator, int tensor) {
        return arranger.copy(operator, map(operator, tensor));
    }

    /** The value as one of this shape, with the same elements in the same order. */
    Value reshaped(Operator operator, Value value, Shape to) {
        return reshaper.reshaped(operator, value, to);
    }

    /** Memory in which a map is put together on the operator's behalf. */
    Assembly assembly(Operator operator, long bytes) {
        return arranger.assembly(operator, bytes);
    }

    /** The operator's output, to be put together in memory out of blocks of channels. */
    DenseAssembly assembleOutput(Operator operator, int blocks) {
        return new DenseAssembly(lowering, arranger, operator, blocks);
    }

    /** Where the channels of a tensor lie, which has its own shape; a network input is loaded. */
    Channels channels(Operator operator, int tensor) {
        requireOwnShape(operator, tensor);
        return channels(operator, lowering.value(operator, tensor));
    }

    /** Where the channels of a value lie; a network input is loaded. */
    Channels channels(Operator operator, Value value) {
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
        Value value = lowering.value(operator, tensor);
        Shape own = lowering.tensor(tensor).shape();
        if (!value.shape().sameMap(own)) {
            lowering.bind(tensor, reshaper.reshaped(operator, value, own));
        }
    }

    /** Makes the tensor a map of its own, in its own layout, that a program can leave in memory. */
    void settle(Operator operator, int tensor) {
        Value value = lowering.value(operator, tensor);
        MapNode map = materialise(operator, value);
        MapNode own = map.isWritten() || map.homeArea() != null ? map : arranger.copy(operator, map);
        lowering.bind(tensor, Value.of(own, value.shape(), value.type()));
        lowering.keepForDump(tensor);
    }
}
