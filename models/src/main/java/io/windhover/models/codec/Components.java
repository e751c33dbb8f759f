// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.codec;

import io.windhover.models.graph.Operator;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What reflection says about record components. */
final class Components {
    private Components() {}

    static @Nullable Object value(RecordComponent component, Record record) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException("Cannot read " + component, impossible);
        }
    }

    static boolean isNullable(RecordComponent component) {
        return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    /** The declared element type of lists: operators are stored with their name, everything else is one class. */
    static Class<?> elementType(Object element) {
        return element instanceof Operator ? Operator.class : element.getClass();
    }

    static Class<?> elementType(RecordComponent component) {
        return (Class<?>) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
    }

    static boolean isList(RecordComponent component) {
        return component.getType() == List.class;
    }
}
