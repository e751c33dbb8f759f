// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.MqttPublish;
import org.eclipse.paho.mqttv5.common.packet.MqttWireMessage;
import org.junit.jupiter.api.Test;

class IncomingPacketsTest {
    private static final int LARGEST = 100_000;

    private static byte[] read(byte[] sent, Random random) throws IOException {
        InputStream slow = new ByteArrayInputStream(sent) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                return super.read(target, offset, Math.min(length, 1 + random.nextInt(7)));
            }
        };
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (InputStream packets = new IncomingPackets(slow, LARGEST)) {
            byte[] some = new byte[100];
            int count;
            while ((count = packets.read(some, 0, 1 + random.nextInt(some.length))) >= 0) {
                all.write(some, 0, count);
            }
        }
        return all.toByteArray();
    }

    private static byte[] message(int correlationBytes, int qos, byte[] payload) throws MqttException {
        MqttMessage message = new MqttMessage(payload);
        message.setQos(qos);
        message.setId(qos);
        MqttProperties properties = new MqttProperties();
        properties.setResponseTopic("answer");
        properties.setCorrelationData(new byte[correlationBytes]);
        MqttPublish packet = new MqttPublish("topic", message, properties);
        packet.setMessageId(7);
        byte[] head = packet.getHeader();
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(head);
        whole.writeBytes(packet.getPayload());
        return whole.toByteArray();
    }

    private static byte[] join(byte[]... packets) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] packet : packets) {
            all.writeBytes(packet);
        }
        return all.toByteArray();
    }

    @Test
    void what_paho_can_read_passes_as_it_is() throws Exception {
        byte[] acknowledgement = {0x40, 2, 0, 7};
        byte[] ping = {(byte) 0xd0, 0};
        byte[] sent = join(
                ping,
                message(0, 0, new byte[0]),
                acknowledgement,
                message(100, 1, new byte[1000]),
                message(32_767, 1, new byte[70_000]),
                ping);
        assertArrayEquals(sent, read(sent, new Random(1)));
    }

    @Test
    void properties_that_paho_cannot_read_are_replaced_and_nothing_else() throws Exception {
        byte[] payload = new byte[20_000];
        new Random(2).nextBytes(payload);
        for (int qos = 0; qos <= 1; qos++) {
            byte[] before = message(5, 1, payload);
            byte[] after = message(6, 0, payload);
            byte[] got = read(join(before, message(40_000, qos, payload), after), new Random(3));
            byte[] middle = Arrays.copyOfRange(got, before.length, got.length - after.length);
            assertArrayEquals(join(before, middle, after), got);
            MqttPublish packet = (MqttPublish) MqttWireMessage.createWireMessage(middle);
            assertTrue(IncomingPackets.isUnreadable(packet.getMessage()));
            assertEquals("topic", packet.getTopicName());
            assertEquals(qos, packet.getQoS());
            assertEquals(qos == 0 ? 0 : 7, packet.getMessageId());
            assertArrayEquals(payload, packet.getPayload());
        }
    }

    @Test
    void longer_heads_and_topics_that_cannot_be_read_pass_as_they_are() throws Exception {
        byte[] large = new byte[2 * LARGEST];
        Arrays.fill(large, (byte) 0x80);
        large[0] = 0x30;
        byte[] control = {0x32, 6, 0, 1, 1, 0, 1, 0};
        byte[] short1 = {0x30, 2, 0, 9};
        byte[] sent = join(control, short1, message(3, 1, new byte[9]));
        assertArrayEquals(sent, read(sent, new Random(4)));
        byte[] tail = message(60_000, 1, new byte[9]);
        InputStream narrow = new IncomingPackets(new ByteArrayInputStream(tail), 50_000);
        assertArrayEquals(tail, narrow.readAllBytes());
        assertArrayEquals(large, read(large, new Random(5)));
    }

    @Test
    void damaged_streams_end_as_they_came_or_shorter_by_properties() throws Exception {
        Random random = new Random(6);
        for (int i = 0; i < 20_000; i++) {
            byte[] sent = join(
                    message(random.nextInt(40), random.nextInt(2), new byte[random.nextInt(50)]),
                    new byte[] {0x40, 2, 0, 7});
            sent[random.nextInt(sent.length)] = (byte) random.nextInt();
            byte[] cut = Arrays.copyOf(sent, 1 + random.nextInt(sent.length));
            assertTrue(read(cut, random).length <= cut.length + 60);
        }
    }
}
