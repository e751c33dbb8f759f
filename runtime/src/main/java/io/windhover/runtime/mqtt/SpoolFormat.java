// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A message as an entry of the queue on disk: retained (u8), QoS (u8), bytes of the topic (u16), topic, payload. */
final class SpoolFormat {
    private static final int HEADER_BYTES = 4;

    private SpoolFormat() {}

    /** How long the entry is. */
    static int entryBytes(String topic, byte[] payload) {
        return HEADER_BYTES + topic.getBytes(StandardCharsets.UTF_8).length + payload.length;
    }

    static byte[] encode(OutgoingMessage message) {
        byte[] topic = message.topic().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(HEADER_BYTES + topic.length + message.payload().length)
                .put((byte) (message.retained() ? 1 : 0))
                .put((byte) message.qos())
                .putShort((short) topic.length)
                .put(topic)
                .put(message.payload())
                .array();
    }

    static OutgoingMessage decode(byte[] entry) {
        ByteBuffer bytes = ByteBuffer.wrap(entry);
        boolean retained = bytes.get() != 0;
        int qos = bytes.get();
        byte[] topic = new byte[bytes.getShort() & 0xffff];
        bytes.get(topic);
        byte[] payload = new byte[bytes.remaining()];
        bytes.get(payload);
        return new OutgoingMessage(new String(topic, StandardCharsets.UTF_8), payload, retained, qos, () -> {});
    }
}
