// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve;

import io.windhover.runtime.mqtt.IncomingMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Hands requests to the streams that answer them; those of a stream that has not begun yet wait for it. Thread-safe.
 */
final class RequestDesk {
    private final Map<String, RequestSource> sources = new HashMap<>();
    /** No more than a broker sends before the first is acknowledged. */
    private final Map<String, List<IncomingMessage>> early = new HashMap<>();

    synchronized void open(String stream, RequestSource source) {
        sources.put(stream, source);
        List<IncomingMessage> waiting = early.remove(stream);
        if (waiting != null) {
            waiting.forEach(source::accept);
        }
    }

    /** The stream ends, to begin anew. */
    synchronized void close(String stream) {
        sources.remove(stream);
    }

    synchronized void accept(String stream, IncomingMessage request) {
        RequestSource source = sources.get(stream);
        if (source == null) {
            early.computeIfAbsent(stream, unused -> new ArrayList<>()).add(request);
        } else {
            source.accept(request);
        }
    }
}
