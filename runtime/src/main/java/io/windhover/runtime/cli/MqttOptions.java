package io.windhover.runtime.cli;

import io.windhover.runtime.mqtt.BrokerAddress;
import io.windhover.runtime.mqtt.NodeName;
import io.windhover.runtime.mqtt.NodePublisher;
import io.windhover.runtime.mqtt.PublisherSettings;
import io.windhover.runtime.mqtt.Topics;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where results are published. */
final class MqttOptions {
    @Option(
            names = "--mqtt",
            paramLabel = "URL",
            description = "Publish to this broker: mqtt://HOST[:PORT] or mqtts://[USER:PASSWORD@]HOST[:PORT].")
    private @Nullable String url;

    @Option(names = "--mqtt-prefix", paramLabel = "PREFIX", defaultValue = Topics.DEFAULT_PREFIX, description = "First levels of every topic (default ${DEFAULT-VALUE}).")
    private String prefix;

    @Option(names = "--mqtt-node", paramLabel = "NODE", description = "This machine's level of every topic (default: derived from its machine id).")
    private @Nullable String node;

    @Option(names = "--mqtt-stream", paramLabel = "STREAM", defaultValue = "images", description = "The stream's level of its topics (default ${DEFAULT-VALUE}).")
    private String stream;

    @Option(names = "--mqtt-payload-bytes", paramLabel = "BYTES", defaultValue = "16777216", description = "Largest message published (default ${DEFAULT-VALUE}).")
    private int payloadBytes;

    /** The publisher to the broker that was named, connected; null when none was. */
    @Nullable NodePublisher connect(String device) {
        return url == null ? null : connect(BrokerAddress.parse(url), device);
    }

    /** A publisher to this broker, connected. */
    NodePublisher connect(BrokerAddress broker, String device) {
        return NodePublisher.connect(PublisherSettings.of(broker, topics(), stream).withPayloadLimit(payloadBytes), stream, device);
    }

    Topics topics() {
        return new Topics(prefix, node != null ? node : NodeName.ofThisMachine());
    }

    @Nullable String url() {
        return url;
    }
}
