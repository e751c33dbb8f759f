// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli.demo;

import io.windhover.models.Reason;
import io.windhover.models.graph.InputShapes;
import io.windhover.runtime.detection.DecodeSettings;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.image.Fit;
import io.windhover.runtime.mqtt.BrokerAddress;
import io.windhover.runtime.mqtt.SpoolSettings;
import io.windhover.runtime.mqtt.Topics;
import io.windhover.runtime.queue.QueueLimits;
import io.windhover.runtime.serve.configuration.HttpConfiguration;
import io.windhover.runtime.serve.configuration.ModelConfiguration;
import io.windhover.runtime.serve.configuration.MqttConfiguration;
import io.windhover.runtime.serve.configuration.ResultConfiguration;
import io.windhover.runtime.serve.configuration.ServiceConfiguration;
import io.windhover.runtime.serve.configuration.StreamConfiguration;
import io.windhover.runtime.serve.configuration.StreamConfiguration.Frames;
import io.windhover.runtime.serve.monitor.NodeState.StreamState;
import io.windhover.runtime.source.SourceSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The demo's node: a stream of the drawn pictures through each of Windhover's own networks, and a test pattern through
 * the binary one.
 *
 * @param folder for its pictures and its state
 */
public record DemoNode(String device, Duration timeout, BrokerAddress broker, Topics topics, Path folder) {
    /** The int8 one and the binary one. */
    public static final List<String> NETWORKS = List.of("zoo:landing_pad_int8", "zoo:marker_xnor");

    private static final String PATTERN = "pattern";
    private static final int SIDE = 160;
    private static final double FRAMES_PER_SECOND = 10;
    private static final double FASTEST = 1000;

    /** Classifications that arrive at least. */
    public int expected() {
        return (NETWORKS.size() + 1) * pictures();
    }

    private static int pictures() {
        return DemoPicture.all().size();
    }

    /** Whether a stream has shown enough. */
    public static boolean isDone(StreamState stream) {
        return stream.published() >= pictures();
    }

    /** What the service is told; the pictures are written to the folder. */
    public ServiceConfiguration configuration() {
        List<Path> files = writePictures();
        Map<String, ModelConfiguration> models = new LinkedHashMap<>();
        models.put("pads", model(NETWORKS.get(0)));
        models.put("markers", model(NETWORKS.get(1)));
        SourceSettings drawn = new SourceSettings.Images(files, false, FASTEST);
        Map<String, StreamConfiguration> streams = new LinkedHashMap<>();
        streams.put("pads", stream("pads", drawn, Frames.EVERY));
        streams.put("markers", stream("markers", drawn, Frames.EVERY));
        streams.put(
                PATTERN, stream("markers", new SourceSettings.Pattern(SIDE, SIDE, FRAMES_PER_SECOND), Frames.NEWEST));
        return new ServiceConfiguration(
                topics.node(), device, folder.resolve("state"), models, streams, mqtt(), page());
    }

    private ModelConfiguration model(String source) {
        return new ModelConfiguration(
                "the demo's " + source,
                source,
                InputShapes.NONE,
                null,
                timeout,
                Fit.SQUASH,
                false,
                null,
                null,
                DecodeSettings.UNCHANGED);
    }

    private static StreamConfiguration stream(String model, SourceSettings source, Frames frames) {
        return new StreamConfiguration(model, source, 0, frames, ResultConfiguration.DEFAULT, 1, true);
    }

    private MqttConfiguration mqtt() {
        return new MqttConfiguration(
                broker,
                null,
                null,
                topics,
                QueueLimits.DEFAULT,
                SpoolSettings.Sync.SECOND,
                SpoolSettings.DEFAULT_REPLAY_PER_SECOND,
                true,
                null,
                Duration.ofSeconds(60));
    }

    private static HttpConfiguration page() {
        return new HttpConfiguration("127.0.0.1", 0, null, true);
    }

    private List<Path> writePictures() {
        List<Path> files = new ArrayList<>();
        try {
            for (DemoPicture picture : DemoPicture.all()) {
                files.add(Files.write(folder.resolve(picture.name()), picture.encoded()));
            }
        } catch (IOException full) {
            throw new WindhoverException(
                    "The demo's pictures cannot be written to " + folder + " (" + Reason.of(full) + "); make room.",
                    full);
        }
        return files;
    }

    /** Removes the demo's folder as far as that can be done. */
    public static void remove(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException left) {
            return;
        }
    }
}
