// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.codec;

import io.windhover.models.graph.FloatLogSoftmax;
import io.windhover.models.graph.LogSoftmax;
import java.util.Map;

/** The name by which a stored graph calls a record: its simple name, or the one it had before it was renamed. */
final class StoredNames {
    private static final Map<Class<?>, String> FORMER =
            Map.of(FloatLogSoftmax.class, "LogSoftmax", LogSoftmax.class, "QuantizedLogSoftmax");

    private StoredNames() {}

    static String of(Class<?> type) {
        return FORMER.getOrDefault(type, type.getSimpleName());
    }
}
