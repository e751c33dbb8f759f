// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes a node known to Home Assistant, as its MQTT discovery wants it: one retained configuration per entity, said
 * again when Home Assistant is born.
 */
public final class HomeAssistant {
    private static final Gson JSON = new GsonBuilder()
            .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
            .disableHtmlEscaping()
            .create();
    private static final String NAME = "Windhover";
    private static final int HASH_DIGITS = 8;

    private final Publisher publisher;
    private final Topics topics;
    private final @Nullable String prefix;
    private final String device;
    private final String version;
    /** By their topics. */
    private final Map<String, byte[]> configurations = new LinkedHashMap<>();

    /** What a stream publishes. */
    public enum Kind {
        CLASSIFICATION,
        DETECTIONS,
        OUTPUT
    }

    /**
     * One stream.
     *
     * @param model its name
     */
    public record Stream(String name, Kind kind, String model) {}

    record Device(
            List<String> identifiers,
            String name,
            String manufacturer,
            String model,
            String swVersion,
            @Nullable String viaDevice) {}

    record Origin(String name, String swVersion) {}

    record Entity(
            String name,
            String uniqueId,
            String stateTopic,
            String valueTemplate,
            @Nullable String jsonAttributesTopic,
            @Nullable String jsonAttributesTemplate,
            @Nullable String deviceClass,
            String availabilityTopic,
            String availabilityTemplate,
            int qos,
            Device device,
            Origin origin) {}

    /**
     * Announces nothing yet.
     *
     * @param prefix of Home Assistant's discovery topics; null where discovery is off
     * @param device that runs the streams, such as {@code rtl:zynq7020}
     * @param version of Windhover
     */
    public HomeAssistant(
            Publisher publisher,
            Topics topics,
            @Nullable String prefix,
            String device,
            String version,
            List<Stream> streams) {
        this.publisher = publisher;
        this.topics = topics;
        this.prefix = prefix;
        this.device = device;
        this.version = version;
        if (prefix != null) {
            accelerator();
            streams.forEach(this::stream);
        }
    }

    /** Where Home Assistant says that it is there. */
    public static String birthTopic(String prefix) {
        return prefix + "/status";
    }

    /** Home Assistant said something on {@link #birthTopic}. Never blocks. */
    public void heard(IncomingMessage message) {
        message.receipt().taken();
        if (new String(message.payload(), StandardCharsets.UTF_8).equals("online")) {
            announce();
        }
    }

    /** Publishes them, retained. */
    public void announce() {
        configurations.forEach((topic, configuration) -> publisher.publish(topic, configuration, true));
    }

    /** Where it publishes. */
    public Set<String> topics() {
        return configurations.keySet();
    }

    private void accelerator() {
        add(
                "binary_sensor",
                new Entity(
                        "Accelerator",
                        id("") + "_accelerator",
                        topics.acceleratorStatus(),
                        "{{ 'OFF' if value == 'online' else 'ON' }}",
                        null,
                        null,
                        "problem",
                        topics.available(),
                        "{{ 'online' if value == 'online' else 'offline' }}",
                        1,
                        new Device(List.of(id("")), NAME + " " + topics.node(), NAME, device, version, null),
                        new Origin(NAME, version)));
    }

    private void stream(Stream stream) {
        add(
                "binary_sensor",
                entity(
                        stream,
                        "Running",
                        topics.streamStatus(stream.name()),
                        "{{ 'ON' if value == 'online' else 'OFF' }}",
                        null,
                        "running"));
        String state = topics.state(stream.name());
        switch (stream.kind()) {
            case CLASSIFICATION ->
                add(
                        "sensor",
                        entity(
                                stream,
                                "Class",
                                state,
                                "{{ value_json.top[0].label[:255] if value_json.top else 'none' }}",
                                "{{ {'score': value_json.top[0].score if value_json.top else 0, 'top': value_json.top | default([]), 'time': value_json.time} | tojson }}",
                                null));
            case DETECTIONS ->
                add(
                        "sensor",
                        entity(
                                stream,
                                "Detections",
                                state,
                                "{{ value_json.detections | count }}",
                                "{{ {'detections': value_json.detections | default([]), 'time': value_json.time} | tojson }}",
                                null));
            case OUTPUT -> {}
        }
    }

    /** An entity of the stream's device, which the node's device has part in. */
    private Entity entity(
            Stream stream,
            String name,
            String stateTopic,
            String valueTemplate,
            @Nullable String attributes,
            @Nullable String deviceClass) {
        String id = id(stream.name());
        return new Entity(
                name,
                id + "_" + name.toLowerCase(Locale.ROOT),
                stateTopic,
                valueTemplate,
                attributes == null ? null : stateTopic,
                attributes,
                deviceClass,
                topics.available(),
                "{{ 'online' if value == 'online' else 'offline' }}",
                1,
                new Device(List.of(id), topics.node() + " " + stream.name(), NAME, stream.model(), version, id("")),
                new Origin(NAME, version));
    }

    private void add(String component, Entity entity) {
        configurations.put(
                Objects.requireNonNull(prefix) + "/" + component + "/" + entity.uniqueId() + "/config",
                JSON.toJson(entity).getBytes(StandardCharsets.UTF_8));
    }

    /** Of a stream or, with an empty name, of the node: of the characters that Home Assistant allows, and unique. */
    private String id(String stream) {
        String name = topics.node() + (stream.isEmpty() ? "" : "_" + stream);
        String whole = topics.prefix() + "/" + topics.node() + "/" + stream;
        return "windhover_" + name.replaceAll("[^a-zA-Z0-9_-]", "_") + "_" + digest(whole);
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, HASH_DIGITS);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
