package io.windhover.runtime.mqtt;

import io.windhover.runtime.WindhoverException;
import java.time.Duration;

/**
 * How a publisher behaves.
 *
 * @param clientId         unique at the broker
 * @param keepAliveSeconds a dead connection is noticed after about 1.8 times this; at most 15
 * @param timeout          longest wait for one answer of the broker
 * @param longestBackoff   longest pause between two attempts to connect
 * @param queueMessages    most messages kept while the broker is slow or away; the oldest go first
 * @param queueBytes       most payload bytes kept
 * @param payloadBytes     largest payload accepted
 */
public record PublisherSettings(
        BrokerAddress broker,
        Topics topics,
        String clientId,
        int keepAliveSeconds,
        Duration timeout,
        Duration longestBackoff,
        int queueMessages,
        long queueBytes,
        int payloadBytes) {
    private static final int LONGEST_KEEP_ALIVE_SECONDS = 15;

    public PublisherSettings {
        if (keepAliveSeconds < 1 || keepAliveSeconds > LONGEST_KEEP_ALIVE_SECONDS) {
            throw new WindhoverException("The MQTT keep-alive must be 1 to 15 seconds, not " + keepAliveSeconds + ".");
        }
        if (queueMessages < 1 || queueBytes < 1 || payloadBytes < 1) {
            throw new WindhoverException("MQTT limits must be positive.");
        }
    }

    /** Sensible behaviour for a node that publishes one stream. */
    public static PublisherSettings of(BrokerAddress broker, Topics topics, String stream) {
        return new PublisherSettings(broker, topics, "windhover-" + topics.node() + "-" + stream, LONGEST_KEEP_ALIVE_SECONDS,
                Duration.ofSeconds(10), Duration.ofSeconds(30), 10_000, 64L << 20, 16 << 20);
    }

    /** The same with other queue limits. */
    public PublisherSettings withQueue(int messages, long bytes) {
        return new PublisherSettings(broker, topics, clientId, keepAliveSeconds, timeout, longestBackoff, messages, bytes, payloadBytes);
    }

    /** The same with another limit of a payload. */
    public PublisherSettings withPayloadLimit(int bytes) {
        return new PublisherSettings(broker, topics, clientId, keepAliveSeconds, timeout, longestBackoff, queueMessages, queueBytes, bytes);
    }

    /** The same with other waiting times. */
    public PublisherSettings withTimes(Duration newTimeout, Duration newLongestBackoff) {
        return new PublisherSettings(broker, topics, clientId, keepAliveSeconds, newTimeout, newLongestBackoff, queueMessages, queueBytes, payloadBytes);
    }
}
