// SPDX-License-Identifier: Apache-2.0
package io.windhover.models;

import com.google.errorprone.annotations.FormatMethod;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A model file or graph that cannot be used: one sentence saying what is wrong, where, and what to do about it. */
public final class ModelException extends RuntimeException {
    public ModelException(String message) {
        super(message);
    }

    public ModelException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Throws unless the condition holds; the message is {@code String.format}ted only on failure. */
    @FormatMethod
    public static void require(boolean condition, String format, Object... arguments) {
        if (!condition) {
            throw new ModelException(String.format(format, arguments));
        }
    }

    /** The value; throws like {@link #require} when it is null. */
    @FormatMethod
    public static <T> T requirePresent(@Nullable T value, String format, Object... arguments) {
        if (value == null) {
            throw new ModelException(String.format(format, arguments));
        }
        return value;
    }

    /** Never null. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
