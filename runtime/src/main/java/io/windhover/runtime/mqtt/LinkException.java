// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

/** A link could not be made or used; the message is a reason to go into a sentence. */
final class LinkException extends Exception {
    /** What kind of failure, which decides how soon another attempt makes sense. */
    enum Kind {
        UNREACHABLE,
        REFUSED,
        LOST
    }

    private final Kind kind;

    LinkException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    LinkException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }
}
