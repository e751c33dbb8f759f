// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import io.windhover.models.ModelException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A table of a flatbuffer: fields by number, absent ones read as their default. A position outside the file is a
 * {@link ModelException}, whatever the file says.
 */
final class FlatTable {
    private static final int MAXIMUM_STRING_BYTES = 1024;

    private final ByteBuffer file;
    private final int position;
    private final int fieldTable;
    private final int fieldTableBytes;

    private FlatTable(ByteBuffer file, long position) {
        this.file = file;
        this.position = at(file, position, Integer.BYTES);
        this.fieldTable = at(file, position - (long) file.getInt(this.position), 2 * Short.BYTES);
        this.fieldTableBytes = Short.toUnsignedInt(file.getShort(fieldTable));
        at(file, fieldTable, fieldTableBytes);
    }

    /** The root table of a little-endian file. */
    static FlatTable root(ByteBuffer file) {
        return new FlatTable(file, offset(file, at(file, 0, Integer.BYTES)));
    }

    /** The position, once it is known that this many bytes follow it in the file. */
    static int at(ByteBuffer file, long position, long bytes) {
        if (position < 0 || bytes < 0 || position > file.limit() - bytes) {
            throw new ModelException(String.format(
                    "The file is damaged: it refers to bytes %d..%d but has %d; fetch it again.",
                    position, position + bytes, file.limit()));
        }
        return (int) position;
    }

    private static long offset(ByteBuffer file, int from) {
        return from + Integer.toUnsignedLong(file.getInt(from));
    }

    /** Position of a field's value of this size, or -1 when absent. */
    private int field(int number, int bytes) {
        int entry = 2 * Short.BYTES + number * Short.BYTES;
        if (entry + Short.BYTES > fieldTableBytes) {
            return -1;
        }
        int relative = Short.toUnsignedInt(file.getShort(fieldTable + entry));
        return relative == 0 ? -1 : at(file, (long) position + relative, bytes);
    }

    int int32(int number, int otherwise) {
        int at = field(number, Integer.BYTES);
        return at < 0 ? otherwise : file.getInt(at);
    }

    long int64(int number, long otherwise) {
        int at = field(number, Long.BYTES);
        return at < 0 ? otherwise : file.getLong(at);
    }

    int int8(int number, int otherwise) {
        int at = field(number, Byte.BYTES);
        return at < 0 ? otherwise : file.get(at);
    }

    float float32(int number, float otherwise) {
        int at = field(number, Float.BYTES);
        return at < 0 ? otherwise : file.getFloat(at);
    }

    @Nullable
    FlatTable table(int number) {
        int at = field(number, Integer.BYTES);
        return at < 0 ? null : new FlatTable(file, offset(file, at));
    }

    /** Bytes anywhere in the file. */
    Vector bytes(long position, long size) {
        return new Vector(file, at(file, position, size), (int) size);
    }

    /** A vector of elements of this size; empty when absent. */
    Vector vector(int number, int elementBytes) {
        int at = field(number, Integer.BYTES);
        if (at < 0) {
            return new Vector(file, 0, 0);
        }
        int start = at(file, offset(file, at), Integer.BYTES);
        long count = Integer.toUnsignedLong(file.getInt(start));
        at(file, start + 4L, count * elementBytes);
        return new Vector(file, start + Integer.BYTES, (int) count);
    }

    /**
     * Text for people to read: cut to {@link #MAXIMUM_STRING_BYTES}; control characters are escaped where it is
     * printed.
     */
    String string(int number) {
        Vector bytes = vector(number, 1);
        int length = Math.min(bytes.size(), MAXIMUM_STRING_BYTES);
        byte[] text = new byte[length];
        file.get(bytes.start(), text);
        return new String(text, StandardCharsets.UTF_8);
    }

    /** Elements of one size, known to lie within the file. */
    record Vector(ByteBuffer file, int start, int size) {
        int int32(int index) {
            return file.getInt(start + index * Integer.BYTES);
        }

        long int64(int index) {
            return file.getLong(start + index * Long.BYTES);
        }

        float float32(int index) {
            return file.getFloat(start + index * Float.BYTES);
        }

        FlatTable table(int index) {
            return new FlatTable(file, offset(file, start + index * Integer.BYTES));
        }

        int[] int32s() {
            int[] values = new int[size];
            for (int i = 0; i < size; i++) {
                values[i] = int32(i);
            }
            return values;
        }

        /** The elements' bytes as a little-endian buffer of their own, not a copy. */
        ByteBuffer slice() {
            return file.slice(start, size).order(ByteOrder.LITTLE_ENDIAN);
        }

        byte[] bytes() {
            byte[] copy = new byte[size];
            file.get(start, copy);
            return copy;
        }
    }
}
