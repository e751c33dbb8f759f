// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.windhover.models.graph.AveragePool;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Window;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.mqtt.EmbeddedBroker;
import io.windhover.runtime.mqtt.Publisher;
import io.windhover.runtime.mqtt.PublisherSettings;
import io.windhover.runtime.mqtt.Schemas;
import io.windhover.runtime.mqtt.Subscriber;
import io.windhover.runtime.mqtt.Topics;
import io.windhover.runtime.serve.configuration.ServiceConfiguration;
import io.windhover.runtime.serve.monitor.NodeState.StreamState;
import io.windhover.runtime.serve.yaml.YamlException;
import io.windhover.runtime.whm.CompiledFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The service as a subscriber sees it; every payload is held to its schema. */
@Timeout(120)
class ServiceOverMqttTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private final Schemas schemas = new Schemas(Path.of("doc/schemas"));
    private final List<Subscriber.Received> heard = new ArrayList<>();
    private EmbeddedBroker broker;
    private Subscriber subscriber;
    private Service service;
    private Publisher stranger;

    ServiceOverMqttTest() throws IOException {}

    @BeforeEach
    void start() {
        broker = EmbeddedBroker.start();
        subscriber = Subscriber.subscribe(broker.address(), "watcher", "#", PATIENCE);
        service = Service.start(configuration("film", "true"));
        stranger = Publisher.connect(PublisherSettings.guest(broker.address(), new Topics("strangers", "one")));
    }

    @AfterEach
    void stop() {
        stranger.close();
        service.close();
        subscriber.close();
        broker.close();
    }

    private ServiceConfiguration configuration(String stream, String discovery) {
        return ServiceConfiguration.parse(yaml(stream, discovery), "node.yaml", folder, Map.of());
    }

    private String yaml(String stream, String discovery) {
        return """
                node: pad-7
                device: "reference:"
                state: state
                models:
                  digits: {file: "zoo:lenet5"}
                  small: {file: "zoo:lenet5@reduced"}
                streams:
                  %s: {model: digits, source: {pattern: {width: 28, height: 28, frames_per_second: 20}}}
                  ask: {model: digits, source: {requests: {waiting: 100}}}
                mqtt: {url: "%s", control: true, discovery: %s, statistics: 1s}
                """.formatted(stream, broker.address(), discovery);
    }

    private Subscriber.Received await(String topic, Predicate<String> such) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() - end < 0) {
            Subscriber.@Nullable Received next = subscriber.take(Duration.ofMillis(100));
            if (next != null) {
                heard.add(next);
                if (next.topic().equals(topic) && such.test(next.payload())) {
                    return next;
                }
            }
        }
        throw new AssertionError("nothing such on " + topic + " among " + heard.size() + " messages");
    }

    private void say(String topic, String payload) {
        stranger.publish(topic, payload.getBytes(StandardCharsets.UTF_8), false);
    }

    @Test
    void results_commands_answers_and_statistics_fit_their_schemas() {
        await("windhover/pad-7/film/classification", payload -> true);
        say("windhover/pad-7/film/set", "{\"model\": \"small\"}");
        await("windhover/pad-7/film/settings", payload -> payload.contains("\"small\""));
        say("windhover/pad-7/film/set", "{\"running\": false, \"path\": \"/etc\"}");
        await("windhover/pad-7/film/settings", payload -> payload.contains("\"running\":true"));
        say("windhover/pad-7/film/set", "{\"running\": false}");
        await("windhover/pad-7/film/settings", payload -> payload.contains("\"running\":false"));
        assertTrue(heard.stream().anyMatch(this::saysThatTheFilmIsDisabled));
        String tensor = Base64.getEncoder().encodeToString(new byte[28 * 28]);
        say("windhover/pad-7/ask/infer", "{\"id\": \"7\", \"tensor\": \"" + tensor + "\"}");
        String answer = await("windhover/pad-7/ask/answer", payload -> true).payload();
        assertEquals("7", json(answer).get("request").getAsString());
        schemas.requireValid("answer", answer);
        say("windhover/pad-7/ask/infer", "neither");
        schemas.requireValid(
                "refusal",
                await("windhover/pad-7/ask/answer", payload -> payload.contains("error"))
                        .payload());
        await("windhover/pad-7/stats", payload -> payload.contains("\"ask\""));
        service.close();
        await("windhover/pad-7/available", "stopped"::equals);
        assertEquals(1, service.state().refusals().get("commands"));
        requireSchemas();
        requireOrder();
    }

    private boolean saysThatTheFilmIsDisabled(Subscriber.Received message) {
        return message.topic().equals("windhover/pad-7/status/film")
                && message.payload().equals("disabled");
    }

    private void requireSchemas() {
        for (Subscriber.Received message : heard) {
            String[] levels = message.topic().split("/", -1);
            String last = levels[levels.length - 1];
            switch (last) {
                case "classification", "stats", "settings" -> schemas.requireValid(last, message.payload());
                case "state" -> schemas.requireValid("classification", message.payload());
                case "available" -> schemas.requireValid("available", '"' + message.payload() + '"');
                default -> {
                    if (levels.length > 2 && levels[2].equals("status")) {
                        schemas.requireValid("status", '"' + message.payload() + '"');
                    }
                }
            }
        }
    }

    /** No gap and no repetition on an unbroken connection. */
    private void requireOrder() {
        List<Long> numbers = heard.stream()
                .filter(message -> message.topic().endsWith("/classification"))
                .map(message -> json(message.payload()).get("seq").getAsLong())
                .toList();
        for (int i = 1; i < numbers.size(); i++) {
            assertEquals(numbers.get(i - 1) + 1, numbers.get(i));
        }
    }

    private static JsonObject json(String text) {
        return JsonParser.parseString(text).getAsJsonObject();
    }

    @Test
    void settings_say_how_it_is_whatever_changed_it() {
        await("windhover/pad-7/film/settings", payload -> payload.contains("\"running\":true"));
        say("windhover/pad-7/film/set", "{\"model\": \"small\"}");
        await("windhover/pad-7/film/settings", payload -> payload.contains("\"small\""));
        service.setRunning("film", false);
        await("windhover/pad-7/film/settings", payload -> payload.contains("\"running\":false"));
        service.reload(ServiceConfiguration.parse(
                yaml("film", "false").replace("second: 20", "second: 10"), "node.yaml", folder, Map.of()));
        await(
                "windhover/pad-7/film/settings",
                payload -> payload.contains("\"running\":true") && payload.contains("\"digits\""));
        service.reload(ServiceConfiguration.parse(
                yaml("film", "false").replace("control: true", "control: false"), "node.yaml", folder, Map.of()));
        await("windhover/pad-7/film/settings", String::isEmpty);
    }

    @Test
    void settings_end_as_the_stream_is_when_commands_and_the_page_change_it_at_once() {
        await("windhover/pad-7/film/settings", payload -> payload.contains("\"running\":true"));
        for (int change = 0; change < 200; change++) {
            String model = "\"model\":\"" + (change % 2 == 0 ? "small" : "digits") + "\"";
            String running = "\"running\":" + (change % 2 == 1);
            say("windhover/pad-7/film/set", "{" + model + "}");
            await("windhover/pad-7/film/settings", payload -> payload.contains(model));
            service.setRunning("film", change % 2 == 1);
            await("windhover/pad-7/film/settings", payload -> payload.contains(running));
        }
    }

    /** A stream of requests whose model takes a second or so for each, and the numbers of the requests it has. */
    private Set<String> slowRequests(int count) {
        service.reload(ServiceConfiguration.parse(slow(), "node.yaml", folder, Map.of()));
        await("windhover/pad-7/slow/settings", payload -> true);
        String tensor = Base64.getEncoder().encodeToString(new byte[224 * 224 * 3]);
        Set<String> open = new HashSet<>();
        for (int i = 0; i < count; i++) {
            open.add(String.valueOf(i));
            say("windhover/pad-7/slow/infer", "{\"id\": \"" + i + "\", \"tensor\": \"" + tensor + "\"}");
        }
        return open;
    }

    private String slow() {
        return yaml("film", "true")
                .replace("models:", "models:\n  large: {file: \"zoo:googlenet\"}")
                .replace("  ask:", "  slow: {model: large, source: {requests: {waiting: 16}}}\n  ask:");
    }

    /** More than what a stream that ends has time for, on any machine but a very fast one. */
    @Test
    void requests_that_a_stopped_stream_has_no_time_for_are_refused() {
        Set<String> open = slowRequests(15);
        open.remove(json(await("windhover/pad-7/slow/answer", payload -> true).payload())
                .get("request")
                .getAsString());
        service.setRunning("slow", false);
        while (!open.isEmpty()) {
            JsonObject answer =
                    json(await("windhover/pad-7/slow/answer", payload -> true).payload());
            open.remove(answer.get("request").getAsString());
            if (answer.has("error")) {
                assertEquals("Stream 'slow' is stopped.", answer.get("error").getAsString());
            }
        }
        say("windhover/pad-7/film/set", "{\"running\": false}");
        await("windhover/pad-7/film/settings", payload -> payload.contains("\"running\":false"));
    }

    @Test
    void every_request_is_answered_while_configurations_change() throws InterruptedException {
        await("windhover/pad-7/film/classification", payload -> true);
        String tensor = Base64.getEncoder().encodeToString(new byte[28 * 28]);
        Thread asking = new Thread(() -> {
            for (int i = 0; i < 90; i++) {
                say("windhover/pad-7/ask/infer", "{\"id\": \"" + i + "\", \"tensor\": \"" + tensor + "\"}");
                pause();
            }
        });
        asking.start();
        for (String stream : List.of("other", "third", "film")) {
            service.reload(configuration(stream, "false"));
            service.reload(ServiceConfiguration.parse(
                    yaml(stream, "false").replace("waiting: 100", "waiting: 101"), "node.yaml", folder, Map.of()));
        }
        asking.join();
        say("windhover/pad-7/ask/infer", "{\"id\": \"last\", \"tensor\": \"" + tensor + "\"}");
        await("windhover/pad-7/ask/answer", payload -> payload.contains("\"request\":\"last\""));
        long answered = heard.stream()
                .filter(message -> message.topic().equals("windhover/pad-7/ask/answer"))
                .map(message -> json(message.payload()).get("request").getAsString())
                .distinct()
                .count();
        assertEquals(91, answered);
        assertEquals(
                List.of(),
                heard.stream()
                        .filter(message -> message.payload().contains("\"error\""))
                        .toList());
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void a_stream_that_is_gone_leaves_nothing_behind() {
        await("windhover/pad-7/film/state", payload -> !payload.isEmpty());
        service.reload(configuration("other", "true"));
        await("windhover/pad-7/film/state", String::isEmpty);
        await("windhover/pad-7/other/classification", payload -> true);
        assertTrue(heard.stream()
                .anyMatch(message -> message.topic().startsWith("homeassistant/sensor/windhover_pad-7_film")
                        && !message.payload().isEmpty()));
        assertTrue(heard.stream()
                .anyMatch(message -> message.topic().startsWith("homeassistant/sensor/windhover_pad-7_film")
                        && message.payload().isEmpty()));
        assertFalse(service.state().streams().stream()
                .anyMatch(stream -> stream.name().equals("film")));
    }

    @Test
    void a_result_without_a_class_fits_its_schema() {
        String yaml = yaml("film", "true").replace("film: {model", "film: {result: {minimum_score: 1}, model");
        service.reload(ServiceConfiguration.parse(yaml, "node.yaml", folder, Map.of()));
        String empty = await("windhover/pad-7/film/classification", payload -> payload.contains("\"top\":[]"))
                .payload();
        schemas.requireValid("classification", empty);
    }

    /** A model that does not classify: a map of codes. */
    private Path map() throws IOException {
        GraphBuilder graph = new GraphBuilder("map");
        Quantization quantization = Quantization.of(1 / 256f, -128);
        int input = graph.input("input", TensorType.INT8, Shape.map(8, 8, 3), quantization);
        int output = graph.tensor("output", TensorType.INT8, Shape.map(8, 8, 3), quantization);
        graph.operator(new LookupTable("table", new int[] {input}, new int[] {output}, "requantise", new byte[256]));
        Path file = folder.resolve("map.whm");
        new CompiledFile(graph.build(output), null).write(file);
        return file;
    }

    @Test
    void results_that_are_no_classifications_are_limited_and_counted_too() throws IOException {
        String yaml = yaml("film", "true")
                .replace("models:", "models:\n  map: {file: \"" + map() + "\"}")
                .replace(
                        "  ask:",
                        "  map: {model: map, result: {most_per_second: 4},"
                                + " source: {pattern: {width: 8, height: 8, frames_per_second: 40}}}\n  ask:");
        service.reload(ServiceConfiguration.parse(yaml, "node.yaml", folder, Map.of()));
        for (int number = 0; number < 8; number++) {
            schemas.requireValid(
                    "output",
                    await("windhover/pad-7/map/output", payload -> true).payload());
        }
        service.setRunning("map", false);
        StreamState map = service.state().streams().stream()
                .filter(stream -> stream.name().equals("map"))
                .findFirst()
                .orElseThrow();
        assertTrue(map.published() >= 8, map.toString());
        assertTrue(map.frames() > 4 * map.published(), map.toString());
        YamlException meaningless = assertThrows(
                YamlException.class,
                () -> service.reload(ServiceConfiguration.parse(
                        yaml.replace("most_per_second: 4", "publish: change"), "node.yaml", folder, Map.of())));
        assertEquals(
                "Stream 'map': model 'map' does not classify, so of 'result' only 'most_per_second' means something; remove the rest.",
                meaningless.getMessage());
        service.reload(ServiceConfiguration.parse(
                yaml.replace("map: {model: map, result: {most_per_second: 4}", "map: {model: small, result: {top: 2}"),
                "node.yaml",
                folder,
                Map.of()));
        String chosen = assertThrows(WindhoverException.class, () -> service.setModel("map", "map"))
                .getMessage();
        assertEquals(meaningless.getMessage(), chosen);
    }

    /** A FOMO whose cells are the mean colour of what they cover. */
    private Path finder() throws IOException {
        GraphBuilder graph = new GraphBuilder("finder");
        Quantization quantization = Quantization.of(1 / 256f, -128);
        int input = graph.input("image", TensorType.INT8, Shape.map(32, 32, 3), quantization);
        int cells = graph.tensor("cells", TensorType.INT8, Shape.map(4, 4, 3), quantization);
        graph.operator(
                new AveragePool("mean", new int[] {input}, new int[] {cells}, Window.square(8, 8, 0), -128, 127));
        graph.labels(List.of("green", "blue"));
        Path file = folder.resolve("finder.whm");
        new CompiledFile(graph.build(cells), null).write(file);
        return file;
    }

    @Test
    void what_a_detector_finds_is_published_answered_and_shown() throws IOException {
        String yaml = yaml("film", "true")
                .replace("models:", "models:\n  finder: {file: \"" + finder() + "\", decode: {minimum_score: 0.4}}")
                .replace("ask: {model: digits", "ask: {model: finder")
                .replace(
                        "  ask:",
                        "  yard: {model: finder, source: {pattern: {width: 64, height: 48, frames_per_second: 20}}}\n  ask:");
        service.reload(ServiceConfiguration.parse(yaml, "node.yaml", folder, Map.of()));
        String published =
                await("windhover/pad-7/yard/detections", payload -> true).payload();
        schemas.requireValid("detections", published);
        assertEquals(64, json(published).getAsJsonObject("picture").get("width").getAsInt());
        await("windhover/pad-7/yard/state", payload -> payload.contains("\"detections\""));
        byte[] green = new byte[32 * 32 * 3];
        Arrays.fill(green, (byte) -128);
        for (int pixel = 0; pixel < 32 * 32; pixel++) {
            boolean inside = pixel / 32 < 16 && pixel % 32 >= 24;
            green[pixel * 3 + (inside ? 1 : 0)] = 127;
        }
        say(
                "windhover/pad-7/ask/infer",
                "{\"id\": \"8\", \"tensor\": \"" + Base64.getEncoder().encodeToString(green) + "\"}");
        String answer = await("windhover/pad-7/ask/answer", payload -> true).payload();
        schemas.requireValid("answer", answer);
        JsonObject found = json(answer).getAsJsonArray("detections").get(0).getAsJsonObject();
        assertEquals("green", found.get("label").getAsString());
        assertEquals("[0.75,0.0,1.0,0.5]", found.get("box").toString());
        StreamState ask = service.state().streams().stream()
                .filter(stream -> stream.name().equals("ask"))
                .findFirst()
                .orElseThrow();
        assertEquals(List.of(0.75, 0.0, 1.0, 0.5), ask.found().get(0).box());
        YamlException averaged = assertThrows(
                YamlException.class,
                () -> service.reload(ServiceConfiguration.parse(
                        yaml.replace("yard: {model: finder,", "yard: {model: finder, result: {smoothing: 3},"),
                        "node.yaml",
                        folder,
                        Map.of())));
        assertTrue(averaged.getMessage().contains("remove 'result.smoothing'"), averaged.getMessage());
    }

    @Test
    void another_user_or_password_at_the_same_broker_removes_nothing() {
        await("windhover/pad-7/film/state", payload -> !payload.isEmpty());
        heard.clear();
        String yaml = yaml("film", "true").replace("control: true", "user: pad, password: \"1\", control: true");
        for (String password : List.of("1", "2")) {
            service.reload(ServiceConfiguration.parse(
                    yaml.replace("\"1\"", "\"" + password + "\""), "node.yaml", folder, Map.of()));
            await("windhover/pad-7/available", "online"::equals);
            await("windhover/pad-7/film/state", payload -> true);
        }
        assertEquals(
                List.of(),
                heard.stream()
                        .filter(message -> message.payload().isEmpty())
                        .map(Subscriber.Received::topic)
                        .toList());
    }

    @Test
    void a_node_that_is_renamed_leaves_nothing_behind() {
        await("windhover/pad-7/film/state", payload -> !payload.isEmpty());
        service.reload(ServiceConfiguration.parse(
                yaml("film", "true").replace("pad-7", "pad-8"), "node.yaml", folder, Map.of()));
        await("windhover/pad-8/film/state", payload -> !payload.isEmpty());
        List<String> left = new ArrayList<>();
        try (Subscriber late = Subscriber.subscribe(broker.address(), "late", "windhover/pad-7/#", PATIENCE)) {
            for (Subscriber.@Nullable Received next = late.take(Duration.ofSeconds(1));
                    next != null;
                    next = late.take(Duration.ofMillis(100))) {
                left.add(next.topic() + "=" + next.payload());
            }
        }
        assertEquals(List.of("windhover/pad-7/available=stopped"), left);
    }
}
