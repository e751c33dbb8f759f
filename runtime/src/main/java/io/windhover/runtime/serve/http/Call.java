// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request, and the way to answer it. The client is waited for as long as its {@link Turn} allows. */
final class Call {
    private static final Duration LONGEST_BODY = Duration.ofSeconds(5);
    private static final Duration LONGEST_WRITE = Duration.ofSeconds(10);
    private static final int LARGEST_BODY = 4096;
    private static final String CONTENT_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
                    + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private static final Map<String, String> ALWAYS = Map.of(
            "Content-Security-Policy", CONTENT_POLICY,
            "X-Content-Type-Options", "nosniff",
            "Referrer-Policy", "no-referrer",
            "Cross-Origin-Resource-Policy", "same-origin");

    private final HttpExchange exchange;
    private final Turn turn;

    Call(HttpExchange exchange, Turn turn) {
        this.exchange = exchange;
        this.turn = turn;
        turn.work();
    }

    String path() {
        return exchange.getRequestURI().getPath();
    }

    /** The value of a header; null without it, a refusal where it is given twice. */
    @Nullable
    String header(String name) throws Refusal {
        List<String> values = exchange.getRequestHeaders().get(name);
        if (values != null && values.size() > 1) {
            throw new Refusal(Refusal.BAD_REQUEST, "there are two headers " + name);
        }
        return values == null ? null : values.get(0);
    }

    boolean isHead() {
        return exchange.getRequestMethod().equals("HEAD");
    }

    void requireReading() throws Refusal {
        if (!isHead()) {
            requireMethod("GET", "GET, HEAD");
        }
    }

    void requirePost() throws Refusal {
        requireMethod("POST", "POST");
    }

    private void requireMethod(String method, String allowed) throws Refusal {
        if (!exchange.getRequestMethod().equals(method)) {
            throw new Refusal(
                    Refusal.METHOD_NOT_ALLOWED, "only " + allowed + " can be done here", Map.of("Allow", allowed));
        }
    }

    byte[] body() throws IOException, Refusal {
        turn.awaitClient(LONGEST_BODY);
        byte[] body = bytes(exchange.getRequestBody());
        turn.work();
        if (body.length > LARGEST_BODY) {
            throw new Refusal(Refusal.TOO_LARGE, "the request's body has more than " + LARGEST_BODY + " bytes");
        }
        return body;
    }

    /** Java's reader of chunks fails in its own ways at lengths that no array has. */
    private static byte[] bytes(InputStream body) throws IOException, Refusal {
        try {
            return body.readNBytes(LARGEST_BODY + 1);
        } catch (RuntimeException noChunk) {
            throw new Refusal(Refusal.BAD_REQUEST, "the request's body has a chunk of no possible length");
        }
    }

    void send(Answer answer) throws IOException {
        Headers headers = head(answer.contentType(), answer.headers());
        turn.awaitClient(LONGEST_WRITE);
        if (isHead()) {
            headers.set("Content-Length", Integer.toString(answer.body().length));
        }
        if (isHead() || answer.body().length == 0) {
            exchange.sendResponseHeaders(answer.status(), -1);
            return;
        }
        exchange.sendResponseHeaders(answer.status(), answer.body().length);
        exchange.getResponseBody().write(answer.body());
    }

    /** Begins an answer of unknown length. Each {@link #write} is sent at once. */
    void beginStream(String contentType) throws IOException {
        head(contentType, Map.of("Cache-Control", "no-store"));
        turn.awaitClient(LONGEST_WRITE);
        exchange.sendResponseHeaders(Answer.OK, isHead() ? -1 : 0);
        turn.work();
    }

    void write(byte[] bytes) throws IOException {
        turn.awaitClient(LONGEST_WRITE);
        OutputStream out = exchange.getResponseBody();
        out.write(bytes);
        out.flush();
        turn.work();
    }

    private Headers head(String contentType, Map<String, String> more) {
        Headers headers = exchange.getResponseHeaders();
        ALWAYS.forEach(headers::set);
        headers.set("Content-Type", contentType);
        more.forEach(headers::set);
        return headers;
    }

    /** Nothing can be sent after this. What the client still sends is waited for, not for ever. */
    void end() {
        turn.awaitClient(LONGEST_BODY);
        exchange.close();
    }
}
