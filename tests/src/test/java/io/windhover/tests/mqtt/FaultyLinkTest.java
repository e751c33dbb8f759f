// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.windhover.runtime.Classification;
import io.windhover.runtime.Limits;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.model.Model;
import io.windhover.runtime.model.ModelLoader;
import io.windhover.runtime.mqtt.BrokerAddress;
import io.windhover.runtime.mqtt.GuestPublisher;
import io.windhover.runtime.mqtt.Publisher;
import io.windhover.runtime.mqtt.PublisherSettings;
import io.windhover.runtime.mqtt.Subscriber;
import io.windhover.runtime.mqtt.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A link that is cut in the middle of messages, stalls or is slow: results arrive, or it is said that they did not. */
@Timeout(120)
class FaultyLinkTest {
    private static final Topics TOPICS = new Topics("windhover", "faulty");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int RESULTS = 200;

    @TempDir
    Path folder;

    private static PublisherSettings settings(int port) {
        return PublisherSettings.guest(new BrokerAddress("127.0.0.1", port, false, null, null), TOPICS)
                .withTimes(Duration.ofSeconds(3), Duration.ofMillis(100))
                .withDelivery(PATIENCE);
    }

    private static void publish(GuestPublisher node, int count) {
        Model model = new ModelLoader(Limits.DEFAULT.modelBytes()).load("zoo:lenet5");
        Classification result = new Classification(
                List.of(new Classification.Score("seven", 7, 1)), new Classification.Timings(0, 0, 0, 0));
        for (int i = 0; i < count; i++) {
            node.publish(model, "picture-" + i, result);
        }
    }

    private static void requireEveryResult(Subscriber subscriber, String session) {
        TreeSet<Long> sequence = new TreeSet<>();
        while (sequence.size() < RESULTS) {
            Subscriber.Received message = subscriber.take(PATIENCE);
            assertNotNull(message, "only " + sequence);
            JsonObject result = JsonParser.parseString(message.payload()).getAsJsonObject();
            assertEquals(session, result.get("session").getAsString());
            assertEquals(
                    "picture-" + result.get("seq").getAsLong(),
                    result.get("source").getAsString(),
                    "a sequence number names one result");
            sequence.add(result.get("seq").getAsLong());
        }
        assertEquals(RESULTS - 1, sequence.last());
    }

    @Test
    void nothing_is_lost_when_every_connection_is_cut_in_the_middle_of_a_message() throws Exception {
        try (Mosquitto broker = new Mosquitto(folder);
                FaultyProxy proxy = new FaultyProxy(broker.port());
                Subscriber subscriber =
                        Subscriber.subscribe(broker.address(), "watcher", TOPICS.classification("camera"), PATIENCE);
                GuestPublisher node = GuestPublisher.connect(settings(proxy.port()), "camera", "none")) {
            proxy.cutAfter(30_001);
            publish(node, RESULTS);
            node.requireDelivery();
            requireEveryResult(subscriber, node.session());
            assertTrue(proxy.connections() > 2, "connections: " + proxy.connections());
        }
    }

    @Test
    void a_slow_link_delivers_everything() throws Exception {
        try (Mosquitto broker = new Mosquitto(folder);
                FaultyProxy proxy = new FaultyProxy(broker.port());
                Subscriber subscriber =
                        Subscriber.subscribe(broker.address(), "watcher", TOPICS.classification("camera"), PATIENCE);
                GuestPublisher node = GuestPublisher.connect(settings(proxy.port()), "camera", "none")) {
            proxy.slow(1);
            publish(node, RESULTS);
            node.requireDelivery();
            requireEveryResult(subscriber, node.session());
        }
    }

    @Test
    void a_stalled_link_ends_in_bounded_time_and_says_what_was_lost() throws Exception {
        try (Mosquitto broker = new Mosquitto(folder);
                FaultyProxy proxy = new FaultyProxy(broker.port())) {
            GuestPublisher node = GuestPublisher.connect(
                    settings(proxy.port()).withDelivery(Duration.ofSeconds(1)), "camera", "none");
            proxy.stallAfter(20_000);
            publish(node, RESULTS);
            long start = System.nanoTime();
            WindhoverException loss = assertThrows(WindhoverException.class, node::requireDelivery);
            assertTrue(
                    loss.getMessage().matches("[0-9]+ of 200 results were not delivered to mqtt://.*"),
                    loss.getMessage());
            node.close();
            assertTrue(System.nanoTime() - start < 20_000_000_000L);
        }
    }

    @Test
    void a_stalled_link_holds_no_more_than_the_queue_may() throws Exception {
        try (Mosquitto broker = new Mosquitto(folder);
                FaultyProxy proxy = new FaultyProxy(broker.port())) {
            Publisher publisher = Publisher.connect(
                    settings(proxy.port()).withQueue(100, 1 << 20).withDelivery(Duration.ZERO));
            proxy.stallAfter(0);
            for (int i = 0; i < 10_000; i++) {
                publisher.publish("windhover/faulty/large", new byte[50_000], false);
            }
            Publisher.Statistics counts = publisher.statistics();
            assertTrue(counts.waiting() <= 100, counts.toString());
            assertEquals(10_000, counts.delivered() + counts.waiting() + counts.dropped(), counts.toString());
            publisher.close();
        }
    }

    @Test
    void a_stalled_link_holds_no_more_messages_of_qos_0_either() throws Exception {
        try (Mosquitto broker = new Mosquitto(folder);
                FaultyProxy proxy = new FaultyProxy(broker.port())) {
            Publisher publisher = Publisher.connect(
                    settings(proxy.port()).withQueue(100, 1 << 20).withDelivery(Duration.ZERO));
            proxy.stallAfter(0);
            for (int i = 0; i < 10_000; i++) {
                publisher.publish("windhover/faulty/large", new byte[50_000], false, 0, () -> {});
            }
            Publisher.Statistics counts = publisher.statistics();
            assertTrue(counts.waiting() <= 100, counts.toString());
            assertEquals(10_000, counts.delivered() + counts.waiting() + counts.dropped(), counts.toString());
            publisher.close();
        }
    }

    @Test
    void messages_of_qos_0_are_delivered_when_they_are_sent() throws Exception {
        AtomicInteger delivered = new AtomicInteger();
        try (Mosquitto broker = new Mosquitto(folder);
                Publisher publisher = Publisher.connect(settings(broker.port()))) {
            for (int i = 0; i < 5_000; i++) {
                publisher.publish("windhover/faulty/small", new byte[100], false, 0, delivered::incrementAndGet);
            }
            assertTrue(publisher.flush(PATIENCE));
            assertEquals(5_000, delivered.get());
            assertEquals(0, publisher.statistics().reconnects());
        }
    }

    @Test
    void what_strangers_left_under_our_topics_ends_no_demo() throws Exception {
        try (Mosquitto broker = new Mosquitto(folder)) {
            try (Publisher stranger =
                    Publisher.connect(PublisherSettings.guest(broker.address(), new Topics("stranger", "elsewhere")))) {
                byte[] invalid = {(byte) 0xff, (byte) 0xfe, 0, 27, '['};
                for (String rest : List.of(
                        "available",
                        "status/pads",
                        "pads/state",
                        "pads/classification",
                        "pads/set",
                        "infer",
                        "stats")) {
                    stranger.publish("windhover/faulty/" + rest, invalid, true);
                }
                stranger.publish("windhover/faulty/large/classification", new byte[8 << 20], true);
                stranger.publish(
                        "windhover/faulty/deep/classification",
                        "[".repeat(50_000).getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                        true);
                assertTrue(stranger.flush(PATIENCE));
            }
            Cli demo = Cli.start(
                    folder,
                    List.of(
                            "demo",
                            "--device",
                            "reference:",
                            "--mqtt",
                            broker.address().toString(),
                            "--mqtt-node",
                            "faulty"));
            assertEquals(0, demo.await(), demo.output() + demo.errors());
        }
    }
}
