// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.program;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;

/** A network that cannot be placed on the accelerator: one sentence naming the layer, the reason and what to do. */
public final class CompileException extends RuntimeException {
    public CompileException(String message) {
        super(message);
    }

    @FormatMethod
    public static CompileException layer(String layer, @FormatString String format, Object... arguments) {
        return new CompileException("Layer '" + layer + "' cannot be placed: " + String.format(format, arguments));
    }
}
