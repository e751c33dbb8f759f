// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.eclipse.paho.mqttv5.client.IMqttAsyncClient;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttClientException;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
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

    /** Reason codes from here on say that the broker does not have the message. */
    private static final int FIRST_FAILURE = 0x80;

    private static final int QUOTA_EXCEEDED = 0x97;
    private static final int NOT_AUTHORISED = 0x87;
    private static final int BAD_CREDENTIALS = 0x86;
    private static final int BANNED = 0x8A;
    private static final int LEGACY_BAD_CREDENTIALS = 4;
    private static final int LEGACY_NOT_AUTHORISED = 5;
    private static final int QOS = 1;

    /** Beside the largest payload, since Paho holds us to what we allow the broker. */
    private static final long HEADER_BYTES = 256 << 10;

    private static final int LONGEST_REASON = 200;
    private static final long ROOM_NANOS = 100_000;

    private final IMqttAsyncClient client;
    private final PublisherSettings settings;
    private final int receiveMaximum;
    private final long maximumPacketBytes;
    private final AtomicBoolean closed;

    private PahoLink(
            IMqttAsyncClient client,
            PublisherSettings settings,
            int receiveMaximum,
            long maximumPacketBytes,
            AtomicBoolean closed) {
        this.client = client;
        this.settings = settings;
        this.receiveMaximum = receiveMaximum;
        this.maximumPacketBytes = maximumPacketBytes;
        this.closed = closed;
    }

    /** Makes the client of one attempt; a test stages a broker's failures here. */
    @FunctionalInterface
    interface ClientFactory {
        IMqttAsyncClient create(PublisherSettings settings) throws MqttException;
    }

    static Connector connector() {
        return connector(settings ->
                new MqttAsyncClient(settings.broker().serverUri(), settings.clientId(), new MemoryPersistence()));
    }

    static Connector connector(ClientFactory factory) {
        return (settings, lost) -> connect(factory, settings, lost);
    }

    private static Link connect(ClientFactory factory, PublisherSettings settings, Consumer<String> lost)
            throws LinkException {
        IMqttAsyncClient client = null;
        AtomicBoolean closed = new AtomicBoolean();
        try {
            PahoLogging.silence();
            client = factory.create(settings);
            client.setCallback(new LossListener(lost, closed));
            IMqttToken token = client.connect(options(settings));
            token.waitForCompletion(settings.timeout().toMillis());
            MqttProperties answer = token.getResponseProperties();
            Integer window = answer == null ? null : answer.getReceiveMaximum();
            Long packet = answer == null ? null : answer.getMaximumPacketSize();
            return new PahoLink(
                    client,
                    settings,
                    window == null || window < 1 ? UNLIMITED : window,
                    packet == null || packet < 1 ? Long.MAX_VALUE : packet,
                    closed);
        } catch (MqttException problem) {
            closed.set(true);
            dispose(client);
            throw new LinkException(kind(problem), reason(problem), problem);
        } catch (RuntimeException problem) {
            closed.set(true);
            dispose(client);
            throw new LinkException(LinkException.Kind.UNREACHABLE, String.valueOf(problem.getMessage()), problem);
        }
    }

    private static MqttConnectionOptions options(PublisherSettings settings) {
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setAutomaticReconnect(false);
        options.setCleanStart(true);
        options.setMaximumPacketSize(settings.payloadBytes() + HEADER_BYTES);
        options.setSessionExpiryInterval(0L);
        options.setTopicAliasMaximum(0);
        options.setKeepAliveInterval(settings.keepAliveSeconds());
        options.setConnectionTimeout((int) Math.max(1, settings.timeout().toSeconds()));
        options.setSocketFactory(NoDelaySockets.of(settings.broker().secure()));
        if (settings.role() == Role.SERVICE) {
            MqttMessage will = new MqttMessage(OFFLINE);
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

    private static LinkException.Kind kind(MqttException problem) {
        return switch (problem.getReasonCode()) {
            case NOT_AUTHORISED, BAD_CREDENTIALS, BANNED, LEGACY_BAD_CREDENTIALS, LEGACY_NOT_AUTHORISED ->
                LinkException.Kind.REFUSED;
            default -> LinkException.Kind.UNREACHABLE;
        };
    }

    /** The innermost cause's own words, which say more than Paho's "MqttException". */
    private static String reason(MqttException problem) {
        Throwable innermost = problem;
        while (innermost.getCause() != null && innermost.getCause() != innermost) {
            innermost = innermost.getCause();
        }
        String words = innermost.getMessage();
        return words == null || words.isBlank() || words.equals("MqttException")
                ? innermost.getClass().getSimpleName() + ", code " + problem.getReasonCode()
                : printable(words);
    }

    /** Words of a broker's on one line of bounded length. */
    private static String printable(String words) {
        String line = words.length() > LONGEST_REASON ? words.substring(0, LONGEST_REASON) + "..." : words;
        return line.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
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
        packet.setProperties(new MqttProperties());
        send(message.topic(), packet, new MqttActionListener() {
            @Override
            public void onSuccess(IMqttToken token) {
                int code = worst(token.getReasonCodes());
                if (code < FIRST_FAILURE) {
                    answer.taken();
                } else {
                    answer.refused(refusal(code));
                }
            }

            @Override
            public void onFailure(IMqttToken token, Throwable problem) {
                abandon();
            }
        });
    }

    /** Paho calls a message of QoS 0 sent a moment before it has room for the next one. */
    private void send(String topic, MqttMessage packet, MqttActionListener listener) throws LinkException {
        long end = System.nanoTime() + settings.timeout().toNanos();
        while (true) {
            try {
                client.publish(topic, packet, null, listener);
                return;
            } catch (MqttException problem) {
                if (problem.getReasonCode() != MqttClientException.REASON_CODE_MAX_INFLIGHT
                        || System.nanoTime() - end > 0) {
                    throw new LinkException(LinkException.Kind.LOST, reason(problem), problem);
                }
                LockSupport.parkNanos(ROOM_NANOS);
            }
        }
    }

    private static int worst(int @Nullable [] reasonCodes) {
        return reasonCodes == null ? 0 : IntStream.of(reasonCodes).max().orElse(0);
    }

    private static String refusal(int code) {
        return switch (code) {
            case NOT_AUTHORISED -> "not authorised";
            case QUOTA_EXCEEDED -> "quota exceeded";
            default -> String.format("reason code 0x%02x", code);
        };
    }

    /** A message failed: the link's owner sees it as lost and sends again over the next one. */
    private void abandon() {
        closed.set(true);
    }

    @Override
    public boolean isConnected() {
        return !closed.get() && client.isConnected();
    }

    @Override
    public void disconnect() {
        closed.set(true);
        try {
            client.disconnect(settings.timeout().toMillis())
                    .waitForCompletion(settings.timeout().toMillis());
        } catch (MqttException alreadyGone) {
            return;
        }
    }

    @Override
    public void close() {
        closed.set(true);
        dispose(client);
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

    private record LossListener(Consumer<String> lost, AtomicBoolean closed) implements MqttCallback {
        @Override
        public void disconnected(MqttDisconnectResponse response) {
            if (!closed.getAndSet(true)) {
                MqttException problem = response.getException();
                String words = response.getReasonString();
                lost.accept(
                        words != null
                                ? printable(words)
                                : problem != null ? reason(problem) : "code " + response.getReturnCode());
            }
        }

        @Override
        public void mqttErrorOccurred(MqttException problem) {
            if (!closed.getAndSet(true)) {
                lost.accept(reason(problem));
            }
        }

        @Override
        public void messageArrived(String topic, MqttMessage message) {}

        @Override
        public void deliveryComplete(IMqttToken token) {}

        @Override
        public void connectComplete(boolean reconnect, String serverUri) {}

        @Override
        public void authPacketArrived(int reasonCode, MqttProperties properties) {}
    }
}
