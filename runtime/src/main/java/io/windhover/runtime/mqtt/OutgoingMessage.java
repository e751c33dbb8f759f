// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import org.jspecify.annotations.Nullable;

/**
 * A message to be published.
 *
 * @param payload not to be changed afterwards
 * @param retained whether the broker keeps it for later subscribers
 * @param qos 0 (sent once, and forgotten) or 1 (sent until the broker acknowledges it)
 * @param correlation of the request that it answers; null for none
 * @param delivered called once when the broker has acknowledged it
 * @param request that it answers, which is taken once the broker has acknowledged or refused it, and lost where it was
 *     given up; null for none
 */
record OutgoingMessage(
        String topic,
        byte[] payload,
        boolean retained,
        int qos,
        byte @Nullable [] correlation,
        Runnable delivered,
        @Nullable Receipt request) {
    private static final int HEADER_BYTES = 16;

    OutgoingMessage(String topic, byte[] payload, boolean retained) {
        this(topic, payload, retained, 1, () -> {});
    }

    OutgoingMessage(String topic, byte[] payload, boolean retained, int qos, Runnable delivered) {
        this(topic, payload, retained, qos, null, delivered, null);
    }

    /** Nothing more is to be done for it. */
    void settle() {
        if (request != null) {
            request.taken();
        }
    }

    /** It was given up before a broker said anything. */
    void lose() {
        if (request != null) {
            request.lost();
        }
    }

    /** An upper bound of its size on the wire. */
    long packetBytes() {
        return HEADER_BYTES + 3L * topic.length() + payload.length + (correlation == null ? 0 : correlation.length);
    }
}
