// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the demo shows of a result that arrived over MQTT, where anybody may have sent anything. */
record ReceivedResult(String session, long seq, String source, Model model, List<Score> top) {
    record Model(String name) {}

    record Score(String label, double score) {}

    /** The result, or null when the text is none. */
    static @Nullable ReceivedResult parse(String json) {
        try {
            ReceivedResult result = new Gson().fromJson(json, ReceivedResult.class);
            return result == null || result.isIncomplete() ? null : result;
        } catch (JsonParseException | StackOverflowError | NumberFormatException garbage) {
            return null;
        }
    }

    private boolean isIncomplete() {
        return session == null
                || source == null
                || model == null
                || model.name() == null
                || top == null
                || top.isEmpty()
                || top.get(0) == null
                || top.get(0).label() == null;
    }

    Score best() {
        return top.get(0);
    }
}
