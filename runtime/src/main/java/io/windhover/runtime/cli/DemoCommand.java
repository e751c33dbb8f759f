// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import io.windhover.models.Reason;
import io.windhover.runtime.cli.demo.DemoNode;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.mqtt.BrokerAddress;
import io.windhover.runtime.mqtt.EmbeddedBroker;
import io.windhover.runtime.mqtt.Subscriber;
import io.windhover.runtime.mqtt.Topics;
import io.windhover.runtime.serve.Service;
import io.windhover.runtime.serve.monitor.NodeState;
import io.windhover.runtime.serve.monitor.NodeState.StreamState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "demo",
        description = {
            "Runs the service on the demo's pictures and a test pattern, and prints what an MQTT subscriber receives.",
            "Both of Windhover's own networks are used; a page shows the node while it runs. Without --mqtt it starts a",
            "broker of its own for the time of the demo. With it, the node's retained topics stay at the broker; the last",
            "example clears them, with the prefix and node that the demo says at its start."
        },
        footer = {
            "",
            "Examples:",
            "  ./windhover demo",
            "  ./windhover demo --device functional: --stay",
            "  ./windhover demo --mqtt mqtt://broker.local",
            "  mosquitto_sub -h broker.local -t 'PREFIX/NODE/#' --retained-only --remove-retained -W 2"
        })
final class DemoCommand extends Verb {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration QUIET = Duration.ofSeconds(2);
    private static final int LONGEST_SHOWN = 1000;

    @Mixin
    private DeviceOption device;

    @Mixin
    private BrokerOptions mqtt;

    @Option(names = "--stay", description = "Go on with the test pattern until Ctrl-C, to look at the page.")
    private boolean stay;

    private final Set<String> arrived = new HashSet<>();

    @Override
    void execute() {
        mqtt.requireUrlFor("--mqtt-prefix", "--mqtt-node");
        Path folder = temporaryFolder();
        try (EmbeddedBroker broker = mqtt.url() == null ? startBroker() : null) {
            BrokerAddress address = broker != null ? broker.address() : mqtt.address();
            Topics topics = mqtt.topics();
            Progress.say(err(), "broker at " + address + ", topics below " + topics.prefix() + "/" + topics.node());
            try (Subscriber subscriber = Subscriber.subscribe(
                    address,
                    "windhover-demo-" + UUID.randomUUID(),
                    topics.prefix() + "/" + topics.node() + "/#",
                    TIMEOUT)) {
                run(new DemoNode(device.locator(), device.timeout(), address, topics, folder), subscriber);
            }
        } finally {
            DemoNode.remove(folder);
        }
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("windhover-demo");
        } catch (IOException full) {
            throw new WindhoverException(
                    "No folder for the demo can be made (" + Reason.of(full) + "); make room for temporary files.",
                    full);
        }
    }

    private EmbeddedBroker startBroker() {
        Progress.say(err(), "starting a broker for the demo");
        return EmbeddedBroker.start();
    }

    private void run(DemoNode demo, Subscriber subscriber) {
        Signals.finishByItself();
        Progress.say(err(), "loading " + String.join(" and ", DemoNode.NETWORKS) + " onto " + device.locator());
        Service service = Service.start(demo.configuration());
        try (service) {
            Progress.say(err(), "the node's page, while it runs: http://127.0.0.1:" + service.httpPort());
            while (!Signals.received() && (stay || !isDone(service.state()))) {
                print(subscriber, LOOK);
                requireDevice(service.state());
            }
        }
        print(subscriber, QUIET);
        long published = service.state().streams().stream()
                .mapToLong(StreamState::published)
                .sum();
        Signals.requireAll((int) published, demo.expected(), "classifications");
        checkAllArrived(published);
    }

    /** All pictures were run, and as many frames of the pattern as there are pictures for a network. */
    private static boolean isDone(NodeState state) {
        return state.streams().stream().allMatch(DemoNode::isDone);
    }

    private static void requireDevice(NodeState state) {
        String trouble = state.device().trouble();
        if (trouble != null) {
            throw new WindhoverException(trouble);
        }
    }

    private void print(Subscriber subscriber, Duration patience) {
        Subscriber.@Nullable Received message = subscriber.take(patience);
        while (message != null) {
            print(message);
            message = subscriber.take(patience);
        }
        out().flush();
    }

    /** The retained state repeats each classification, so it is not shown; nor is what the broker kept from before. */
    private void print(Subscriber.Received message) {
        if (message.retained() || message.topic().endsWith("/state")) {
            return;
        }
        if (!message.topic().endsWith("/classification")) {
            String shown = message.payload().length() > LONGEST_SHOWN
                    ? message.payload().substring(0, LONGEST_SHOWN) + "..."
                    : message.payload();
            out().println(message.topic() + "  " + shown);
            return;
        }
        ReceivedResult result = ReceivedResult.parse(message.payload());
        if (result == null) {
            out().println(message.topic() + "  a message of another program");
        } else if (arrived.add(message.topic() + " " + result.session() + " " + result.seq())) {
            out().printf(
                            Locale.ROOT,
                            "%s  %s: %s %.1f %% (%s)%n",
                            message.topic(),
                            result.source(),
                            result.best().label(),
                            result.best().score() * 100,
                            result.model().name());
        }
    }

    private void checkAllArrived(long published) {
        out().println(Math.min(arrived.size(), published) + " of " + published + " classifications arrived over MQTT");
        if (arrived.size() < published) {
            throw new WindhoverException("Only " + arrived.size() + " of " + published
                    + " classifications arrived at the subscriber; look at the broker's log.");
        }
    }
}
