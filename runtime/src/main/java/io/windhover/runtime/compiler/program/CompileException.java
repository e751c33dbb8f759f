// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.program;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import org.jspecify.annotations.Nullable;

/** A network that cannot be placed on the accelerator: one sentence naming the layer, the reason and what to do. */
public final class CompileException extends RuntimeException {
    private final @Nullable String layer;

    public CompileException(String message) {
        this(message, null);
    }

    private CompileException(String message, @Nullable String layer) {
        super(message);
        this.layer = layer;
    }

    @FormatMethod
    public static CompileException layer(String layer, @FormatString String format, Object... arguments) {
        return new CompileException(
                "Layer '" + layer + "' cannot be placed: " + String.format(format, arguments), layer);
    }

    /** The name of the operator that cannot be placed, or null when it is not one alone. */
    public @Nullable String layer() {
        return layer;
    }
}
