// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.graph;

/** Element type of a tensor; multi-byte elements are little-endian. */
public enum TensorType {
    INT8(1),
    UINT8(1),
    INT32(4),
    FLOAT32(4),
    /**
     * Packed binary activations: bit 1 is +1, bit 0 is -1. Every pixel starts on a byte; channel c is bit c % 8 (least
     * significant first) of the pixel's byte c / 8. Unused high bits of a pixel's last byte are 0. The shape counts
     * bits.
     */
    BITS(0),
    /** Positions and counts as ONNX and TensorFlow Lite give them; on the host only. */
    INT64(8),
    /** Truth values, a byte each: 0 or 1; on the host only. */
    BOOL(1);

    private final int elementBytes;

    TensorType(int elementBytes) {
        this.elementBytes = elementBytes;
    }

    /** Bytes one tensor of this type and shape occupies. */
    public long bytes(Shape shape) {
        return this == BITS
                ? (long) shape.height() * shape.width() * ((shape.channels() + 7) / 8)
                : (long) shape.elements() * elementBytes;
    }

    /** Bytes of one element; 0 where elements are packed bits. */
    public int elementBytes() {
        return elementBytes;
    }

    /** Smallest code of a quantised type. */
    public int minimum() {
        return this == INT8 ? Byte.MIN_VALUE : 0;
    }

    /** Largest code of a quantised type. */
    public int maximum() {
        return this == INT8 ? Byte.MAX_VALUE : 255;
    }

    /** True for the 8-bit integer types. */
    public boolean isByte() {
        return this == INT8 || this == UINT8;
    }
}
