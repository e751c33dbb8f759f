// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HomeAssistantTest {
    private static final Topics TOPICS = new Topics("farm/north", "höhle 1");
    private static final HomeAssistant.Stream CAMERA =
            new HomeAssistant.Stream("camera", HomeAssistant.Kind.CLASSIFICATION, "lenet5");
    private static final HomeAssistant.Stream YARD =
            new HomeAssistant.Stream("yard", HomeAssistant.Kind.DETECTIONS, "birds");
    private static final HomeAssistant.Stream RAW = new HomeAssistant.Stream("raw", HomeAssistant.Kind.OUTPUT, "raw");

    private final FakeBroker broker = new FakeBroker();

    @TempDir
    Path folder;

    private Publisher publisher;

    @BeforeEach
    void connect() {
        publisher = Publisher.start(
                PublisherSettings.service(BrokerAddress.parse("mqtt://nowhere"), TOPICS)
                        .withTimes(Duration.ofSeconds(2), Duration.ofMillis(5)),
                broker,
                new Random(1));
    }

    private HomeAssistant discovery(@Nullable String prefix) {
        return new HomeAssistant(publisher, TOPICS, prefix, "functional:", "1.2.3", folder.resolve("state/discovery"));
    }

    /** What the broker keeps now. */
    private Map<String, String> retained() {
        assertTrue(publisher.flush(Duration.ofSeconds(5)));
        Map<String, String> kept = new LinkedHashMap<>();
        for (String message : broker.taken()) {
            String topic = message.substring(0, message.indexOf('='));
            String payload = message.substring(topic.length() + 1);
            if (topic.startsWith("homeassistant/") && payload.isEmpty()) {
                kept.remove(topic);
            } else if (topic.startsWith("homeassistant/")) {
                kept.put(topic, payload);
            }
        }
        return kept;
    }

    @Test
    void every_configuration_is_one_that_home_assistant_documents() throws IOException {
        Schemas schemas = new Schemas(Path.of("src/test/resources/io/windhover/runtime/mqtt"));
        discovery("homeassistant").announce(List.of(CAMERA, YARD, RAW));
        Map<String, String> kept = retained();
        assertEquals(6, kept.size(), kept.toString());
        TreeSet<String> ids = new TreeSet<>();
        TreeSet<String> devices = new TreeSet<>();
        kept.forEach((topic, configuration) -> {
            schemas.requireValid("discovery", configuration);
            JsonObject json = JsonParser.parseString(configuration).getAsJsonObject();
            String id = json.get("unique_id").getAsString();
            assertTrue(topic.matches("homeassistant/(sensor|binary_sensor)/" + id + "/config"), topic);
            assertEquals(TOPICS.available(), json.get("availability_topic").getAsString());
            JsonObject device = json.getAsJsonObject("device");
            String own = device.getAsJsonArray("identifiers").get(0).getAsString();
            if (device.has("via_device")) {
                assertTrue(devices.contains(device.get("via_device").getAsString()), "the node's device comes first");
            } else {
                devices.add(own);
            }
            ids.add(id);
        });
        assertEquals(6, ids.size());
    }

    @Test
    void a_classification_is_read_from_the_streams_state() {
        discovery("homeassistant").announce(List.of(CAMERA));
        JsonObject sensor = retained().entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("homeassistant/sensor/"))
                .map(entry -> JsonParser.parseString(entry.getValue()).getAsJsonObject())
                .findFirst()
                .orElseThrow();
        assertEquals(TOPICS.state("camera"), sensor.get("state_topic").getAsString());
        assertEquals(TOPICS.state("camera"), sensor.get("json_attributes_topic").getAsString());
        assertEquals(
                "{{ value_json.top[0].label[:255] if value_json.top else 'none' }}",
                sensor.get("value_template").getAsString());
    }

    @Test
    void names_that_look_alike_stay_apart() {
        discovery("homeassistant")
                .announce(List.of(
                        CAMERA,
                        new HomeAssistant.Stream("käfig", HomeAssistant.Kind.OUTPUT, "m"),
                        new HomeAssistant.Stream("küfig", HomeAssistant.Kind.OUTPUT, "m")));
        assertEquals(5, retained().size());
    }

    @Test
    void it_is_said_again_when_home_assistant_is_born() {
        HomeAssistant discovery = discovery("homeassistant");
        discovery.announce(List.of(CAMERA));
        int first = retained().size();
        int before = broker.taken().size();
        AtomicInteger taken = new AtomicInteger();
        for (String word : List.of("offline", "online")) {
            discovery.heard(new IncomingMessage(
                    HomeAssistant.birthTopic("homeassistant"),
                    word.getBytes(StandardCharsets.UTF_8),
                    false,
                    null,
                    null,
                    taken::incrementAndGet));
        }
        assertEquals(first, retained().size());
        assertEquals(before + first, broker.taken().size());
        assertEquals(2, taken.get());
    }

    @Test
    void streams_that_are_gone_are_removed_also_by_a_later_process() {
        HomeAssistant discovery = discovery("homeassistant");
        discovery.announce(List.of(CAMERA, YARD));
        assertEquals(5, retained().size());
        discovery.announce(List.of(CAMERA));
        assertEquals(3, retained().size());
        discovery("homeassistant").announce(List.of(YARD));
        assertEquals(3, retained().size());
        assertTrue(
                retained().toString().contains("yard") && !retained().toString().contains("camera"));
        discovery(null).announce(List.of(YARD));
        assertEquals(Map.of(), retained());
        HomeAssistant last = discovery(null);
        last.announce(List.of());
        assertTrue(Files.exists(folder.resolve("state/discovery")));
        assertEquals(Map.of(), retained());
        last.close();
        assertFalse(Files.exists(folder.resolve("state/discovery")));
    }

    @Test
    void a_stream_that_comes_back_before_its_removal_is_sent_stays() throws InterruptedException {
        HomeAssistant discovery = discovery("homeassistant");
        broker.acknowledging = false;
        discovery.announce(List.of(CAMERA));
        discovery.announce(List.of());
        discovery.announce(List.of(CAMERA));
        broker.acknowledging = true;
        broker.dropConnection();
        for (int i = 0; i < 500 && retained().size() != 3; i++) {
            Thread.sleep(10);
        }
        assertEquals(3, retained().size());
    }

    @Test
    void a_removed_configuration_does_not_come_back_with_the_next_connection() throws InterruptedException {
        HomeAssistant discovery = discovery("homeassistant");
        discovery.announce(List.of(CAMERA));
        discovery(null).announce(List.of());
        assertEquals(Map.of(), retained());
        broker.dropConnection();
        publisher.publish("a", new byte[] {'b'}, false);
        broker.awaitTaken("a=b");
        assertEquals(Map.of(), retained());
    }

    @Test
    void a_file_that_was_tampered_with_removes_nothing_of_others() throws IOException {
        Files.createDirectories(folder.resolve("state"));
        Files.write(folder.resolve("state/discovery"), List.of("home/door/state", "homeassistant/sensor/other/config"));
        discovery(null).announce(List.of());
        assertTrue(publisher.flush(Duration.ofSeconds(5)));
        assertFalse(broker.taken().toString().contains("other"), broker.taken().toString());
        assertFalse(broker.taken().toString().contains("door"), broker.taken().toString());
    }
}
