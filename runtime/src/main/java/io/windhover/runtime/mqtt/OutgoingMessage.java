// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

/**
 * A message to be published at QoS 1.
 *
 * @param payload not to be changed afterwards
 * @param retained whether the broker keeps it for later subscribers
 * @param delivered called once when the broker has acknowledged it
 */
record OutgoingMessage(String topic, byte[] payload, boolean retained, Runnable delivered) {
    private static final int HEADER_BYTES = 16;

    OutgoingMessage(String topic, byte[] payload, boolean retained) {
        this(topic, payload, retained, () -> {});
    }

    /** An upper bound of its size on the wire. */
    long packetBytes() {
        return HEADER_BYTES + 3L * topic.length() + payload.length;
    }
}
