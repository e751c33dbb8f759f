// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.exception;

/** What a network gave cannot be read as boxes. */
public final class DetectionException extends WindhoverException {
    public DetectionException(String message) {
        super(message);
    }
}
