// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import io.windhover.runtime.exception.WindhoverException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a publisher behaves.
 *
 * @param role what it publishes beside results
 * @param clientId unique at the broker
 * @param keepAliveSeconds a dead connection is noticed within about twice this; at most 15
 * @param timeout longest wait for one answer of the broker
 * @param delivery longest wait at the end for what is not delivered yet
 * @param longestBackoff longest pause between two attempts to connect
 * @param queueMessages most messages kept while the broker is slow or away; the oldest go first
 * @param queueBytes most payload bytes kept
 * @param payloadBytes largest payload accepted
 * @param tls what a secure connection is made with
 * @param subscriptions what it listens to
 * @param spool where durable messages wait on disk; null for in memory
 */
public record PublisherSettings(
        BrokerAddress broker,
        Topics topics,
        Role role,
        String clientId,
        int keepAliveSeconds,
        Duration timeout,
        Duration delivery,
        Duration longestBackoff,
        int queueMessages,
        long queueBytes,
        int payloadBytes,
        @Nullable SpoolSettings spool,
        TlsFiles tls,
        List<Subscription> subscriptions) {
    private static final int LONGEST_KEEP_ALIVE_SECONDS = 15;

    public PublisherSettings {
        if (keepAliveSeconds < 1 || keepAliveSeconds > LONGEST_KEEP_ALIVE_SECONDS) {
            throw new WindhoverException("The MQTT keep-alive must be 1 to 15 seconds, not " + keepAliveSeconds + ".");
        }
        if (queueMessages < 1 || queueBytes < 1 || payloadBytes < 1) {
            throw new WindhoverException("MQTT limits must be positive.");
        }
        subscriptions = List.copyOf(subscriptions);
    }

    /** Sensible behaviour for the service of a node. */
    public static PublisherSettings service(BrokerAddress broker, Topics topics) {
        return of(broker, topics, Role.SERVICE, "windhover-" + topics.node());
    }

    /** Sensible behaviour for a program that publishes some results and ends. */
    public static PublisherSettings guest(BrokerAddress broker, Topics topics) {
        return of(broker, topics, Role.GUEST, "windhover-" + topics.node() + "-guest-" + UUID.randomUUID());
    }

    private static PublisherSettings of(BrokerAddress broker, Topics topics, Role role, String clientId) {
        return new PublisherSettings(
                broker,
                topics,
                role,
                clientId,
                LONGEST_KEEP_ALIVE_SECONDS,
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                10_000,
                64L << 20,
                16 << 20,
                null,
                TlsFiles.NONE,
                List.of());
    }

    /** The same with other queue limits. */
    public PublisherSettings withQueue(int messages, long bytes) {
        return new PublisherSettings(
                broker,
                topics,
                role,
                clientId,
                keepAliveSeconds,
                timeout,
                delivery,
                longestBackoff,
                messages,
                bytes,
                payloadBytes,
                spool,
                tls,
                subscriptions);
    }

    /** The same with another limit of a payload. */
    public PublisherSettings withPayloadLimit(int bytes) {
        return new PublisherSettings(
                broker,
                topics,
                role,
                clientId,
                keepAliveSeconds,
                timeout,
                delivery,
                longestBackoff,
                queueMessages,
                queueBytes,
                bytes,
                spool,
                tls,
                subscriptions);
    }

    /** The same with another wait at the end. */
    public PublisherSettings withDelivery(Duration longest) {
        return new PublisherSettings(
                broker,
                topics,
                role,
                clientId,
                keepAliveSeconds,
                timeout,
                longest,
                longestBackoff,
                queueMessages,
                queueBytes,
                payloadBytes,
                spool,
                tls,
                subscriptions);
    }

    /** The same with other waiting times for the broker. */
    public PublisherSettings withTimes(Duration newTimeout, Duration newLongestBackoff) {
        return new PublisherSettings(
                broker,
                topics,
                role,
                clientId,
                keepAliveSeconds,
                newTimeout,
                delivery,
                newLongestBackoff,
                queueMessages,
                queueBytes,
                payloadBytes,
                spool,
                tls,
                subscriptions);
    }

    /** The same with durable messages on disk. */
    public PublisherSettings withSpool(SpoolSettings newSpool) {
        return new PublisherSettings(
                broker,
                topics,
                role,
                clientId,
                keepAliveSeconds,
                timeout,
                delivery,
                longestBackoff,
                queueMessages,
                queueBytes,
                payloadBytes,
                newSpool,
                tls,
                subscriptions);
    }

    /** The same, listening; messages come with payloads up to the limit, because the broker drops larger ones. */
    public PublisherSettings withSubscriptions(List<Subscription> newSubscriptions) {
        return new PublisherSettings(
                broker,
                topics,
                role,
                clientId,
                keepAliveSeconds,
                timeout,
                delivery,
                longestBackoff,
                queueMessages,
                queueBytes,
                payloadBytes,
                spool,
                tls,
                newSubscriptions);
    }

    /** The same with other files for a secure connection. */
    public PublisherSettings withTls(TlsFiles newTls) {
        return new PublisherSettings(
                broker,
                topics,
                role,
                clientId,
                keepAliveSeconds,
                timeout,
                delivery,
                longestBackoff,
                queueMessages,
                queueBytes,
                payloadBytes,
                spool,
                newTls,
                subscriptions);
    }
}
