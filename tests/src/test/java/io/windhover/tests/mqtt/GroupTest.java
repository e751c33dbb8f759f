// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.windhover.runtime.mqtt.BrokerAddress;
import io.windhover.runtime.mqtt.Publisher;
import io.windhover.runtime.mqtt.PublisherSettings;
import io.windhover.runtime.mqtt.Subscriber;
import io.windhover.runtime.mqtt.Topics;
import io.windhover.runtime.serve.Service;
import io.windhover.runtime.serve.configuration.ServiceConfiguration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that share the requests of one topic. */
@Timeout(60)
class GroupTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int REQUESTS = 20;

    private final Mosquitto broker;
    private final BrokerAddress address;
    private int asked;

    GroupTest(@TempDir Path folder) throws IOException {
        broker = new Mosquitto(folder);
        address = BrokerAddress.parse("mqtt://127.0.0.1:" + broker.port());
    }

    private Service node(String name, Path state) {
        return Service.start(configuration(name, state));
    }

    private ServiceConfiguration configuration(String name, Path state) {
        String yaml = """
                node: %s
                device: "reference:"
                models: {digits: {file: "zoo:lenet5"}}
                streams:
                  ask: {model: digits, source: {requests: {waiting: 30, group: goats}}}
                mqtt: {url: "mqtt://127.0.0.1:%d"}
                """.formatted(name, broker.port());
        return ServiceConfiguration.parse(yaml, "node.yaml", state, Map.of());
    }

    /** How many of some requests each node answered. */
    private Map<String, Integer> shares(Publisher client, Subscriber answers) {
        String tensor = Base64.getEncoder().encodeToString(new byte[28 * 28]);
        for (int i = 0; i < REQUESTS; i++) {
            String request = "{\"id\": \"%d\", \"tensor\": \"%s\"}".formatted(asked++, tensor);
            client.publish("windhover/infer/goats", request.getBytes(StandardCharsets.UTF_8), false);
        }
        Map<String, Integer> shares = new TreeMap<>();
        for (int i = 0; i < REQUESTS; i++) {
            Subscriber.Received answer = Objects.requireNonNull(answers.take(PATIENCE));
            JsonObject json = JsonParser.parseString(answer.payload()).getAsJsonObject();
            assertTrue(json.has("top"), answer.payload());
            shares.merge(answer.topic().split("/", -1)[1], 1, Integer::sum);
        }
        return shares;
    }

    /** A stream that is started joins the group soon; what is asked before, the others answer. */
    private void awaitShare(String node, Publisher client, Subscriber answers) {
        while (!shares(client, answers).containsKey(node)) {
            Thread.onSpinWait();
        }
    }

    private static String next(Subscriber subscriber) {
        return Objects.requireNonNull(subscriber.take(PATIENCE)).payload();
    }

    @Test
    void a_node_that_stops_a_stream_or_is_renamed_leaves_its_share_to_the_others(@TempDir Path one, @TempDir Path two) {
        try (broker;
                Subscriber answers = Subscriber.subscribe(address, "client", "windhover/+/ask/answer", PATIENCE);
                Subscriber health = Subscriber.subscribe(address, "watcher", "windhover/+/available", PATIENCE);
                Service first = node("one", one);
                Service second = node("two", two);
                Publisher client = Publisher.connect(PublisherSettings.guest(address, new Topics("clients", "one")))) {
            for (int nodes = 0; nodes < 2; nodes++) {
                assertEquals("online", next(health));
            }
            assertEquals(
                    REQUESTS,
                    shares(client, answers).values().stream()
                            .mapToInt(Integer::intValue)
                            .sum());
            first.setRunning("ask", false);
            assertEquals(Map.of("two", REQUESTS), shares(client, answers));
            first.setRunning("ask", true);
            awaitShare("one", client, answers);
            second.setRunning("ask", false);
            assertEquals(Map.of("one", REQUESTS), shares(client, answers));
            first.reload(configuration("three", one));
            assertEquals("stopped", next(health));
            assertEquals("online", next(health));
            assertEquals(Map.of("three", REQUESTS), shares(client, answers));
        }
    }
}
