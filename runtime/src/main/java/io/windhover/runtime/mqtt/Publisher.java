// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import io.windhover.runtime.exception.WindhoverException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Delivers messages to a broker, in order, surviving its absence.
 *
 * <p>{@link #publish} never blocks: what cannot be sent waits in a bounded outbox, oldest dropped first and counted;
 * what {@link #publishDurably} takes waits on disk, where the settings name a folder, and is sent by the next process
 * too. On every connect a service publishes availability and the last retained messages again; its {@link #close} says
 * "stopped". Closing delivers what is waiting within a deadline and disconnects.
 */
public final class Publisher implements AutoCloseable {
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    /** What closing waits when a flush took too long before. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private static final byte[] STOPPED = "stopped".getBytes(StandardCharsets.UTF_8);

    private final PublisherSettings settings;
    private final Outbox outbox;
    private final Map<String, OutgoingMessage> retained = new LinkedHashMap<>();
    private final BrokerConnection connection;
    private volatile boolean draining;
    private volatile boolean lateAlready;
    /** Guards what ends the taking of messages, so that none is queued behind it. */
    private final Object end = new Object();

    /** What came after the last word; it is known as lost once the connection has ended. */
    private final List<OutgoingMessage> tooLate = new ArrayList<>();

    private boolean lastWordSaid;
    private boolean retainsNothing;

    private Publisher(PublisherSettings settings, Link.Connector connector, RandomGenerator random) {
        this.settings = settings;
        this.outbox = new Outbox(settings.limits().messages(), settings.limits().bytes(), settings.spool());
        this.connection = new BrokerConnection(settings, connector, outbox, this::retained, random);
    }

    /** Starts a publisher that keeps trying until the broker is there. */
    public static Publisher start(PublisherSettings settings) {
        return start(settings, PahoLink.connector(), RandomGenerator.getDefault());
    }

    static Publisher start(PublisherSettings settings, Link.Connector connector, RandomGenerator random) {
        Publisher publisher = new Publisher(settings, connector, random);
        publisher.connection.start();
        return publisher;
    }

    /** Starts a publisher, and throws when the first attempt to connect fails. */
    public static Publisher connect(PublisherSettings settings) {
        Publisher publisher = new Publisher(settings, PahoLink.connector(), RandomGenerator.getDefault());
        try {
            publisher.connection.startAndRequire();
            return publisher;
        } catch (WindhoverException unreachable) {
            publisher.connection.stop();
            publisher.outbox.close();
            throw unreachable;
        }
    }

    private List<OutgoingMessage> retained() {
        synchronized (retained) {
            return List.copyOf(retained.values());
        }
    }

    /** Queues a message; its payload must not be changed afterwards. Throws when it is larger than the limit. */
    public void publish(String topic, byte[] payload, boolean retain) {
        publish(topic, payload, retain, () -> {});
    }

    /**
     * Queues a message.
     *
     * @param delivered called once, from another thread, when the broker has acknowledged it; it must not block
     */
    void publish(String topic, byte[] payload, boolean retain, Runnable delivered) {
        publish(topic, payload, retain, 1, delivered);
    }

    /** The same at QoS 0, where delivered means sent, or 1. */
    public void publish(String topic, byte[] payload, boolean retain, int qos, Runnable delivered) {
        requireSize(topic, payload.length, settings.limits().payloadBytes());
        OutgoingMessage message = new OutgoingMessage(topic, payload, retain, qos, delivered);
        remember(message);
        add(message);
    }

    private void add(OutgoingMessage message) {
        synchronized (end) {
            boolean unwanted = retainsNothing && message.retained() && message.payload().length > 0;
            if (lastWordSaid) {
                tooLate.add(message);
            } else if (!unwanted) {
                outbox.add(message);
            }
        }
    }

    /** What is queued last; nothing follows it. */
    private void sayLastWord() {
        synchronized (end) {
            if (settings.role() == Role.SERVICE) {
                outbox.add(new OutgoingMessage(settings.topics().available(), STOPPED, true));
            }
            lastWordSaid = true;
        }
    }

    /**
     * Queues a message that is to reach the broker even when this process ends before; at QoS 0, and without a queue on
     * disk, it waits in memory as others do. Durable messages are sent in their order, after others.
     *
     * @param safe called once, from another thread, when the message is on disk or the broker has acknowledged it; it
     *     must not block
     */
    public void publishDurably(String topic, byte[] payload, boolean retain, int qos, Runnable safe) {
        SpoolSettings spool = settings.spool();
        if (spool == null || qos == 0) {
            publish(topic, payload, retain, qos, safe);
            return;
        }
        requireSize(topic, payload.length, settings.limits().payloadBytes());
        requireSize(
                topic, SpoolFormat.entryBytes(topic, payload), spool.limits().entryBytes());
        OutgoingMessage message = new OutgoingMessage(topic, payload, retain, qos, safe);
        remember(message);
        outbox.addDurably(message);
    }

    /** Takes no more retained messages. */
    public void retainNothing() {
        synchronized (end) {
            retainsNothing = true;
        }
    }

    /**
     * Has the broker forget a retained message.
     *
     * @param delivered as in {@link #publish}
     */
    public void remove(String topic, Runnable delivered) {
        synchronized (retained) {
            retained.remove(topic);
        }
        add(new OutgoingMessage(topic, new byte[0], true, 1, delivered));
    }

    /**
     * Answers a request at QoS 1.
     *
     * @param topic as the request gives it; a {@link WindhoverException} says what is wrong with it
     * @param correlation as the request gives it
     * @param request told, from another thread, that it is taken when the broker has acknowledged or refused the
     *     answer, or that it is lost when the answer was given up; so it is answered by somebody
     */
    public void answer(String topic, byte @Nullable [] correlation, byte[] payload, Receipt request) {
        settings.topics().requireAnswerTopic(topic);
        requireSize(topic, payload.length, settings.limits().payloadBytes());
        add(new OutgoingMessage(topic, payload, false, 1, correlation, () -> {}, request));
    }

    /** Has the broker send messages for one of the settings' filters again. */
    public void listen(String filter) {
        connection.listening().want(filter);
    }

    /**
     * Has the broker send no more messages for a filter, until {@link #listen}. Returns when it does so; a broker that
     * does not answer is waited for a second.
     */
    public void leave(String filter) {
        try {
            connection.listening().leave(filter, LAST_WORDS.toNanos());
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
    }

    /** The same for all filters, for good; messages that the broker sent before are still handed over. */
    public void stopListening() {
        try {
            connection.listening().stop(LAST_WORDS.toNanos());
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
    }

    private static void requireSize(String topic, int bytes, int limit) {
        if (bytes > limit) {
            throw new WindhoverException("A message for '" + topic + "' has " + bytes
                    + " bytes, more than the limit of " + limit + "; make it smaller or raise the limit.");
        }
    }

    private void remember(OutgoingMessage message) {
        if (message.retained() && settings.role() == Role.SERVICE) {
            synchronized (retained) {
                retained.put(message.topic(), new OutgoingMessage(message.topic(), message.payload(), true));
            }
        }
    }

    public Statistics statistics() {
        Spool.Statistics stored = outbox.stored();
        return new Statistics(
                outbox.acknowledged(),
                outbox.size(),
                outbox.dropped() + (stored == null ? 0 : stored.lost()),
                Math.max(0, connection.connects() - 1),
                connection.isConnected(),
                stored == null ? 0 : stored.bytes(),
                stored == null ? 0 : stored.damaged(),
                stored != null && stored.onDisk());
    }

    /**
     * Counts since the start, and how it is.
     *
     * @param delivered acknowledged by the broker, availability included
     * @param waiting queued or not yet acknowledged, those on disk included
     * @param dropped given up because a queue was full, a message damaged, too old or too large, or the broker refused
     *     it
     * @param reconnects connections made after the first
     * @param queueBytes of the queue on disk
     * @param queueDamaged of the dropped: found damaged in the queue on disk
     * @param onDisk whether there is a queue on disk, and it took the last message
     */
    public record Statistics(
            long delivered,
            long waiting,
            long dropped,
            long reconnects,
            boolean connected,
            long queueBytes,
            long queueDamaged,
            boolean onDisk) {}

    /** How long the oldest durable message that is not acknowledged has waited; may read from the disk. */
    public Duration oldestWaiting() {
        return Duration.ofMillis(outbox.oldestStoredMillis());
    }

    /** Waits until everything published so far is acknowledged; false when that takes longer. */
    public boolean flush(Duration timeout) {
        try {
            boolean delivered = outbox.awaitEmpty(timeout.toNanos());
            lateAlready |= !delivered;
            return delivered;
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Delivers what is waiting, for at most the settings' wait, and disconnects; where something stays undelivered the
     * connection is broken instead, so that a service's will is sent. What is on disk stays there for the next process
     * and does not count as that. Until {@link #close} durable messages are still taken, onto the disk; others are not.
     * May be called more than once.
     */
    public void drain() {
        drain(Set.of());
    }

    /**
     * As {@link #drain()}.
     *
     * @param keep filters of subscriptions that another publisher of the same client id goes on with: the broker keeps
     *     what comes meanwhile
     */
    public void drain(Set<String> keep) {
        if (draining) {
            return;
        }
        draining = true;
        connection.beQuiet();
        connection.listening().stop(keep);
        if (settings.spool() != null) {
            deliverStored();
            outbox.leaveSpool();
        }
        sayLastWord();
        flush(lateAlready ? LAST_WORDS : settings.times().delivery());
        connection.stop();
    }

    /** {@link #drain}s where that was not done, and leaves the queue on disk to the next one. */
    @Override
    public void close() {
        drain();
        outbox.close();
        synchronized (end) {
            tooLate.forEach(message -> message.lose());
            tooLate.clear();
        }
    }

    /**
     * Waits until what waits now is delivered, not what follows. A broker that is away is not waited for where that is
     * on disk.
     */
    private void deliverStored() {
        long start = System.nanoTime();
        long longest = settings.times().delivery().toNanos();
        long whileAway = Math.min(longest, LAST_WORDS.toNanos());
        long goal = outbox.settled() + outbox.size();
        boolean delivered = false;
        try {
            for (long waited = 0; !delivered && waited < longest; waited = System.nanoTime() - start) {
                if (waited >= whileAway && !connection.isConnected() && isOnDisk()) {
                    break;
                }
                delivered = outbox.awaitEmpty(Math.min(POLL_NANOS, longest - waited)) || outbox.settled() >= goal;
            }
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
        lateAlready |= !delivered;
    }

    private boolean isOnDisk() {
        Spool.Statistics stored = outbox.stored();
        return stored != null && stored.onDisk();
    }
}
