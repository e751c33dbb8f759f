// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.windhover.runtime.exception.InputException;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.image.ImageDecoder;
import io.windhover.runtime.json.StrictJson;
import io.windhover.runtime.mqtt.IncomingMessage;
import io.windhover.runtime.source.FrameSource;
import io.windhover.runtime.source.SourceFrame;
import io.windhover.runtime.source.SourceFrame.Content;
import io.windhover.runtime.source.SourceSettings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Requests over MQTT, each answered once: with the result, or with one sentence that says why there is none. A request
 * is an encoded image, the bytes of the model's input tensor, or a JSON object with one of them in base64 and where the
 * answer goes, for clients that have no response topic.
 */
final class RequestSource implements FrameSource {
    private static final long POLL_MILLIS = 100;
    private static final int LONGEST_ID = 128;
    private static final int LONGEST_TOPIC = 1000;
    private static final String UNREADABLE = "The request's properties cannot be read; correlation data may have up to "
            + "32,767 bytes, and texts no control characters.";

    private final String stream;
    private final SourceSettings.Requests settings;
    private final IntSupplier tensorBytes;
    private final UnaryOperator<String> answerTopics;
    private final NodeOutput output;
    private final Runnable refusals;
    private final Consumer<IncomingMessage> back;
    private final ImageDecoder decoder = new ImageDecoder();
    private final BlockingQueue<IncomingMessage> waiting;
    private final AtomicLong number = new AtomicLong();
    private volatile boolean closed;

    /**
     * @param tensorBytes of the model's input now
     * @param answerTopics gives a topic back, or throws what keeps an answer from going there
     * @param refusals called when a request is refused before it waits
     * @param back gets requests that were not run when the source was closed
     */
    RequestSource(
            String stream,
            SourceSettings.Requests settings,
            IntSupplier tensorBytes,
            UnaryOperator<String> answerTopics,
            NodeOutput output,
            Runnable refusals,
            Consumer<IncomingMessage> back) {
        this.stream = stream;
        this.settings = settings;
        this.tensorBytes = tensorBytes;
        this.answerTopics = answerTopics;
        this.output = output;
        this.refusals = refusals;
        this.back = back;
        this.waiting = new ArrayBlockingQueue<>(settings.waiting());
    }

    /** Takes a request over, or refuses it; never blocks. */
    void accept(IncomingMessage message) {
        if (message.retained()) {
            message.receipt().taken();
        } else if (message.payload().length > settings.largestBytes()) {
            refuse(
                    answer(message, null),
                    "The request has " + message.payload().length + " bytes, more than the " + settings.largestBytes()
                            + " that stream '" + stream + "' takes.");
        } else if (!message.readable()) {
            refuse(answer(message), UNREADABLE);
        } else if (!offer(message)) {
            refuse(
                    answer(message),
                    closed
                            ? "Stream '" + stream + "' is stopped."
                            : "Stream '" + stream + "' has " + settings.waiting()
                                    + " requests waiting already; send it again later.");
        }
    }

    /** Once it is closed nothing is added, so that what is given back is all there was. */
    private synchronized boolean offer(IncomingMessage message) {
        return !closed && waiting.offer(message);
    }

    private void refuse(Answer answer, String reason) {
        refusals.run();
        answer.refused(reason);
    }

    @Override
    public @Nullable SourceFrame next() throws InterruptedException {
        IncomingMessage message = waiting.poll();
        while (message == null && !closed) {
            message = waiting.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
        }
        if (message == null) {
            return null;
        }
        long start = System.nanoTime();
        Answer answer = answer(message, null);
        try {
            JsonObject envelope = envelope(message.payload());
            answer = answer(message, envelope);
            requireAddress(message, envelope);
            String name = answer.id == null ? "request " + number.getAndIncrement() : answer.id;
            Content content = content(envelope == null ? message.payload() : data(envelope), name);
            return new SourceFrame(name, content, System.nanoTime() - start, answer);
        } catch (InputException unusable) {
            answer.refused(String.valueOf(unusable.getMessage()));
            throw unusable;
        }
    }

    private Answer answer(IncomingMessage message) {
        return answer(message, usable(() -> envelope(message.payload())));
    }

    /** Whom to answer, also where the request cannot be used, or not all that it says of that. */
    private Answer answer(IncomingMessage message, @Nullable JsonObject envelope) {
        String topic = usable(() -> topic(message, envelope));
        return new Answer(
                message, topic == null ? usable(() -> topic(message, null)) : topic, usable(() -> id(envelope)));
    }

    private static <T> @Nullable T usable(Supplier<@Nullable T> part) {
        try {
            return part.get();
        } catch (InputException unusable) {
            return null;
        }
    }

    /** Where the answer goes, as the envelope says or else the message; null for the stream's own topic. */
    private @Nullable String topic(IncomingMessage message, @Nullable JsonObject envelope) {
        String named = envelope == null ? null : text(envelope, "answer_to", LONGEST_TOPIC);
        String topic = named == null ? message.answerTo() : named;
        try {
            return topic == null ? null : answerTopics.apply(topic);
        } catch (WindhoverException unusable) {
            throw new InputException(String.valueOf(unusable.getMessage()), unusable);
        }
    }

    /** In the answer, for clients without correlation data. */
    private static @Nullable String id(@Nullable JsonObject envelope) {
        String id = envelope == null ? null : text(envelope, "id", LONGEST_ID);
        if (id != null && id.codePoints().anyMatch(point -> Character.getType(point) == Character.SURROGATE)) {
            throw new InputException("The request's \"id\" has half of a surrogate pair, which is no character.");
        }
        return id;
    }

    private void requireAddress(IncomingMessage message, @Nullable JsonObject envelope) {
        String unusedTopic = topic(message, envelope);
        String unusedId = id(envelope);
    }

    /** What happens to look like an image and is as long as the tensor is an image if it can be decoded. */
    private Content content(byte[] payload, String name) {
        boolean isTensor = payload.length == tensorBytes.getAsInt();
        if (ImageDecoder.looksLikeImage(payload)) {
            try {
                return new Content.Picture(decoder.decode(payload, name));
            } catch (InputException damaged) {
                if (!isTensor) {
                    throw damaged;
                }
            }
        }
        if (!isTensor) {
            throw new InputException("The request's " + payload.length
                    + " bytes are neither an image (PNG, JPEG, BMP, GIF, TIFF) nor the model's input, which has "
                    + tensorBytes.getAsInt() + " bytes.");
        }
        return new Content.Tensor(payload);
    }

    /** Null for a payload that is no JSON object, but may be an image or a tensor. */
    private @Nullable JsonObject envelope(byte[] payload) {
        if (!StrictJson.beginsLikeObject(payload)) {
            return null;
        }
        try {
            return StrictJson.object(payload, "The request");
        } catch (InputException noJson) {
            if (payload.length == tensorBytes.getAsInt()) {
                return null;
            }
            throw noJson;
        }
    }

    private byte[] data(JsonObject envelope) {
        String data = text(envelope, envelope.has("image") ? "image" : "tensor", settings.largestBytes());
        if (data == null) {
            throw new InputException("The request's JSON has no \"image\" or \"tensor\", or it is null.");
        }
        try {
            return Base64.getDecoder().decode(data);
        } catch (IllegalArgumentException noBase64) {
            throw new InputException("The request's image or tensor is not base64.", noBase64);
        }
    }

    private static @Nullable String text(JsonObject envelope, String key, int longest) {
        JsonElement value = envelope.get(key);
        if (value == null || value.isJsonNull()) {
            return null;
        }
        if (!value.isJsonPrimitive()
                || !value.getAsJsonPrimitive().isString()
                || characters(value.getAsString()) > longest) {
            throw new InputException("The request's \"" + key + "\" is no text of up to " + longest + " characters.");
        }
        return value.getAsString();
    }

    /** As JSON Schema counts them: what takes two of Java's is one. */
    private static int characters(String text) {
        return text.codePointCount(0, text.length());
    }

    /** Answers one request, once, and tells the broker that it needs not be brought again. */
    private final class Answer implements SourceFrame.Outcome {
        private final IncomingMessage message;
        private final @Nullable String answerTo;
        private final @Nullable String id;

        Answer(IncomingMessage message, @Nullable String answerTo, @Nullable String id) {
            this.message = message;
            this.answerTo = answerTo;
            this.id = id;
        }

        @Override
        public void done(byte[] result) {
            send(result);
        }

        @Override
        public void refused(String reason) {
            JsonObject refusal = new JsonObject();
            refusal.addProperty("schema", 1);
            refusal.addProperty("stream", stream);
            refusal.addProperty("error", reason);
            send(refusal.toString().getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void skipped() {
            back.accept(message);
        }

        private void send(byte[] json) {
            output.answer(
                    stream, answerTo, message.correlation(), id == null ? json : named(json, id), message.receipt());
        }
    }

    /** The object with one more member. */
    private static byte[] named(byte[] json, String id) {
        String rest = new String(json, StandardCharsets.UTF_8).substring(1);
        return ("{\"request\":" + new JsonPrimitive(id) + "," + rest).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Health health() {
        return Health.WELL;
    }

    /** Requests that wait are still run; further ones are refused. */
    @Override
    public synchronized void close() {
        closed = true;
    }

    @Override
    public void giveBack() {
        List<IncomingMessage> left = new ArrayList<>();
        waiting.drainTo(left);
        left.forEach(back);
    }
}
