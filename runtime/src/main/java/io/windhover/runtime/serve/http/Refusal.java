// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.http;

import java.util.Map;

/** A request that is not done; the message is one sentence for whoever sent it. */
final class Refusal extends Exception {
    static final int BAD_REQUEST = 400;
    static final int UNAUTHORIZED = 401;
    static final int FORBIDDEN = 403;
    static final int NOT_FOUND = 404;
    static final int METHOD_NOT_ALLOWED = 405;
    static final int CONFLICT = 409;
    static final int TOO_LARGE = 413;
    static final int INTERNAL_ERROR = 500;
    static final int UNAVAILABLE = 503;

    private static final long serialVersionUID = 1;

    private final int status;
    private final transient Map<String, String> headers;

    Refusal(int status, String sentence) {
        this(status, sentence, Map.of());
    }

    Refusal(int status, String sentence, Map<String, String> headers) {
        super(sentence);
        this.status = status;
        this.headers = headers;
    }

    static Refusal nothingThere() {
        return new Refusal(NOT_FOUND, "there is nothing here");
    }

    Answer answer() {
        return Answer.json(status, Map.of("error", String.valueOf(getMessage())))
                .with(headers);
    }
}
