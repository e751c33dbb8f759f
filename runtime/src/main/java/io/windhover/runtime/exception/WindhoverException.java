// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.exception;

/** Something a user can act on: one sentence saying what was wrong, where, and what to do. */
public class WindhoverException extends RuntimeException {
    public WindhoverException(String message) {
        super(message);
    }

    public WindhoverException(String message, Throwable cause) {
        super(message, cause);
    }
}
