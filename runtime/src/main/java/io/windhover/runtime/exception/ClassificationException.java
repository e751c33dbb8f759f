// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.exception;

/** What a network gave cannot be read as the scores of classes. */
public final class ClassificationException extends WindhoverException {
    public ClassificationException(String message) {
        super(message);
    }
}
