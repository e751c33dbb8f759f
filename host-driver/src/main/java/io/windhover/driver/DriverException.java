// SPDX-License-Identifier: Apache-2.0
package io.windhover.driver;

/** A driver call failed; the message is one sentence for the person who made it. */
public class DriverException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final Status status;

    public DriverException(Status status, String message) {
        super(message);
        this.status = status;
    }

    public Status status() {
        return status;
    }
}
