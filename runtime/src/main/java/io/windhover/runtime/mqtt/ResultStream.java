// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.windhover.runtime.Classification;
import io.windhover.runtime.model.Model;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Classifications of one stream as messages: each on {@code classification}, the last one also retained on
 * {@code state}. The payload is described in {@code runtime/doc/mqtt.md}.
 */
final class ResultStream {
    /** Raised when a field changes its meaning; fields may be added without that. */
    static final int SCHEMA = 1;

    private static final Gson JSON = new GsonBuilder()
            .setFieldNamingPolicy(FieldNamingPolicy.IDENTITY)
            .disableHtmlEscaping()
            .create();

    private final Publisher publisher;
    private final Topics topics;
    private final String stream;
    private final String device;
    private final Clock clock;
    private final String session = UUID.randomUUID().toString();
    private final AtomicLong delivered = new AtomicLong();
    private long sequence;

    record ModelReference(String name, String sha256) {}

    record Payload(
            int schema,
            String id,
            String node,
            String stream,
            String session,
            long seq,
            String time,
            long monotonicNs,
            boolean clockSynced,
            ModelReference model,
            String device,
            String source,
            List<Classification.Score> top,
            Latency latencyUs) {}

    record Latency(long decode, long preprocess, long accelerate, long classify, long total) {}

    ResultStream(Publisher publisher, Topics topics, String stream, String device, Clock clock) {
        this.publisher = publisher;
        this.topics = topics;
        this.stream = stream;
        this.device = device;
        this.clock = clock;
    }

    /** Publishes the result of one frame; source says which input it was. Never blocks. */
    void publish(Model model, String source, Classification result) {
        Classification.Timings t = result.timings();
        long total = t.decodeUs() + t.preprocessUs() + t.accelerateUs() + t.classifyUs();
        Payload payload = new Payload(
                SCHEMA,
                session + "-" + sequence,
                topics.node(),
                stream,
                session,
                sequence,
                Instant.now(clock).toString(),
                System.nanoTime(),
                ClockState.isSynchronised(),
                new ModelReference(model.name(), model.sha256()),
                device,
                source,
                result.top(),
                new Latency(t.decodeUs(), t.preprocessUs(), t.accelerateUs(), t.classifyUs(), total));
        sequence++;
        byte[] json = JSON.toJson(payload).getBytes(StandardCharsets.UTF_8);
        publisher.publish(topics.classification(stream), json, false, delivered::incrementAndGet);
        publisher.publish(topics.state(stream), json, true);
    }

    /** As in the payload. */
    String session() {
        return session;
    }

    /** Results published so far. */
    long published() {
        return sequence;
    }

    /** Results of which the broker has not acknowledged the message: waiting, dropped or refused. */
    long undelivered() {
        return sequence - delivered.get();
    }
}
