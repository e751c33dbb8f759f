// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/** Rearrangements of constants: every result element is one input element. */
final class ConstantMoves {
    private ConstantMoves() {}

    /** A constant of this shape whose element i is element {@code source(i)} of another. */
    static Constant gather(Constant from, int[] dimensions, IntUnaryOperator source) {
        int bytes = from.type().bytes;
        int count = Dimensions.count(dimensions);
        ByteBuffer data = ByteBuffer.allocate(count * bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            data.put(i * bytes, from.data(), source.applyAsInt(i) * bytes, bytes);
        }
        return new Constant(from.type(), dimensions, data);
    }

    static Constant transpose(Constant from, int[] permutation) {
        int[] strides = Dimensions.strides(from.dimensions());
        int[] dimensions =
                Arrays.stream(permutation).map(d -> from.dimensions()[d]).toArray();
        int[] moved = Arrays.stream(permutation).map(d -> strides[d]).toArray();
        return gather(from, dimensions, positions(dimensions, moved, 0));
    }

    /** Maps a row-major position in a shape to base + sum of coordinate * step. */
    static IntUnaryOperator positions(int[] dimensions, int[] steps, int base) {
        int[] strides = Dimensions.strides(dimensions);
        return i -> {
            int position = base;
            int rest = i;
            for (int d = 0; d < strides.length; d++) {
                position += rest / strides[d] * steps[d];
                rest %= strides[d];
            }
            return position;
        };
    }

    /** Repeats dimensions of size 1 up to a shape that it broadcasts to. */
    static Constant expand(Constant from, int[] dimensions) {
        int[] padded = Dimensions.padded(from.dimensions(), dimensions.length);
        int[] steps = Dimensions.strides(padded);
        for (int d = 0; d < steps.length; d++) {
            steps[d] = padded[d] == 1 ? 0 : steps[d];
        }
        return gather(from, dimensions, positions(dimensions, steps, 0));
    }
}
