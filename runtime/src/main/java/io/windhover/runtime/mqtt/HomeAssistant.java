// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.windhover.models.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a node known to Home Assistant, as its MQTT discovery wants it: one retained configuration per entity, said
 * again when Home Assistant is born, and removed when the stream is gone. A file remembers what was announced, so that
 * a later process can remove it.
 */
public final class HomeAssistant implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HomeAssistant.class);
    private static final Gson JSON = new GsonBuilder()
            .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
            .disableHtmlEscaping()
            .create();
    private static final Pattern OURS = Pattern.compile("[^+#\\x00]+/(sensor|binary_sensor)/windhover_[\\w-]+/config");
    private static final String NAME = "Windhover";
    private static final int HASH_DIGITS = 8;

    private final Publisher publisher;
    private final Topics topics;
    private final @Nullable String prefix;
    private final String device;
    private final String version;
    private final Path file;
    private Map<String, byte[]> announced = Map.of();
    /** Not yet removed at the broker, as far as we know. */
    private final Set<String> leaving = ConcurrentHashMap.newKeySet();

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
     * @param file remembers what was announced
     */
    public HomeAssistant(
            Publisher publisher, Topics topics, @Nullable String prefix, String device, String version, Path file) {
        this.publisher = publisher;
        this.topics = topics;
        this.prefix = prefix;
        this.device = device;
        this.version = version;
        this.file = file;
    }

    /** Where Home Assistant says that it is there. */
    public static String birthTopic(String prefix) {
        return prefix + "/status";
    }

    /** Home Assistant said something on {@link #birthTopic}. Never blocks. */
    public void heard(IncomingMessage message) {
        message.taken().run();
        if (new String(message.payload(), StandardCharsets.UTF_8).equals("online")) {
            publish();
        }
    }

    /** Announces these streams and the node, and removes what was announced before and is not among them. */
    public synchronized void announce(List<Stream> streams) {
        Map<String, byte[]> wanted = new LinkedHashMap<>();
        if (prefix != null) {
            accelerator(wanted);
            streams.forEach(stream -> stream(wanted, stream));
        }
        leaving.addAll(remembered());
        leaving.addAll(announced.keySet());
        leaving.removeAll(wanted.keySet());
        announced = wanted;
        remember();
        leaving.forEach(topic -> publisher.remove(topic, () -> leaving.remove(topic)));
        publish();
    }

    private synchronized void publish() {
        announced.forEach((topic, configuration) -> publisher.publish(topic, configuration, true));
    }

    private void accelerator(Map<String, byte[]> wanted) {
        add(
                wanted,
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

    private void stream(Map<String, byte[]> wanted, Stream stream) {
        add(
                wanted,
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
                        wanted,
                        "sensor",
                        entity(
                                stream,
                                "Class",
                                state,
                                "{{ value_json.top[0].label[:255] if value_json.top else 'none' }}",
                                "{{ {'score': value_json.top[0].score if value_json.top else 0, 'top': value_json.top, 'time': value_json.time} | tojson }}",
                                null));
            case DETECTIONS ->
                add(
                        wanted,
                        "sensor",
                        entity(
                                stream,
                                "Detections",
                                state,
                                "{{ value_json.detections | count }}",
                                "{{ {'detections': value_json.detections, 'time': value_json.time} | tojson }}",
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

    private void add(Map<String, byte[]> wanted, String component, Entity entity) {
        wanted.put(
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

    private Set<String> remembered() {
        Set<String> topicsOfOurs = new TreeSet<>();
        try {
            if (Files.isRegularFile(file)) {
                Files.readAllLines(file).stream()
                        .filter(topic -> OURS.matcher(topic).matches())
                        .forEach(topicsOfOurs::add);
            }
        } catch (IOException unreadable) {
            LOG.warn("'{}' cannot be read ({}); what it names stays in Home Assistant.", file, Reason.of(unreadable));
        }
        return topicsOfOurs;
    }

    private synchronized void remember() {
        Set<String> known = new TreeSet<>(announced.keySet());
        known.addAll(leaving);
        try {
            if (known.isEmpty()) {
                Files.deleteIfExists(file);
                return;
            }
            Path parent = file.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Path next = Files.write(file.resolveSibling(file.getFileName() + ".new"), known);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException unwritable) {
            LOG.warn(
                    "'{}' cannot be written ({}); a later start cannot remove this node from Home Assistant.",
                    file,
                    Reason.of(unwritable));
        }
    }

    /** Forgets what the broker has removed; to be called when the publisher has delivered what it could. */
    @Override
    public void close() {
        remember();
    }
}
