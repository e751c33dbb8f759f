// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.exception;

import org.jspecify.annotations.Nullable;

/** One input that cannot be used: a damaged image, a tensor of the wrong size. The next one may be good. */
public final class InputException extends WindhoverException {
    public InputException(String message) {
        super(message);
    }

    public InputException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
