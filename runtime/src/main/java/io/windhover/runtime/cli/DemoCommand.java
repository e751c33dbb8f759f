// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import io.windhover.runtime.Device;
import io.windhover.runtime.Limits;
import io.windhover.runtime.Session;
import io.windhover.runtime.SessionOptions;
import io.windhover.runtime.cli.demo.DemoPicture;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.model.Model;
import io.windhover.runtime.model.ModelLoader;
import io.windhover.runtime.mqtt.BrokerAddress;
import io.windhover.runtime.mqtt.EmbeddedBroker;
import io.windhover.runtime.mqtt.NodePublisher;
import io.windhover.runtime.mqtt.Subscriber;
import io.windhover.runtime.mqtt.Topics;
import io.windhover.runtime.publishing.ClassificationStream;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "demo",
        description = {
            "Classifies the demo pictures with both of Windhover's own networks and prints what an MQTT subscriber receives.",
            "Without --mqtt it starts a broker of its own for the time of the demo."
        },
        footer = {
            "",
            "Examples:",
            "  ./windhover demo",
            "  ./windhover demo --device functional:",
            "  ./windhover demo --mqtt mqtt://broker.local"
        })
final class DemoCommand extends Verb {
    private static final List<String> NETWORKS = List.of("landing_pad_int8", "marker_xnor");
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration QUIET = Duration.ofSeconds(2);
    private static final int TOP = 3;
    private static final int LONGEST_SHOWN = 1000;

    @Mixin
    private DeviceOption device;

    @Mixin
    private MqttOptions mqtt;

    private final Set<Long> arrived = new HashSet<>();
    private String session = "";

    @Override
    void execute() {
        try (EmbeddedBroker broker = mqtt.url() == null ? startBroker() : null) {
            BrokerAddress address = broker != null ? broker.address() : mqtt.broker();
            Topics topics = mqtt.topics();
            Progress.say(err(), "broker at " + address + ", topics below " + topics.prefix() + "/" + topics.node());
            try (Subscriber subscriber = Subscriber.subscribe(
                    address,
                    "windhover-demo-" + UUID.randomUUID(),
                    topics.prefix() + "/" + topics.node() + "/#",
                    TIMEOUT)) {
                int expected = classifyAll(address, subscriber);
                Signals.requireAll(arrived.size(), expected, "classifications");
                checkAllArrived(expected);
            }
        }
    }

    private EmbeddedBroker startBroker() {
        Progress.say(err(), "starting a broker for the demo");
        return EmbeddedBroker.start();
    }

    private int classifyAll(BrokerAddress address, Subscriber subscriber) {
        List<DemoPicture> pictures = DemoPicture.all();
        int expected = 0;
        Signals.finishByItself();
        try (NodePublisher node = mqtt.connectService(address, device.locator());
                Device opened = Device.open(device.locator())) {
            session = node.session();
            for (String network : NETWORKS) {
                Progress.say(err(), "loading zoo:" + network + " onto " + device.locator());
                classify(opened, node, network, pictures, subscriber);
                expected += pictures.size();
            }
            node.requireDelivery();
        }
        printArrivals(subscriber, QUIET);
        return expected;
    }

    private void classify(
            Device opened, NodePublisher node, String network, List<DemoPicture> pictures, Subscriber subscriber) {
        Model model = new ModelLoader(Limits.DEFAULT.modelBytes()).load("zoo:" + network);
        SessionOptions options = new SessionOptions(false, device.timeout(), Limits.DEFAULT);
        try (Session session = opened.load(model, options)) {
            new ClassificationStream(session, node, TOP)
                    .run(
                            Signals.untilReceived(pictures.iterator()),
                            (of, frame, picture) -> of.fill(frame, picture.encoded(), picture.name()),
                            DemoPicture::name,
                            (picture, classification) -> printArrivals(subscriber, Duration.ZERO),
                            (picture, problem) -> {
                                throw problem;
                            });
        }
    }

    private void printArrivals(Subscriber subscriber, Duration patience) {
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
        if (result == null || !result.session().equals(session)) {
            out().println(message.topic() + "  a message of another program");
        } else if (arrived.add(result.seq())) {
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

    private void checkAllArrived(int expected) {
        out().println(arrived.size() + " of " + expected + " classifications arrived over MQTT");
        if (arrived.size() != expected) {
            throw new WindhoverException("Only " + arrived.size() + " of " + expected
                    + " classifications arrived at the subscriber; look at the broker's log.");
        }
    }
}
