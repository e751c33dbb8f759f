// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static io.windhover.models.ModelException.require;

import io.windhover.models.arithmetic.Float16;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A tensor known when the file is read.
 *
 * @param dimensions row-major; empty for a scalar
 * @param data little-endian elements, usually a view of the file
 */
record Constant(ElementType type, int[] dimensions, ByteBuffer data) implements NamedValue {
    static final int MAXIMUM_RANK = 8;

    Constant {
        require(
                data.remaining() == (long) Dimensions.count(dimensions) * type.bytes,
                "A constant %s of type %s holds %d bytes.",
                Arrays.toString(dimensions),
                type,
                data.remaining());
    }

    static Constant ofFloats(int[] dimensions, float[] values) {
        ByteBuffer data = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(values);
        return new Constant(ElementType.FLOAT, dimensions, data);
    }

    static Constant ofLongs(int[] dimensions, long[] values) {
        ByteBuffer data = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        data.asLongBuffer().put(values);
        return new Constant(ElementType.INT64, dimensions, data);
    }

    /** Real numbers, each rounded to the nearest of a real type. */
    static Constant ofReals(ElementType type, int[] dimensions, double[] values) {
        ByteBuffer data = ByteBuffer.allocate(values.length * type.bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : values) {
            switch (type) {
                case FLOAT16 -> data.putShort(Float16.nearest(value));
                case FLOAT -> data.putFloat((float) value);
                default -> data.putDouble(value);
            }
        }
        return new Constant(type, dimensions, data.flip());
    }

    /** Integers, of each the low bits that an integer type holds. */
    static Constant ofIntegers(ElementType type, int[] dimensions, long[] values) {
        ByteBuffer data = ByteBuffer.allocate(values.length * type.bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            for (int b = 0; b < type.bytes; b++) {
                data.put((byte) (value >> (8 * b)));
            }
        }
        return new Constant(type, dimensions, data.flip());
    }

    static Constant vector(long... values) {
        return ofLongs(new int[] {values.length}, values);
    }

    int count() {
        return data.remaining() / type.bytes;
    }

    /** Element as a real number. */
    double real(int index) {
        return switch (type) {
            case FLOAT -> data.getFloat(index * Float.BYTES);
            case DOUBLE -> data.getDouble(index * Double.BYTES);
            case FLOAT16 -> Float16.real(data.getShort(index * Short.BYTES));
            default -> integer(index);
        };
    }

    /** Element as an integer; real numbers are truncated. */
    long integer(int index) {
        return switch (type) {
            case UINT8 -> data.get(index) & 0xFF;
            case BOOL -> data.get(index) != 0 ? 1 : 0;
            case INT8 -> data.get(index);
            case INT32 -> data.getInt(index * Integer.BYTES);
            case INT64 -> data.getLong(index * Long.BYTES);
            case FLOAT, DOUBLE, FLOAT16 -> (long) real(index);
        };
    }

    float[] floats() {
        float[] values = new float[count()];
        for (int i = 0; i < values.length; i++) {
            values[i] = type.isReal() ? (float) real(i) : (float) integer(i);
        }
        return values;
    }

    double[] reals() {
        double[] values = new double[count()];
        Arrays.setAll(values, this::real);
        return values;
    }

    /** The elements of a constant that must hold integers. */
    long[] integers() {
        require(!type.isReal(), "a constant of type %s stands where it needs integers.", type);
        long[] values = new long[count()];
        Arrays.setAll(values, this::integer);
        return values;
    }

    /** The same elements under other dimensions. */
    Constant reshaped(int... newDimensions) {
        return new Constant(type, newDimensions, data);
    }

    @Override
    public String toString() {
        return "constant " + type + Arrays.toString(dimensions);
    }
}
