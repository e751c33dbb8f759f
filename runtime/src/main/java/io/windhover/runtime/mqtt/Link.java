// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import java.util.List;
import java.util.function.Consumer;

/** One connection to a broker, from connected to lost; never used again afterwards. */
interface Link extends AutoCloseable {
    /** Messages the broker takes before it has acknowledged the first. */
    int receiveMaximum();

    /** Largest packet the broker takes. */
    long maximumPacketBytes();

    /**
     * Sends at the message's QoS.
     *
     * @param answer called once, from another thread, when the broker has acknowledged it or, at QoS 0, when it is
     *     sent; never when the link is lost before
     */
    void publish(OutgoingMessage message, Answer answer) throws LinkException;

    /** What the broker's acknowledgement says. */
    interface Answer {
        void taken();

        /** The broker will not have it, now or later. */
        void refused(String reason);
    }

    boolean isConnected();

    /** Has the broker send messages; answers the filters that it does not allow, each with its reason. */
    List<String> subscribe(List<Subscription> subscriptions) throws LinkException;

    /** Ends subscriptions; messages that are not yet taken stay the node's. */
    void unsubscribe(List<String> filters);

    /** Disconnects politely, within the time limit; the will is not sent. */
    void disconnect();

    /** Frees everything, connected or not. */
    @Override
    void close();

    /**
     * A link's end.
     *
     * @param reason a clause
     * @param unreadable whether the broker acknowledged a message with what cannot be read; it would do so again
     */
    record Loss(String reason, boolean unreadable) {}

    /** Makes links. */
    interface Connector {
        /**
         * Connects once.
         *
         * @param lost called at most once, from another thread, when the link is lost
         */
        Link connect(PublisherSettings settings, Consumer<Loss> lost) throws LinkException;
    }
}
