// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.ConnectException;
import java.net.SocketException;
import javax.net.ssl.SSLHandshakeException;
import org.eclipse.paho.mqttv5.common.MqttException;
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
}
