// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import io.windhover.runtime.exception.WindhoverException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.jspecify.annotations.Nullable;

/**
 * Receives what others publish: the demo's second client. Messages are handed over at once and wait, bounded, to be
 * taken.
 */
public final class Subscriber implements AutoCloseable {
    private static final int WAITING_LIMIT = 1000;
    /** The broker is told to keep larger ones to itself, so that nobody can fill our memory. */
    private static final long LARGEST_PACKET = 64 << 10;

    private final MqttAsyncClient client;
    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>(WAITING_LIMIT);

    /**
     * A message as it arrived.
     *
     * @param retained kept by the broker from before the subscription
     */
    public record Received(String topic, String payload, boolean retained) {}

    private Subscriber(MqttAsyncClient client) {
        this.client = client;
    }

    /** Connects and subscribes at QoS 1. */
    public static Subscriber subscribe(BrokerAddress broker, String clientId, String filter, Duration timeout) {
        try {
            Subscriber subscriber =
                    new Subscriber(new MqttAsyncClient(broker.serverUri(), clientId, new MemoryPersistence()));
            try {
                subscriber.open(broker, filter, timeout);
                return subscriber;
            } catch (MqttException | LinkException problem) {
                subscriber.close();
                throw problem;
            }
        } catch (MqttException problem) {
            throw failure(broker, filter, PahoFailures.connecting(problem, broker));
        } catch (LinkException problem) {
            throw failure(broker, filter, problem);
        }
    }

    private static WindhoverException failure(BrokerAddress broker, String filter, LinkException problem) {
        return new WindhoverException("Cannot subscribe to '" + filter + "'. " + problem.sentence(broker), problem);
    }

    private void open(BrokerAddress broker, String filter, Duration timeout) throws MqttException, LinkException {
        PahoLogging.silence();
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setAutomaticReconnect(false);
        options.setCleanStart(true);
        options.setMaximumPacketSize(LARGEST_PACKET);
        options.setSocketFactory(
                broker.secure()
                        ? PromptSockets.of(TlsContext.sockets(TlsFiles.NONE, broker.host()))
                        : PromptSockets.plain());
        if (broker.user() != null) {
            options.setUserName(broker.user());
        }
        if (broker.password() != null) {
            options.setPassword(broker.password().getBytes(StandardCharsets.UTF_8));
        }
        client.setCallback(new Arrivals(received));
        IMqttToken connecting = client.connect(options);
        connecting.waitForCompletion(timeout.toMillis());
        PahoFailures.requireSuitable(connecting.getResponseProperties());
        client.subscribe(filter, 1).waitForCompletion(timeout.toMillis());
    }

    /** The next message, or null when none came in time. */
    public @Nullable Received take(Duration timeout) {
        try {
            return received.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    @Override
    public void close() {
        PahoLink.dispose(client);
    }

    private record Arrivals(BlockingQueue<Received> received) implements MqttCallback {
        @Override
        public void messageArrived(String topic, MqttMessage message) {
            received.offer(new Received(
                    topic, new String(message.getPayload(), StandardCharsets.UTF_8), message.isRetained()));
        }

        @Override
        public void disconnected(MqttDisconnectResponse response) {}

        @Override
        public void mqttErrorOccurred(MqttException problem) {}

        @Override
        public void deliveryComplete(IMqttToken token) {}

        @Override
        public void connectComplete(boolean reconnect, String serverUri) {}

        @Override
        public void authPacketArrived(int reasonCode, MqttProperties properties) {}
    }
}
