// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.eclipse.paho.mqttv5.client.IMqttAsyncClient;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttClientException;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.internal.NetworkModule;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.MqttSubscription;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.jspecify.annotations.Nullable;

/**
 * A link by Paho's MQTT 5 client. Every attempt has a client of its own, which is closed whatever happens; Paho's
 * automatic reconnect stays off, because it has no jitter and leaks a thread when it fails.
 */
final class PahoLink implements Link {
    static final byte[] OFFLINE = "offline".getBytes(StandardCharsets.UTF_8);

    /** What MQTT 5 says a broker means when it names no receive maximum. */
    private static final int UNLIMITED = 65_535;

    /** Reason codes from here on say that the broker does not have the message, or will send none. */
    private static final int FIRST_FAILURE = 0x80;

    private static final long ROOM_NANOS = 100_000;
    /** A broker that is slower does it later. */
    private static final long UNSUBSCRIBE_MILLIS = 1000;

    private final IMqttAsyncClient client;
    private final PahoThreads threads;
    private final PublisherSettings settings;
    private final int receiveMaximum;
    private final long maximumPacketBytes;
    private final AtomicBoolean closed;
    private final PahoCallback callback;

    private PahoLink(
            IMqttAsyncClient client,
            PahoThreads threads,
            PublisherSettings settings,
            @Nullable MqttProperties answer,
            AtomicBoolean closed,
            PahoCallback callback) {
        Integer window = answer == null ? null : answer.getReceiveMaximum();
        Long packet = answer == null ? null : answer.getMaximumPacketSize();
        this.client = client;
        this.threads = threads;
        this.settings = settings;
        this.receiveMaximum = window == null || window < 1 ? UNLIMITED : window;
        this.maximumPacketBytes = packet == null || packet < 1 ? Long.MAX_VALUE : packet;
        this.closed = closed;
        this.callback = callback;
    }

    /** Makes the client of one attempt; a test stages a broker's failures here. */
    @FunctionalInterface
    interface ClientFactory {
        IMqttAsyncClient create(PublisherSettings settings, ScheduledExecutorService threads) throws MqttException;
    }

    static Connector connector() {
        return connector((settings, threads) ->
                new MqttAsyncClient(
                        settings.broker().serverUri(), settings.clientId(), new MemoryPersistence(), null, threads) {
                    @Override
                    protected NetworkModule[] createNetworkModules(String address, MqttConnectionOptions options)
                            throws MqttException {
                        NetworkModule[] networks = super.createNetworkModules(address, options);
                        Arrays.setAll(
                                networks,
                                i -> IncomingPackets.around(
                                        networks[i],
                                        options.getMaximumPacketSize().intValue()));
                        return networks;
                    }
                });
    }

    static Connector connector(ClientFactory factory) {
        AtomicBoolean unreadable = new AtomicBoolean();
        return (settings, lost) -> connect(factory, settings, lost, unreadable);
    }

    /** @param unreadable the session holds a packet that Paho cannot read, and must begin anew */
    private static Link connect(
            ClientFactory factory, PublisherSettings settings, Consumer<Loss> lost, AtomicBoolean unreadable)
            throws LinkException {
        IMqttAsyncClient client = null;
        PahoThreads threads = new PahoThreads();
        AtomicBoolean closed = new AtomicBoolean();
        try {
            PahoLogging.silence();
            client = factory.create(settings, threads);
            PahoCallback callback = new PahoCallback(settings, lost, closed, client);
            client.setCallback(callback);
            client.setManualAcks(!settings.subscriptions().isEmpty());
            threads.onFailure(problem -> {
                unreadable.set(true);
                callback.lose(new Loss(
                        "a packet that cannot be read: " + PahoFailures.printable(String.valueOf(problem.getMessage()))
                                + "; what waits at the broker for this node is lost",
                        false));
            });
            IMqttToken token = client.connect(PahoOptions.of(settings, unreadable.getAndSet(false)));
            token.waitForCompletion(settings.times().answer().toMillis());
            if (!token.getSessionPresent()) {
                settings.acknowledgements().forget();
            }
            PahoFailures.requireSuitable(token.getResponseProperties());
            return new PahoLink(client, threads, settings, token.getResponseProperties(), closed, callback);
        } catch (MqttException | LinkException | RuntimeException problem) {
            closed.set(true);
            dispose(client);
            threads.shutdownNow();
            throw PahoFailures.connecting(problem, settings.broker());
        }
    }

    @Override
    public List<String> subscribe(List<Subscription> subscriptions) throws LinkException {
        int[] codes;
        try {
            IMqttToken token = client.subscribe(subscriptions.stream()
                    .map(subscription -> new MqttSubscription(subscription.filter(), subscription.qos()))
                    .toArray(MqttSubscription[]::new));
            token.waitForCompletion(settings.times().answer().toMillis());
            codes = token.getReasonCodes();
        } catch (MqttException problem) {
            throw PahoFailures.connecting(problem, settings.broker());
        }
        List<String> refused = new ArrayList<>();
        for (int i = 0; codes != null && i < codes.length; i++) {
            if (codes[i] >= FIRST_FAILURE) {
                refused.add("'" + subscriptions.get(i).filter() + "' (" + PahoFailures.refusal(codes[i]) + ")");
            }
        }
        return refused;
    }

    @Override
    public void unsubscribe(List<String> filters) {
        try {
            client.unsubscribe(filters.toArray(new String[0])).waitForCompletion(UNSUBSCRIBE_MILLIS);
        } catch (MqttException problem) {
            if (problem.getReasonCode() != MqttClientException.REASON_CODE_CLIENT_TIMEOUT) {
                abandon(problem);
            }
        }
    }

    @Override
    public int receiveMaximum() {
        return receiveMaximum;
    }

    @Override
    public long maximumPacketBytes() {
        return maximumPacketBytes;
    }

    @Override
    public void publish(OutgoingMessage message, Answer answer) throws LinkException {
        MqttMessage packet = new MqttMessage(message.payload());
        packet.setQos(message.qos());
        packet.setRetained(message.retained());
        MqttProperties properties = new MqttProperties();
        byte[] correlation = message.correlation();
        if (correlation != null) {
            properties.setCorrelationData(correlation);
        }
        packet.setProperties(properties);
        send(message.topic(), packet, new MqttActionListener() {
            @Override
            public void onSuccess(IMqttToken token) {
                int code = worst(token.getReasonCodes());
                if (code < FIRST_FAILURE) {
                    answer.taken();
                } else {
                    answer.refused(PahoFailures.refusal(code));
                }
            }

            @Override
            public void onFailure(IMqttToken token, Throwable problem) {
                abandon(problem);
            }
        });
    }

    /** Paho calls a message of QoS 0 sent a moment before it has room for the next one. */
    private void send(String topic, MqttMessage packet, MqttActionListener listener) throws LinkException {
        long end = System.nanoTime() + settings.times().answer().toNanos();
        while (true) {
            try {
                client.publish(topic, packet, null, listener);
                return;
            } catch (MqttException problem) {
                if (problem.getReasonCode() != MqttClientException.REASON_CODE_MAX_INFLIGHT
                        || System.nanoTime() - end > 0) {
                    throw new LinkException(LinkException.Kind.LOST, PahoFailures.reason(problem), problem);
                }
                LockSupport.parkNanos(ROOM_NANOS);
            }
        }
    }

    private static int worst(int @Nullable [] reasonCodes) {
        return reasonCodes == null ? 0 : IntStream.of(reasonCodes).max().orElse(0);
    }

    /** A message failed: the link's owner sees it as lost and sends again over the next one. */
    private void abandon(Throwable problem) {
        callback.lose(
                problem instanceof MqttException known
                        ? PahoFailures.loss(known)
                        : new Loss(PahoFailures.printable(String.valueOf(problem)), false));
    }

    @Override
    public boolean isConnected() {
        return !closed.get() && client.isConnected();
    }

    @Override
    public void disconnect() {
        closed.set(true);
        if (!settings.subscriptions().isEmpty()) {
            awaitAcknowledgements();
        }
        try {
            client.disconnect(settings.times().answer().toMillis())
                    .waitForCompletion(settings.times().answer().toMillis());
        } catch (MqttException alreadyGone) {
            return;
        }
    }

    /**
     * Paho throws away those that it has not sent when it disconnects, and the broker would bring those messages again.
     * What it is asked for after them, it answers after it got them; nobody subscribes to this topic here.
     */
    private void awaitAcknowledgements() {
        unsubscribe(List.of(settings.topics().available()));
    }

    @Override
    public void close() {
        closed.set(true);
        dispose(client);
        threads.shutdownNow();
    }

    /** Ends the client's threads and socket even in the middle of a connection attempt. */
    static void dispose(@Nullable IMqttAsyncClient client) {
        if (client == null) {
            return;
        }
        try {
            if (client.isConnected()) {
                client.disconnectForcibly(0, 1, false);
            }
        } catch (MqttException | RuntimeException alreadyGone) {
            closeQuietly(client);
            return;
        }
        closeQuietly(client);
    }

    private static void closeQuietly(IMqttAsyncClient client) {
        try {
            if (client instanceof MqttAsyncClient paho) {
                paho.close(true);
            } else {
                client.close();
            }
        } catch (MqttException | RuntimeException alreadyClosed) {
            return;
        }
    }
}
