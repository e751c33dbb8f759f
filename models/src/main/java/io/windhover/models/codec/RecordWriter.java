// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.codec;

import java.io.ByteArrayOutputStream;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes records component by component. */
final class RecordWriter {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    byte[] bytes() {
        return bytes.toByteArray();
    }

    void integer(int value) {
        bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
    }

    void record(Record record) {
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            Object value = Components.value(component, record);
            if (Components.isNullable(component)) {
                bytes.write(value == null ? 0 : 1);
                if (value == null) {
                    continue;
                }
            }
            value(component.getType(), value);
        }
    }

    private void value(Class<?> declared, @Nullable Object value) {
        if (value instanceof Integer number) {
            integer(number);
        } else if (value instanceof Float number) {
            integer(Float.floatToRawIntBits(number));
        } else if (value instanceof Boolean flag) {
            bytes.write(flag ? 1 : 0);
        } else if (value instanceof String text) {
            byteArray(text.getBytes(StandardCharsets.UTF_8));
        } else if (value instanceof Enum<?> constant) {
            byteArray(constant.name().getBytes(StandardCharsets.UTF_8));
        } else if (value instanceof List<?> list) {
            integer(list.size());
            list.forEach(element -> value(Components.elementType(element), element));
        } else if (value instanceof Record record) {
            if (declared.isSealed()) {
                byteArray(StoredNames.of(record.getClass()).getBytes(StandardCharsets.UTF_8));
            }
            record(record);
        } else {
            array(value);
        }
    }

    private void array(@Nullable Object value) {
        if (value instanceof byte[] array) {
            byteArray(array);
        } else if (value instanceof boolean[] array) {
            integer(array.length);
            for (boolean element : array) {
                bytes.write(element ? 1 : 0);
            }
        } else if (value instanceof int[] array) {
            ByteBuffer buffer =
                    ByteBuffer.allocate(array.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            buffer.asIntBuffer().put(array);
            integer(array.length);
            bytes.writeBytes(buffer.array());
        } else if (value instanceof float[] array) {
            ByteBuffer buffer = ByteBuffer.allocate(array.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            buffer.asFloatBuffer().put(array);
            integer(array.length);
            bytes.writeBytes(buffer.array());
        } else {
            throw new IllegalArgumentException("No form for " + value);
        }
    }

    private void byteArray(byte[] array) {
        integer(array.length);
        bytes.writeBytes(array);
    }
}
