// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.http;

import io.windhover.runtime.serve.monitor.NodeState;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Answers for whoever watches over the service. */
final class Health {
    private Health() {}

    static Answer alive(boolean alive) {
        return alive
                ? Answer.json(Answer.OK, Map.of("alive", true))
                : Answer.json(
                        Refusal.UNAVAILABLE, Map.of("alive", false, "why", "the inference loop makes no progress"));
    }

    static Answer ready(NodeState state) {
        return state.ready()
                ? Answer.json(Answer.OK, Map.of("ready", true))
                : Answer.json(Refusal.UNAVAILABLE, Map.of("ready", false, "why", why(state)));
    }

    private static String why(NodeState state) {
        String troubles = Stream.concat(
                        Stream.ofNullable(state.device().trouble()),
                        state.streams().stream()
                                .filter(stream -> stream.trouble() != null)
                                .map(stream -> "Stream '" + stream.name() + "': " + stream.trouble()))
                .collect(Collectors.joining(" "));
        return troubles.isEmpty() ? "not every stream runs yet" : troubles;
    }
}
