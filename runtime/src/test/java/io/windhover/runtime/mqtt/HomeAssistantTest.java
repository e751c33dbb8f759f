// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HomeAssistantTest {
    private static final Topics TOPICS = new Topics("farm/north", "höhle 1");
    private static final HomeAssistant.Stream CAMERA =
            new HomeAssistant.Stream("camera", HomeAssistant.Kind.CLASSIFICATION, "lenet5");
    private static final HomeAssistant.Stream YARD =
            new HomeAssistant.Stream("yard", HomeAssistant.Kind.DETECTIONS, "birds");
    private static final HomeAssistant.Stream RAW = new HomeAssistant.Stream("raw", HomeAssistant.Kind.OUTPUT, "raw");

    private final FakeBroker broker = new FakeBroker();

    private Publisher publisher;

    @BeforeEach
    void connect() {
        publisher = Publisher.start(
                PublisherSettings.service(BrokerAddress.parse("mqtt://nowhere"), TOPICS)
                        .withTimes(Duration.ofSeconds(2), Duration.ofMillis(5)),
                broker,
                new Random(1));
    }

    private HomeAssistant announced(HomeAssistant.Stream... streams) {
        HomeAssistant node =
                new HomeAssistant(publisher, TOPICS, "homeassistant", "functional:", "1.2.3", List.of(streams));
        node.announce();
        return node;
    }

    /** What the broker keeps now. */
    private Map<String, String> retained() {
        assertTrue(publisher.flush(Duration.ofSeconds(5)));
        Map<String, String> kept = new LinkedHashMap<>();
        for (String message : broker.taken()) {
            String topic = message.substring(0, message.indexOf('='));
            String payload = message.substring(topic.length() + 1);
            if (topic.startsWith("homeassistant/")) {
                kept.put(topic, payload);
            }
        }
        return kept;
    }

    @Test
    void every_configuration_is_one_that_home_assistant_documents() throws IOException {
        Schemas schemas = new Schemas(Path.of("src/test/resources/io/windhover/runtime/mqtt"));
        HomeAssistant unused = announced(CAMERA, YARD, RAW);
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

    private JsonObject sensor() {
        return retained().entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("homeassistant/sensor/"))
                .map(entry -> JsonParser.parseString(entry.getValue()).getAsJsonObject())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_classification_is_read_from_the_streams_state() {
        HomeAssistant unused = announced(CAMERA);
        JsonObject sensor = sensor();
        assertEquals(TOPICS.state("camera"), sensor.get("state_topic").getAsString());
        assertEquals(TOPICS.state("camera"), sensor.get("json_attributes_topic").getAsString());
        assertEquals(
                "{{ value_json.top[0].label[:255] if value_json.top else 'none' }}",
                sensor.get("value_template").getAsString());
    }

    /** A command may have set a classifier in its place, whose states have no detections. */
    @Test
    void what_a_detector_finds_may_be_absent_from_the_streams_state() {
        HomeAssistant unused = announced(new HomeAssistant.Stream("camera", HomeAssistant.Kind.DETECTIONS, "m"));
        assertEquals(
                "{{ {'detections': value_json.detections | default([]), 'time': value_json.time} | tojson }}",
                sensor().get("json_attributes_template").getAsString());
    }

    @Test
    void names_that_look_alike_stay_apart() {
        HomeAssistant unused = announced(
                CAMERA,
                new HomeAssistant.Stream("käfig", HomeAssistant.Kind.OUTPUT, "m"),
                new HomeAssistant.Stream("küfig", HomeAssistant.Kind.OUTPUT, "m"));
        assertEquals(5, retained().size());
    }

    @Test
    void it_is_said_again_when_home_assistant_is_born() {
        HomeAssistant discovery = announced(CAMERA);
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
                    true,
                    taken::incrementAndGet));
        }
        assertEquals(first, retained().size());
        assertEquals(before + first, broker.taken().size());
        assertEquals(2, taken.get());
    }
}
