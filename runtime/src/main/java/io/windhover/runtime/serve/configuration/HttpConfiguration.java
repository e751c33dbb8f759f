// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.configuration;

import io.windhover.runtime.serve.yaml.Section;
import io.windhover.runtime.serve.yaml.Value;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The live page, health and metrics.
 *
 * @param host the address that connections are taken at; loopback unless told otherwise
 * @param port 0 for any free one
 * @param token what a request that changes something must carry; null: nothing can be changed
 * @param pictures whether the page shows frames
 */
public record HttpConfiguration(
        String host, int port, @Nullable String token, boolean pictures) {
    private static final Pattern LISTEN = Pattern.compile("(?:(\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9.-]+):)?([0-9]{1,5})");
    private static final int LAST_PORT = 65_535;
    private static final int SHORTEST_TOKEN = 16;

    static HttpConfiguration read(Section section) {
        Value listen = section.required("listen");
        Matcher parts = LISTEN.matcher(listen.text());
        if (!parts.matches() || Integer.parseInt(parts.group(2)) > LAST_PORT) {
            throw listen.wrong("give [HOST:]PORT, such as 8080 or 0.0.0.0:8080");
        }
        String token = section.optional("token").map(HttpConfiguration::token).orElse(null);
        HttpConfiguration http = new HttpConfiguration(
                parts.group(1) == null ? "127.0.0.1" : parts.group(1),
                Integer.parseInt(parts.group(2)),
                token,
                section.optional("pictures").map(Value::bool).orElse(true));
        section.finish();
        return http;
    }

    /** Without the token. */
    @Override
    public String toString() {
        return host + ":" + port;
    }

    private static String token(Value value) {
        if (value.text().length() < SHORTEST_TOKEN) {
            throw value.problem("is shorter than " + SHORTEST_TOKEN + " characters", "give a longer one");
        }
        if (!value.text().matches("[!-~]+")) {
            throw value.problem(
                    "has a space or a character that no HTTP header carries",
                    "give letters, digits and signs of ASCII only");
        }
        return value.text();
    }
}
