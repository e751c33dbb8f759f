// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.common.MqttMessage;

/** How a client connects. */
final class PahoOptions {
    private static final int QOS = 1;
    /** Beside the largest payload, since Paho holds us to what we allow the broker. */
    private static final long HEADER_BYTES = 256 << 10;

    private static final int MOST_INCOMING = 16;
    private static final long INCOMING_BYTES = 64L << 20;

    /** How long a broker keeps what a node that listens has not acknowledged. */
    private static final Duration SESSION = Duration.ofDays(1);

    private PahoOptions() {}

    /** @param anew the session is not to be resumed */
    static MqttConnectionOptions of(PublisherSettings settings, boolean anew) throws LinkException {
        boolean listens = !settings.subscriptions().isEmpty();
        long packetBytes = settings.limits().payloadBytes() + HEADER_BYTES;
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setAutomaticReconnect(false);
        options.setCleanStart(anew || !listens);
        options.setSessionExpiryInterval(listens ? SESSION.toSeconds() : 0);
        options.setMaximumPacketSize(packetBytes);
        options.setReceiveMaximum((int) Math.max(1, Math.min(MOST_INCOMING, INCOMING_BYTES / packetBytes)));
        options.setTopicAliasMaximum(0);
        options.setKeepAliveInterval(settings.keepAliveSeconds());
        options.setConnectionTimeout((int) Math.max(1, settings.times().answer().toSeconds()));
        options.setHttpsHostnameVerificationEnabled(true);
        options.setSocketFactory(
                settings.broker().secure()
                        ? PromptSockets.of(TlsContext.sockets(
                                settings.tls(), settings.broker().host()))
                        : PromptSockets.plain());
        if (settings.role() == Role.SERVICE) {
            MqttMessage will = new MqttMessage(PahoLink.OFFLINE);
            will.setQos(QOS);
            will.setRetained(true);
            options.setWill(settings.topics().available(), will);
        }
        String user = settings.broker().user();
        String password = settings.broker().password();
        if (user != null) {
            options.setUserName(user);
        }
        if (password != null) {
            options.setPassword(password.getBytes(StandardCharsets.UTF_8));
        }
        return options;
    }
}
