// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve;

import io.windhover.runtime.Classification;
import io.windhover.runtime.Detections;
import io.windhover.runtime.Frame;
import io.windhover.runtime.model.Model;
import io.windhover.runtime.mqtt.Receipt;
import io.windhover.runtime.serve.monitor.NodeState.BrokerState;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where a node's results and health go. Never blocks; thread-safe. */
interface NodeOutput extends AutoCloseable {
    /** For a node that publishes nothing. */
    NodeOutput NONE = new NodeOutput() {};

    /** How a part is. */
    enum PartState {
        ONLINE,
        /** It does not work though it should. */
        OFFLINE,
        DISABLED
    }

    /**
     * Makes a classification's message, and publishes it where that is wanted.
     *
     * @param safe called once the message is on disk or with the broker, or was not to be published
     * @return the message
     */
    default byte[] classification(
            String stream, Model model, String source, Classification result, boolean publish, Runnable safe) {
        safe.run();
        return new byte[0];
    }

    /** As {@link #classification}, of what a detector found. */
    default byte[] detections(
            String stream, Model model, String source, Detections result, boolean publish, Runnable safe) {
        safe.run();
        return new byte[0];
    }

    /** As {@link #classification}, of an awaited frame's outputs as they are. */
    default byte[] output(
            String stream,
            Model model,
            String source,
            Frame frame,
            Classification.Timings timings,
            boolean publish,
            Runnable safe) {
        safe.run();
        return new byte[0];
    }

    /**
     * Answers a request.
     *
     * @param topic null where the request names none
     * @param correlation of the request; null where it had none
     * @param request told once the broker has the answer, there is none to deliver, or it was given up
     */
    default void answer(
            String stream, @Nullable String topic, byte @Nullable [] correlation, byte[] message, Receipt request) {
        request.taken();
    }

    default void stream(String name, PartState state) {}

    /**
     * What a stream does.
     *
     * @param model key of the one it runs
     */
    default void settings(String stream, boolean running, String model) {}

    default void accelerator(PartState state) {}

    /** Null where there is none. */
    default @Nullable BrokerState broker() {
        return null;
    }

    /** Has the broker bring a group's requests to other nodes only; takes a moment where it is there. */
    default void leaveGroup(String stream) {}

    /** Takes a share of a group's requests again. */
    default void joinGroup(String stream) {}

    /** The node goes by another name, or to another broker: nothing of it stays retained here. */
    default void leaveNames() {}

    /** Takes no further requests and commands. */
    default void stopListening() {}

    /**
     * Delivers what it can, and says that it stopped; durable results are still taken until {@link #close}.
     *
     * @param keep what the next output goes on listening to: the broker keeps it meanwhile
     */
    default void drain(Set<String> keep) {}

    /** Drains where that was not done. What was not delivered is left for the next one. */
    @Override
    default void close() {}
}
