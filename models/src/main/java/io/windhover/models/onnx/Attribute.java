// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static io.windhover.models.ModelException.require;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A named option of a node; absent kinds are 0, empty or null. */
record Attribute(
        String name,
        float real,
        long integer,
        String text,
        @Nullable Constant tensor,
        float[] reals,
        long[] integers,
        boolean isGraph) {
    private static final int MAXIMUM_ELEMENTS = 1 << 20;

    static Attribute read(ProtobufMessage message) {
        String name = "";
        String text = "";
        float real = 0;
        long integer = 0;
        Constant tensor = null;
        boolean isGraph = false;
        ByteArrayOutputStream reals = new ByteArrayOutputStream(0);
        LongList integers = new LongList(MAXIMUM_ELEMENTS);
        while (message.next()) {
            switch (message.field()) {
                case Schema.AttributeField.NAME -> name = message.text();
                case Schema.AttributeField.REAL -> real = message.real();
                case Schema.AttributeField.INTEGER -> integer = message.integer();
                case Schema.AttributeField.TEXT -> text = message.text();
                case Schema.AttributeField.TENSOR ->
                    tensor = SourceTensor.read(message.message()).constant();
                case Schema.AttributeField.GRAPH -> isGraph = true;
                case Schema.AttributeField.REALS -> append(reals, message.fixed(Float.BYTES));
                case Schema.AttributeField.INTEGERS -> message.integers(integers::add);
                default -> {}
            }
        }
        return new Attribute(
                name, real, integer, text, tensor, floats(reals.toByteArray()), integers.toArray(), isGraph);
    }

    static void append(ByteArrayOutputStream to, ByteBuffer bytes) {
        to.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
    }

    private static float[] floats(byte[] bytes) {
        require(
                bytes.length / Float.BYTES <= MAXIMUM_ELEMENTS,
                "An attribute has more than %d elements.",
                MAXIMUM_ELEMENTS);
        float[] values = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return values;
    }

    /** A growing list of bounded length. */
    static final class LongList {
        private final int maximum;
        private long[] values = new long[4];
        private int size;

        LongList(int maximum) {
            this.maximum = maximum;
        }

        void add(long value) {
            require(size < maximum, "The file is damaged: a list has more than %d elements.", maximum);
            if (size == values.length) {
                values = Arrays.copyOf(values, 2 * size);
            }
            values[size++] = value;
        }

        long[] toArray() {
            return Arrays.copyOf(values, size);
        }
    }
}
