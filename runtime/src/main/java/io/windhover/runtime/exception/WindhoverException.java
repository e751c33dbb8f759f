// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.exception;

import org.jspecify.annotations.Nullable;

/** Something a user can act on: one sentence saying what was wrong, where, and what to do. */
public class WindhoverException extends RuntimeException {
    public WindhoverException(String message) {
        super(message);
    }

    public WindhoverException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
