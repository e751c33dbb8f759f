// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.windhover.runtime.Classification;
import io.windhover.runtime.Detections;
import io.windhover.runtime.model.Model;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Results of one stream as messages: each on the topic of its kind, the last one also retained on {@code state}. The
 * payloads are described in {@code runtime/doc/mqtt.md}. Thread-safe.
 */
public final class ResultStream {
    /** Raised when a field changes its meaning; fields may be added without that. */
    static final int SCHEMA = 1;

    private static final Gson JSON = new GsonBuilder()
            .setFieldNamingPolicy(FieldNamingPolicy.IDENTITY)
            .disableHtmlEscaping()
            .create();

    private final Publisher publisher;
    private final Topics topics;
    private final Origin origin;
    private final Delivery delivery;
    private final Clock clock;
    private final AtomicLong delivered = new AtomicLong();
    private long sequence;
    private long unpublished;

    /**
     * What the results of a stream have in common.
     *
     * @param session names the program's results among those of others in the same topics; new at every start
     */
    public record Origin(String stream, String session, String device) {}

    /**
     * How results are delivered.
     *
     * @param qos 0 or 1
     * @param keepState the last result is also retained
     * @param durable results wait on disk while the broker is away
     */
    public record Delivery(int qos, boolean keepState, boolean durable) {}

    /**
     * One output of a network as it is.
     *
     * @param shape NHWC
     * @param type of an element
     * @param scale of a quantised element: real = scale * (code - zeroPoint); null for others
     * @param values the real values in order; null for large outputs
     * @param data the bytes, little-endian, in base64; null for small outputs
     */
    public record Head(
            String name,
            List<Integer> shape,
            String type,
            @Nullable Float scale,
            @Nullable Integer zeroPoint,
            double @Nullable [] values,
            @Nullable String data) {}

    /**
     * Something that was found in a picture.
     *
     * @param box left, top, right, bottom in 0 to 1 of the picture's width and height
     */
    public record Found(String label, int index, double score, List<Double> box) {}

    record Picture(int width, int height) {}

    record ModelReference(String name, String sha256) {}

    record Latency(long decode, long preprocess, long accelerate, long classify, long total) {
        static Latency of(Classification.Timings t) {
            return new Latency(
                    t.decodeUs(),
                    t.preprocessUs(),
                    t.accelerateUs(),
                    t.classifyUs(),
                    t.decodeUs() + t.preprocessUs() + t.accelerateUs() + t.classifyUs());
        }
    }

    /** Fields of other kinds of results are null, and so left out. */
    record Payload(
            int schema,
            String id,
            String node,
            String stream,
            String session,
            @Nullable Long seq,
            String time,
            long monotonicNs,
            boolean clockSynced,
            ModelReference model,
            String device,
            String source,
            @Nullable List<Classification.Score> top,
            @Nullable List<Head> outputs,
            @Nullable List<Found> detections,
            @Nullable Picture picture,
            Latency latencyUs) {}

    public ResultStream(Publisher publisher, Topics topics, Origin origin, Delivery delivery, Clock clock) {
        this.publisher = publisher;
        this.topics = topics;
        this.origin = origin;
        this.delivery = delivery;
        this.clock = clock;
    }

    /**
     * Makes the message of one frame's classification, and publishes it where that is wanted. Never blocks.
     *
     * @param source which input it was
     * @param safe called once the message is on disk or with the broker, or was not to be published
     * @return the message; it has no {@code seq} where it was not published
     */
    public byte[] classification(Model model, String source, Classification result, boolean publish, Runnable safe) {
        return send(
                topics.classification(origin.stream()),
                model,
                source,
                new Result(result.top(), null, null, null),
                result.timings(),
                publish,
                safe);
    }

    /** As {@link #classification}, of outputs that are no classification. */
    public byte[] output(
            Model model,
            String source,
            List<Head> outputs,
            Classification.Timings timings,
            boolean publish,
            Runnable safe) {
        return send(
                topics.output(origin.stream()),
                model,
                source,
                new Result(null, outputs, null, null),
                timings,
                publish,
                safe);
    }

    /** As {@link #classification}, of things that were found. */
    public byte[] detections(Model model, String source, Detections detections, boolean publish, Runnable safe) {
        List<Found> found = detections.found().stream()
                .map(one -> new Found(one.label(), one.index(), one.score(), detections.parts(one.box())))
                .toList();
        return send(
                topics.detections(origin.stream()),
                model,
                source,
                new Result(null, null, found, new Picture(detections.pictureWidth(), detections.pictureHeight())),
                detections.timings(),
                publish,
                safe);
    }

    private record Result(
            @Nullable List<Classification.Score> top,
            @Nullable List<Head> outputs,
            @Nullable List<Found> detections,
            @Nullable Picture picture) {}

    private synchronized byte[] send(
            String topic,
            Model model,
            String source,
            Result result,
            Classification.Timings timings,
            boolean publish,
            Runnable safe) {
        Payload payload = new Payload(
                SCHEMA,
                origin.session() + "-" + origin.stream() + (publish ? "-" + sequence : "-unpublished-" + unpublished),
                topics.node(),
                origin.stream(),
                origin.session(),
                publish ? sequence : null,
                Instant.now(clock).toString(),
                System.nanoTime(),
                ClockState.isSynchronised(),
                new ModelReference(model.name(), model.sha256()),
                origin.device(),
                source,
                result.top(),
                result.outputs(),
                result.detections(),
                result.picture(),
                Latency.of(timings));
        byte[] json = JSON.toJson(payload).getBytes(StandardCharsets.UTF_8);
        if (!publish) {
            unpublished++;
            safe.run();
            return json;
        }
        sequence++;
        Runnable counted = () -> {
            delivered.incrementAndGet();
            safe.run();
        };
        if (delivery.durable()) {
            publisher.publishDurably(topic, json, false, delivery.qos(), counted);
        } else {
            publisher.publish(topic, json, false, delivery.qos(), counted);
        }
        if (delivery.keepState()) {
            publisher.publish(topics.state(origin.stream()), json, true);
        }
        return json;
    }

    /** As in the payload. */
    String session() {
        return origin.session();
    }

    /** Results published so far. */
    synchronized long published() {
        return sequence;
    }

    /** Results that are neither with the broker nor, where they wait on disk, there: waiting, dropped or refused. */
    long undelivered() {
        return published() - delivered.get();
    }
}
