// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.http;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSerializer;
import io.windhover.runtime.serve.configuration.HttpConfiguration;
import io.windhover.runtime.serve.monitor.NodeState;
import java.util.Locale;

/**
 * The node at one moment.
 *
 * @param json the state on one line, and what the page may do
 */
record Snapshot(NodeState state, String json) {
    private static final Gson GSON = new GsonBuilder()
            .serializeNulls()
            .registerTypeAdapter(Double.class, finite())
            .registerTypeAdapter(double.class, finite())
            .registerTypeHierarchyAdapter(Enum.class, (JsonSerializer<Enum<?>>) (constant, type, context) ->
                    new JsonPrimitive(constant.name().toLowerCase(Locale.ROOT)))
            .create();

    static Snapshot of(NodeState state, boolean alive, HttpConfiguration http) {
        JsonObject json = GSON.toJsonTree(state).getAsJsonObject();
        json.addProperty("alive", alive);
        json.addProperty("pictures", http.pictures());
        json.addProperty("control", http.token() != null);
        return new Snapshot(state, GSON.toJson(json));
    }

    /** JSON has no infinity and no NaN. */
    private static JsonSerializer<Double> finite() {
        return (value, type, context) -> Double.isFinite(value) ? new JsonPrimitive(value) : JsonNull.INSTANCE;
    }
}
