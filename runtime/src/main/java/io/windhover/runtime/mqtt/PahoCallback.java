// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.eclipse.paho.mqttv5.client.IMqttAsyncClient;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one link hears from its broker: messages, and once that it is lost. */
final class PahoCallback implements MqttCallback {
    private static final Logger LOG = LoggerFactory.getLogger(PahoCallback.class);

    private final PublisherSettings settings;
    private final Consumer<Link.Loss> lost;
    private final AtomicBoolean closed;
    private final IMqttAsyncClient client;
    private final int link;
    private boolean failureSaid;

    PahoCallback(PublisherSettings settings, Consumer<Link.Loss> lost, AtomicBoolean closed, IMqttAsyncClient client) {
        this.settings = settings;
        this.lost = lost;
        this.closed = closed;
        this.client = client;
        this.link = settings.acknowledgements().begin(this::acknowledge);
    }

    private boolean acknowledge(int id) {
        if (closed.get()) {
            return false;
        }
        try {
            client.messageArrivedComplete(id, 1);
            return true;
        } catch (MqttException | RuntimeException gone) {
            LOG.debug("a message is not acknowledged, the broker will bring it again: {}", gone.getMessage());
            return false;
        }
    }

    /** A message that no subscription covers is one of an earlier process's: it needs not come again. */
    @Override
    public void messageArrived(String topic, MqttMessage message) {
        Receipt receipt = message.getQos() > 0 ? settings.acknowledgements().arrived(link, topic, message) : () -> {};
        if (receipt == null) {
            return;
        }
        MqttProperties properties = message.getProperties();
        IncomingMessage incoming = new IncomingMessage(
                topic,
                message.getPayload(),
                message.isRetained(),
                properties == null ? null : properties.getResponseTopic(),
                properties == null ? null : properties.getCorrelationData(),
                !IncomingPackets.isUnreadable(message),
                receipt);
        boolean handled = false;
        for (Subscription subscription : settings.subscriptions()) {
            if (!handled && subscription.covers(topic)) {
                handled = handle(subscription, incoming);
            }
        }
        if (!handled) {
            receipt.taken();
        }
    }

    /** What a handler throws would end the connection's thread. */
    private boolean handle(Subscription subscription, IncomingMessage message) {
        try {
            subscription.handler().accept(message);
            return true;
        } catch (RuntimeException | StackOverflowError problem) {
            if (!failureSaid) {
                LOG.warn("A message for '{}' cannot be handled and is dropped.", subscription.filter(), problem);
            }
            failureSaid = true;
            return false;
        }
    }

    @Override
    public void disconnected(MqttDisconnectResponse response) {
        MqttException problem = response.getException();
        String words = response.getReasonString();
        if (words == null && problem != null) {
            lose(PahoFailures.loss(problem));
        } else {
            String reason = words == null ? "code " + response.getReturnCode() : PahoFailures.printable(words);
            lose(new Link.Loss(reason, false));
        }
    }

    @Override
    public void mqttErrorOccurred(MqttException problem) {
        lose(PahoFailures.loss(problem));
    }

    void lose(Link.Loss loss) {
        if (!closed.getAndSet(true)) {
            lost.accept(loss);
        }
    }

    @Override
    public void deliveryComplete(IMqttToken token) {}

    @Override
    public void connectComplete(boolean reconnect, String serverUri) {}

    @Override
    public void authPacketArrived(int reasonCode, MqttProperties properties) {}
}
