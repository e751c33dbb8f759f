// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.windhover.junit.Simulated;
import io.windhover.tests.mqtt.Mosquitto;
import java.awt.image.BufferedImage;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import javax.imageio.ImageIO;
import org.eclipse.paho.mqttv5.client.IMqttMessageListener;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.MqttSubscription;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A service of several streams whose broker is killed and whose configuration changes, again and again, takes no more
 * of anything in the end than in the middle. What it holds is looked at once a round, when all is calm again.
 */
@Simulated("functional:")
class SoakTest {
    private static final int REQUESTS = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int LEAST_ROUNDS = 12;

    /**
     * By how much the least of the last quarter's rounds may be above that of the third's. The least, because live
     * bytes go up and down from round to round; the second half, because the first warms up.
     */
    private static final long MORE_THREADS = 1;

    private static final long MORE_FILES = 1;
    private static final long MORE_RESIDENT_KB = 4096;
    private static final long MORE_HEAP_KB = 512;

    @TempDir
    Path folder;

    @Test
    @Timeout(300)
    void a_minute_of_lost_brokers_and_reloads_leaves_nothing_behind() throws Exception {
        soak(Duration.ofMinutes(1));
    }

    @Test
    @Tag("full")
    @Timeout(1200)
    void ten_minutes_of_lost_brokers_and_reloads_leave_nothing_behind() throws Exception {
        soak(Duration.ofMinutes(10));
    }

    private void soak(Duration length) throws Exception {
        byte[] image = image();
        List<Calm> rounds = new ArrayList<>();
        long end = System.nanoTime() + length.toNanos();
        try (Mosquitto broker = new Mosquitto(folder);
                Node node = Node.start(
                        folder,
                        yaml(broker, 0),
                        Map.of("JAVA_TOOL_OPTIONS", "-XX:NewSize=16m -XX:MaxNewSize=16m"),
                        List.of())) {
            for (int round = 0; System.nanoTime() - end < 0; round++) {
                round(broker, node, round, image);
                rounds.add(Calm.of(node.pid()));
                System.out.println("soak, round " + round + ": " + rounds.get(round));
            }
            assertEquals(0, node.terminate(), node.errors());
        }
        System.out.println(
                "soak, threads at the end: " + rounds.get(rounds.size() - 1).threads());
        check(rounds);
    }

    /** The first one only waits until the service is up. */
    private static void round(Mosquitto broker, Node node, int round, byte[] image) throws Exception {
        if (round > 0) {
            broker.kill();
            Thread.sleep(300);
            broker.start();
            node.write(yaml(broker, round));
            node.signal("HUP");
        }
        try (Client client = new Client(broker)) {
            client.awaitResult("pattern", top(round), node);
            client.awaitResult("pictures", top(round), node);
            client.askAndAwait(image);
        }
        Thread.sleep(1000);
    }

    /** Differs from round to round, for streams and for the broker's side, which then connects at once. */
    private static int top(int round) {
        return 2 + round % 2;
    }

    private static String yaml(Mosquitto broker, int round) {
        String result = "result: {top: " + top(round) + "}";
        return String.join(
                "\n",
                "node: soak",
                "device: 'functional:?threads=1'",
                "models: {pads: {file: 'zoo:landing_pad_int8'}, markers: {file: 'zoo:marker_xnor'}}",
                "streams:",
                "  pattern: {model: pads, source: {pattern: {frames_per_second: 30}}, " + result + "}",
                "  pictures: {model: markers, source: {images: {files: [image.png], repeat: true,"
                        + " frames_per_second: 20}}, " + result + "}",
                "  questions: {model: pads, source: {requests: {waiting: 100}}}",
                "mqtt: {url: 'mqtt://127.0.0.1:" + broker.port() + "', statistics: " + top(round) + "s, control: true,"
                        + " queue: {replay_per_second: 100000}}");
    }

    private byte[] image() throws Exception {
        File file = folder.resolve("image.png").toFile();
        ImageIO.write(new BufferedImage(160, 120, BufferedImage.TYPE_INT_RGB), "png", file);
        return Files.readAllBytes(file.toPath());
    }

    private static void check(List<Calm> rounds) {
        assertTrue(rounds.size() >= LEAST_ROUNDS, rounds.size() + " rounds are too few to see a trend");
        check("threads", rounds, Calm::threadCount, MORE_THREADS);
        check("files", rounds, Calm::files, MORE_FILES);
        check("RSS in kB", rounds, Calm::residentKb, MORE_RESIDENT_KB);
        check("heap in kB", rounds, Calm::heapKb, MORE_HEAP_KB);
    }

    private static void check(String what, List<Calm> rounds, ToLongFunction<Calm> of, long tolerance) {
        int half = rounds.size() / 2;
        int threeQuarters = half + half / 2;
        long before = least(rounds.subList(half, threeQuarters), of);
        long rise = least(rounds.subList(threeQuarters, rounds.size()), of) - before;
        System.out.printf(
                "soak, %s: %d in the third quarter, %+d in the last, at most %+d%n", what, before, rise, tolerance);
        assertTrue(rise <= tolerance, () -> what + " rise by " + rise + ": " + rounds);
    }

    private static long least(List<Calm> rounds, ToLongFunction<Calm> of) {
        return rounds.stream().mapToLong(of).min().orElseThrow();
    }

    /** Somebody who reads results and asks. */
    private static final class Client implements AutoCloseable {
        private static final String ANSWERS = "soak/answers";

        private final MqttClient client;
        private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
        private final Map<String, Integer> tops = new java.util.concurrent.ConcurrentHashMap<>();

        Client(Mosquitto broker) throws MqttException {
            client = new MqttClient("tcp://127.0.0.1:" + broker.port(), "soak-client", new MemoryPersistence());
            client.connect(new MqttConnectionOptions());
            client.subscribe(
                    new MqttSubscription[] {
                        new MqttSubscription("windhover/soak/+/classification", 1), new MqttSubscription(ANSWERS, 1)
                    },
                    new IMqttMessageListener[] {
                        (topic, message) -> result(message),
                        (topic, message) -> answers.add(new String(message.getPayload(), StandardCharsets.UTF_8))
                    });
        }

        private void result(MqttMessage message) {
            JsonObject json = JsonParser.parseString(new String(message.getPayload(), StandardCharsets.UTF_8))
                    .getAsJsonObject();
            tops.put(
                    json.get("stream").getAsString(), json.getAsJsonArray("top").size());
        }

        /** Waits until the newest result of a stream is of the newest configuration. */
        void awaitResult(String stream, int top, Node node) throws Exception {
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (tops.getOrDefault(stream, 0) != top) {
                if (System.nanoTime() - end > 0 || !node.isAlive()) {
                    throw new AssertionError(
                            "no result of " + stream + " with " + top + " classes: " + tops + ", " + node.errors());
                }
                Thread.sleep(10);
            }
        }

        void askAndAwait(byte[] image) throws Exception {
            for (int i = 0; i < REQUESTS; i++) {
                MqttProperties properties = new MqttProperties();
                properties.setResponseTopic(ANSWERS);
                MqttMessage message = new MqttMessage(image);
                message.setQos(1);
                message.setProperties(properties);
                client.publish("windhover/soak/questions/infer", message);
            }
            for (int i = 0; i < REQUESTS; i++) {
                String answer = answers.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                assertTrue(answer != null && answer.contains("\"top\""), "answer " + i + ": " + answer);
            }
        }

        @Override
        public void close() throws MqttException {
            client.disconnect();
            client.close();
        }
    }
}
