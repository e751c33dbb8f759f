// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import io.windhover.runtime.exception.WindhoverException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a connection to the broker, and sends what an outbox holds: the thread of a {@link Publisher}.
 *
 * <pre>
 *   connecting --accepted--> connected --lost--> waiting --time passed--> connecting
 *        '------failed-------------------------------^
 * </pre>
 */
final class BrokerConnection {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerConnection.class);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    /** The reason of a loss may be known a little after the loss. */
    private static final long REASON_MILLIS = 200;

    private static final Link.Loss CLOSED = new Link.Loss("it was closed", false);
    private static final byte[] ONLINE = "online".getBytes(StandardCharsets.UTF_8);

    private final PublisherSettings settings;
    private final Link.Connector connector;
    private final Outbox outbox;
    private final Supplier<List<OutgoingMessage>> retained;
    private final Backoff backoff;
    private final Thread worker = new Thread(this::work, "windhover-mqtt");
    private final CountDownLatch firstAttempt = new CountDownLatch(1);
    private final AtomicReference<@Nullable LinkException> firstFailure = new AtomicReference<>();
    private final AtomicLong connects = new AtomicLong();
    private final Listening listening;
    private final RefusedTopics refusedTopics = new RefusedTopics();
    /**
     * The last connection was lost at once, so messages are sent one by one for as long: a broker that ends it at one
     * of several may not get to say at which.
     */
    private boolean wary;

    private volatile boolean failFirstConnect;
    private volatile boolean connected;
    private volatile boolean quiet;
    private volatile boolean stopping;
    private volatile @Nullable String lastWarning;

    /** @param retained what a service says again on every connect but the first */
    BrokerConnection(
            PublisherSettings settings,
            Link.Connector connector,
            Outbox outbox,
            Supplier<List<OutgoingMessage>> retained,
            RandomGenerator random) {
        this.settings = settings;
        this.connector = connector;
        this.outbox = outbox;
        this.retained = retained;
        this.backoff = new Backoff(settings.times().longestBackoff(), random);
        this.listening = new Listening(settings.subscriptions());
        worker.setDaemon(true);
    }

    void start() {
        worker.start();
    }

    /** Starts it, and throws when the first attempt fails. */
    void startAndRequire() {
        failFirstConnect = true;
        start();
        requireFirstConnection();
        failFirstConnect = false;
    }

    private void requireFirstConnection() {
        try {
            boolean answered = firstAttempt.await(settings.times().answer().toMillis() + 1000, TimeUnit.MILLISECONDS);
            LinkException failure = firstFailure.get();
            if (!answered || failure != null) {
                throw new WindhoverException(describe(failure), failure);
            }
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new WindhoverException("Connecting to " + settings.broker() + " was interrupted.", interruption);
        }
    }

    private String describe(@Nullable LinkException failure) {
        return failure == null
                ? "The broker " + settings.broker() + " does not answer; start it, or check the address."
                : failure.sentence(settings.broker());
    }

    long connects() {
        return connects.get();
    }

    boolean isConnected() {
        return connected;
    }

    Listening listening() {
        return listening;
    }

    /** Logs nothing any more. */
    void beQuiet() {
        quiet = true;
    }

    /** Disconnects: politely where nothing is left to send. */
    void stop() {
        stopping = true;
        try {
            worker.join(settings.times().answer().toMillis() * 2 + 1000);
        } catch (InterruptedException interruption) {
            worker.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        try {
            while (!stopping) {
                long pauseMillis = serveOneConnection();
                pause(pauseMillis);
            }
        } catch (InterruptedException stopped) {
            firstAttempt.countDown();
        }
    }

    private void pause(long millis) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (!stopping && System.nanoTime() - end < 0) {
            TimeUnit.NANOSECONDS.sleep(Math.min(POLL_NANOS, Math.max(1, end - System.nanoTime())));
        }
    }

    /** Connects, sends until the link is lost or we stop; answers how long to wait before the next attempt. */
    private long serveOneConnection() throws InterruptedException {
        CompletableFuture<Link.Loss> loss = new CompletableFuture<>();
        try (Link link = connector.connect(settings, loss::complete)) {
            listening.begin();
            listen(link);
            long since = System.nanoTime();
            connects.incrementAndGet();
            sayItIsBack();
            connected = true;
            announce();
            outbox.replay();
            firstAttempt.countDown();
            LOG.debug("connected to {}", settings.broker());
            boolean ended = send(link);
            if (ended) {
                return 0;
            }
            Link.Loss end = loss.completeOnTimeout(CLOSED, REASON_MILLIS, TimeUnit.MILLISECONDS)
                    .join();
            wary = System.nanoTime() - since < Backoff.QUICK_NANOS;
            if (isExplained(end)) {
                return backoff.afterExplainedLossMillis();
            }
            long pauseMillis = backoff.afterLossMillis(System.nanoTime() - since);
            warnOfLoss(end.reason());
            return pauseMillis;
        } catch (LinkException failure) {
            firstFailure.compareAndSet(null, firstAttempt.getCount() > 0 ? failure : null);
            firstAttempt.countDown();
            warnOnce(describe(failure));
            return failure.lasts() ? backoff.afterRefusalMillis() : backoff.afterFailureMillis();
        } finally {
            connected = false;
            listening.end();
            outbox.takeBack();
        }
    }

    /**
     * Whether the connection was lost for a message, which is not sent again. Of an unreadable answer that is the
     * largest on its way: it is above any limit that another one is above.
     */
    private boolean isExplained(Link.Loss end) {
        Outbox.Sending largest = end.unreadable() ? outbox.largestSent() : null;
        if (largest != null) {
            OutgoingMessage message = largest.message();
            outbox.drop(largest.ticket());
            boolean unused = refusedTopics.avoid(message.topic(), message.payload().length, System.nanoTime());
            warnOfTopic(
                    message.topic(),
                    "The broker " + settings.broker() + " answers a message of " + message.payload().length
                            + " bytes for '" + message.topic() + "' with what is no MQTT, as mosquitto does above its "
                            + "message_size_limit; it is dropped.");
        }
        boolean refused = refusedTopics.lose(System.nanoTime());
        return refused || largest != null;
    }

    private void announce() {
        if (settings.role() == Role.GUEST) {
            return;
        }
        List<OutgoingMessage> first = new ArrayList<>();
        first.add(new OutgoingMessage(settings.topics().available(), ONLINE, true));
        if (connects.get() > 1) {
            first.addAll(retained.get());
        }
        outbox.addFirst(first);
    }

    /** True when the publisher was stopped, false when the link was lost. */
    private boolean send(Link link) throws InterruptedException, LinkException {
        int withheld = wary ? link.receiveMaximum() - 1 : 0;
        Semaphore window = new Semaphore(link.receiveMaximum() - withheld);
        long since = System.nanoTime();
        while (link.isConnected()) {
            if (withheld > 0 && System.nanoTime() - since > Backoff.QUICK_NANOS) {
                window.release(withheld);
                withheld = 0;
            }
            listen(link);
            if (stopping) {
                if (outbox.size() == 0) {
                    link.disconnect();
                }
                return true;
            }
            if (!window.tryAcquire(POLL_NANOS, TimeUnit.NANOSECONDS)) {
                continue;
            }
            Outbox.Sending next = outbox.take(POLL_NANOS);
            if (next == null) {
                window.release();
                continue;
            }
            if (refusedTopics.isAvoided(next.message().topic(), next.message().payload().length, System.nanoTime())) {
                outbox.drop(next.ticket());
                window.release();
                continue;
            }
            if (next.message().packetBytes() > link.maximumPacketBytes()) {
                outbox.drop(next.ticket());
                window.release();
                warnOfTopic(
                        next.message().topic(),
                        "The broker takes messages of " + link.maximumPacketBytes() + " bytes at most; those for '"
                                + next.message().topic() + "' that are larger are dropped.");
                continue;
            }
            try {
                link.publish(next.message(), answer(next, window));
            } catch (LinkException lost) {
                LOG.debug("link lost while sending: {}", lost.getMessage());
                return false;
            }
        }
        return false;
    }

    private Link.Answer answer(Outbox.Sending sending, Semaphore window) {
        return new Link.Answer() {
            @Override
            public void taken() {
                outbox.acknowledge(sending.ticket());
                window.release();
            }

            @Override
            public void refused(String reason) {
                String topic = sending.message().topic();
                refusedTopics.refuse(topic, System.nanoTime());
                outbox.drop(sending.ticket());
                window.release();
                warnOfTopic(
                        topic,
                        "The broker " + settings.broker() + " refuses messages for '" + topic + "' (" + reason
                                + "); they are dropped.");
            }
        };
    }

    private void warnOfLoss(String reason) {
        warnOnce(
                backoff.suspectsSharedClientId()
                        ? "The broker " + settings.broker() + " keeps dropping us at once (" + reason
                                + "); is another client using the id '" + settings.clientId() + "'? Waiting longer."
                        : "The connection to " + settings.broker() + " was lost (" + reason + "); reconnecting.");
    }

    private void warnOfTopic(String topic, String sentence) {
        if (!quiet && refusedTopics.isDue(topic, System.nanoTime())) {
            LOG.warn("{}", sentence);
        }
    }

    private void sayItIsBack() {
        if (lastWarning != null && !quiet && !backoff.suspectsSharedClientId()) {
            LOG.info("The broker {} is connected{}.", settings.broker(), connects.get() > 1 ? " again" : "");
        }
        lastWarning = null;
    }

    /** Logs a problem when it is new, not at every attempt. */
    private void warnOnce(String sentence) {
        if (!sentence.equals(lastWarning) && !quiet && !failFirstConnect) {
            LOG.warn("{}", sentence);
        }
        lastWarning = sentence;
    }

    /** Has the broker send what is wanted now, and nothing else. */
    private void listen(Link link) throws LinkException {
        if (!listening.hasChanged()) {
            return;
        }
        List<String> surplus = listening.surplus();
        if (!surplus.isEmpty()) {
            link.unsubscribe(surplus);
            listening.left(surplus);
        }
        List<Subscription> missing = listening.missing();
        if (!missing.isEmpty()) {
            link.subscribe(missing)
                    .forEach(filter -> warnOnce("The broker " + settings.broker() + " refuses to send messages for "
                            + filter + "; check what this node's user may read."));
            listening.joined(missing);
        }
    }
}
