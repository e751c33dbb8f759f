// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.exception;

/** A device that took too long, stopped a program or no longer answers; the message is one sentence for the user. */
public final class DeviceException extends WindhoverException {
    public DeviceException(String message, Throwable cause) {
        super(message, cause);
    }
}
