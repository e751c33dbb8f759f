// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static io.windhover.models.ModelException.require;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A named option of a node; what it does not hold is 0, empty or null. */
record Attribute(
        String name,
        Kind kind,
        float real,
        long integer,
        String text,
        @Nullable Constant tensor,
        float[] reals,
        long[] integers) {
    private static final int MAXIMUM_ELEMENTS = 1 << 20;

    static Attribute integers(String name, long... integers) {
        return new Attribute(name, Kind.INTS, 0, 0, "", null, new float[0], integers);
    }

    static Attribute integer(String name, long integer) {
        return new Attribute(name, Kind.INT, 0, integer, "", null, new float[0], new long[0]);
    }

    /** What an attribute holds, with ONNX's number for it. */
    enum Kind {
        FLOAT(1),
        INT(2),
        STRING(3),
        TENSOR(4),
        GRAPH(5),
        FLOATS(6),
        INTS(7),
        /** A kind that no operator here reads, or none. */
        OTHER(0);

        private final int number;

        Kind(int number) {
            this.number = number;
        }

        static Kind of(long number) {
            return Arrays.stream(values())
                    .filter(kind -> kind.number == number)
                    .findFirst()
                    .orElse(OTHER);
        }

        /** The kind that a value is of which stands in this field of the message; null for other fields. */
        private static @Nullable Kind ofField(int field) {
            return switch (field) {
                case Schema.AttributeField.REAL -> FLOAT;
                case Schema.AttributeField.INTEGER -> INT;
                case Schema.AttributeField.TEXT -> STRING;
                case Schema.AttributeField.TENSOR -> TENSOR;
                case Schema.AttributeField.GRAPH -> GRAPH;
                case Schema.AttributeField.REALS -> FLOATS;
                case Schema.AttributeField.INTEGERS -> INTS;
                default -> null;
            };
        }
    }

    static Attribute read(ProtobufMessage message, ExternalData outside) {
        String name = "";
        String text = "";
        float real = 0;
        long integer = 0;
        Constant tensor = null;
        Kind declared = null;
        Kind held = null;
        ByteArrayOutputStream reals = new ByteArrayOutputStream(0);
        LongList integers = new LongList(MAXIMUM_ELEMENTS);
        while (message.next()) {
            held = one(name, held, Kind.ofField(message.field()));
            switch (message.field()) {
                case Schema.AttributeField.NAME -> name = message.text();
                case Schema.AttributeField.TYPE -> declared = Kind.of(message.integer());
                case Schema.AttributeField.REAL -> real = message.real();
                case Schema.AttributeField.INTEGER -> integer = message.integer();
                case Schema.AttributeField.TEXT -> text = message.text();
                case Schema.AttributeField.TENSOR ->
                    tensor = SourceTensor.read(message.message(), outside).constant();
                case Schema.AttributeField.REALS -> append(reals, message.fixed(Float.BYTES));
                case Schema.AttributeField.INTEGERS -> message.integers(integers::add);
                default -> {}
            }
        }
        Kind kind = Objects.requireNonNullElse(one(name, declared, held), Kind.OTHER);
        return new Attribute(name, kind, real, integer, text, tensor, floats(reals.toByteArray()), integers.toArray());
    }

    /** The kind that both are, where both are known. */
    private static @Nullable Kind one(String name, @Nullable Kind first, @Nullable Kind second) {
        if (first == null || second == null) {
            return first == null ? second : first;
        }
        require(first == second, "Attribute '%s' is of type %s and of type %s.", name, first, second);
        return first;
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
