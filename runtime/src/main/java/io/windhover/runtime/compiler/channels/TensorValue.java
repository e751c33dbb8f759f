// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.channels;

import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.runtime.compiler.program.MapAddress;
import io.windhover.runtime.compiler.program.TensorLocation;
import io.windhover.runtime.compiler.stage.MapNode;
import io.windhover.runtime.compiler.stage.MemoryArea;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the compiler knows about a tensor. A reshape leaves the map as it is, so {@code shape} is the map's, not always
 * the tensor's.
 *
 * @param channels where its channels lie; null for a packed network input, which is loaded as each consumer needs it
 * @param input where that input begins, or null
 */
public record TensorValue(
        @Nullable Channels channels, @Nullable MapAddress input, Shape shape, TensorType type) {
    public static TensorValue input(MapAddress input, Shape shape, TensorType type) {
        return new TensorValue(null, input, shape, type);
    }

    /** A value whose channels lie in a map in their order. */
    public static TensorValue of(MapNode map, Shape shape, TensorType type) {
        return of(Channels.of(map, shape.channels()), shape, type);
    }

    public static TensorValue of(Channels channels, Shape shape, TensorType type) {
        return new TensorValue(channels, null, shape, type);
    }

    public boolean isInput() {
        return channels == null;
    }

    /** Where the bytes of a packed network input lie. */
    public MemoryArea inputArea() {
        return MemoryArea.input(
                Objects.requireNonNull(input),
                (long) shape.height() * shape.width() * TensorLocation.pixelBytes(type, shape.channels()));
    }

    public TensorValue reshaped(Shape to) {
        return isInput() ? input(Objects.requireNonNull(input), to, type) : this;
    }

    /** UINT8 codes are kept on chip minus 128. */
    public static int codeOffset(TensorType type) {
        return type == TensorType.UINT8 ? 128 : 0;
    }
}
