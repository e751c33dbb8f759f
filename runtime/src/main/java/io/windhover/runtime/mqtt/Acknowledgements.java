// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import java.util.ArrayDeque;
import java.util.Deque;

/** Acknowledges the messages of one link in the order they came, as MQTT wants it, whenever they are taken. */
final class Acknowledgements {
    private final Sender sender;
    private final Deque<Arrival> open = new ArrayDeque<>();

    /** Sends one acknowledgement; does nothing when the link is gone. */
    @FunctionalInterface
    interface Sender {
        void acknowledge(int id);
    }

    private static final class Arrival {
        final int id;
        boolean taken;

        Arrival(int id) {
            this.id = id;
        }
    }

    Acknowledgements(Sender sender) {
        this.sender = sender;
    }

    /** A message came; what to run when it is taken, more than once if need be. */
    synchronized Runnable arrived(int id) {
        Arrival arrival = new Arrival(id);
        open.add(arrival);
        return () -> take(arrival);
    }

    private synchronized void take(Arrival arrival) {
        arrival.taken = true;
        while (!open.isEmpty() && open.element().taken) {
            sender.acknowledge(open.remove().id);
        }
    }
}
