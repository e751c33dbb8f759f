// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.configuration;

import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.mqtt.NodeName;
import io.windhover.runtime.mqtt.Topics;
import io.windhover.runtime.serve.yaml.Problems;
import io.windhover.runtime.serve.yaml.Section;
import io.windhover.runtime.serve.yaml.Substitution;
import io.windhover.runtime.serve.yaml.Value;
import io.windhover.runtime.serve.yaml.YamlFile;
import io.windhover.runtime.source.SourceSettings;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Everything a service is told.
 *
 * @param node this machine's level of every topic
 * @param device its locator
 * @param state a folder of the service's own: the queue and compiled models
 * @param models by the names that streams use
 * @param streams by the names that topics use
 * @param mqtt null: nothing is published
 * @param http null: no page, no metrics
 */
public record ServiceConfiguration(
        String node,
        String device,
        Path state,
        Map<String, ModelConfiguration> models,
        Map<String, StreamConfiguration> streams,
        @Nullable MqttConfiguration mqtt,
        @Nullable HttpConfiguration http) {
    private static final String STATE_VARIABLE = "STATE_DIRECTORY";
    private static final int MOST_STREAMS = 32;
    private static final int MOST_MODELS = 32;

    /**
     * Reads a file; a {@link WindhoverException} has a sentence for each part with a mistake. Models, folders and
     * certificates are not looked at.
     */
    public static ServiceConfiguration read(Path file, Map<String, String> environment) {
        return read(file, environment, unused -> {});
    }

    /**
     * Reads a file, as above.
     *
     * @param consulted gets each file that stands in a value as {@code ${file:PATH}}, before it is read
     */
    public static ServiceConfiguration read(Path file, Map<String, String> environment, Consumer<Path> consulted) {
        Path folder = Objects.requireNonNullElse(file.toAbsolutePath().getParent(), Path.of("/"));
        Substitution substitution = new Substitution(environment::get, folder, consulted);
        return read(YamlFile.read(file, substitution), folder, environment);
    }

    /** Reads text; relative paths are meant from the folder, and name stands for the text in messages. */
    public static ServiceConfiguration parse(String text, String name, Path folder, Map<String, String> environment) {
        return read(
                YamlFile.parse(text, name, new Substitution(environment::get, folder, unused -> {})),
                folder,
                environment);
    }

    private static ServiceConfiguration read(Section top, Path folder, Map<String, String> environment) {
        Paths paths = new Paths(folder);
        Problems problems = new Problems();
        String node = problems.collect(() -> top.optional("node")
                .map(value -> value.parsed(name -> new Topics(Topics.DEFAULT_PREFIX, name).node()))
                .orElseGet(NodeName::ofThisMachine));
        String device = problems.collect(() -> top.required("device").text());
        Path state = problems.collect(
                () -> top.optional("state").map(paths::resolve).orElseGet(() -> defaultState(folder, environment)));
        Set<String> modelNames =
                problems.collect(() -> top.required("models").section().keys());
        Map<String, ModelConfiguration> models =
                modelNames == null ? null : problems.collect(() -> models(top, paths, problems));
        Set<String> known = Objects.requireNonNullElse(modelNames, Set.of());
        Map<String, StreamConfiguration> streams = problems.collect(() -> streams(top, known, paths, state, problems));
        MqttConfiguration mqtt = problems.collect(() -> top.optional("mqtt")
                .map(value -> MqttConfiguration.read(value.section(), Objects.requireNonNullElse(node, "node"), paths))
                .orElse(null));
        HttpConfiguration http = problems.collect(() -> top.optional("http")
                .map(value -> HttpConfiguration.read(value.section()))
                .orElse(null));
        problems.check(top::finish);
        problems.throwIfAny();
        return new ServiceConfiguration(
                Objects.requireNonNull(node),
                Objects.requireNonNull(device),
                Objects.requireNonNull(state),
                Objects.requireNonNull(models),
                Objects.requireNonNull(streams),
                mqtt,
                http);
    }

    /** The topic, where an answer may go there; a {@link WindhoverException} says why it may not. */
    public String requireAnswerTopic(String topic) {
        return mqtt == null ? topic : mqtt.topics().requireAnswerTopic(topic);
    }

    /** systemd names the service's own folders, with colons between them. */
    private static Path defaultState(Path folder, Map<String, String> environment) {
        String given = environment.getOrDefault(STATE_VARIABLE, "").split(":", 2)[0];
        return given.isEmpty() ? folder.resolve("windhover-state") : Path.of(given);
    }

    private static Map<String, ModelConfiguration> models(Section top, Paths paths, Problems problems) {
        Value value = top.required("models");
        Section section = value.section();
        requireCount(value, section, MOST_MODELS);
        return section.named((name, model) -> ModelConfiguration.read(model, paths), problems);
    }

    private static Map<String, StreamConfiguration> streams(
            Section top, Set<String> models, Paths paths, @Nullable Path state, Problems problems) {
        Value value = top.required("streams");
        Section section = value.section();
        requireCount(value, section, MOST_STREAMS);
        Set<String> groups = new HashSet<>();
        return section.named(
                (name, stream) -> {
                    StreamConfiguration read = stream(name, stream, models, paths);
                    if (read.source() instanceof SourceSettings.Requests requests) {
                        if (top.optional("mqtt").isEmpty()) {
                            throw stream.problem("takes requests over MQTT, but there is no 'mqtt'", "add it");
                        }
                        if (requests.group() != null && !groups.add(requests.group())) {
                            throw stream.problem(
                                    "has the group '" + requests.group()
                                            + "' of another stream, which would get all its requests",
                                    "give it a group of its own");
                        }
                    }
                    if (state != null
                            && read.source() instanceof SourceSettings.Folder source
                            && Paths.isWithin(source.path(), state)) {
                        throw stream.problem("takes files from this service's 'state'", "give either another folder");
                    }
                    return read;
                },
                problems);
    }

    private static StreamConfiguration stream(String name, Section section, Set<String> models, Paths paths) {
        try {
            Topics.requireStream(name);
        } catch (RuntimeException unusable) {
            throw section.because(unusable);
        }
        return StreamConfiguration.read(section, models, paths);
    }

    private static void requireCount(Value value, Section section, int most) {
        int count = section.keys().size();
        if (count < 1 || count > most) {
            throw value.problem("has " + count + " entries", "give 1 to " + most);
        }
    }
}
