// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.windhover.runtime.exception.WindhoverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** {@code runtime/doc/serve.schema.json} says the same as the reader. */
class SchemaTest {
    private static final Path FILE = Path.of("doc/serve.schema.json");
    private static final Gson JSON = new GsonBuilder().serializeNulls().create();
    private static final JsonObject TEXT = text();
    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(TEXT.toString(), InputFormat.JSON);

    /** Each section of the schema: the whole, with an entry more where %s is. */
    private static final Map<String, String> SECTIONS = sections();

    /** Keys that cannot be added to their section, because it has them. */
    private static final Set<String> IN_THE_TEMPLATES = Set.of("url", "user", "listen");

    @TempDir
    Path folder;

    private static JsonObject text() {
        try {
            return JsonParser.parseString(Files.readString(FILE)).getAsJsonObject();
        } catch (IOException problem) {
            throw new IllegalStateException(problem);
        }
    }

    private static Map<String, String> sections() {
        Map<String, String> sections = new LinkedHashMap<>();
        sections.put("", whole("{file: m.onnx}", "{pattern: {}}", "", "%s"));
        sections.put("model", whole("{file: m.onnx, %s}", "{pattern: {}}", "", ""));
        sections.put("image", whole("{file: m.onnx, image: {%s}}", "{pattern: {}}", "", ""));
        sections.put("decode", whole("{file: m.onnx, decode: {%s}}", "{pattern: {}}", "", ""));
        sections.put("stream", whole("{file: m.onnx}", "{pattern: {}}", ", %s", ""));
        sections.put("source", whole("{file: m.onnx}", "{%s}", "", "mqtt: {url: 'mqtts://b'}"));
        sections.put("images", whole("{file: m.onnx}", "{images: {files: [a], %s}}", "", ""));
        sections.put("folder", whole("{file: m.onnx}", "{folder: {path: a, %s}}", "", ""));
        sections.put("ffmpeg", whole("{file: m.onnx}", "{ffmpeg: {input: a, %s}}", "", ""));
        sections.put("requests", whole("{file: m.onnx}", "{requests: {%s}}", "", "mqtt: {url: 'mqtts://b'}"));
        sections.put("pattern", whole("{file: m.onnx}", "{pattern: {%s}}", "", ""));
        sections.put("result", whole("{file: m.onnx}", "{pattern: {}}", ", result: {%s}", ""));
        sections.put("mqtt", whole("{file: m.onnx}", "{pattern: {}}", "", "mqtt: {url: 'mqtts://b', user: u, %s}"));
        sections.put("tls", whole("{file: m.onnx}", "{pattern: {}}", "", "mqtt: {url: 'mqtts://b', tls: {%s}}"));
        sections.put("queue", whole("{file: m.onnx}", "{pattern: {}}", "", "mqtt: {url: 'mqtts://b', queue: {%s}}"));
        sections.put("http", whole("{file: m.onnx}", "{pattern: {}}", "", "http: {listen: 80, %s}"));
        return sections;
    }

    private static String whole(String model, String source, String stream, String more) {
        return "device: d\nmodels: {m: " + model + "}\nstreams: {s: {model: m, source: " + source + stream + "}}\n"
                + more + "\n";
    }

    private ServiceConfiguration read(String text) {
        return ServiceConfiguration.parse(
                text, "c.yaml", folder, Map.of("WINDHOVER_TOKEN", "0123456789abcdef", "ONE", "1"));
    }

    private static List<Error> errors(String text) {
        LoadSettings settings =
                LoadSettings.builder().setSchema(new CoreSchema()).build();
        return SCHEMA.validate(JSON.toJson(new Load(settings).loadFromString(text)), InputFormat.JSON);
    }

    private void bothAccept(String text) {
        read(text);
        assertEquals(List.of(), errors(text), text);
    }

    private void bothRefuse(String text) {
        assertThrows(WindhoverException.class, () -> read(text), text);
        assertTrue(!errors(text).isEmpty(), text);
    }

    private static JsonObject properties(String section) {
        JsonObject at = section.isEmpty() ? TEXT : TEXT.getAsJsonObject("$defs").getAsJsonObject(section);
        return at.getAsJsonObject("properties");
    }

    @Test
    void the_example_is_valid_as_it_is_and_with_every_line_that_is_commented_out() throws IOException {
        String example = ServiceConfigurationTest.example();
        assertEquals(List.of(), errors(example));
        Files.writeString(folder.resolve("mqtt-password"), "secret");
        bothAccept(ServiceConfigurationTest.withCommentedLines(example));
        for (String kind : List.of("images", "folder", "ffmpeg", "requests")) {
            Matcher line = Pattern.compile("#(" + kind + ": .*)").matcher(example);
            assertTrue(line.find());
            bothAccept(SECTIONS.get("source").replace("%s", line.group(1)));
        }
    }

    @Test
    void every_section_of_the_schema_is_checked_here() {
        Set<String> sections = TEXT.getAsJsonObject("$defs").entrySet().stream()
                .filter(entry -> entry.getValue().getAsJsonObject().has("properties"))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
        sections.add("");
        assertEquals(sections, new TreeSet<>(SECTIONS.keySet()));
    }

    private static Stream<String> sectionNames() {
        return SECTIONS.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("sectionNames")
    void reader_and_schema_know_the_same_keys(String section) {
        String text = SECTIONS.get(section).replace("%s", "xyzzyxyzzy: 1");
        bothRefuse(text);
        String message = String.valueOf(
                assertThrows(WindhoverException.class, () -> read(text)).getMessage());
        Matcher known = Pattern.compile("'xyzzyxyzzy'; it may have (.*)\\.").matcher(message);
        assertTrue(known.find(), message);
        assertEquals(
                properties(section).keySet().stream().sorted().toList(),
                Arrays.asList(known.group(1).split(", ")));
    }

    @ParameterizedTest
    @MethodSource("sectionNames")
    void every_key_is_described(String section) {
        properties(section)
                .entrySet()
                .forEach(entry -> assertTrue(entry.getValue().getAsJsonObject().has("description"), entry.getKey()));
    }

    /** A default that is written out changes nothing. */
    @ParameterizedTest
    @MethodSource("sectionNames")
    void defaults_are_the_readers_own(String section) {
        String template = SECTIONS.get(section);
        String plain = section.equals("source") ? "pattern: {}" : "";
        properties(section).entrySet().forEach(entry -> {
            JsonElement value = entry.getValue().getAsJsonObject().get("default");
            if (value != null) {
                String text = template.replace("%s", entry.getKey() + ": " + value);
                assertEquals(List.of(), errors(text), text);
                assertEquals(read(template.replace("%s", plain)), read(text), text);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("sectionNames")
    void ranges_and_choices_are_the_readers_own(String section) {
        properties(section).entrySet().forEach(entry -> {
            JsonObject property = entry.getValue().getAsJsonObject();
            String text = SECTIONS.get(section).replace("%s", entry.getKey() + ": VALUE");
            if (IN_THE_TEMPLATES.contains(entry.getKey())) {
                return;
            }
            items(property.get("examples")).forEach(example -> bothAccept(text.replace("VALUE", example)));
            items(property.get("enum")).forEach(choice -> bothAccept(text.replace("VALUE", choice)));
            if (property.has("enum")) {
                bothRefuse(text.replace("VALUE", "xyzzy"));
            }
            numbers(property).forEach(number -> checkNumber(text, number));
        });
    }

    private void checkNumber(String text, JsonObject number) {
        double least = number.get("minimum").getAsDouble();
        double most = number.get("maximum").getAsDouble();
        boolean whole = number.get("type").getAsString().equals("integer");
        bothAccept(text.replace("VALUE", number.get("minimum").getAsString()));
        bothAccept(text.replace("VALUE", number.get("maximum").getAsString()));
        bothAccept(text.replace("VALUE", "'${env:ONE}'"));
        bothRefuse(text.replace("VALUE", whole ? String.valueOf((long) least - 1) : String.valueOf(least - 0.0005)));
        bothRefuse(text.replace("VALUE", String.valueOf((long) most + 1)));
        bothRefuse(text.replace("VALUE", "many"));
        bothRefuse(text.replace("VALUE", ""));
        if (whole) {
            bothRefuse(text.replace("VALUE", least + 0.5 + ""));
        }
    }

    private static List<String> items(JsonElement array) {
        return array == null
                ? List.of()
                : ((JsonArray) array)
                        .asList().stream().map(JsonElement::getAsString).toList();
    }

    /** The ranges that a property has, of its own or by what it refers to. */
    private static List<JsonObject> numbers(JsonObject property) {
        JsonElement reference = property.get("$ref");
        if (reference != null) {
            String name = reference.getAsString().substring("#/$defs/".length());
            return numbers(TEXT.getAsJsonObject("$defs").getAsJsonObject(name));
        }
        JsonArray choices = property.has("anyOf") ? property.getAsJsonArray("anyOf") : new JsonArray();
        return choices.asList().stream()
                .map(JsonElement::getAsJsonObject)
                .filter(choice -> choice.has("minimum"))
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "model    | timeout: 250 ms",
                "model    | timeout: 1.5min",
                "model    | 'decode: {}'",
                "decode   | 'minimum_score: 0.4, kind: ssd'",
                "image    | 'mean: 1, deviation: 2'",
                "image    | 'mean: [1, -100000], deviation: [0.00001, 100000]'",
                "stream   | state: false",
                "source   | 'images: {files: a.png}'",
                "source   | 'images: {files: [a.png, 7]}'",
                "source   | 'folder: {path: a, pattern: \"*.jp?g\"}'",
                "source   | 'ffmpeg: {input: \"rtsp://u:p@cam/1\", options: [-rtsp_transport, tcp]}'",
                "source   | 'ffmpeg: {input: a, options: -re}'",
                "requests | group: a-b_7",
                "requests | largest: 1.5 MB",
                "result   | 'publish: change, hold_off: 2s'",
                "result   | 'hold_off: 0 s'",
                "mqtt     | prefix: a/b",
                "mqtt     | password: p",
                "mqtt     | discovery: true",
                "mqtt     | discovery: 7",
                "mqtt     | discovery: FALSE",
                "mqtt     | control: True",
                "mqtt     | discovery: office",
                "mqtt     | discovery: home/assistant",
                "mqtt     | 'tls: {}'",
                "tls      | 'certificate: a, key: b'",
                "http     | token: 0123456789abcdef",
                "http     | 'token: \"${env:WINDHOVER_TOKEN}\"'",
                "''       | node: pad-7",
                "''       | node: 7",
                "''       | node: a b",
                "''       | 'http: {listen: \"[::1]:65535\"}'",
                "''       | 'http: {listen: localhost:0}'",
                "''       | 'mqtt: {url: mqtt://b:1883}'",
                "''       | 'mqtt: {url: \"MQTTS://me@[::1]\", password: p}'",
            })
    void both_accept(String section, String entry) {
        bothAccept(SECTIONS.get(section).replace("%s", entry));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "model    | timeout: 30",
                "model    | timeout: 30 sec",
                "model    | timeout: -1s",
                "model    | 'labels: \"\"'",
                "model    | labels: [a]",
                "model    | decode: yolov11",
                "model    | decode: [ssd]",
                "model    | 'decode:'",
                "image    | mean: 1",
                "image    | deviation: 1",
                "image    | 'mean: 1, deviation: 0'",
                "image    | 'mean: 200000, deviation: 1'",
                "stream   | state: maybe",
                "stream   | result: []",
                "source   | ''",
                "source   | 'pattern: {}, requests: {}'",
                "source   | 'images: {files: []}'",
                "source   | 'images: {}'",
                "source   | 'folder: incoming'",
                "source   | 'ffmpeg: {options: [-re]}'",
                "source   | 'ffmpeg: {input: [a]}'",
                "source   | 'pattern:'",
                "requests | group: a/b",
                "requests | largest: 4",
                "requests | largest: 4 mib",
                "result   | hold_off: 2s",
                "result   | 'publish: every, hold_off: 1ms'",
                "mqtt     | prefix: /a",
                "mqtt     | prefix: a//b",
                "mqtt     | prefix: a/#",
                "mqtt     | prefix: $SYS",
                "mqtt     | discovery: a+",
                "mqtt     | discovery: off",
                "mqtt     | discovery: 'Yes'",
                "mqtt     | discovery: 0",
                "mqtt     | control: maybe",
                "tls      | certificate: a",
                "tls      | key: a",
                "http     | token: short",
                "http     | pictures: 1",
                "''       | node: a/b",
                "''       | node: state",
                "''       | node: ' a'",
                "''       | 'node: \"a\\tb\"'",
                "''       | 'http: {}'",
                "''       | 'http: {listen: a:65536}'",
                "''       | 'http: {listen: http://a:80}'",
                "''       | 'mqtt: {user: a}'",
                "''       | 'mqtt: {url: b}'",
                "''       | 'mqtt: {url: \"mqtt://me:secret@b\"}'",
                "''       | 'mqtt: {url: mqtt://b, password: p}'",
                "''       | 'mqtt: {url: mqtt://b, user: \"a\\tb\"}'",
                "''       | 'mqtt: {url: mqtt://b, tls: {}}'",
            })
    void both_refuse(String section, String entry) {
        bothRefuse(SECTIONS.get(section).replace("%s", entry == null ? "" : entry));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "source: {pattern: {}}     | source: {requests: {}}, frames: newest",
                "source: {pattern: {}}     | priority: 1",
                "{s: {                     | {a/b: {",
                "{s: {                     | {status: {",
                "{m: {file: m.onnx}}       | {}",
                "{m: {file: m.onnx}}       | {m: {}}",
                "{m: {file: m.onnx}}       | [m]",
                "{m: {file: m.onnx}}       | {m: m.onnx}",
                "device: d                 | node: n",
                "device: d                 | 'device:'",
            })
    void both_refuse_a_whole(String good, String bad) {
        String whole = SECTIONS.get("").replace("%s", "");
        bothAccept(whole);
        assertTrue(whole.contains(good), whole);
        bothRefuse(whole.replace(good, bad));
    }
}
