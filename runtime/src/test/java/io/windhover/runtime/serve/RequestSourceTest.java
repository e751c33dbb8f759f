// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.windhover.runtime.exception.InputException;
import io.windhover.runtime.mqtt.IncomingMessage;
import io.windhover.runtime.mqtt.Receipt;
import io.windhover.runtime.mqtt.Schemas;
import io.windhover.runtime.mqtt.Topics;
import io.windhover.runtime.source.SourceFrame;
import io.windhover.runtime.source.SourceFrame.Content;
import io.windhover.runtime.source.SourceSettings;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(10)
class RequestSourceTest {
    private static final int TENSOR_BYTES = 64;
    private static final byte[] RESULT = "{\"schema\":1}".getBytes(StandardCharsets.UTF_8);

    private final Schemas schemas = new Schemas(Path.of("doc/schemas"));
    private final List<String> answers = new ArrayList<>();
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger refusals = new AtomicInteger();
    private final List<IncomingMessage> givenBack = new ArrayList<>();
    private final RequestSource source = new RequestSource(
            "pads",
            new SourceSettings.Requests(null, 1_000_000, 2),
            () -> TENSOR_BYTES,
            new Topics("windhover", "n")::requireAnswerTopic,
            new NodeOutput() {
                @Override
                public void answer(
                        String stream,
                        @Nullable String topic,
                        byte @Nullable [] correlation,
                        byte[] message,
                        Receipt request) {
                    request.taken();
                    answers.add(topic + " " + (correlation == null ? "-" : correlation.length) + " "
                            + new String(message, StandardCharsets.UTF_8));
                }
            },
            refusals::incrementAndGet,
            givenBack::add);

    RequestSourceTest() throws IOException {}

    private IncomingMessage message(byte[] payload) {
        return message(payload, "me/answer");
    }

    private IncomingMessage message(byte[] payload, @Nullable String answerTo) {
        return new IncomingMessage(
                "windhover/n/pads/infer", payload, false, answerTo, new byte[] {1, 2}, true, taken::incrementAndGet);
    }

    private static byte[] png() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(4, 3, BufferedImage.TYPE_INT_RGB), "png", bytes);
        return bytes.toByteArray();
    }

    private SourceFrame next() throws InterruptedException {
        return Objects.requireNonNull(source.next());
    }

    @Test
    void an_image_or_a_tensor_is_run_and_answered_once() throws IOException, InterruptedException {
        source.accept(message(png()));
        source.accept(message(new byte[TENSOR_BYTES]));
        SourceFrame image = next();
        assertTrue(image.content() instanceof Content.Picture picture
                && picture.pixels().width() == 4);
        SourceFrame tensor = next();
        assertTrue(tensor.content() instanceof Content.Tensor);
        assertEquals(0, taken.get());
        image.outcome().done(RESULT);
        tensor.outcome().refused("It has no score.");
        assertEquals(2, taken.get());
        assertEquals("me/answer 2 {\"schema\":1}", answers.get(0));
        assertTrue(answers.get(1).endsWith("\"error\":\"It has no score.\"}"));
    }

    @Test
    void an_envelope_says_where_the_answer_goes() throws IOException, InterruptedException {
        String image = Base64.getEncoder().encodeToString(png());
        String json = "{\"id\": \"a\\\"b\", \"answer_to\": \"other/topic\", \"image\": \"" + image + "\"}";
        source.accept(message(json.getBytes(StandardCharsets.UTF_8)));
        SourceFrame frame = next();
        assertEquals("a\"b", frame.name());
        frame.outcome().done(RESULT);
        assertTrue(answers.get(0).startsWith("other/topic 2 "));
        JsonObject answer = JsonParser.parseString(answers.get(0).substring("other/topic 2 ".length()))
                .getAsJsonObject();
        assertEquals("a\"b", answer.get("request").getAsString());
        assertEquals(1, answer.get("schema").getAsInt());
    }

    @Test
    void bytes_that_only_begin_like_an_image_or_an_envelope_are_a_tensor() throws InterruptedException {
        byte[] likeBmp = new byte[TENSOR_BYTES];
        likeBmp[0] = 'B';
        likeBmp[1] = 'M';
        byte[] likeJson = new byte[TENSOR_BYTES];
        likeJson[0] = '{';
        for (byte[] bytes : List.of(likeBmp, likeJson)) {
            source.accept(message(bytes));
            assertArrayEquals(bytes, ((Content.Tensor) next().content()).bytes());
        }
    }

    @Test
    void what_cannot_be_used_is_answered_with_the_reason() {
        for (String payload : List.of(
                "",
                "hello",
                "{",
                "[]",
                "{}",
                "{\"image\":7}",
                "{\"tensor\":\"!\"}",
                "{\"image\":\"aGVsbG8=\"}",
                "null")) {
            source.accept(message(payload.getBytes(StandardCharsets.UTF_8)));
            assertThrows(InputException.class, this::next, payload);
        }
        assertEquals(9, answers.size());
        assertEquals(9, taken.get());
        assertTrue(answers.stream().allMatch(answer -> answer.contains("\"error\":")), answers.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "\n", "\r\n\t ", "\ufeff", "\ufeff\n"})
    void an_envelope_may_begin_with_white_space_or_a_mark(String start) throws InterruptedException {
        String tensor = base64(new byte[TENSOR_BYTES]);
        source.accept(message(
                (start + "{\"id\": \"9\", \"tensor\": \"" + tensor + "\"}\n").getBytes(StandardCharsets.UTF_8)));
        assertEquals("9", next().name());
    }

    @ParameterizedTest
    @ValueSource(strings = {" {", "\ufeff{", "\t\n{\"id\": 7"})
    void a_tensor_may_begin_like_an_envelope(String start) throws InterruptedException {
        byte[] bytes = Arrays.copyOf(start.getBytes(StandardCharsets.UTF_8), TENSOR_BYTES);
        source.accept(message(bytes));
        assertArrayEquals(bytes, ((Content.Tensor) next().content()).bytes());
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    @Test
    void envelopes_that_are_taken_fit_the_schema() throws IOException, InterruptedException {
        String image = '"' + base64(png()) + '"';
        String tensor = '"' + base64(new byte[TENSOR_BYTES]) + '"';
        for (String envelope : List.of(
                "{\"image\": " + image + "}",
                "{\"image\": " + tensor + "}",
                "{\"tensor\": " + tensor + "}",
                "{\"tensor\": " + tensor.replace("=", "") + "}",
                "{\"tensor\": " + image + ", \"id\": \"" + "i".repeat(128) + "\"}",
                "{\"tensor\": " + tensor + ", \"id\": \"" + "\ud83d\ude81".repeat(128) + "\"}",
                "{\"tensor\": " + tensor + ", \"id\": \"\\ud83d\\ude81\"}",
                "{\"tensor\": " + tensor + ", \"id\": null, \"answer_to\": null}",
                "{\"tensor\": " + tensor + ", \"answer_to\": \"me/answer\", \"colour\": [1, {}]}",
                "{\"image\": " + image + ", \"tensor\": 7}")) {
            schemas.requireValid("request", envelope);
            source.accept(message(envelope.getBytes(StandardCharsets.UTF_8)));
            next().outcome().done(RESULT);
        }
        assertTrue(answers.stream().noneMatch(answer -> answer.contains("error")), answers.toString());
        schemas.requireValid("request", "{\"image\": \"" + base64(new byte[3 << 20]) + "\"}");
    }

    @Test
    void envelopes_that_do_not_fit_the_schema_are_refused() {
        String tensor = '"' + base64(new byte[TENSOR_BYTES]) + '"';
        for (String envelope : List.of(
                "{}",
                "{\"picture\": " + tensor + "}",
                "{\"image\": 7}",
                "{\"image\": null, \"tensor\": " + tensor + "}",
                "{\"image\": [" + tensor + "]}",
                "{\"image\": \"\"}",
                "{\"tensor\": \"!\"}",
                "{\"tensor\": \"AAAAA\"}",
                "{\"tensor\": \"AA=\"}",
                "{\"tensor\": \"AAAA\\n\"}",
                "{\"tensor\": \"-_AA\"}",
                "{\"tensor\": " + tensor + ", \"id\": 7}",
                "{\"tensor\": " + tensor + ", \"id\": \"" + "i".repeat(129) + "\"}",
                "{\"tensor\": " + tensor + ", \"id\": \"" + "\ud83d\ude81".repeat(129) + "\"}",
                "{\"tensor\": " + tensor + ", \"id\": \"\\ud800\"}",
                "{\"tensor\": " + tensor + ", \"id\": \"\\ude81\\ud83d\"}",
                "{\"tensor\": " + tensor + ", \"answer_to\": \"\"}",
                "{\"tensor\": " + tensor + ", \"answer_to\": \"$SYS/a\"}",
                "{\"tensor\": " + tensor + ", \"answer_to\": \"a/+\"}",
                "{\"tensor\": " + tensor + ", \"answer_to\": \"a/#\"}",
                "{\"tensor\": " + tensor + ", \"answer_to\": \"" + "a".repeat(1_001) + "\"}",
                "{\"tensor\": " + tensor + ", \"answer_to\": [\"me\"]}")) {
            schemas.requireInvalid("request", envelope);
            source.accept(message(envelope.getBytes(StandardCharsets.UTF_8)));
            assertThrows(InputException.class, this::next, envelope);
        }
        for (String answer : answers) {
            schemas.requireValid("refusal", answer.substring("me/answer 2 ".length()));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'{'                               | End of input at line 1 column 2",
                "'{\"image\": \"aGVsbG8='            | Unterminated string at line 1 column 20",
                "'{\"image\" \"aGVsbG8=\"}'          | Expected ':' at line 1 column 11",
                "'{\n\"i\\u0007\": \"aGVsbG8=\", ]}' | at line 2 column",
                "'{\"i\n\\u0007\": \"aGVsbG8=\"}'    | Unescaped control characters",
                "'{\"image\": NaN}'                 | Something that JSON does not have at line 1 column",
                "'{\"image\": aGVsbG8=}'            | Something that JSON does not have at line 1 column",
                "'{image: \"aGVsbG8=\"}'            | Something that JSON does not have at line 1 column",
                "'{''image'': \"aGVsbG8=\"}'        | Something that JSON does not have at line 1 column",
                "'{\"image\"= \"aGVsbG8=\"}'        | Something that JSON does not have at line 1 column",
                "'{\"image\": TRUE}'                | Something that JSON does not have at line 1 column",
                "'{/* */\"image\": \"aGVsbG8=\"}'    | Something that JSON does not have at line 1 column",
                "'{\"id\": \"1\", \"id\": \"2\"}'       | A name is there twice at line 1 column",
                "'{\"image\": \"aGVsbG8=\"} x'       | More follows its end at line 1 column 24",
            })
    void what_begins_as_json_and_is_none_is_told_where(String payload, String expected) {
        source.accept(message(payload.getBytes(StandardCharsets.UTF_8)));
        assertThrows(InputException.class, this::next);
        String error = error(answers.get(0));
        assertTrue(error.startsWith("The request begins as JSON does and is not valid JSON ("), error);
        assertTrue(error.contains(expected) && error.length() < 200, error);
        assertTrue(error.chars().noneMatch(Character::isISOControl), error);
    }

    @Test
    void json_that_is_no_utf_8_is_refused() {
        byte[] envelope = "{\"id\": \"?\", \"tensor\": \"\"}".getBytes(StandardCharsets.UTF_8);
        envelope[8] = (byte) 0xE9;
        source.accept(message(envelope));
        assertThrows(InputException.class, this::next);
        assertEquals("The request begins as JSON does and is not valid UTF-8.", error(answers.get(0)));
        assertFalse(answers.get(0).contains("\"request\""), answers.get(0));
    }

    @Test
    void json_that_is_nested_too_deeply_is_refused() {
        source.accept(message(("{\"image\":" + "[".repeat(9_000)).getBytes(StandardCharsets.UTF_8)));
        assertThrows(InputException.class, this::next);
        assertTrue(error(answers.get(0)).contains("is not valid JSON (Nesting limit"), answers.get(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "#", "a/+/b", "$SYS/x", "a\\u0000b", "windhover/n/pads/set"})
    void an_envelope_whose_topic_is_unusable_is_refused_where_its_sender_listens(String topic) {
        String tensor = base64(new byte[TENSOR_BYTES]);
        byte[] envelope = ("{\"id\": \"9\", \"answer_to\": \"" + topic + "\", \"tensor\": \"" + tensor + "\"}")
                .getBytes(StandardCharsets.UTF_8);
        source.accept(message(envelope));
        source.accept(message(envelope, null));
        assertThrows(InputException.class, this::next);
        assertThrows(InputException.class, this::next);
        assertTrue(answers.get(0).startsWith("me/answer 2 {\"request\":\"9\""), answers.get(0));
        assertTrue(answers.get(1).startsWith("null 2 {\"request\":\"9\""), answers.get(1));
        assertTrue(error(answers.get(0)).startsWith("The topic for the answer "), answers.get(0));
        assertEquals(2, taken.get());
    }

    @Test
    void an_envelope_whose_topic_is_no_text_is_told_the_longest() {
        source.accept(message("{\"answer_to\": 7, \"tensor\": \"\"}".getBytes(StandardCharsets.UTF_8)));
        assertThrows(InputException.class, this::next);
        assertEquals("The request's \"answer_to\" is no text of up to 1000 characters.", error(answers.get(0)));
    }

    @Test
    void a_message_whose_topic_is_unusable_is_refused_at_the_streams_own() {
        source.accept(message(new byte[TENSOR_BYTES], "windhover/n/available"));
        source.accept(message(new byte[1_000_001], "windhover/n/available"));
        assertThrows(InputException.class, this::next);
        assertEquals(2, answers.size());
        assertTrue(answers.stream().allMatch(answer -> answer.startsWith("null 2 {")), answers.toString());
    }

    @Test
    void what_else_is_wrong_with_an_envelope_is_said_where_it_wants_its_answer() {
        source.accept(message(
                "{\"id\": \"9\", \"answer_to\": \"other/topic\", \"image\": \"!\"}".getBytes(StandardCharsets.UTF_8)));
        assertThrows(InputException.class, this::next);
        assertTrue(answers.get(0).startsWith("other/topic 2 {\"request\":\"9\""), answers.get(0));
    }

    /** Its sender has no command line and perhaps no file. */
    @Test
    void an_image_that_cannot_be_decoded_is_refused_in_words_for_its_sender() throws IOException {
        byte[] large = png();
        ByteBuffer.wrap(large).putInt(16, 20_000).putInt(20, 20_000);
        byte[] padded = Arrays.copyOf(large, 900_000);
        for (byte[] damaged : List.of(Arrays.copyOf(png(), 50), large, padded)) {
            source.accept(message(damaged));
            assertThrows(InputException.class, this::next);
        }
        assertEquals(3, answers.size());
        assertTrue(error(answers.get(2)).contains("20000 x 20000 pixels, more than the limit"), answers.get(2));
        for (String answer : answers) {
            assertFalse(error(answer).matches(".*(--|file).*"), answer);
        }
    }

    private static String error(String answer) {
        return JsonParser.parseString(answer.substring(answer.indexOf('{')))
                .getAsJsonObject()
                .get("error")
                .getAsString();
    }

    @Test
    void what_is_too_much_is_refused_at_once() {
        source.accept(message(new byte[1_000_001]));
        source.accept(message(new byte[TENSOR_BYTES]));
        source.accept(message(new byte[TENSOR_BYTES]));
        source.accept(message(new byte[TENSOR_BYTES]));
        assertEquals(2, answers.size());
        assertTrue(answers.get(0).contains("1000001 bytes"));
        assertTrue(answers.get(1).contains("2 requests waiting already"));
        assertEquals(2, refusals.get());
        assertEquals(2, taken.get());
    }

    @Test
    void a_refusal_goes_where_the_envelope_says_too() {
        source.close();
        source.accept(message(
                "{\"id\": \"9\", \"answer_to\": \"other/topic\", \"tensor\": \"\"}".getBytes(StandardCharsets.UTF_8)));
        assertTrue(answers.get(0).startsWith("other/topic 2 {\"request\":\"9\""), answers.get(0));
    }

    @Test
    void a_closed_source_runs_what_waits_and_refuses_the_rest() throws InterruptedException {
        source.accept(message(new byte[TENSOR_BYTES]));
        source.close();
        source.accept(message(new byte[TENSOR_BYTES]));
        assertTrue(answers.get(0).contains("is stopped"));
        next().outcome().done(RESULT);
        assertNull(source.next());
        assertEquals(2, taken.get());
    }

    @Test
    void what_is_left_when_nobody_takes_requests_any_more_is_given_back() throws InterruptedException {
        IncomingMessage first = message(new byte[TENSOR_BYTES]);
        IncomingMessage second = message(new byte[TENSOR_BYTES]);
        source.accept(first);
        source.accept(second);
        SourceFrame taken = next();
        source.close();
        source.giveBack();
        taken.outcome().skipped();
        assertEquals(List.of(second, first), givenBack);
        assertEquals(List.of(), answers);
    }

    @Test
    void what_the_broker_kept_is_not_run() throws InterruptedException {
        source.accept(new IncomingMessage("t", new byte[TENSOR_BYTES], true, "a", null, true, taken::incrementAndGet));
        source.close();
        assertNull(source.next());
        assertEquals(1, taken.get());
    }

    @Test
    void a_request_whose_properties_could_not_be_read_is_refused() {
        source.accept(
                new IncomingMessage("t", new byte[TENSOR_BYTES], false, null, null, false, taken::incrementAndGet));
        assertEquals(1, refusals.get());
        assertEquals(1, taken.get());
        assertEquals(1, answers.size());
        assertTrue(answers.get(0).contains("properties cannot be read"), answers.get(0));
    }
}
