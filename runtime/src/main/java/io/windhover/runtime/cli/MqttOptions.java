// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import io.windhover.runtime.mqtt.BrokerAddress;
import io.windhover.runtime.mqtt.NodeName;
import io.windhover.runtime.mqtt.NodePublisher;
import io.windhover.runtime.mqtt.Passwords;
import io.windhover.runtime.mqtt.PublisherSettings;
import io.windhover.runtime.mqtt.Topics;
import io.windhover.runtime.publishing.ResultPublisher;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** Where results are published. */
final class MqttOptions {
    @Option(
            names = "--mqtt",
            paramLabel = "URL",
            description = {
                "Publish to this broker: mqtt://HOST[:PORT] or mqtts://[USER@]HOST[:PORT].",
                "Its password is read from the file that " + Passwords.FILE_VARIABLE + " names, or from "
                        + Passwords.VARIABLE + "."
            })
    private @Nullable String url;

    @Option(
            names = "--mqtt-prefix",
            paramLabel = "PREFIX",
            defaultValue = Topics.DEFAULT_PREFIX,
            description = "First levels of every topic (default ${DEFAULT-VALUE}).")
    private String prefix;

    @Option(
            names = "--mqtt-node",
            paramLabel = "NODE",
            description = "This machine's level of every topic (default: derived from its machine id).")
    private @Nullable String node;

    @Option(
            names = "--mqtt-stream",
            paramLabel = "STREAM",
            defaultValue = "images",
            description = "The stream's level of its topics (default ${DEFAULT-VALUE}).")
    private String stream;

    @Option(
            names = "--mqtt-payload-bytes",
            converter = AtLeast.One.class,
            paramLabel = "BYTES",
            defaultValue = "16777216",
            description = "Largest message published (default ${DEFAULT-VALUE}).")
    private int payloadBytes;

    @Option(
            names = "--mqtt-wait",
            converter = AtLeast.Zero.class,
            paramLabel = "SECONDS",
            defaultValue = "10",
            description =
                    "Longest wait at the end for results that the broker has not acknowledged (default ${DEFAULT-VALUE}).")
    private int waitSeconds;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** Without a broker the other options mean nothing. */
    void checkUsage() {
        ParseResult given = spec.commandLine().getParseResult();
        for (String option :
                List.of("--mqtt-prefix", "--mqtt-node", "--mqtt-stream", "--mqtt-payload-bytes", "--mqtt-wait")) {
            if (url == null && given.hasMatchedOption(option)) {
                throw new ParameterException(spec.commandLine(), option + " needs --mqtt");
            }
        }
    }

    /** A publisher of results only, connected to the broker that was named; where none was, it publishes nothing. */
    ResultPublisher connectGuest(String device) {
        return url == null ? ResultPublisher.NONE : connect(PublisherSettings.guest(broker(), topics()), device);
    }

    /** The publisher of this node's service to this broker, connected. */
    NodePublisher connectService(BrokerAddress broker, String device) {
        return connect(PublisherSettings.service(broker, topics(), stream), device);
    }

    private NodePublisher connect(PublisherSettings settings, String device) {
        return NodePublisher.connect(
                settings.withPayloadLimit(payloadBytes).withDelivery(Duration.ofSeconds(waitSeconds)), stream, device);
    }

    Topics topics() {
        return new Topics(prefix, node != null ? node : NodeName.ofThisMachine());
    }

    /** The broker that was named, with its password from the environment. */
    BrokerAddress broker() {
        BrokerAddress address = BrokerAddress.parse(Objects.requireNonNull(url, "--mqtt was not given"));
        String password = Passwords.read(System.getenv());
        if (password != null && !address.secure() && !address.isLoopback()) {
            Progress.say(
                    spec.commandLine().getErr(),
                    "the password goes to " + address.host() + " unencrypted; mqtts:// encrypts it");
        }
        return address.withPassword(password);
    }

    @Nullable
    String url() {
        return url;
    }
}
