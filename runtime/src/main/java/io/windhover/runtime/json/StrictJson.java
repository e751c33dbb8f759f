// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.json;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.Strictness;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import io.windhover.runtime.exception.InputException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** JSON objects of others, read as RFC 8259 has them; Gson by itself takes much that is none. */
public final class StrictJson {
    private static final TypeAdapter<JsonElement> ELEMENTS = new Gson().getAdapter(JsonElement.class);
    private static final Pattern MISTAKE = Pattern.compile("([^\\p{Cntrl}]{1,80}?)( at line [0-9]+ column [0-9]+)");

    /** What some editors write in front of UTF-8; Gson passes over it. */
    private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private StrictJson() {}

    /** True where the first character is '{', apart from a byte order mark and white space. */
    public static boolean beginsLikeObject(byte[] payload) {
        int at = startsWithMark(payload) ? MARK.length : 0;
        while (at < payload.length && isSpace(payload[at])) {
            at++;
        }
        return at < payload.length && payload[at] == '{';
    }

    private static boolean startsWithMark(byte[] payload) {
        return payload.length >= MARK.length && Arrays.equals(payload, 0, MARK.length, MARK, 0, MARK.length);
    }

    private static boolean isSpace(byte character) {
        return character == ' ' || character == '\t' || character == '\n' || character == '\r';
    }

    /**
     * The object; an {@link InputException} says in one sentence why there is none.
     *
     * @param what begins that sentence, such as "The request"
     */
    public static JsonObject object(byte[] payload, String what) {
        JsonReader reader = new JsonReader(new StringReader(text(payload, what)));
        reader.setStrictness(Strictness.STRICT);
        JsonObject object;
        try {
            object = members(reader);
        } catch (IOException | RuntimeException | StackOverflowError noJson) {
            throw invalid(what, noJson, "Something that JSON does not have");
        }
        try {
            if (reader.peek() == JsonToken.END_DOCUMENT) {
                return object;
            }
            throw new MalformedJsonException("");
        } catch (IOException | IllegalStateException more) {
            throw invalid(what, more, "More follows its end");
        }
    }

    private static JsonObject members(JsonReader reader) throws IOException {
        JsonObject object = new JsonObject();
        reader.beginObject();
        while (reader.hasNext()) {
            String name = reader.nextName();
            if (object.has(name)) {
                throw new MalformedJsonException(reader.toString().replaceFirst("JsonReader", "A name is there twice"));
            }
            object.add(name, ELEMENTS.read(reader));
        }
        reader.endObject();
        return object;
    }

    private static String text(byte[] payload, String what) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(payload))
                    .toString();
        } catch (CharacterCodingException foreign) {
            throw new InputException(what + " begins as JSON does and is not valid UTF-8.", foreign);
        }
    }

    /** @param notStrict what to say where Gson says that it would take this if it were told to be lenient */
    private static InputException invalid(String what, Throwable noJson, String notStrict) {
        return new InputException(
                what + " begins as JSON does and is not valid JSON (" + mistake(noJson, notStrict) + ").", noJson);
    }

    /** Such as "Unterminated string at line 1 column 9"; without the path there, which is the client's own words. */
    private static String mistake(Throwable noJson, String notStrict) {
        Matcher said = MISTAKE.matcher(String.valueOf(noJson.getMessage()));
        if (!said.lookingAt()) {
            return "it cannot be read to its end";
        }
        return (said.group(1).startsWith("Use JsonReader") ? notStrict : said.group(1)) + said.group(2);
    }
}
