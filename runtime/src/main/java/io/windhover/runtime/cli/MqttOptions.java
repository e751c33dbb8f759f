// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import io.windhover.runtime.mqtt.GuestPublisher;
import io.windhover.runtime.mqtt.PublisherSettings;
import io.windhover.runtime.publishing.ResultPublisher;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where results are published. */
final class MqttOptions {
    @Mixin
    private BrokerOptions broker;

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

    /** Without a broker the other options mean nothing. */
    void checkUsage() {
        broker.requireUrlFor("--mqtt-prefix", "--mqtt-node", "--mqtt-stream", "--mqtt-payload-bytes", "--mqtt-wait");
    }

    /** A publisher of results only, connected to the broker that was named; where none was, it publishes nothing. */
    ResultPublisher connectGuest(String device) {
        if (broker.url() == null) {
            return ResultPublisher.NONE;
        }
        PublisherSettings settings = PublisherSettings.guest(broker.address(), broker.topics());
        return GuestPublisher.connect(
                settings.withPayloadLimit(payloadBytes).withDelivery(Duration.ofSeconds(waitSeconds)), stream, device);
    }

    @Nullable
    String url() {
        return broker.url();
    }
}
