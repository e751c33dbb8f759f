// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static io.windhover.models.ModelException.require;

import io.windhover.models.ModelException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A TensorProto: its name and contents, of which there must be exactly as many as the dimensions say. */
record SourceTensor(String name, NamedValue value) {
    /**
     * Reads a message.
     *
     * @param outside where contents are that the message does not hold
     */
    static SourceTensor read(ProtobufMessage message, ExternalData outside) {
        return new Reader(outside).read(message);
    }

    /** The constant, which must be of a type that operators can read. */
    Constant constant() {
        if (value instanceof UnreadConstant unread) {
            throw new ModelException(unread.refusal("Constant '" + name + "'"));
        }
        return (Constant) value;
    }

    private static final class Reader {
        /** Value of data_location for contents in another file. */
        private static final int OUTSIDE = 1;

        private final Attribute.LongList dimensions = new Attribute.LongList(Constant.MAXIMUM_RANK);
        private final ByteArrayOutputStream typed = new ByteArrayOutputStream(0);
        private @Nullable ByteBuffer raw;
        private String name = "";
        private long type;
        private long location;
        private boolean segmented;
        private final ExternalData outside;
        private final ExternalData.Entries entries = new ExternalData.Entries();

        Reader(ExternalData outside) {
            this.outside = outside;
        }

        SourceTensor read(ProtobufMessage message) {
            while (message.next()) {
                field(message);
            }
            String where = "Constant '" + name + "'";
            require(!segmented, "%s is stored in segments; save the model again with whole tensors.", where);
            int[] shape = shape(where);
            if (!ElementType.has(type)) {
                return new SourceTensor(name, new UnreadConstant(type, shape));
            }
            ElementType elementType = ElementType.of(type, where);
            long expected = (long) Dimensions.count(shape) * elementType.bytes;
            boolean isOutside = location == OUTSIDE || !entries.isEmpty();
            require(
                    location == 0 || location == OUTSIDE,
                    "%s has its contents at a place of kind %d, which is not known.",
                    where,
                    location);
            require(
                    !isOutside || (raw == null && typed.size() == 0),
                    "%s has contents both in this file and in another.",
                    where);
            ByteBuffer data =
                    isOutside ? outside.read(where, entries, expected) : raw != null ? raw : converted(elementType);
            require(
                    data.remaining() == expected,
                    "%s %s of type %s holds %d bytes instead of %d.",
                    where,
                    Arrays.toString(shape),
                    elementType,
                    data.remaining(),
                    expected);
            return new SourceTensor(name, new Constant(elementType, shape, data));
        }

        private void field(ProtobufMessage message) {
            switch (message.field()) {
                case Schema.Tensor.DIMS -> message.integers(dimensions::add);
                case Schema.Tensor.DATA_TYPE -> type = message.integer();
                case Schema.Tensor.FLOAT_DATA -> Attribute.append(typed, message.fixed(Float.BYTES));
                case Schema.Tensor.DOUBLE_DATA -> Attribute.append(typed, message.fixed(Double.BYTES));
                case Schema.Tensor.INT32_DATA -> message.integers(value -> little(value, Integer.BYTES));
                case Schema.Tensor.INT64_DATA -> message.integers(value -> little(value, Long.BYTES));
                case Schema.Tensor.NAME -> name = message.text();
                case Schema.Tensor.RAW_DATA -> raw = message.bytes();
                case Schema.Tensor.SEGMENT -> segmented = true;
                case Schema.Tensor.EXTERNAL_DATA -> entries.add(message.message());
                case Schema.Tensor.DATA_LOCATION -> location = message.integer();
                default -> {}
            }
        }

        private void little(long value, int bytes) {
            for (int i = 0; i < bytes; i++) {
                typed.write((int) (value >> (8 * i)));
            }
        }

        private int[] shape(String where) {
            long[] sizes = dimensions.toArray();
            int[] shape = new int[sizes.length];
            for (int d = 0; d < sizes.length; d++) {
                require(sizes[d] >= 0 && sizes[d] <= Integer.MAX_VALUE, "%s has the dimension %d.", where, sizes[d]);
                shape[d] = (int) sizes[d];
            }
            return shape;
        }

        /** Typed data as the type's own bytes: int32_data holds one small element in four bytes. */
        private ByteBuffer converted(ElementType elementType) {
            ByteBuffer wide = ByteBuffer.wrap(typed.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
            if (elementType.bytes >= Integer.BYTES) {
                return wide;
            }
            ByteBuffer narrow = ByteBuffer.allocate(wide.remaining() / Integer.BYTES * elementType.bytes)
                    .order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < wide.remaining() / Integer.BYTES; i++) {
                for (int b = 0; b < elementType.bytes; b++) {
                    narrow.put(wide.get(i * Integer.BYTES + b));
                }
            }
            return narrow.flip();
        }
    }
}
