// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private static OutgoingMessage message(String topic) {
        return new OutgoingMessage(topic, new byte[10], false);
    }

    private static OutgoingMessage retained(String topic, int size) {
        return new OutgoingMessage(topic, new byte[size], true);
    }

    private static String next(Outbox outbox) throws InterruptedException {
        return outbox.take(0).message().topic();
    }

    @Test
    void messages_leave_in_the_order_they_came() throws InterruptedException {
        Outbox outbox = new Outbox(10, 1000);
        List.of("a", "b", "c").forEach(topic -> outbox.add(message(topic)));
        assertEquals("a", next(outbox));
        assertEquals("b", next(outbox));
        assertEquals("c", next(outbox));
        assertNull(outbox.take(0));
    }

    @Test
    void when_full_the_oldest_go_and_are_counted() throws InterruptedException {
        Outbox outbox = new Outbox(3, 1000);
        List.of("a", "b", "c", "d", "e").forEach(topic -> outbox.add(message(topic)));
        assertEquals(2, outbox.dropped());
        assertEquals("c", next(outbox));
    }

    @Test
    void bytes_are_bounded_too() {
        Outbox outbox = new Outbox(100, 25);
        List.of("a", "b", "c").forEach(topic -> outbox.add(message(topic)));
        assertEquals(2, outbox.size());
        assertEquals(1, outbox.dropped());
    }

    @Test
    void what_is_sent_but_not_acknowledged_counts_as_well() throws InterruptedException {
        Outbox outbox = new Outbox(2, 1000);
        outbox.add(message("a"));
        outbox.take(0);
        outbox.add(message("b"));
        outbox.add(message("c"));
        assertEquals(1, outbox.dropped());
        assertEquals("c", next(outbox));
    }

    @Test
    void after_a_loss_unacknowledged_messages_come_first_again() throws InterruptedException {
        Outbox outbox = new Outbox(10, 1000);
        List.of("a", "b", "c", "d").forEach(topic -> outbox.add(message(topic)));
        outbox.take(0);
        long second = outbox.take(0).ticket();
        outbox.take(0);
        outbox.acknowledge(second);
        outbox.takeBack();
        assertEquals("a", next(outbox));
        assertEquals("c", next(outbox));
        assertEquals("d", next(outbox));
        assertEquals(1, outbox.acknowledged());
    }

    @Test
    void a_late_acknowledgement_of_a_lost_link_changes_nothing() throws InterruptedException {
        Outbox outbox = new Outbox(10, 1000);
        outbox.add(message("a"));
        long ticket = outbox.take(0).ticket();
        outbox.takeBack();
        outbox.acknowledge(ticket);
        assertEquals(1, outbox.size());
        assertEquals(0, outbox.acknowledged());
    }

    @Test
    void a_newer_retained_message_replaces_a_waiting_one() throws InterruptedException {
        Outbox outbox = new Outbox(10, 1000);
        outbox.add(retained("state", 10));
        outbox.add(message("other"));
        outbox.add(retained("state", 20));
        assertEquals("other", next(outbox));
        assertEquals(20, outbox.take(0).message().payload().length);
        assertEquals(0, outbox.dropped());
    }

    @Test
    void an_old_retained_message_never_overtakes_a_newer_one() throws InterruptedException {
        Outbox outbox = new Outbox(10, 1000);
        outbox.add(retained("state", 20));
        outbox.addFirst(List.of(retained("available", 1), retained("state", 10)));
        assertEquals("available", next(outbox));
        assertEquals(20, outbox.take(0).message().payload().length);
        assertNull(outbox.take(0));
    }

    @Test
    void waiting_for_emptiness_ends_with_the_last_acknowledgement_or_in_time() throws InterruptedException {
        Outbox outbox = new Outbox(10, 1000);
        assertTrue(outbox.awaitEmpty(0));
        outbox.add(message("a"));
        assertFalse(outbox.awaitEmpty(TimeUnit.MILLISECONDS.toNanos(5)));
        outbox.acknowledge(outbox.take(0).ticket());
        assertTrue(outbox.awaitEmpty(0));
    }

    @Test
    void what_is_crowded_out_is_lost() {
        List<String> lost = new ArrayList<>();
        Outbox outbox = new Outbox(2, 1000);
        for (String topic : List.of("a", "b", "c")) {
            outbox.add(new OutgoingMessage(topic, new byte[10], false, 1, null, () -> {}, new Receipt() {
                @Override
                public void taken() {}

                @Override
                public void lost() {
                    lost.add(topic);
                }
            }));
        }
        assertEquals(List.of("a"), lost);
    }

    @Test
    void the_largest_on_its_way_is_found() throws InterruptedException {
        Outbox outbox = new Outbox(10, 1000);
        assertNull(outbox.largestSent());
        for (int size : new int[] {5, 20, 7}) {
            outbox.add(new OutgoingMessage("size " + size, new byte[size], false));
            outbox.take(0);
        }
        outbox.add(new OutgoingMessage("at most once", new byte[100], false, 0, () -> {}));
        outbox.take(0);
        outbox.add(new OutgoingMessage("waiting", new byte[100], false));
        assertEquals(
                "size 20",
                Objects.requireNonNull(outbox.largestSent()).message().topic());
    }
}
