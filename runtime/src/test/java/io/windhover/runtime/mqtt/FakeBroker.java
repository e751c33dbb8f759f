// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A broker in memory: refuses, takes, forgets or drops connections as a test says. Thread-safe. */
final class FakeBroker implements Link.Connector {
    private static final long DYING_NANOS = 20_000_000;

    private final List<String> taken = new ArrayList<>();
    private final Deque<LinkException> refusals = new ArrayDeque<>();
    private FakeLink current;
    private int attempts;
    private volatile boolean farewell;
    /** Filters subscribed to, kept from connection to connection. */
    final Set<String> listened = ConcurrentHashMap.newKeySet();

    int receiveMaximum = 20;
    long maximumPacketBytes = Long.MAX_VALUE;
    boolean acknowledging = true;

    @Nullable
    String refusal;
    /**
     * The connection ends at a message for this topic, which is refused first where no other one is on its way by then.
     */
    @Nullable
    String deadly;

    int mostUnacknowledged;

    synchronized void refuse(LinkException.Kind kind, int times) {
        for (int i = 0; i < times; i++) {
            refusals.add(new LinkException(kind, "staged"));
        }
    }

    @Override
    public synchronized Link connect(PublisherSettings settings, Consumer<Link.Loss> lost) throws LinkException {
        attempts++;
        LinkException refusal = refusals.poll();
        if (refusal != null) {
            throw refusal;
        }
        current = new FakeLink(lost);
        return current;
    }

    /** Everything taken, as TOPIC=PAYLOAD. */
    synchronized List<String> taken() {
        return List.copyOf(taken);
    }

    synchronized int attempts() {
        return attempts;
    }

    synchronized void dropConnection() {
        if (current != null) {
            current.lose();
        }
    }

    /** Drops the connection; what comes by the next one is acknowledged, and nothing of this one. */
    synchronized void acknowledgeWhenConnectedAgain() {
        acknowledging = true;
        dropConnection();
    }

    boolean saidFarewell() {
        return farewell;
    }

    void awaitTaken(String message) throws InterruptedException {
        long end = System.nanoTime() + 5_000_000_000L;
        while (!taken().contains(message)) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError(message + " did not arrive; there are " + taken());
            }
            Thread.sleep(2);
        }
    }

    private final class FakeLink implements Link {
        private final Consumer<Link.Loss> lost;
        private boolean connected = true;
        private int unacknowledged;
        private @Nullable Answer dying;

        FakeLink(Consumer<Link.Loss> lost) {
            this.lost = lost;
        }

        void lose() {
            connected = false;
            lost.accept(new Link.Loss("staged loss", false));
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
            synchronized (FakeBroker.this) {
                if (!connected) {
                    throw new LinkException(LinkException.Kind.LOST, "staged loss");
                }
                if (dying != null) {
                    lose();
                    return;
                }
                if (message.topic().equals(deadly)) {
                    dying = answer;
                    new Thread(this::die).start();
                    return;
                }
                taken.add(message.topic() + "=" + new String(message.payload(), StandardCharsets.UTF_8));
                unacknowledged++;
                mostUnacknowledged = Math.max(mostUnacknowledged, unacknowledged);
                if (!acknowledging) {
                    return;
                }
                unacknowledged--;
            }
            if (refusal == null) {
                answer.taken();
            } else {
                answer.refused(refusal);
            }
        }

        private void die() {
            LockSupport.parkNanos(DYING_NANOS);
            synchronized (FakeBroker.this) {
                if (!connected || dying == null) {
                    return;
                }
            }
            dying.refused("staged");
            synchronized (FakeBroker.this) {
                lose();
            }
        }

        @Override
        public boolean isConnected() {
            synchronized (FakeBroker.this) {
                return connected;
            }
        }

        @Override
        public List<String> subscribe(List<Subscription> subscriptions) {
            subscriptions.forEach(subscription -> listened.add(subscription.filter()));
            return List.of();
        }

        @Override
        public void unsubscribe(List<String> filters) {
            filters.forEach(listened::remove);
        }

        @Override
        public void disconnect() {
            farewell = true;
            close();
        }

        @Override
        public void close() {
            synchronized (FakeBroker.this) {
                connected = false;
            }
        }
    }
}
