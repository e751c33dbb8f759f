// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.configuration;

import io.windhover.runtime.mqtt.BrokerAddress;
import io.windhover.runtime.mqtt.SpoolSettings;
import io.windhover.runtime.mqtt.SpoolSettings.Sync;
import io.windhover.runtime.mqtt.Topics;
import io.windhover.runtime.queue.QueueLimits;
import io.windhover.runtime.serve.yaml.Section;
import io.windhover.runtime.serve.yaml.Value;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The broker and what goes to it.
 *
 * @param broker its address, with user and password
 * @param authorities certificates that the broker's own must come from, PEM; null for the machine's
 * @param identity our certificate and key; null for none
 * @param topics where messages go
 * @param queue what waits on disk while the broker is away
 * @param sync when it is forced to the disk itself
 * @param replayPerSecond messages from before the last connect that are sent in a second
 * @param control whether {@code set} topics are followed
 * @param discoveryPrefix of Home Assistant's discovery topics; null for no discovery
 * @param statistics how often counters are published
 */
public record MqttConfiguration(
        BrokerAddress broker,
        @Nullable Path authorities,
        @Nullable Identity identity,
        Topics topics,
        QueueLimits queue,
        Sync sync,
        int replayPerSecond,
        boolean control,
        @Nullable String discoveryPrefix,
        Duration statistics) {
    /** What others than YAML 1.2 take for true or false. */
    private static final String NO_PREFIX = "(?i)yes|no|on|off|y|n|0|1";

    /** A client's certificate and its private key, PEM files. */
    public record Identity(Path certificate, Path key) {}

    static MqttConfiguration read(Section section, String node, Paths paths) {
        BrokerAddress broker = broker(section);
        Section tls = section.optional("tls").map(Value::section).orElse(null);
        if (tls != null && !broker.secure()) {
            throw tls.problem("needs a broker's address that begins with mqtts://", "change 'url', or remove it");
        }
        Topics topics = section.optional("prefix")
                .map(value -> value.parsed(prefix -> new Topics(prefix, node)))
                .orElseGet(() -> new Topics(Topics.DEFAULT_PREFIX, node));
        Section queue = section.optional("queue").map(Value::section).orElse(null);
        MqttConfiguration mqtt = new MqttConfiguration(
                broker,
                tls == null
                        ? null
                        : tls.optional("authorities").map(paths::resolve).orElse(null),
                tls == null ? null : identity(tls, paths),
                topics,
                queue == null ? QueueLimits.DEFAULT : limits(queue),
                queue == null
                        ? Sync.SECOND
                        : queue.optional("sync")
                                .map(value -> value.choice(Sync.class))
                                .orElse(Sync.SECOND),
                queue == null
                        ? SpoolSettings.DEFAULT_REPLAY_PER_SECOND
                        : queue.optional("replay_per_second")
                                .map(value -> value.integer(1, 1_000_000))
                                .orElse(SpoolSettings.DEFAULT_REPLAY_PER_SECOND),
                section.optional("control").map(Value::bool).orElse(false),
                section.optional("discovery").map(MqttConfiguration::discovery).orElse(null),
                section.optional("statistics")
                        .map(value -> value.duration(Duration.ofSeconds(1), Duration.ofDays(1)))
                        .orElse(Duration.ofSeconds(60)));
        if (queue != null) {
            queue.finish();
        }
        section.finish();
        return mqtt;
    }

    private static BrokerAddress broker(Section section) {
        BrokerAddress broker = section.required("url").parsed(BrokerAddress::parse);
        Value named = section.optional("user").orElse(null);
        if (named != null && broker.user() != null) {
            throw named.problem("is there beside the user in 'url'", "remove one of them");
        }
        String user = named == null ? broker.user() : named.parsed(BrokerAddress::requireUser);
        String password = section.optional("password")
                .map(value -> value.parsed(BrokerAddress::requirePassword))
                .orElse(null);
        if (password != null && user == null) {
            throw section.required("password").problem("has no user it belongs to", "add 'user'");
        }
        return new BrokerAddress(broker.host(), broker.port(), broker.secure(), user, password);
    }

    private static @Nullable Identity identity(Section tls, Paths paths) {
        Value certificate = tls.optional("certificate").orElse(null);
        Value key = tls.optional("key").orElse(null);
        tls.finish();
        if ((certificate == null) != (key == null)) {
            throw tls.problem("has a certificate or a key alone", "give both or none");
        }
        return certificate == null || key == null ? null : new Identity(paths.resolve(certificate), paths.resolve(key));
    }

    private static QueueLimits limits(Section queue) {
        return new QueueLimits(
                queue.optional("bytes")
                        .map(value -> value.bytes(8L << 20, 64L << 30))
                        .orElse(QueueLimits.DEFAULT.bytes()),
                queue.optional("age")
                        .map(value -> value.duration(Duration.ofSeconds(1), Duration.ofDays(3650)))
                        .orElse(QueueLimits.DEFAULT.age()),
                QueueLimits.DEFAULT.entryBytes());
    }

    /** True stands for Home Assistant's own default. */
    private static @Nullable String discovery(Value value) {
        String text = value.text();
        if (text.matches("(?i)true|false")) {
            return value.bool() ? "homeassistant" : null;
        }
        if (text.matches(NO_PREFIX)) {
            throw value.wrong("give true, false or a topic prefix");
        }
        return value.parsed(prefix -> new Topics(prefix, "x").prefix());
    }
}
