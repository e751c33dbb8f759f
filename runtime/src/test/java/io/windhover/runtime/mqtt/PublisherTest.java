// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.queue.QueueLimits;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class PublisherTest {
    private static final String AVAILABLE = "windhover/here/available";

    private final FakeBroker broker = new FakeBroker();
    private final PublisherSettings settings = PublisherSettings.service(
                    BrokerAddress.parse("mqtt://nowhere"), new Topics("windhover", "here"))
            .withTimes(Duration.ofSeconds(2), Duration.ofMillis(5))
            .withDelivery(Duration.ofSeconds(2));

    private Publisher start(PublisherSettings with) {
        return Publisher.start(with, broker, new Random(1));
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void says_online_first_and_stopped_last() {
        try (Publisher publisher = start(settings)) {
            publisher.publish("a", text("1"), false);
            assertTrue(publisher.flush(Duration.ofSeconds(5)));
        }
        List<String> taken = broker.taken();
        assertEquals(AVAILABLE + "=stopped", taken.get(taken.size() - 1));
        assertEquals(
                1,
                taken.stream()
                        .filter(message -> message.equals(AVAILABLE + "=online"))
                        .count());
        assertTrue(taken.contains("a=1"));
    }

    @Test
    void keeps_trying_while_the_broker_is_away_and_delivers_what_waited() throws InterruptedException {
        broker.refuse(LinkException.Kind.UNREACHABLE, 5);
        try (Publisher publisher = start(settings)) {
            publisher.publish("a", text("1"), false);
            broker.awaitTaken("a=1");
        }
        assertEquals(6, broker.attempts());
    }

    @Test
    void after_a_loss_says_online_and_the_retained_state_again() throws InterruptedException {
        try (Publisher publisher = start(settings)) {
            publisher.publish("state", text("last"), true);
            broker.awaitTaken("state=last");
            broker.dropConnection();
            publisher.publish("a", text("after"), false);
            broker.awaitTaken("a=after");
            assertEquals(1, publisher.statistics().reconnects());
        }
        List<String> taken = broker.taken();
        assertEquals(
                2,
                taken.stream()
                        .filter(message -> message.equals(AVAILABLE + "=online"))
                        .count());
        assertEquals(
                2,
                taken.stream().filter(message -> message.equals("state=last")).count());
    }

    @Test
    void messages_without_acknowledgement_are_sent_again_over_the_next_link() throws InterruptedException {
        broker.acknowledging = false;
        try (Publisher publisher = start(settings)) {
            publisher.publish("a", text("1"), false);
            broker.awaitTaken("a=1");
            broker.acknowledgeWhenConnectedAgain();
            assertTrue(publisher.flush(Duration.ofSeconds(5)));
        }
        assertEquals(
                2,
                broker.taken().stream().filter(message -> message.equals("a=1")).count());
    }

    @Test
    void never_sends_more_than_the_receive_maximum_unacknowledged() throws InterruptedException {
        broker.receiveMaximum = 3;
        broker.acknowledging = false;
        Publisher publisher = start(settings.withDelivery(Duration.ofMillis(200)));
        for (int i = 0; i < 10; i++) {
            publisher.publish("a", text("" + i), false);
        }
        broker.awaitTaken("a=1");
        Thread.sleep(100);
        assertEquals(3, broker.mostUnacknowledged);
        publisher.close();
    }

    @Test
    void a_long_absence_drops_the_oldest_and_counts_them() {
        broker.refuse(LinkException.Kind.UNREACHABLE, 1000);
        Publisher publisher = start(settings.withQueue(4, 1000).withDelivery(Duration.ofMillis(50)));
        for (int i = 0; i < 10; i++) {
            publisher.publish("a", text("" + i), false);
        }
        assertEquals(6, publisher.statistics().dropped());
        assertEquals(4, publisher.statistics().waiting());
        publisher.close();
    }

    @Test
    void a_message_the_broker_can_never_take_is_dropped_instead_of_tried_for_ever() throws InterruptedException {
        broker.maximumPacketBytes = 200;
        try (Publisher publisher = start(settings)) {
            publisher.publish("a", new byte[500], false);
            publisher.publish("b", text("small"), false);
            broker.awaitTaken("b=small");
            assertEquals(1, publisher.statistics().dropped());
        }
    }

    @Test
    void a_payload_over_the_limit_is_refused_at_once() {
        try (Publisher publisher = start(settings)) {
            byte[] large = new byte[(16 << 20) + 1];
            assertThrows(WindhoverException.class, () -> publisher.publish("a", large, false));
        }
    }

    @Test
    void a_guest_publishes_its_results_and_nothing_about_the_node() throws InterruptedException {
        PublisherSettings guest = PublisherSettings.guest(settings.broker(), settings.topics())
                .withTimes(Duration.ofSeconds(2), Duration.ofMillis(5));
        try (Publisher publisher = start(guest)) {
            publisher.publish("state", text("mine"), true);
            broker.awaitTaken("state=mine");
            broker.dropConnection();
            publisher.publish("a", text("after"), false);
            broker.awaitTaken("a=after");
        }
        assertEquals(List.of("state=mine", "a=after"), broker.taken());
    }

    @Test
    void guests_of_one_node_have_ids_of_their_own() {
        assertNotEquals(
                PublisherSettings.guest(settings.broker(), settings.topics()).clientId(),
                PublisherSettings.guest(settings.broker(), settings.topics()).clientId());
    }

    @Test
    void what_the_broker_refuses_is_dropped_and_not_delivered() {
        broker.refusal = "quota exceeded";
        AtomicInteger delivered = new AtomicInteger();
        try (Publisher publisher = start(settings)) {
            publisher.publish("a", text("1"), false, delivered::incrementAndGet);
            assertTrue(publisher.flush(Duration.ofSeconds(5)));
            assertEquals(0, publisher.statistics().delivered());
            assertEquals(2, publisher.statistics().dropped());
        }
        assertEquals(0, delivered.get());
    }

    /** The broker gets to say which message it does not take only where that is alone on its way. */
    @Test
    void a_message_at_which_the_broker_ends_the_connection_does_not_keep_others_back() {
        broker.deadly = "forbidden";
        try (Publisher publisher = start(settings)) {
            for (int i = 0; i < 40; i++) {
                publisher.publish(i % 4 == 3 ? "a" : "forbidden", text("" + i), false);
            }
            assertTrue(publisher.flush(Duration.ofSeconds(10)), broker.taken().toString());
            assertEquals(30, publisher.statistics().dropped());
        }
        assertEquals(
                10,
                broker.taken().stream()
                        .filter(message -> message.startsWith("a="))
                        .distinct()
                        .count());
    }

    @Test
    void nothing_is_delivered_before_its_acknowledgement() throws InterruptedException {
        broker.acknowledging = false;
        AtomicInteger delivered = new AtomicInteger();
        Publisher publisher = start(settings.withDelivery(Duration.ofMillis(100)));
        publisher.publish("a", text("1"), false, delivered::incrementAndGet);
        broker.awaitTaken("a=1");
        publisher.close();
        assertEquals(0, delivered.get());
        assertFalse(broker.saidFarewell(), "a polite end would leave 'online' behind");
    }

    @Test
    void closing_while_the_broker_is_away_ends_in_time() {
        broker.refuse(LinkException.Kind.UNREACHABLE, 100_000);
        Publisher publisher = start(settings.withDelivery(Duration.ofMillis(100)));
        long start = System.nanoTime();
        publisher.close();
        publisher.close();
        assertTrue(System.nanoTime() - start < 3_000_000_000L);
    }

    @Test
    void closing_does_not_wait_for_a_broker_that_is_away_where_the_disk_has_what_waits(@TempDir Path folder) {
        broker.refuse(LinkException.Kind.UNREACHABLE, 100_000);
        Publisher publisher = start(settings.withSpool(spool(folder)).withDelivery(Duration.ofSeconds(20)));
        publisher.publishDurably("a", text("1"), false, 1, () -> {});
        long start = System.nanoTime();
        publisher.close();
        assertTrue(System.nanoTime() - start < 10_000_000_000L);
    }

    @Test
    void ends_in_order_although_messages_keep_coming(@TempDir Path folder) throws InterruptedException {
        Publisher publisher = start(settings.withSpool(spool(folder)).withDelivery(Duration.ofSeconds(20)));
        Thread stream = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                publisher.publishDurably("a", text("result"), false, 1, () -> {});
                publisher.publish("state", text("last"), true);
                LockSupport.parkNanos(20_000);
            }
        });
        stream.start();
        broker.awaitTaken("a=result");
        long start = System.nanoTime();
        publisher.drain();
        long nanos = System.nanoTime() - start;
        stream.interrupt();
        stream.join();
        publisher.close();
        assertTrue(nanos < 10_000_000_000L, nanos + " ns");
        assertTrue(broker.saidFarewell());
        assertEquals(AVAILABLE + "=stopped", broker.taken().get(broker.taken().size() - 1));
    }

    /** Counts in how many ways a request's answer ended. */
    private static final class Told implements Receipt {
        final AtomicInteger taken = new AtomicInteger();
        final AtomicInteger lost = new AtomicInteger();

        @Override
        public void taken() {
            taken.incrementAndGet();
        }

        @Override
        public void lost() {
            lost.incrementAndGet();
        }
    }

    @Test
    void a_request_whose_answer_does_not_reach_the_broker_is_lost() throws InterruptedException {
        List<Told> requests = Stream.generate(Told::new).limit(4).toList();
        Publisher publisher = start(settings.withDelivery(Duration.ofMillis(50)));
        publisher.answer("a", null, text("0"), requests.get(0));
        assertTrue(publisher.flush(Duration.ofSeconds(5)));
        broker.refusal = "staged";
        publisher.answer("a", null, text("1"), requests.get(1));
        assertTrue(publisher.flush(Duration.ofSeconds(5)));
        broker.acknowledging = false;
        publisher.answer("a", null, text("2"), requests.get(2));
        broker.awaitTaken("a=2");
        publisher.drain();
        publisher.answer("a", null, text("3"), requests.get(3));
        assertEquals(
                List.of(0, 0, 0, 0),
                requests.stream().map(request -> request.lost.get()).toList());
        publisher.close();
        assertEquals(
                List.of(0, 0, 1, 1),
                requests.stream().map(request -> request.lost.get()).toList());
        assertEquals(
                List.of(1, 1, 0, 0),
                requests.stream().map(request -> request.taken.get()).toList());
    }

    private SpoolSettings spool(Path folder) {
        return SpoolSettings.of(folder, QueueLimits.DEFAULT, SpoolSettings.Sync.SECOND, 1_000_000);
    }

    @Test
    void durable_messages_outlive_the_publisher_and_arrive_in_order(@TempDir Path folder) throws InterruptedException {
        broker.refuse(LinkException.Kind.UNREACHABLE, 100_000);
        PublisherSettings durable = settings.withSpool(spool(folder)).withDelivery(Duration.ofMillis(50));
        AtomicInteger safe = new AtomicInteger();
        try (Publisher publisher = start(durable)) {
            for (int i = 0; i < 100; i++) {
                publisher.publishDurably("a", text("" + i), false, 1, safe::incrementAndGet);
            }
        }
        assertEquals(100, safe.get());
        FakeBroker later = new FakeBroker();
        try (Publisher publisher = Publisher.start(durable, later, new Random(1))) {
            later.awaitTaken("a=99");
            assertTrue(publisher.flush(Duration.ofSeconds(5)));
            assertEquals(0, publisher.statistics().waiting());
            assertTrue(publisher.statistics().onDisk());
            assertTrue(publisher.statistics().connected());
        }
        assertEquals(
                IntStream.range(0, 100).mapToObj(i -> "a=" + i).toList(),
                later.taken().stream()
                        .filter(message -> message.startsWith("a="))
                        .toList());
    }

    @Test
    void a_backlog_on_disk_is_no_reason_to_end_without_a_farewell(@TempDir Path folder) throws InterruptedException {
        SpoolSettings slow = SpoolSettings.of(folder, QueueLimits.DEFAULT, SpoolSettings.Sync.SECOND, 1);
        broker.refuse(LinkException.Kind.UNREACHABLE, 1);
        try (Publisher publisher = start(settings.withSpool(slow).withDelivery(Duration.ofMillis(300)))) {
            for (int i = 0; i < 100; i++) {
                publisher.publishDurably("a", text("" + i), false, 1, () -> {});
            }
            broker.awaitTaken("a=0");
        }
        assertEquals(AVAILABLE + "=stopped", broker.taken().get(broker.taken().size() - 1));
        assertTrue(broker.saidFarewell());
    }

    @Test
    void a_durable_message_over_the_limit_of_the_queue_is_refused_at_once(@TempDir Path folder) {
        try (Publisher publisher = start(settings.withSpool(spool(folder)))) {
            byte[] large = new byte[QueueLimits.DEFAULT.entryBytes()];
            assertThrows(WindhoverException.class, () -> publisher.publishDurably("a", large, false, 1, () -> {}));
        }
    }

    @Test
    void what_is_sent_at_most_once_is_not_sent_again_after_a_loss() throws InterruptedException {
        broker.acknowledging = false;
        try (Publisher publisher = start(settings)) {
            publisher.publish("a", text("once"), false, 0, () -> {});
            broker.awaitTaken("a=once");
            broker.acknowledgeWhenConnectedAgain();
            publisher.publish("a", text("after"), false);
            assertTrue(publisher.flush(Duration.ofSeconds(5)));
            assertEquals(1, publisher.statistics().dropped());
        }
        assertEquals(
                1,
                broker.taken().stream()
                        .filter(message -> message.equals("a=once"))
                        .count());
    }

    @Test
    void closing_leaves_every_filter() throws InterruptedException {
        try (Publisher publisher =
                start(settings.withSubscriptions(List.of(new Subscription("one", 1, message -> {}))))) {
            broker.awaitTaken(AVAILABLE + "=online");
            assertEquals(Set.of("one"), broker.listened, publisher.statistics()::toString);
        }
        assertEquals(Set.of(), broker.listened);
    }

    @Test
    void filters_are_left_and_listened_to_again() throws InterruptedException {
        PublisherSettings two = settings.withSubscriptions(
                List.of(new Subscription("one", 1, message -> {}), new Subscription("two", 1, message -> {})));
        try (Publisher publisher = start(two)) {
            broker.awaitTaken(AVAILABLE + "=online");
            assertEquals(Set.of("one", "two"), broker.listened);
            publisher.leave("one");
            assertEquals(Set.of("two"), broker.listened);
            broker.dropConnection();
            publisher.publish("a", text("1"), false);
            broker.awaitTaken("a=1");
            assertEquals(Set.of("two"), broker.listened);
            publisher.listen("one");
            publisher.leave("two");
            publisher.publish("a", text("2"), false);
            broker.awaitTaken("a=2");
            assertEquals(Set.of("one"), broker.listened);
            publisher.stopListening();
            assertEquals(Set.of(), broker.listened, "nothing comes any more once it returns");
        }
    }
}
