// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.windhover.runtime.cli.Windhover;
import io.windhover.runtime.mqtt.BrokerAddress;
import io.windhover.runtime.mqtt.EmbeddedBroker;
import io.windhover.runtime.mqtt.Publisher;
import io.windhover.runtime.mqtt.PublisherSettings;
import io.windhover.runtime.mqtt.Subscriber;
import io.windhover.runtime.mqtt.Topics;
import io.windhover.runtime.serve.Service;
import io.windhover.runtime.serve.configuration.ServiceConfiguration;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real publisher, a real broker and a real subscriber. */
@Timeout(120)
class BrokerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Topics TOPICS = new Topics("windhover", "test-node");
    private static final int FRAMES = 20;
    private static final int REQUESTS = 500;
    private static final int MOST_WAITING = 1000;

    @TempDir
    Path folder;

    private static Subscriber subscribe(BrokerAddress broker) {
        return Subscriber.subscribe(broker, "test-subscriber", "windhover/#", PATIENCE);
    }

    /** All messages up to the first that fits. */
    private static List<Subscriber.Received> until(Subscriber subscriber, Predicate<Subscriber.Received> last) {
        List<Subscriber.Received> messages = new ArrayList<>();
        while (true) {
            Subscriber.Received message = subscriber.take(PATIENCE);
            assertNotNull(message, "nothing more after " + messages);
            messages.add(message);
            if (last.test(message)) {
                return messages;
            }
        }
    }

    private static Predicate<Subscriber.Received> available(String state) {
        return message ->
                message.topic().equals(TOPICS.available()) && message.payload().equals(state);
    }

    /** The service on pictures of its own. */
    private Service serve(BrokerAddress broker) throws IOException {
        List<String> files = new ArrayList<>();
        for (int i = 0; i < FRAMES; i++) {
            BufferedImage picture = new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY);
            picture.setRGB(i, 0, -1);
            ImageIO.write(picture, "png", folder.resolve("picture-" + i).toFile());
            files.add("picture-" + i);
        }
        String yaml = """
                node: test-node
                device: "reference:"
                models: {digits: {file: "zoo:lenet_300_100"}}
                streams: {camera: {model: digits, source: {images: {files: %s}}, result: {top: 3}}}
                mqtt: {url: "%s"}
                """.formatted(files, broker);
        return Service.start(ServiceConfiguration.parse(yaml, "test.yaml", folder, Map.of()));
    }

    private void checkConversation(BrokerAddress broker) throws IOException {
        try (Subscriber subscriber = subscribe(broker)) {
            List<Subscriber.Received> messages = new ArrayList<>();
            try (Service service = serve(broker)) {
                messages.addAll(until(subscriber, BrokerTest::isLastResult));
                assertTrue(service.state().ready());
            }
            messages.addAll(until(subscriber, available("stopped")));
            assertTrue(available("online").test(messages.get(0)), "first is " + messages.get(0));
            List<JsonObject> results = messages.stream()
                    .filter(message -> message.topic().equals(TOPICS.classification("camera")))
                    .map(message -> JsonParser.parseString(message.payload()).getAsJsonObject())
                    .toList();
            checkResults(results);
            assertTrue(messages.stream().anyMatch(message -> message.topic().equals(TOPICS.statistics())));
        }
        try (Subscriber late = subscribe(broker)) {
            List<Subscriber.Received> retained = new ArrayList<>();
            TreeSet<String> topics = new TreeSet<>();
            while (topics.size() < 4) {
                Subscriber.Received message = late.take(PATIENCE);
                assertNotNull(message, "retained are only " + topics);
                retained.add(message);
                topics.add(message.topic());
            }
            assertEquals(
                    new TreeSet<>(List.of(
                            TOPICS.available(),
                            TOPICS.state("camera"),
                            TOPICS.streamStatus("camera"),
                            TOPICS.acceleratorStatus())),
                    topics);
            assertTrue(retained.stream().allMatch(Subscriber.Received::retained));
        }
    }

    private static boolean isLastResult(Subscriber.Received message) {
        return message.topic().equals(TOPICS.classification("camera"))
                && message.payload().contains("\"seq\":" + (FRAMES - 1));
    }

    private static void checkResults(List<JsonObject> results) {
        assertEquals(FRAMES, results.size());
        for (int i = 0; i < FRAMES; i++) {
            JsonObject result = results.get(i);
            assertEquals(1, result.get("schema").getAsInt());
            assertEquals("test-node", result.get("node").getAsString());
            assertEquals("camera", result.get("stream").getAsString());
            assertEquals(i, result.get("seq").getAsLong());
            assertEquals(results.get(0).get("session"), result.get("session"));
            assertEquals("picture-" + i, result.get("source").getAsString());
            assertEquals(
                    "lenet_300_100", result.getAsJsonObject("model").get("name").getAsString());
            assertEquals(3, result.getAsJsonArray("top").size());
            assertTrue(result.getAsJsonArray("top")
                            .get(0)
                            .getAsJsonObject()
                            .get("score")
                            .getAsDouble()
                    > 0);
            assertTrue(result.getAsJsonObject("latencyUs").get("accelerate").getAsLong() > 0);
            assertNotNull(java.time.Instant.parse(result.get("time").getAsString()));
        }
    }

    @Test
    void a_subscriber_of_the_embedded_broker_gets_every_result_in_order() throws IOException {
        try (EmbeddedBroker broker = EmbeddedBroker.start()) {
            checkConversation(broker.address());
        }
    }

    @Test
    void results_of_the_good_images_are_published_when_one_is_bad() throws Exception {
        List<String> images = new ArrayList<>();
        for (String name : List.of("a.png", "bad.png", "c.png")) {
            images.add(folder.resolve(name).toString());
            ImageIO.write(
                    new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY),
                    "png",
                    folder.resolve(name).toFile());
        }
        Files.writeString(folder.resolve("bad.png"), "no image");
        try (EmbeddedBroker broker = EmbeddedBroker.start();
                Subscriber subscriber = subscribe(broker.address())) {
            List<String> arguments = new ArrayList<>(List.of(
                    "run",
                    "zoo:lenet_300_100",
                    "--device=reference:",
                    "--mqtt",
                    broker.address().toString()));
            arguments.addAll(images);
            StringWriter printed = new StringWriter();
            int code = Windhover.execute(
                    new PrintWriter(printed), new PrintWriter(printed), arguments.toArray(String[]::new));
            assertEquals(1, code, printed.toString());
            List<String> sources = new ArrayList<>();
            while (sources.size() < 2) {
                Subscriber.Received message = subscriber.take(PATIENCE);
                assertNotNull(message, printed.toString());
                if (message.topic().endsWith("/classification")) {
                    sources.add(JsonParser.parseString(message.payload())
                            .getAsJsonObject()
                            .get("source")
                            .getAsString());
                }
            }
            assertEquals(List.of(images.get(0), images.get(2)), sources);
        }
    }

    @Test
    void a_subscriber_of_mosquitto_gets_every_result_in_order() throws Exception {
        try (Mosquitto broker = new Mosquitto(folder)) {
            checkConversation(broker.address());
        }
    }

    private ServiceConfiguration asked(BrokerAddress broker, int waiting, String statistics) {
        String yaml = """
                node: test-node
                device: "reference:"
                models: {digits: {file: "zoo:lenet_300_100"}}
                streams: {ask: {model: digits, source: {requests: {waiting: %d}}}}
                mqtt: {url: "%s", statistics: %s}
                """.formatted(waiting, broker, statistics);
        return ServiceConfiguration.parse(yaml, "test.yaml", folder, Map.of());
    }

    /** The service, once it hears requests. */
    private Service hearing(BrokerAddress broker) throws InterruptedException {
        Service service = Service.start(asked(broker, MOST_WAITING, "60s"));
        while (!Objects.requireNonNull(service.state().broker()).connected()) {
            Thread.sleep(5);
        }
        return service;
    }

    private static byte[] request(int number, String answerTo) {
        String tensor = Base64.getEncoder().encodeToString(new byte[28 * 28]);
        return text(
                "{\"id\": \"" + number + "\", \"tensor\": \"" + tensor + "\", \"answer_to\": \"" + answerTo + "\"}");
    }

    /** The numbers of the requests in their answers' order, up to when there are answers to so many. */
    private static List<Integer> answered(Subscriber subscriber, int requests) {
        List<Integer> numbers = new ArrayList<>();
        Set<Integer> distinct = new HashSet<>();
        until(subscriber, message -> {
            JsonObject answer = JsonParser.parseString(message.payload()).getAsJsonObject();
            assertFalse(answer.has("error"), message.payload());
            numbers.add(answer.get("request").getAsInt());
            distinct.add(numbers.get(numbers.size() - 1));
            return distinct.size() == requests;
        });
        return numbers;
    }

    @Test
    void each_request_is_answered_while_the_configuration_changes() throws Exception {
        try (Mosquitto broker = new Mosquitto(folder, "max_queued_messages 0");
                Subscriber subscriber = Subscriber.subscribe(broker.address(), "asker", "asker/#", PATIENCE);
                Service service = hearing(broker.address());
                Publisher stranger =
                        Publisher.connect(PublisherSettings.guest(broker.address(), new Topics("asker", "one")))) {
            Thread asking = new Thread(() -> {
                for (int i = 0; i < REQUESTS; i++) {
                    stranger.publish("windhover/test-node/ask/infer", request(i, "asker/answer"), false);
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
                }
            });
            asking.start();
            for (int round = 0; asking.isAlive(); round++) {
                service.reload(asked(broker.address(), MOST_WAITING - round % 4 / 2, round % 2 == 0 ? "61s" : "60s"));
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
            assertEquals(REQUESTS, answered(subscriber, REQUESTS).size(), "some are answered twice");
        }
    }

    /** Where its queues have no bound, mosquitto 2.0.11 ends the connection at each refusal. */
    @ParameterizedTest
    @ValueSource(strings = {"max_queued_messages 1000", "max_queued_messages 0"})
    void answers_that_the_broker_refuses_do_not_make_the_node_deaf(String queues) throws Exception {
        Path allowed =
                Files.writeString(folder.resolve("acl"), "topic readwrite windhover/#\ntopic readwrite asker/#\n");
        try (Mosquitto broker = new Mosquitto(folder, "acl_file " + allowed, queues);
                Subscriber subscriber = Subscriber.subscribe(broker.address(), "asker", "asker/#", PATIENCE);
                Service service = hearing(broker.address());
                Publisher stranger =
                        Publisher.connect(PublisherSettings.guest(broker.address(), new Topics("asker", "one")))) {
            for (int i = 0; i <= 40; i++) {
                stranger.publish(
                        "windhover/test-node/ask/infer",
                        request(i, i < 40 ? "forbidden/answer" : "asker/answer"),
                        false);
            }
            assertEquals(List.of(40), answered(subscriber, 1));
            assertTrue(service.state().ready());
        }
    }

    private static PublisherSettings settings(BrokerAddress broker) {
        return PublisherSettings.service(broker, TOPICS).withTimes(Duration.ofSeconds(3), Duration.ofMillis(200));
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void what_is_published_while_the_broker_is_down_arrives_when_it_is_back() throws Exception {
        try (Mosquitto broker = new Mosquitto(folder);
                Publisher publisher = Publisher.connect(settings(broker.address()))) {
            publisher.publish("windhover/test-node/state", text("before"), true);
            assertTrue(publisher.flush(PATIENCE));
            broker.kill();
            for (int i = 0; i < 50; i++) {
                publisher.publish("windhover/test-node/result", text("" + i), false);
            }
            broker.start();
            try (Subscriber subscriber = subscribe(broker.address())) {
                publisher.publish("windhover/test-node/result", text("end"), false);
                assertTrue(publisher.flush(PATIENCE));
                List<Subscriber.Received> messages =
                        until(subscriber, message -> message.payload().equals("end"));
                assertTrue(
                        messages.stream().anyMatch(message -> message.payload().equals("before")),
                        "the retained state is published again");
                assertTrue(messages.stream().anyMatch(available("online")));
                assertEquals(0, publisher.statistics().dropped());
                assertTrue(publisher.statistics().reconnects() >= 1);
            }
        }
    }

    @Test
    void a_cut_connection_shows_offline_then_online_and_loses_nothing() throws Exception {
        try (Mosquitto broker = new Mosquitto(folder);
                FaultyProxy proxy = new FaultyProxy(broker.port());
                Subscriber subscriber = subscribe(broker.address());
                Publisher publisher =
                        Publisher.connect(settings(new BrokerAddress("127.0.0.1", proxy.port(), false, null, null)))) {
            until(subscriber, available("online"));
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 30; i++) {
                    publisher.publish("windhover/test-node/result", text(round + "-" + i), false);
                }
                proxy.cut();
            }
            publisher.publish("windhover/test-node/result", text("end"), false);
            assertTrue(publisher.flush(PATIENCE));
            List<Subscriber.Received> messages =
                    until(subscriber, message -> message.payload().equals("end"));
            TreeSet<String> payloads = new TreeSet<>();
            messages.forEach(message -> payloads.add(message.payload()));
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 30; i++) {
                    assertTrue(payloads.contains(round + "-" + i), round + "-" + i + " is lost");
                }
            }
            assertTrue(payloads.contains("offline") && payloads.contains("online"), "availability in " + payloads);
        }
    }

    @Test
    void a_small_receive_maximum_is_respected() throws Exception {
        try (Mosquitto broker = new Mosquitto(folder, "max_inflight_messages 2");
                Subscriber subscriber = subscribe(broker.address());
                Publisher publisher = Publisher.connect(settings(broker.address()))) {
            for (int i = 0; i < 500; i++) {
                publisher.publish("windhover/test-node/result", text("" + i), false);
            }
            publisher.publish("windhover/test-node/result", text("end"), false);
            assertTrue(publisher.flush(PATIENCE));
            List<Subscriber.Received> messages =
                    until(subscriber, message -> message.payload().equals("end"));
            assertEquals(
                    501,
                    messages.stream()
                            .filter(message -> message.topic().endsWith("/result"))
                            .count());
        }
    }

    @Test
    void a_message_over_the_brokers_limit_does_not_block_the_others() throws Exception {
        try (Mosquitto broker = new Mosquitto(folder, "max_packet_size 10000");
                Subscriber subscriber = subscribe(broker.address());
                Publisher publisher = Publisher.connect(settings(broker.address()))) {
            publisher.publish("windhover/test-node/result", new byte[20_000], false);
            publisher.publish("windhover/test-node/result", text("small"), false);
            until(subscriber, message -> message.payload().equals("small"));
            assertEquals(1, publisher.statistics().dropped());
        }
    }

    /** Larger than what the broker's own limit says, which it tells nobody. */
    @ParameterizedTest
    @ValueSource(strings = {"max_queued_messages 1000", "max_queued_messages 0"})
    void a_message_that_the_broker_has_no_room_for_does_not_block_the_others(String queues) throws Exception {
        try (Mosquitto broker = new Mosquitto(folder, "message_size_limit 10000", queues);
                Subscriber subscriber = subscribe(broker.address());
                Publisher publisher = Publisher.connect(settings(broker.address()))) {
            for (int i = 0; i < 3; i++) {
                publisher.publish("windhover/test-node/before", text("" + i), false);
                publisher.publish("windhover/test-node/result", new byte[20_000], i == 1);
                publisher.publish("windhover/test-node/result", text("small " + i), false);
            }
            until(subscriber, message -> message.payload().equals("small 2"));
            assertTrue(publisher.flush(PATIENCE));
            assertTrue(
                    publisher.statistics().dropped() >= 3,
                    publisher.statistics().toString());
            try (Subscriber late = subscribe(broker.address())) {
                until(late, available("online"));
            }
        }
    }

    @Test
    void topics_that_the_broker_refuses_do_not_block_the_others() throws Exception {
        Path allowed = Files.writeString(folder.resolve("acl"), "topic readwrite windhover/#\n");
        try (Mosquitto broker = new Mosquitto(folder, "acl_file " + allowed, "max_queued_messages 0");
                Subscriber subscriber = subscribe(broker.address());
                Publisher publisher = Publisher.connect(settings(broker.address()))) {
            for (int i = 0; i < 60; i++) {
                publisher.publish("forbidden/" + i % 3, text("" + i), i % 2 == 0);
                publisher.publish("windhover/test-node/result", text("good " + i), false);
            }
            Set<String> good = new HashSet<>();
            until(subscriber, message -> {
                if (message.payload().startsWith("good")) {
                    good.add(message.payload());
                }
                return good.size() == 60;
            });
            assertTrue(publisher.flush(PATIENCE));
        }
    }
}
