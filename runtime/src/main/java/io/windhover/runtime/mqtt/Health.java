// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Retained health of a node's parts. */
final class Health {
    /** How a part is: working, not working though it should, or switched off. */
    enum State {
        ONLINE,
        OFFLINE,
        DISABLED
    }

    private final Publisher publisher;
    private final Topics topics;

    Health(Publisher publisher, Topics topics) {
        this.publisher = publisher;
        this.topics = topics;
    }

    void stream(String stream, State state) {
        publish(topics.streamStatus(stream), state);
    }

    void accelerator(State state) {
        publish(topics.acceleratorStatus(), state);
    }

    private void publish(String topic, State state) {
        publisher.publish(topic, state.name().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8), true);
    }
}
