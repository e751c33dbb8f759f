// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.windhover.tests.mqtt.FaultyProxy;
import io.windhover.tests.mqtt.Mosquitto;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node, its broker and who listens there, for tests of faults; all of it ends with the test. */
@Timeout(120)
abstract class Bench {
    static final String LENET = """
            device: "functional:"
            models: {lenet: {file: "zoo:lenet5"}}
            """;
    static final String CAMERA =
            "camera: {model: lenet, source: {pattern: {width: 28, height: 28, frames_per_second: 100}}, frames: every}";
    /** Lines of a log that is not flooded. */
    static final int CALM = 25;

    @TempDir
    Path folder;

    private final Deque<AutoCloseable> ending = new ArrayDeque<>();
    private @Nullable Mosquitto broker;
    private @Nullable Listener listener;
    private @Nullable Node node;

    <T extends AutoCloseable> T ended(T thing) {
        ending.push(thing);
        return thing;
    }

    @AfterEach
    void end() throws Exception {
        while (!ending.isEmpty()) {
            ending.pop().close();
        }
    }

    /** Starts a broker and a listener. */
    void startBroker(String... settings) throws Exception {
        broker = ended(new Mosquitto(folder, settings));
        listener = ended(new Listener(broker.port()));
    }

    /** Starts a broker that wants a name and a password; the listener has one. */
    void startClosedBroker(String... settings) throws Exception {
        broker = ended(new Mosquitto(folder, settings));
        listener = ended(new Listener(broker.port(), "listener"));
    }

    Mosquitto broker() {
        return Objects.requireNonNull(broker);
    }

    Listener listener() {
        return Objects.requireNonNull(listener);
    }

    Node node() {
        return Objects.requireNonNull(node);
    }

    FaultyProxy proxy() throws IOException {
        return ended(new FaultyProxy(broker().port()));
    }

    /** Starts the node. */
    Node start(String yaml) throws IOException {
        node = ended(Node.start(folder, yaml));
        return node;
    }

    Node start(String yaml, Map<String, String> environment, List<String> wrapper) throws IOException {
        node = ended(Node.start(folder, yaml, environment, wrapper));
        return node;
    }

    /** One camera with a hundred frames a second, published to a port. */
    static String camera(int port) {
        return camera(port, "");
    }

    /** @param more of the section mqtt */
    static String camera(int port, String more) {
        return LENET + streams(CAMERA) + mqtt(port, more);
    }

    static String streams(String... streams) {
        return "streams:\n  " + String.join("\n  ", streams) + "\n";
    }

    static String mqtt(int port, String more) {
        return "mqtt: {url: \"mqtt://127.0.0.1:" + port + "\"" + more + "}\n";
    }

    /** The broker is there again, with the listener before the node. */
    void restartBroker() throws Exception {
        node().signal("STOP");
        broker().start();
        listener().connect();
        node().signal("CONT");
    }

    /** Stops the camera; every result that it ever made arrives, in order. */
    void requireAllInOrder() throws Exception {
        node().setRunning("camera", false);
        requireAll(0);
        assertEquals(List.of(), listener().gaps());
    }

    /** Every result that the camera made arrives, but for so many; one may be in the making when it is told to stop. */
    void requireAll(long lost) throws Exception {
        node().until(
                        "all but " + lost + " results have arrived",
                        state -> Node.broker(state).get("waiting").getAsLong() == 0
                                && Node.stream(state, "camera").get("published").getAsLong() - lost
                                        == listener().results());
        assertEquals(lost, Node.broker(node().state()).get("dropped").getAsLong());
    }

    static void image(Path file, int grey) throws IOException {
        BufferedImage image = new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY);
        for (int pixel = 0; pixel < 28; pixel++) {
            image.setRGB(pixel, pixel, 0x010101 * (grey & 0xff));
        }
        Path part = Files.createTempFile(file.toAbsolutePath().getParent(), ".", ".part");
        ImageIO.write(image, "png", part.toFile());
        Files.move(part, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    /** Runs a program to its end; answers what it printed. */
    static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output);
        }
        return output;
    }
}
