// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.mqtt.SpoolSettings;
import io.windhover.runtime.source.SourceSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceConfigurationTest {
    private static final String GOOD = """
            node: pad-7
            device: "functional:"
            models:
              pads:
                file: zoo:landing_pad_int8
            streams:
              camera:
                model: pads
                source:
                  ffmpeg: {input: /dev/video0, options: [-f, v4l2], silence: 5s}
                priority: 3
                result: {top: 2, publish: change, hold_off: 1.5s}
            mqtt:
              url: mqtts://broker.local
              user: pad
              password: ${env:SECRET}
              queue: {bytes: 16MiB, age: 2d, sync: each}
            http: {listen: 8080}
            """;

    @TempDir
    Path folder;

    private ServiceConfiguration parse(String text) {
        return ServiceConfiguration.parse(text, "pad.yaml", folder, Map.of("SECRET", "hush-hush"));
    }

    static String example() throws IOException {
        try (InputStream file = Objects.requireNonNull(
                ServiceConfiguration.class.getResourceAsStream("/io/windhover/runtime/serve/example.yaml"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** All but the other kinds of source. */
    static String withCommentedLines(String example) {
        StringBuilder all = new StringBuilder();
        for (String line : example.lines().toList()) {
            boolean otherSource = line.matches(" *#(images|folder|ffmpeg|requests):.*");
            all.append(otherSource ? line : line.replaceFirst("^( *)#( *[a-z_]+:)", "$1$2"))
                    .append('\n');
        }
        return all.toString();
    }

    @Test
    void everything_that_is_said_is_read() {
        ServiceConfiguration read = parse(GOOD);
        StreamConfiguration camera = Objects.requireNonNull(read.streams().get("camera"));
        SourceSettings.Ffmpeg source = (SourceSettings.Ffmpeg) camera.source();
        MqttConfiguration mqtt = Objects.requireNonNull(read.mqtt());
        assertEquals("functional:", read.device());
        assertEquals(folder.resolve("windhover-state"), read.state());
        assertEquals(Duration.ofSeconds(5), source.silence());
        assertEquals(java.util.List.of("-f", "v4l2"), source.inputOptions());
        assertEquals("/dev/video0", source.input());
        assertEquals(3, camera.priority());
        assertEquals(StreamConfiguration.Frames.NEWEST, camera.frames());
        assertEquals(Duration.ofMillis(1500), camera.result().holdOff());
        assertEquals("hush-hush", mqtt.broker().password());
        assertEquals(8883, mqtt.broker().port());
        assertEquals("windhover/pad-7/camera/state", mqtt.topics().state("camera"));
        assertEquals(16 << 20, mqtt.queue().bytes());
        assertEquals(SpoolSettings.Sync.EACH, mqtt.sync());
        assertEquals("127.0.0.1", Objects.requireNonNull(read.http()).host());
    }

    @Test
    void the_example_works_as_it_is_and_with_every_line_that_is_commented_out() throws IOException {
        assertNotNull(parse(example()).http());
        Files.writeString(folder.resolve("mqtt-password"), "from a file\n");
        ServiceConfiguration read = ServiceConfiguration.parse(
                withCommentedLines(example()), "all.yaml", folder, Map.of("WINDHOVER_TOKEN", "0123456789abcdef"));
        assertEquals("from a file", Objects.requireNonNull(read.mqtt()).broker().password());
        assertEquals("0123456789abcdef", Objects.requireNonNull(read.http()).token());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "priority: 3            | priority: high         | line 11: streams.camera.priority is 'high'; give a whole number from 0 to 9",
                "priority: 3            | priority: 11           | streams.camera.priority is '11'",
                "priority: 3            | priority: [3]          | streams.camera.priority is a list",
                "priority: 3            | priority:              | streams.camera.priority is empty",
                "priority: 3            | priorty: 3             | line 11: streams.camera has the unknown key 'priorty'; did you mean 'priority'?",
                "priority: 3            | colour: red            | it may have frames, model, priority",
                "model: pads            | model: cats            | line 8: streams.camera.model is 'cats'; give one of the models: pads",
                "model: pads            | frames: every          | streams.camera has no 'model'; add it",
                "silence: 5s            | silence: 5             | silence is '5'; give a time from 1s to 1h, in ms, s, min, h or d",
                "silence: 5s            | silence: 5 weeks       | silence is '5 weeks'",
                "silence: 5s            | width: 9000            | width is '9000'; give a whole number from 1 to 8192",
                "input: /dev/video0     | input: 'rtsp://me:secret@cam/1' | has '-f', which cannot be given with an address that holds a user",
                "input: /dev/video0     | input: \"a\\nb\"      | input has a control character",
                "[-f, v4l2]             | [-y]                   | options has '-y', which is none of FFmpeg's input options that are allowed; give others",
                "[-f, v4l2]             | [-f]                   | options has '-f' without a value",
                "{input: /dev/video0, options: [-f, v4l2], silence: 5s} | {input: a, silence: 0.5s} | silence is '0.5s'",
                "'ffmpeg: {input: /dev/video0, options: [-f, v4l2], silence: 5s}' | 'folder: {path: \"a\\0b\"}' | path cannot be used (Nul character",
                "ffmpeg:                | webcam:                | has the unknown key 'webcam'",
                "hold_off: 1.5s         | hold_off: -1s          | hold_off is '-1s'",
                "publish: change        | publish: every         | means nothing where every result is published",
                "publish: change        | publish: sometimes     | publish is 'sometimes'; give one of every, change",
                "camera:                | 'a/b:'                 | streams.a/b: The MQTT stream has a '+', a '#', a '/'",
                "camera:                | 'state:'               | streams.state: The MQTT stream has a level 'state'",
                "camera:                | '$SYS:'                | streams.$SYS: The MQTT stream has a level that begins with '$'",
                "camera:                | '..:'                  | streams...: The MQTT stream has a level '..', which no web address",
                "'ffmpeg: {input: /dev/video0, options: [-f, v4l2], silence: 5s}' | 'folder: {path: a, pattern: b/*}' | pattern has a '/'",
                "listen: 8080           | 'listen: 80, token: \"0123456789abcdef \"' | http.token has a space or a character that no HTTP",
                "listen: 8080           | 'listen: 80, token: kürzer-kürzer-kürzer' | http.token has a space or a character that no HTTP",
                "node: pad-7            | node: a+b              | line 1: node: The MQTT node has",
                "url: mqtts             | url: ftp               | line 14: mqtt.url: The broker's address has an unknown scheme",
                "'${env:SECRET}'        | '${env:NOTHING}'       | mqtt.password cannot be resolved: the environment has no NOTHING",
                "user: pad              | 'user: \"a${env:SECRET\"' | mqtt.user cannot be resolved: a '${' has no '}' after it",
                "user: pad              | 'user: \"${env:SECRET}${file:\"' | mqtt.user cannot be resolved: a '${' has no '}' after it",
                "user: pad              | 'user: pad\n  discovery: off' | mqtt.discovery is 'off'; give true, false or a topic prefix",
                "'${env:SECRET}'        | '${env:}'              | mqtt.password cannot be resolved: '${env:}' has no name; mend that",
                "'${env:SECRET}'        | '${file:}'             | mqtt.password cannot be resolved: '${file:}' has no path; mend that",
                "'${env:SECRET}'        | '${file:nowhere}'      | mqtt.password cannot be resolved: there is no file",
                "'${env:SECRET}'        | '\"${file:a\\0b}\"'     | line 16: mqtt.password cannot be resolved: 'a?b' is no path (Nul character not allowed)",
                "'${env:SECRET}'        | '${file:/dev/zero}'    | mqtt.password cannot be resolved: '/dev/zero' is no regular file; mend that, or give another value",
                "'${env:SECRET}'        | '${file:/tmp}'         | '/tmp' is no regular file",
                "'file: zoo:landing_pad_int8' | '\"file\": \"a\\0b\"' | line 5: models.pads.file cannot be used (Nul character not allowed); give another path",
                "'file: zoo:landing_pad_int8' | 'file: a\n    labels: \"a\\0b\"' | models.pads.labels cannot be used (Nul",
                "'node: pad-7'           | 'state: \"a\\0b\"'     | line 1: state cannot be used (Nul",
                "'queue: {bytes: 16MiB, age: 2d, sync: each}' | 'tls: {authorities: \"a\\0b\"}' | mqtt.tls.authorities cannot be used (Nul",
                "'queue: {bytes: 16MiB, age: 2d, sync: each}' | 'tls: {certificate: \"a\\0b\", key: k}' | mqtt.tls.certificate cannot be used (Nul",
                "'${env:SECRET}'        | '${SECRET}'            | is neither ${env:NAME} nor ${file:PATH}",
                "user: pad              | 'user: \"a\\ud800b\"'   | line 15: mqtt.user: The broker's user has a control character or one that Unicode does not have",
                "user: pad              | 'user: \"a\\tb\"'      | line 15: mqtt.user: The broker's user has a control character",
                "user: pad              | 'user: \"a\\0b\"'      | line 15: mqtt.user: The broker's user has a control character",
                "user: pad              | 'user: \"a\\uffffb\"'   | line 15: mqtt.user: The broker's user has a control character",
                "'url: mqtts://broker.local\n  user: pad' | 'url: \"mqtts://a%00b@broker.local\"' | line 14: mqtt.url: The broker's user has a control",
                "'${env:SECRET}'        | '\"hush\\ud800\"'     | line 16: mqtt.password: The broker's password has a character that Unicode does not have",
                "user: pad              | control: true          | mqtt.password has no user it belongs to",
                "bytes: 16MiB           | bytes: 16M             | bytes is '16M'; give a size from 8MiB to 64GiB",
                "sync: each             | sync: often            | give one of each, second, never",
                "listen: 8080           | listen: 99999          | http.listen is '99999'",
                "listen: 8080           | listen: 80, token: short | http.token is shorter than 16 characters",
                "'device: \"functional:\"' | 'state: s'           | has no 'device'; add it",
                "file: zoo:landing_pad_int8 | 'file: a.tflite\n    image: {mean: 1}' | has a mean or a deviation alone",
                "file: zoo:landing_pad_int8 | 'file: a.tflite\n    shape: 1,x,3' | models.pads.shape: Shape '1,x,3' does not read",
                "file: zoo:landing_pad_int8 | 'file: a.tflite\n    shape: []' | give one as 1,H,W,C",
                "file: zoo:landing_pad_int8 | 'file: a.tflite\n    image: {fit: stretch}' | give one of squash, crop, letterbox",
                "node: pad-7            | 'node: a\nnode: b'     | node is there twice",
                "node: pad-7            | 'node: [a'             | this is no YAML",
            })
    void a_mistake_is_named_with_its_place_and_what_would_be_right(String good, String bad, String expected) {
        assertTrue(GOOD.contains(good), good);
        String message = assertThrows(WindhoverException.class, () -> parse(GOOD.replace(good, bad)))
                .getMessage();
        assertTrue(message.contains(expected), message);
        assertTrue(message.startsWith("pad.yaml, line "), message);
        assertTrue(message.matches("(?s).*[^.?][.?]"), message);
        assertFalse(message.contains("hush") || message.contains("secret"), message);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "user: pad, user: %s, 15: mqtt.user: The broker's user",
                "${env:SECRET}, %s, 16: mqtt.password: The broker's password"
            })
    void what_mqtt_has_no_room_for_is_refused_without_repeating_it(String good, String bad, String expected) {
        String longest = "hü".repeat(21_845);
        assertNotNull(parse(GOOD.replace(good, bad.formatted(longest))));
        String message = assertThrows(
                        WindhoverException.class, () -> parse(GOOD.replace(good, bad.formatted(longest + "h"))))
                .getMessage();
        assertEquals(
                "pad.yaml, line " + expected
                        + " is longer than the 65535 bytes that MQTT can carry; give a shorter one.",
                message);
    }

    @Test
    void the_first_mistake_of_each_part_is_said() {
        String message = assertThrows(
                        WindhoverException.class,
                        () -> parse(GOOD.replace("priority: 3", "priority: 99\n    qos: 7")
                                .replace("sync: each", "sync: x")
                                .replace("8080", "x")))
                .getMessage();
        assertEquals(3, message.lines().count(), message);
    }

    @Test
    void a_name_that_is_there_twice_hides_no_other_mistake() {
        String message = assertThrows(
                        WindhoverException.class,
                        () -> parse(
                                GOOD.replace("mqtt:\n", "  camera: {}\n  other: {model: x}\n  ? [a]\n  : b\nmqtt:\n")
                                        .replace("priority: 3", "priority: 3\n    priority: 4\n    quality: 7")))
                .getMessage();
        assertTrue(message.contains("streams.camera.priority is there twice"), message);
        assertTrue(message.contains("unknown key 'quality'"), message);
        assertTrue(message.contains("streams.other.model is 'x'"), message);
        assertTrue(message.contains("streams.camera is there twice"), message);
        assertTrue(message.contains("a key is no text"), message);
        assertEquals(5, message.lines().count(), message);
    }

    @Test
    void no_stream_takes_files_from_the_state_folder() throws IOException {
        Files.createSymbolicLink(folder.resolve("link"), folder);
        for (String path : List.of("s", "s/queue", "x/../s", "link/s/x")) {
            refused("streams.camera takes files from this service's 'state'", () -> parse(watching(path)));
        }
        for (String path : List.of("incoming", "s2", ".")) {
            assertNotNull(parse(watching(path)));
        }
    }

    private static String watching(String path) {
        return "state: s\n"
                + GOOD.replace(
                        "ffmpeg: {input: /dev/video0, options: [-f, v4l2], silence: 5s}",
                        "folder: {path: " + path + "}");
    }

    @Test
    void streams_are_not_told_of_models_that_cannot_be_read() {
        String message = assertThrows(WindhoverException.class, () -> parse(GOOD.replace("models:", "modes:")))
                .getMessage();
        assertFalse(message.contains("give one of the models"), message);
        assertEquals(2, message.lines().count(), message);
    }

    @Test
    void files_that_are_no_configuration() throws IOException {
        Path file = folder.resolve("pad.yaml");
        Map<String, String> none = Map.of();
        refused("There is no configuration file", () -> ServiceConfiguration.read(file, none));
        Path nowhere = Files.createSymbolicLink(folder.resolve("nowhere"), file);
        refused("There is no configuration file", () -> ServiceConfiguration.read(nowhere, none));
        Path loop = folder.resolve("loop");
        Files.createSymbolicLink(loop, loop);
        for (Path other : java.util.List.of(folder, loop, Path.of("/dev/null"))) {
            refused("'" + other + "' is no regular file", () -> ServiceConfiguration.read(other, none));
        }
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        refused("is not UTF-8", () -> ServiceConfiguration.read(file, none));
        Files.write(file, new byte[(1 << 20) + 1]);
        refused("more than 1048576 bytes", () -> ServiceConfiguration.read(file, none));
        Files.writeString(file, "# nothing\n");
        refused("is empty", () -> ServiceConfiguration.read(file, none));
        Files.writeString(file, "- a\n- b\n");
        refused("is a list; give keys with values", () -> ServiceConfiguration.read(file, none));
    }

    private static void refused(String clause, Runnable reading) {
        String message = assertThrows(WindhoverException.class, reading::run).getMessage();
        assertTrue(message.contains(clause), message);
    }

    /** Every text ends in a configuration or in sentences. */
    @Test
    void changed_texts_end_in_sentences() throws IOException {
        Random random = new Random(20261128);
        String alphabet = "abc019:-#&*!|>'\"{}[],%@`\n \t~${}\u0000\uFFFD";
        for (String start : new String[] {GOOD, example()}) {
            for (int round = 0; round < 3_000; round++) {
                StringBuilder text = new StringBuilder(start);
                for (int edit = random.nextInt(6); edit >= 0; edit--) {
                    int at = random.nextInt(text.length());
                    switch (random.nextInt(3)) {
                        case 0 -> text.deleteCharAt(at);
                        case 1 -> text.insert(at, alphabet.charAt(random.nextInt(alphabet.length())));
                        default -> text.setCharAt(at, alphabet.charAt(random.nextInt(alphabet.length())));
                    }
                }
                try {
                    parse(text.toString());
                } catch (WindhoverException mistakes) {
                    assertTrue(
                            Objects.requireNonNull(mistakes.getMessage()).startsWith("pad.yaml")
                                    || mistakes.getMessage().startsWith("'pad.yaml'"),
                            mistakes.getMessage());
                }
            }
        }
    }

    @Test
    void aliases_do_not_blow_up() {
        StringBuilder text = new StringBuilder("a0: &a0 [x, x]\n");
        for (int level = 1; level < 60; level++) {
            text.append("a%d: &a%d [*a%d, *a%d]\n".formatted(level, level, level - 1, level - 1));
        }
        refused("aliases", () -> parse(text.toString()));
        refused("nested too deeply", () -> parse("a: " + "[".repeat(100_000)));
        refused("unknown key 'loop'", () -> parse(GOOD + "loop: &l [*l]\n"));
    }

    @Test
    void a_secret_is_text() throws IOException {
        Path secret = Files.write(folder.resolve("secret"), new byte[] {'a', (byte) 0xff});
        refused(
                "'" + secret + "' is no text in UTF-8; mend that",
                () -> parse(GOOD.replace("${env:SECRET}", "${file:" + secret + "}")));
    }

    /** A password with a newline and more behind it fits no key. */
    @Test
    void what_stands_in_a_variable_is_not_shown_whatever_key_it_is_wrong_for() throws IOException {
        String text = withCommentedLines(example()).replaceFirst("( *)file: .*", "$0\n$1shape: 1");
        Matcher values = Pattern.compile("(?m)(?<=\\b[a-z_]{2,30}: )[^\\s{}\\[\\],#][^{}\\[\\],#\\n]*")
                .matcher(text);
        int refused = 0;
        while (values.find()) {
            String given = text.substring(0, values.start()) + "\"${env:SECRET}\"" + text.substring(values.end());
            try {
                ServiceConfiguration unused = ServiceConfiguration.parse(
                        given, "pad.yaml", folder, Map.of("SECRET", "hush\nhush", "WINDHOVER_TOKEN", "t".repeat(16)));
            } catch (WindhoverException mistake) {
                refused++;
                String message = String.valueOf(mistake.getMessage());
                assertFalse(message.contains("hush"), message);
            }
        }
        assertTrue(refused >= 30, "refused " + refused);
    }

    @Test
    void state_is_the_first_folder_that_systemd_names() {
        for (String given : List.of("", "/a", "/a:/b")) {
            Path state = ServiceConfiguration.parse(
                            GOOD, "pad.yaml", folder, Map.of("SECRET", "hush", "STATE_DIRECTORY", given))
                    .state();
            assertEquals(given.isEmpty() ? folder.resolve("windhover-state") : Path.of("/a"), state);
        }
    }

    @Test
    void requests_are_answered_each_for_itself_and_a_group_has_one_stream() {
        String requests = GOOD.replace(
                "ffmpeg: {input: /dev/video0, options: [-f, v4l2], silence: 5s}", "requests: {group: pads}");
        refused("mixes answers to different requests", () -> parse(requests));
        String alone = requests.replace(", publish: change, hold_off: 1.5s", "");
        assertNotNull(parse(alone));
        refused(
                "has the group 'pads' of another stream",
                () -> parse(alone.replace(
                        "mqtt:\n", "  other: {model: pads, source: {requests: {group: pads}}}\nmqtt:\n")));
        refused("takes requests over MQTT, but there is no 'mqtt'; add it.", () -> parse("""
                        device: "reference:"
                        models: {pads: {file: zoo:landing_pad_int8}}
                        streams: {ask: {model: pads, source: {requests: {}}}}
                        """));
    }
}
