// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.http;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** What a request is answered with. */
record Answer(int status, String contentType, byte[] body, Map<String, String> headers) {
    static final int OK = 200;
    static final int NOT_MODIFIED = 304;
    static final String JSON = "application/json";

    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    static Answer ok(String contentType, byte[] body) {
        return new Answer(OK, contentType, body, Map.of("Cache-Control", "no-store"));
    }

    static Answer json(int status, Map<String, ?> members) {
        byte[] body = (GSON.toJson(members) + "\n").getBytes(StandardCharsets.UTF_8);
        return new Answer(status, JSON, body, Map.of("Cache-Control", "no-store"));
    }

    Answer with(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(headers);
        all.putAll(more);
        return new Answer(status, contentType, body, Map.copyOf(all));
    }
}
