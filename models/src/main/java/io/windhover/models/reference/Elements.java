// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.reference;

import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The elements of a tensor of any type but packed bits, one by one; codes as they are. */
final class Elements {
    private final TensorType type;
    private final Shape shape;
    private final ByteBuffer bytes;

    Elements(Values values, int index) {
        type = values.tensor(index).type();
        shape = values.shape(index);
        bytes = ByteBuffer.wrap(values.bytes(index)).order(ByteOrder.LITTLE_ENDIAN);
    }

    TensorType type() {
        return type;
    }

    Shape shape() {
        return shape;
    }

    int count() {
        return shape.elements();
    }

    boolean isReal() {
        return type == TensorType.FLOAT32;
    }

    /** An element of a type that is not real. */
    long integer(int index) {
        return switch (type) {
            case INT8, BOOL -> bytes.get(index);
            case UINT8 -> bytes.get(index) & 0xFF;
            case INT32 -> bytes.getInt(index * Integer.BYTES);
            case INT64 -> bytes.getLong(index * Long.BYTES);
            case FLOAT32, BITS -> throw new IllegalStateException(type + " has no integers");
        };
    }

    float real(int index) {
        return bytes.getFloat(index * Float.BYTES);
    }

    boolean isTrue(int index) {
        return bytes.get(index) != 0;
    }

    /** Without the upper bits that the type has no room for; BOOL takes 0 or 1. */
    void set(int index, long integer) {
        switch (type) {
            case INT8, UINT8, BOOL -> bytes.put(index, (byte) integer);
            case INT32 -> bytes.putInt(index * Integer.BYTES, (int) integer);
            case INT64 -> bytes.putLong(index * Long.BYTES, integer);
            case FLOAT32, BITS -> throw new IllegalStateException(type + " takes no integers");
        }
    }

    void set(int index, float real) {
        bytes.putFloat(index * Float.BYTES, real);
    }

    void set(int index, boolean truth) {
        bytes.put(index, (byte) (truth ? 1 : 0));
    }

    /** Negative, zero or positive as the first is less than, equal to or greater than the second; 0 with a NaN. */
    int compare(int first, Elements other, int second) {
        if (isReal()) {
            float a = real(first);
            float b = other.real(second);
            return a < b ? -1 : a > b ? 1 : 0;
        }
        return Long.compare(integer(first), other.integer(second));
    }

    /** Takes an element of a tensor of the same type. */
    void copy(Elements from, int fromIndex, int toIndex) {
        copy(from, fromIndex, toIndex, 1);
    }

    /** Takes elements that follow one another from a tensor of the same type. */
    void copy(Elements from, int fromIndex, int toIndex, int count) {
        int size = type.elementBytes();
        bytes.put(toIndex * size, from.bytes, fromIndex * size, count * size);
    }
}
