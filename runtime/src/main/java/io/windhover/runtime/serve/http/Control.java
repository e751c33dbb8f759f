// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.http;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.serve.monitor.NodeView;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Semaphore;

/** What can be changed: {@code {"running": true}} and {@code {"model": "KEY"}} of a stream. */
final class Control {
    /** Changing a model may take long. */
    private static final int MOST_AT_ONCE = 4;

    private final NodeView view;
    private final Semaphore places = new Semaphore(MOST_AT_ONCE);

    Control(NodeView view) {
        this.view = view;
    }

    Answer setRunning(String stream, byte[] body) throws Refusal {
        boolean running = member(body, "running", JsonToken.BOOLEAN, JsonReader::nextBoolean);
        return change(() -> view.setRunning(stream, running), Map.of("stream", stream, "running", running));
    }

    Answer setModel(String stream, byte[] body) throws Refusal {
        String model = member(body, "model", JsonToken.STRING, JsonReader::nextString);
        return change(() -> view.setModel(stream, model), Map.of("stream", stream, "model", model));
    }

    private Answer change(Runnable change, Map<String, ?> done) throws Refusal {
        if (!places.tryAcquire()) {
            throw new Refusal(Refusal.UNAVAILABLE, "other changes are still being made");
        }
        try {
            change.run();
            return Answer.json(Answer.OK, done);
        } catch (WindhoverException impossible) {
            throw new Refusal(Refusal.CONFLICT, String.valueOf(impossible.getMessage()));
        } finally {
            places.release();
        }
    }

    private interface Reading<T> {
        T next(JsonReader reader) throws IOException;
    }

    /** The one member of an object that has no other. */
    private static <T> T member(byte[] body, String name, JsonToken type, Reading<T> reading) throws Refusal {
        try (JsonReader reader = new JsonReader(new StringReader(new String(body, StandardCharsets.UTF_8)))) {
            reader.setStrictness(Strictness.STRICT);
            reader.beginObject();
            if (reader.nextName().equals(name) && reader.peek() == type) {
                T value = reading.next(reader);
                reader.endObject();
                if (reader.peek() == JsonToken.END_DOCUMENT) {
                    return value;
                }
            }
        } catch (MalformedJsonException | EOFException | IllegalStateException wrong) {
            throw wrongBody(name, type);
        } catch (IOException inMemory) {
            throw new AssertionError(inMemory);
        }
        throw wrongBody(name, type);
    }

    private static Refusal wrongBody(String name, JsonToken type) {
        String value = type == JsonToken.BOOLEAN ? "true or false" : "a text";
        return new Refusal(
                Refusal.BAD_REQUEST, "the body must be a JSON object with one member, " + name + ", that is " + value);
    }
}
