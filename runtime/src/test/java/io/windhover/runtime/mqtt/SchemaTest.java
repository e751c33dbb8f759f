// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import io.windhover.runtime.Classification;
import io.windhover.runtime.Detections;
import io.windhover.runtime.Limits;
import io.windhover.runtime.detection.Box;
import io.windhover.runtime.detection.Detection;
import io.windhover.runtime.model.Model;
import io.windhover.runtime.model.ModelLoader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is really published against the schemas that are promised. */
@Timeout(60)
class SchemaTest {
    private static final Topics TOPICS = new Topics("windhover", "here");
    private static final Classification.Timings TIMINGS = new Classification.Timings(1, 2, 3, 4);
    private static final Classification CLASSIFICATION =
            new Classification(List.of(new Classification.Score("seven \"7\"", 7, 0.75)), TIMINGS);
    private static final List<ResultStream.Head> HEADS = List.of(
            new ResultStream.Head("small", List.of(1, 1, 1, 2), "int8", 0.5f, -3, new double[] {1.5, -2}, null),
            new ResultStream.Head(
                    "large", List.of(1, 2, 2, 1), "float32", null, null, null, "AAAAAAAAAAAAAAAAAAAAAA=="));
    private static final Detections DETECTIONS =
            new Detections(200, 100, List.of(new Detection("bird", 14, 0.9, new Box(0, 25, 100, 75))), TIMINGS);

    private final FakeBroker broker = new FakeBroker();
    private final Schemas schemas = new Schemas(Path.of("doc/schemas"));
    private final Model model = new ModelLoader(Limits.DEFAULT.modelBytes()).load("zoo:lenet5");

    SchemaTest() throws IOException {}

    private Publisher start() {
        return Publisher.start(
                PublisherSettings.service(BrokerAddress.parse("mqtt://nowhere"), TOPICS), broker, new Random(1));
    }

    private static ResultStream stream(Publisher publisher, String name) {
        return new ResultStream(
                publisher,
                TOPICS,
                new ResultStream.Origin(name, "session", "functional:"),
                new ResultStream.Delivery(1, true, true),
                Clock.systemUTC());
    }

    private List<String> payloads(String topic) {
        return broker.taken().stream()
                .filter(message -> message.startsWith(topic + "="))
                .map(message -> message.substring(topic.length() + 1))
                .toList();
    }

    private void requireValid(String schema, String topic) {
        assertFalse(payloads(topic).isEmpty(), topic);
        payloads(topic).forEach(payload -> schemas.requireValid(schema, payload));
    }

    @Test
    void every_message_of_a_node_fits_its_schema() {
        try (Publisher publisher = start()) {
            stream(publisher, "camera").classification(model, "picture", CLASSIFICATION, true, () -> {});
            stream(publisher, "heads").output(model, "picture", HEADS, TIMINGS, true, () -> {});
            stream(publisher, "finds").detections(model, "picture", DETECTIONS, true, () -> {});
            assertTrue(publisher.flush(Duration.ofSeconds(5)));
        }
        requireValid("classification", TOPICS.classification("camera"));
        requireValid("classification", TOPICS.state("camera"));
        requireValid("output", TOPICS.output("heads"));
        requireValid("output", TOPICS.state("heads"));
        requireValid("detections", TOPICS.detections("finds"));
        requireValid("detections", TOPICS.state("finds"));
        for (String word : payloads(TOPICS.available())) {
            schemas.requireValid("available", '"' + word + '"');
        }
        assertEquals(List.of("online", "stopped"), payloads(TOPICS.available()));
        schemas.requireValid("available", '"' + new String(PahoLink.OFFLINE, StandardCharsets.UTF_8) + '"');
    }

    @Test
    void an_answer_is_a_result_without_a_number() {
        try (Publisher publisher = start()) {
            ResultStream stream = stream(publisher, "camera");
            Stream.of(
                            stream.classification(model, "request", CLASSIFICATION, false, () -> {}),
                            stream.output(model, "request", HEADS, TIMINGS, false, () -> {}),
                            stream.detections(model, "request", DETECTIONS, false, () -> {}))
                    .map(json -> new String(json, StandardCharsets.UTF_8))
                    .forEach(answer -> {
                        schemas.requireValid("answer", answer);
                        schemas.requireInvalid("classification", answer);
                    });
            assertEquals(0, stream.published());
        }
    }

    @Test
    void no_two_results_of_a_node_share_an_id() {
        TreeSet<String> ids = new TreeSet<>();
        try (Publisher publisher = start()) {
            for (String name : List.of("one", "two")) {
                ResultStream stream = stream(publisher, name);
                for (boolean publish : new boolean[] {true, true, false, false}) {
                    byte[] json = stream.classification(model, "", CLASSIFICATION, publish, () -> {});
                    ids.add(JsonParser.parseString(new String(json, StandardCharsets.UTF_8))
                            .getAsJsonObject()
                            .get("id")
                            .getAsString());
                }
            }
        }
        assertEquals(8, ids.size());
    }

    @Test
    void the_schemas_refuse_what_is_none() {
        schemas.requireInvalid("status", "\"on\"");
        schemas.requireInvalid("available", "\"disabled\"");
        schemas.requireInvalid("stats", "{\"schema\":1,\"node\":\"here\"}");
        schemas.requireInvalid("refusal", "{\"schema\":1,\"stream\":\"camera\"}");
        schemas.requireValid("refusal", "{\"schema\":1,\"stream\":\"camera\",\"error\":\"It is no image.\"}");
    }
}
