// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.weights;

import io.windhover.runtime.compiler.program.CompileException;
import java.util.Arrays;

/**
 * The read-only bytes a program loads: weights with their parameters, tables, constant maps. Offsets are multiples of
 * 64.
 */
public final class ConstantPool {
    private static final int ALIGNMENT = 64;

    private byte[] bytes = new byte[1 << 16];
    private int length;

    /** Appends and returns the offset. */
    public int append(byte[] data) {
        int offset = length;
        long end = (long) offset + data.length + ALIGNMENT;
        if (end > Integer.MAX_VALUE - 1024) {
            throw new CompileException("The network's weights exceed 2 GiB; use a smaller network.");
        }
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 1024, Math.max(end, bytes.length * 2L)));
        }
        System.arraycopy(data, 0, bytes, offset, data.length);
        length = (offset + data.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        return offset;
    }

    int length() {
        return length;
    }

    public byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    /** Writes a number as four bytes, little-endian. */
    public static void word(byte[] bytes, int offset, int value) {
        for (int i = 0; i < 4; i++) {
            bytes[offset + i] = (byte) (value >> (8 * i));
        }
    }
}
