// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a broker's session that are not acknowledged yet. They are acknowledged in the order they came, as
 * MQTT wants it, whenever they are taken. When a link breaks the broker brings them again over the next one; what is
 * still in hand, or was taken meanwhile, is not handed out a second time.
 */
public final class Acknowledgements {
    private static final Sender GONE = id -> {};

    private final Deque<Arrival> open = new ArrayDeque<>();
    /** Those of earlier links that were not brought again yet. */
    private final Deque<Arrival> earlier = new ArrayDeque<>();

    private Sender sender = GONE;
    private int links;

    /** Sends one acknowledgement; does nothing when the link is gone. */
    @FunctionalInterface
    interface Sender {
        void acknowledge(int id);
    }

    private static final class Arrival {
        final int id;
        final String topic;
        final byte[] payload;
        boolean taken;

        Arrival(int id, String topic, byte[] payload) {
            this.id = id;
            this.topic = topic;
            this.payload = payload;
        }

        /** In one session a number stands for one message until that is acknowledged. */
        boolean isSame(String otherTopic, MqttMessage other) {
            return id == other.getId() && topic.equals(otherTopic) && Arrays.equals(payload, other.getPayload());
        }
    }

    /** A link begins; what the one before has not acknowledged may come again. Returns the number of the link. */
    synchronized int begin(Sender next) {
        sender = next;
        earlier.addAll(open);
        open.clear();
        return ++links;
    }

    /** The session is a new one: nothing comes again. */
    synchronized void forget() {
        earlier.clear();
    }

    /**
     * A message came; what to run when it is taken, more than once if need be. Null for one that came before.
     *
     * @param link that it came over, whose last messages may be late
     */
    synchronized @Nullable Runnable arrived(int link, String topic, MqttMessage message) {
        Deque<Arrival> order = link == links ? open : earlier;
        for (Arrival before : earlier) {
            if (before.isSame(topic, message)) {
                earlier.remove(before);
                order.add(before);
                acknowledge();
                return null;
            }
        }
        if (link != links && open.stream().anyMatch(now -> now.isSame(topic, message))) {
            return null;
        }
        Arrival arrival = new Arrival(message.getId(), topic, message.getPayload());
        order.add(arrival);
        return () -> take(arrival);
    }

    private synchronized void take(Arrival arrival) {
        arrival.taken = true;
        acknowledge();
    }

    private void acknowledge() {
        while (!open.isEmpty() && open.element().taken) {
            sender.acknowledge(open.remove().id);
        }
    }
}
