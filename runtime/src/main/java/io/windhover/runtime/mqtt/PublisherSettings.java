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
 * @param keepAliveSeconds a dead connection is noticed after about twice this; at most 15
 * @param tls what a secure connection is made with
 * @param subscriptions what it listens to
 * @param spool where durable messages wait on disk; null for in memory
 * @param acknowledgements of what it hears; one for all publishers that go on with one session
 */
public record PublisherSettings(
        BrokerAddress broker,
        Topics topics,
        Role role,
        String clientId,
        int keepAliveSeconds,
        Times times,
        Limits limits,
        @Nullable SpoolSettings spool,
        TlsFiles tls,
        List<Subscription> subscriptions,
        Acknowledgements acknowledgements) {
    private static final int LONGEST_KEEP_ALIVE_SECONDS = 15;
    private static final Times USUAL_TIMES =
            new Times(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(30));
    private static final Limits USUAL_LIMITS = new Limits(10_000, 64L << 20, 16 << 20);

    /**
     * How long it waits.
     *
     * @param answer longest wait for one answer of the broker
     * @param delivery longest wait at the end for what is not delivered yet
     * @param longestBackoff longest pause between two attempts to connect
     */
    public record Times(Duration answer, Duration delivery, Duration longestBackoff) {}

    /**
     * How much it takes.
     *
     * @param messages most that are kept while the broker is slow or away; the oldest go first
     * @param bytes of payload kept at most
     * @param payloadBytes largest payload accepted
     */
    public record Limits(int messages, long bytes, int payloadBytes) {
        public Limits {
            if (messages < 1 || bytes < 1 || payloadBytes < 1) {
                throw new WindhoverException("MQTT limits must be positive.");
            }
        }
    }

    public PublisherSettings {
        if (keepAliveSeconds < 1 || keepAliveSeconds > LONGEST_KEEP_ALIVE_SECONDS) {
            throw new WindhoverException("The MQTT keep-alive must be 1 to 15 seconds, not " + keepAliveSeconds + ".");
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
                USUAL_TIMES,
                USUAL_LIMITS,
                null,
                TlsFiles.NONE,
                List.of(),
                new Acknowledgements());
    }

    private PublisherSettings with(
            Times newTimes,
            Limits newLimits,
            @Nullable SpoolSettings newSpool,
            TlsFiles newTls,
            List<Subscription> newSubscriptions) {
        return new PublisherSettings(
                broker,
                topics,
                role,
                clientId,
                keepAliveSeconds,
                newTimes,
                newLimits,
                newSpool,
                newTls,
                newSubscriptions,
                acknowledgements);
    }

    /** The same with other queue limits. */
    public PublisherSettings withQueue(int messages, long bytes) {
        return with(times, new Limits(messages, bytes, limits.payloadBytes), spool, tls, subscriptions);
    }

    /** The same with another limit of a payload. */
    public PublisherSettings withPayloadLimit(int bytes) {
        return with(times, new Limits(limits.messages, limits.bytes, bytes), spool, tls, subscriptions);
    }

    /** The same with another wait at the end. */
    public PublisherSettings withDelivery(Duration longest) {
        return with(new Times(times.answer, longest, times.longestBackoff), limits, spool, tls, subscriptions);
    }

    /** The same with other waiting times for the broker. */
    public PublisherSettings withTimes(Duration answer, Duration longestBackoff) {
        return with(new Times(answer, times.delivery, longestBackoff), limits, spool, tls, subscriptions);
    }

    /** The same with durable messages on disk. */
    public PublisherSettings withSpool(SpoolSettings newSpool) {
        return with(times, limits, newSpool, tls, subscriptions);
    }

    /** The same, listening; messages come with payloads up to the limit, because the broker drops larger ones. */
    public PublisherSettings withSubscriptions(List<Subscription> newSubscriptions) {
        return with(times, limits, spool, tls, newSubscriptions);
    }

    /** The same, going on with the session in which these messages came. */
    public PublisherSettings withAcknowledgements(Acknowledgements of) {
        return new PublisherSettings(
                broker, topics, role, clientId, keepAliveSeconds, times, limits, spool, tls, subscriptions, of);
    }

    /** The same with other files for a secure connection. */
    public PublisherSettings withTls(TlsFiles newTls) {
        return with(times, limits, spool, newTls, subscriptions);
    }
}
