// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.synthetic;

import static io.windhover.models.ModelException.require;

import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Slice;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Transpose;

/** Layers that only choose or reorder channels, appended to a {@link NetworkBuilder}. */
public final class ChannelLayers {
    private final NetworkBuilder network;

    ChannelLayers(NetworkBuilder network) {
        this.network = network;
    }

    /** Channels {@code first} to {@code first + count - 1}. */
    public int slice(int input, int first, int count) {
        Shape shape = network.shape(input);
        String name = network.name("slice");
        int output = alike(input, name, Shape.map(shape.height(), shape.width(), count));
        network.graph.operator(new Slice(name, new int[] {input}, new int[] {output}, 0, 0, first, 1, 1, 1));
        return output;
    }

    /** Channel g * n + i of {@code groups} groups of n becomes channel i * groups + g: reshape, transpose, reshape. */
    public int shuffle(int input, int groups) {
        Shape shape = network.shape(input);
        require(
                groups > 0 && shape.channels() % groups == 0,
                "%d channels do not shuffle in %d groups.",
                shape.channels(),
                groups);
        int size = shape.channels() / groups;
        String name = network.name("shuffle");
        int apart = network.named(name + "_apart")
                .elementwise()
                .reshape(input, Shape.of(1, shape.height(), shape.width(), groups, size));
        int exchanged = alike(apart, name, Shape.of(1, shape.height(), shape.width(), size, groups));
        network.graph.operator(
                new Transpose(name, new int[] {apart}, new int[] {exchanged}, new int[] {0, 1, 2, 4, 3}));
        return network.named(name + "_together").elementwise().reshape(exchanged, shape);
    }

    /** A new activation with the input's quantisation and deviation. */
    private int alike(int input, String name, Shape shape) {
        int output = network.graph.tensor(
                name, TensorType.INT8, shape, network.graph.tensor(input).quantization());
        network.expectedDeviation.put(output, network.expectedDeviation.rms(input));
        return output;
    }
}
