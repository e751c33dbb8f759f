// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import org.jspecify.annotations.Nullable;

/** A link could not be made or used; the message is a reason to go into a sentence. */
final class LinkException extends Exception {
    /** What kind of failure, which decides how soon another attempt makes sense. */
    enum Kind {
        UNREACHABLE,
        /** The broker knows us and does not want us. */
        REFUSED,
        /** The broker does not allow everything that we need; the message says what, and which setting it is. */
        UNSUITABLE,
        /** There is no connection that nobody else can read; the message says what to do. */
        INSECURE,
        LOST
    }

    private final Kind kind;

    LinkException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    LinkException(Kind kind, String message) {
        this(kind, message, null);
    }

    Kind kind() {
        return kind;
    }

    /** What a user is told. */
    String sentence(BrokerAddress broker) {
        return switch (kind) {
            case REFUSED ->
                "The broker " + broker + " refuses the connection (" + getMessage() + "); check user and password.";
            case UNSUITABLE ->
                "The broker " + broker + " allows " + getMessage()
                        + ", which Windhover needs; change its configuration, or use another broker.";
            case INSECURE -> "There is no secure connection to " + broker + ": " + getMessage() + ".";
            case UNREACHABLE, LOST ->
                "The broker " + broker + " cannot be reached (" + getMessage() + "); start it, or check the address.";
        };
    }

    /** Whether another attempt soon would fail alike. */
    boolean lasts() {
        return kind == Kind.REFUSED || kind == Kind.UNSUITABLE || kind == Kind.INSECURE;
    }
}
