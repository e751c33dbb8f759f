// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketException;
import javax.net.ssl.SSLHandshakeException;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.packet.MqttConnAck;
import org.junit.jupiter.api.Test;

class PahoFailuresTest {
    private static LinkException.Kind kind(String url, Exception cause) {
        return PahoFailures.connecting(new MqttException(cause), BrokerAddress.parse(url))
                .kind();
    }

    @Test
    void an_alert_that_ended_tls_before_it_was_seen_is_a_failure_of_tls() {
        assertEquals(LinkException.Kind.INSECURE, kind("mqtts://here", new SSLHandshakeException("bad_certificate")));
        assertEquals(LinkException.Kind.INSECURE, kind("mqtts://here", new SocketException("Socket is closed")));
        assertEquals(LinkException.Kind.UNREACHABLE, kind("mqtts://here", new ConnectException("Connection refused")));
        assertEquals(LinkException.Kind.UNREACHABLE, kind("mqtt://here", new SocketException("Socket is closed")));
    }

    @Test
    void a_secure_connection_that_is_cut_off_tells_what_may_be_wrong_with_tls() {
        for (String words : new String[] {"Broken pipe", "Connection reset"}) {
            BrokerAddress secure = BrokerAddress.parse("mqtts://here");
            LinkException cut = PahoFailures.connecting(new MqttException(new SocketException(words)), secure);
            assertEquals(LinkException.Kind.UNREACHABLE, cut.kind());
            assertEquals(
                    "The broker mqtts://here:8883 cannot be reached (" + words
                            + ", as where this port speaks no TLS or "
                            + "the broker does not accept our certificate); start it, or check the address.",
                    cut.sentence(secure));
            BrokerAddress plain = BrokerAddress.parse("mqtt://here");
            LinkException lost = PahoFailures.connecting(new MqttException(new SocketException(words)), plain);
            assertTrue(lost.sentence(plain).contains("(" + words + ")"), lost.sentence(plain));
        }
    }

    private static String refusal(MqttException problem) {
        BrokerAddress broker = BrokerAddress.parse("mqtt://here");
        LinkException failure = PahoFailures.connecting(problem, broker);
        assertTrue(failure.lasts());
        return failure.sentence(broker);
    }

    private static MqttException unknownToPaho(int code) {
        return assertThrows(MqttException.class, () -> new MqttConnAck(new byte[] {0, (byte) code, 0}));
    }

    @Test
    void a_refusal_of_what_we_need_is_told_from_an_absent_broker() {
        String qos = "The broker mqtt://here:1883 allows no QoS 1 (mosquitto's max_qos), or no MQTT 5, which Windhover "
                + "needs; change its configuration, or use another broker.";
        assertEquals(qos, refusal(unknownToPaho(0x9B)));
        assertEquals(qos, refusal(unknownToPaho(1)));
        assertEquals(
                "The broker mqtt://here:1883 allows no retained messages (mosquitto's retain_available), which "
                        + "Windhover needs; change its configuration, or use another broker.",
                refusal(new MqttException(0x9A)));
    }

    @Test
    void a_broker_of_an_older_mqtt_is_told_from_an_absent_one() {
        String older = "The broker mqtt://here:1883 allows no MQTT 5, which Windhover needs; change its configuration, "
                + "or use another broker.";
        assertEquals(older, refusal(new MqttException(0x84)));
        for (byte[] answer : new byte[][] {{0, 0}, {0, (byte) 0x84}}) {
            EOFException end = assertThrows(EOFException.class, () -> new MqttConnAck(answer));
            assertEquals(older, refusal(new MqttException(end)), "without properties, as MQTT 3.1.1 says it");
        }
        assertEquals(LinkException.Kind.UNREACHABLE, kind("mqtt://here", new EOFException()));
    }
}
