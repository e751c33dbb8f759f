// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler;

import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import org.jspecify.annotations.Nullable;

/**
 * What the compiler knows about a tensor. A reshape leaves the map as it is, so {@code shape} is the map's, not always
 * the tensor's.
 *
 * @param channels where its channels lie; null for a packed network input, which is loaded as each consumer needs it
 * @param input number of that input, or -1
 */
record Value(@Nullable Channels channels, int input, Shape shape, TensorType type) {
    static Value input(int input, Shape shape, TensorType type) {
        return new Value(null, input, shape, type);
    }

    /** A value whose channels lie in a map in their order. */
    static Value of(MapNode map, Shape shape, TensorType type) {
        return of(Channels.of(map, shape.channels()), shape, type);
    }

    static Value of(Channels channels, Shape shape, TensorType type) {
        return new Value(channels, -1, shape, type);
    }

    boolean isInput() {
        return channels == null;
    }

    /** Where the bytes of a packed network input lie. */
    MemoryArea inputArea() {
        return MemoryArea.input(
                input, (long) shape.height() * shape.width() * TensorPlace.pixelBytes(type, shape.channels()));
    }

    Value reshaped(Shape to) {
        return isInput() ? input(input, to, type) : this;
    }

    /** UINT8 codes are kept on chip minus 128. */
    static int codeOffset(TensorType type) {
        return type == TensorType.UINT8 ? 128 : 0;
    }
}
