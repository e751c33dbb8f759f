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
 * still in hand, or was taken meanwhile, is not handed out a second time, what was lost is. Where a link goes on, what
 * was lost over it counts as taken: the broker would not bring it again, and wait for it forever.
 */
public final class Acknowledgements {
    private static final Sender GONE = id -> false;

    private final Deque<Arrival> open = new ArrayDeque<>();
    /** Those of earlier links that were not brought again yet. */
    private final Deque<Arrival> earlier = new ArrayDeque<>();

    private Sender sender = GONE;
    private int links;

    /** Sends one acknowledgement; false when the link is gone, so that the broker will bring the message again. */
    @FunctionalInterface
    interface Sender {
        boolean acknowledge(int id);
    }

    private final class Arrival implements Receipt {
        final int id;
        final String topic;
        final byte[] payload;
        boolean settled;
        boolean lost;

        Arrival(int id, String topic, byte[] payload) {
            this.id = id;
            this.topic = topic;
            this.payload = payload;
        }

        @Override
        public void taken() {
            synchronized (Acknowledgements.this) {
                settled = true;
                acknowledge();
            }
        }

        @Override
        public void lost() {
            synchronized (Acknowledgements.this) {
                lost = !settled;
                settled = true;
                if (lost) {
                    earlier.remove(this);
                }
                acknowledge();
            }
        }

        /** In one session a number stands for one message until that is acknowledged. */
        boolean isSame(String otherTopic, MqttMessage other) {
            return id == other.getId() && topic.equals(otherTopic) && Arrays.equals(payload, other.getPayload());
        }
    }

    /** A link begins; what the one before has not acknowledged may come again. Returns the number of the link. */
    synchronized int begin(Sender next) {
        sender = next;
        open.stream().filter(arrival -> !arrival.lost).forEach(earlier::add);
        open.clear();
        return ++links;
    }

    /** The session is a new one: nothing comes again. */
    synchronized void forget() {
        earlier.clear();
    }

    /**
     * A message came; whom to tell what becomes of it. Null for one that came before.
     *
     * @param link that it came over, whose last messages may be late
     */
    synchronized @Nullable Receipt arrived(int link, String topic, MqttMessage message) {
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
        return arrival;
    }

    private void acknowledge() {
        while (!open.isEmpty() && open.element().settled && sender.acknowledge(open.element().id)) {
            open.remove();
        }
    }
}
