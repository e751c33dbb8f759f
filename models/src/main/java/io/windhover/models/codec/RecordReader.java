// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.codec;

import static io.windhover.models.ModelException.require;

import io.windhover.models.ModelException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what {@link RecordWriter} writes and trusts none of it. */
final class RecordReader {
    private final ByteBuffer buffer;

    RecordReader(ByteBuffer buffer) {
        this.buffer = buffer;
    }

    Record record(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        @Nullable Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            boolean present = !Components.isNullable(components[i]) || flag();
            values[i] = present ? component(components[i]) : null;
        }
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            return (Record) constructor.newInstance(values);
        } catch (InvocationTargetException problem) {
            if (problem.getTargetException() instanceof ModelException refusal) {
                throw refusal;
            }
            throw new ModelException(
                    "The stored " + type.getSimpleName() + " is not valid.", problem.getTargetException());
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException("Cannot build " + type, impossible);
        }
    }

    private Object component(RecordComponent component) {
        if (!Components.isList(component)) {
            return value(component.getType());
        }
        int count = count(1);
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            list.add(value(Components.elementType(component)));
        }
        return list;
    }

    private Object value(Class<?> type) {
        if (type == int.class || type == Integer.class) {
            return integer();
        }
        if (type == float.class) {
            return Float.intBitsToFloat(integer());
        }
        if (type == boolean.class) {
            return flag();
        }
        if (type == String.class) {
            return text();
        }
        if (type.isArray()) {
            return array(type);
        }
        if (type.isEnum()) {
            return constant(type);
        }
        return record(type.isSealed() ? permitted(type) : type);
    }

    private Object array(Class<?> type) {
        if (type == byte[].class) {
            return bytes();
        }
        if (type == boolean[].class) {
            boolean[] array = new boolean[count(1)];
            for (int i = 0; i < array.length; i++) {
                array[i] = flag();
            }
            return array;
        }
        int count = count(Integer.BYTES);
        if (type == int[].class) {
            int[] array = new int[count];
            buffer.asIntBuffer().get(array);
            buffer.position(buffer.position() + count * Integer.BYTES);
            return array;
        }
        float[] array = new float[count];
        buffer.asFloatBuffer().get(array);
        buffer.position(buffer.position() + count * Float.BYTES);
        return array;
    }

    private Object constant(Class<?> type) {
        String name = text();
        for (Object constant : type.getEnumConstants()) {
            if (((Enum<?>) constant).name().equals(name)) {
                return constant;
            }
        }
        throw new ModelException("The stored graph names the unknown " + type.getSimpleName() + " '" + name
                + "'; compile the model again.");
    }

    private Class<?> permitted(Class<?> type) {
        String name = text();
        Class<?> found = permitted(type, name);
        if (found == null) {
            throw new ModelException("The stored graph names the unknown " + type.getSimpleName() + " '" + name
                    + "'; compile the model again.");
        }
        return found;
    }

    private static @Nullable Class<?> permitted(Class<?> type, String name) {
        for (Class<?> candidate : type.getPermittedSubclasses()) {
            Class<?> found = candidate.isSealed() ? permitted(candidate, name) : candidate;
            if (found != null && StoredNames.of(found).equals(name)) {
                return found;
            }
        }
        return null;
    }

    private String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    private byte[] bytes() {
        byte[] array = new byte[count(1)];
        buffer.get(array);
        return array;
    }

    /** A count of elements of at least this size, all of which must still fit. */
    private int count(int elementBytes) {
        int count = integer();
        require(
                count >= 0 && (long) count * elementBytes <= buffer.remaining(),
                "The stored graph claims %d elements where %d bytes are left; compile the model again.",
                count,
                buffer.remaining());
        return count;
    }

    private int integer() {
        require(buffer.remaining() >= Integer.BYTES, "The stored graph ends early; compile the model again.");
        return buffer.getInt();
    }

    private boolean flag() {
        require(buffer.hasRemaining(), "The stored graph ends early; compile the model again.");
        int value = buffer.get();
        require(
                value == 0 || value == 1,
                "The stored graph holds %d where 0 or 1 belongs; compile the model again.",
                value);
        return value == 1;
    }
}
