// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import java.util.function.Consumer;

/**
 * What a node listens to.
 *
 * @param filter topics, with {@code $share/GROUP/} where nodes share them
 * @param qos 0 or 1
 * @param handler called from a thread of the connection's, one message at a time, also with what the broker brings
 *     again; it must hand over at once
 */
public record Subscription(String filter, int qos, Consumer<IncomingMessage> handler) {
    private static final String SHARED = "$share/";

    /** Whether messages of this topic are meant. */
    boolean covers(String topic) {
        String[] wanted = unshared().split("/", -1);
        String[] levels = topic.split("/", -1);
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i].equals("#")) {
                return !levels[0].startsWith("$") || i > 0;
            }
            if (i == levels.length || !(wanted[i].equals("+") || wanted[i].equals(levels[i]))) {
                return false;
            }
        }
        return wanted.length == levels.length && !(wanted[0].equals("+") && levels[0].startsWith("$"));
    }

    private String unshared() {
        return filter.startsWith(SHARED) ? filter.substring(filter.indexOf('/', SHARED.length()) + 1) : filter;
    }
}
