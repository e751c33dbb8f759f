// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import javax.imageio.ImageIO;
import org.eclipse.paho.mqttv5.client.IMqttMessageListener;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttClientException;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.MqttSubscription;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.junit.jupiter.api.Test;

/** What strangers send to a node. */
class RequestFaultsTest extends Bench {
    private static final int REQUESTS = 10_000;
    private static final int COMMANDS = 2000;
    private static final int LARGEST = 65_536;
    private static final String INFER = "windhover/pad/asked/infer";
    private static final String SET = "windhover/pad/asked/set";

    /** Answers by their request's correlation data. */
    private final Map<String, String> answers = new ConcurrentHashMap<>();

    private MqttAsyncClient client;
    private byte[] image;

    private Node startAsked(int waiting) throws Exception {
        return startAsked(waiting, Map.of());
    }

    private Node startAsked(int waiting, Map<String, String> environment) throws Exception {
        startBroker("max_queued_messages 0");
        Node node = start(
                "node: pad\n" + LENET
                        + streams("asked: {model: lenet, source: {requests: {largest: " + LARGEST + "B, waiting: "
                                + waiting + "}}}")
                        + mqtt(broker().port(), ", control: true"),
                environment,
                List.of());
        listener().until("it listens", () -> listener().last("status/asked").equals("online"));
        client = new MqttAsyncClient("tcp://127.0.0.1:" + broker().port(), "stranger", new MemoryPersistence());
        ended(() -> {
            client.disconnectForcibly(0, 1000, false);
            client.close(true);
        });
        client.connect(new MqttConnectionOptions()).waitForCompletion();
        client.subscribe(
                        new MqttSubscription[] {new MqttSubscription("stranger/answer", 1)},
                        null,
                        null,
                        new IMqttMessageListener[] {
                            (topic, message) -> answers.put(
                                    new String(message.getProperties().getCorrelationData(), StandardCharsets.UTF_8),
                                    new String(message.getPayload(), StandardCharsets.UTF_8))
                        },
                        new MqttProperties())
                .waitForCompletion();
        image(folder.resolve("image.png"), 200);
        image = Files.readAllBytes(folder.resolve("image.png"));
        return node;
    }

    private void send(String topic, byte[] payload, String id, boolean retained) throws Exception {
        MqttMessage message = new MqttMessage(payload);
        message.setQos(1);
        message.setRetained(retained);
        MqttProperties properties = new MqttProperties();
        if (id != null) {
            properties.setResponseTopic("stranger/answer");
            properties.setCorrelationData(id.getBytes(StandardCharsets.UTF_8));
        }
        message.setProperties(properties);
        while (true) {
            try {
                client.publish(topic, message);
                return;
            } catch (MqttException problem) {
                if (problem.getReasonCode() != MqttClientException.REASON_CODE_MAX_INFLIGHT) {
                    throw problem;
                }
                LockSupport.parkNanos(50_000);
            }
        }
    }

    private void requireAnswer(String id) throws Exception {
        send(INFER, image, id, false);
        listener()
                .until(
                        "a good request is answered",
                        () -> answers.getOrDefault(id, "").contains("\"top\""));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] random(Random random, int bytes) {
        byte[] all = new byte[bytes];
        random.nextBytes(all);
        return all;
    }

    private byte[] mutated(Random random, byte[] good) {
        byte[] bad = java.util.Arrays.copyOf(good, 1 + random.nextInt(good.length));
        for (int i = random.nextInt(4); i > 0; i--) {
            bad[random.nextInt(bad.length)] = (byte) random.nextInt();
        }
        return bad;
    }

    private byte[] strange(Random random) {
        String base64 = Base64.getEncoder().encodeToString(image);
        String envelope = "{\"image\": \"" + base64 + "\", \"id\": \"x\"}";
        return switch (random.nextInt(9)) {
            case 0 -> random(random, random.nextInt(2000));
            case 1 -> mutated(random, image);
            case 2 -> mutated(random, utf8(envelope));
            case 3 -> utf8("{".repeat(random.nextInt(3000)));
            case 4 -> utf8("{\"image\":" + "[".repeat(random.nextInt(3000)));
            case 5 -> utf8("{\"tensor\": " + random.nextInt() + ", \"id\": {}}");
            case 6 -> new byte[0];
            case 7 -> new byte[784];
            default -> random(random, 28 * 28 * random.nextInt(4));
        };
    }

    @Test
    @Fault(value = REQUESTS + " malformed requests", must = "answer each one; run on, log little")
    void malformed(Outcome outcome) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Node node = startAsked(10_000);
        for (int i = 0; i < REQUESTS; i++) {
            send(INFER, strange(random), "r" + i, false);
        }
        listener().until("each is answered, seed " + seed, () -> answers.size() == REQUESTS);
        long good = answers.values().stream()
                .filter(answer -> answer.contains("\"top\""))
                .count();
        for (String answer : answers.values()) {
            JsonObject json = JsonParser.parseString(answer).getAsJsonObject();
            assertTrue(json.has("top") || !json.get("error").getAsString().contains("\n"), answer);
        }
        requireAnswer("good");
        assertEquals(0, Node.broker(node.state()).get("reconnects").getAsLong());
        node.requireCalm(CALM);
        outcome.measured(
                "%d answered: %d with a result, %d with a sentence; %d lines of log (seed %d)",
                REQUESTS, good, REQUESTS - good, node.errors().lines().count(), seed);
    }

    @Test
    @Fault(
            value = "requests over the limit, over the node's largest packet, and more than may wait",
            must = "refuse, answer what arrives, keep the connection")
    void oversized(Outcome outcome) throws Exception {
        Node node = startAsked(2);
        send(INFER, new byte[LARGEST + 1], "large", false);
        listener()
                .until("it is refused", () -> answers.getOrDefault("large", "").contains("more than"));
        send(INFER, new byte[32 << 20], "huge", false);
        requireAnswer("after");
        for (int i = 0; i < 500; i++) {
            send(INFER, image, "many" + i, false);
        }
        listener()
                .until(
                        "each is answered",
                        () -> answers.keySet().stream()
                                        .filter(id -> id.startsWith("many"))
                                        .count()
                                == 500);
        assertEquals(0, Node.broker(node.state()).get("reconnects").getAsLong());
        long refused = answers.values().stream()
                .filter(answer -> answer.contains("send it again later"))
                .count();
        node.requireCalm(CALM);
        outcome.measured("refused; of 500 at once %d refused and the others answered; no reconnect", refused);
    }

    @Test
    @Fault(
            value = "pictures of 24 million pixels where Java has 128 MB, as on a board of 512 MB",
            must = "refuse them, answer the next one, run on")
    void larger_than_memory(Outcome outcome) throws Exception {
        Node node = startAsked(16, Map.of("JDK_JAVA_OPTIONS", "-Xmx128m"));
        ByteArrayOutputStream large = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(6000, 4000, BufferedImage.TYPE_BYTE_GRAY), "png", large);
        ByteArrayOutputStream usual = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(1920, 1080, BufferedImage.TYPE_BYTE_GRAY), "png", usual);
        for (int i = 0; i < 3; i++) {
            send(INFER, large.toByteArray(), "large" + i, false);
            send(INFER, usual.toByteArray(), "usual" + i, false);
        }
        for (int i = 0; i < 3; i++) {
            String number = String.valueOf(i);
            listener()
                    .until(
                            "they are answered",
                            () -> answers.getOrDefault("large" + number, "").contains("not so much memory")
                                    && answers.getOrDefault("usual" + number, "")
                                            .contains("\"top\""));
        }
        requireAnswer("after");
        node.requireCalm(CALM);
        outcome.measured("3 of 3 refused with a reason, 4 of 4 others answered; one process");
    }

    private static long refused(JsonObject state, String kind) {
        JsonElement count = state.getAsJsonObject("refusals").get(kind);
        return count == null ? 0 : count.getAsLong();
    }

    private static byte[] command(Random random) {
        return switch (random.nextInt(7)) {
            case 0 -> random(random, 1 + random.nextInt(300));
            case 1 -> utf8("[".repeat(1 + random.nextInt(4000)));
            case 2 -> utf8("{\"running\": " + random.nextInt() + "}");
            case 3 -> utf8("{\"model\": \"" + "x".repeat(random.nextInt(3000)) + "\"}");
            case 4 -> utf8("{\"model\": [], \"running\": {}}");
            case 5 -> new byte[5000 + random.nextInt(50_000)];
            default -> utf8("{\"running\": true, \"running\": false, \"a\": 1e999999}");
        };
    }

    @Test
    @Fault(value = COMMANDS + " malformed commands", must = "count each, follow none; follow the next good one")
    void malformed_commands(Outcome outcome) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Node node = startAsked(16);
        for (int i = 0; i < COMMANDS; i++) {
            send(SET, command(random), null, false);
        }
        node.until("each is counted, seed " + seed, state -> refused(state, "commands") == COMMANDS);
        send(SET, utf8("{\"running\": false}"), null, true);
        send(SET, utf8("{\"running\": false}"), null, false);
        node.until(
                "a good one is followed",
                state -> Node.stream(state, "asked")
                        .get("activity")
                        .getAsString()
                        .equals("stopped"));
        listener()
                .until("it is answered", () -> listener().last("asked/settings").contains("\"running\":false"));
        node.requireCalm(CALM);
        outcome.measured(
                "%d counted; %d lines of log (seed %d)",
                COMMANDS, node.errors().lines().count(), seed);
    }

    @Test
    @Fault(
            value = "requests whose answers are to go to the node's own or forbidden topics",
            must = "refuse and count, publish nothing there")
    void hostile_answers(Outcome outcome) throws Exception {
        Node node = startAsked(100);
        String data = Base64.getEncoder().encodeToString(image);
        List<String> topics = List.of(
                "windhover/pad/available",
                "windhover/pad/status/accelerator",
                "windhover/other/camera/set",
                "$SYS/broker/x",
                "#",
                "a/+/b",
                "",
                "a\\u0000b",
                "x".repeat(2000));
        for (String topic : topics) {
            send(INFER, utf8("{\"image\": \"" + data + "\", \"answer_to\": \"" + topic + "\"}"), null, false);
        }
        node.until(
                "each is counted",
                state -> Node.stream(state, "asked").get("refused").getAsLong() >= topics.size());
        listener()
                .until(
                        "each hears why at the stream's own topic",
                        () -> listener().count("answer") == topics.size());
        requireAnswer("good");
        assertEquals("online", listener().last("available"));
        assertEquals("online", listener().last("status/accelerator"));
        assertEquals(0, listener().count("set"));
        assertEquals(0, Node.broker(node.state()).get("reconnects").getAsLong());
        node.requireCalm(CALM);
        outcome.measured("%d refused and counted, nothing published there", topics.size());
    }

    @Test
    @Fault(
            value = "a retained request, and one that names nowhere to answer",
            must = "ignore the first, answer the second on its own topic")
    void retained(Outcome outcome) throws Exception {
        Node node = startAsked(16);
        send(INFER, image, null, false);
        listener().until("it is answered", () -> listener().last("asked/answer").contains("\"top\""));
        int before = listener().count("answer");
        node.setRunning("asked", false);
        send(INFER, image, "retained", true);
        listener()
                .until(
                        "what comes live is refused",
                        () -> answers.getOrDefault("retained", "").contains("is stopped"));
        assertEquals(0, node.terminate());
        answers.clear();
        node.start();
        node.untilConnected();
        requireAnswer("good");
        assertEquals(before, listener().count("answer"));
        assertEquals(1, answers.size());
        node.requireCalm(CALM);
        outcome.measured("as it must");
    }

    @Test
    @Fault(value = "the service is killed among 300 requests, and started again", must = "answer each, some twice")
    void killed_among_requests(Outcome outcome) throws Exception {
        Node node = startAsked(1000);
        requireAnswer("first");
        for (int i = 0; i < 150; i++) {
            send(INFER, image, "a" + i, false);
        }
        node.kill();
        for (int i = 0; i < 150; i++) {
            send(INFER, image, "b" + i, false);
        }
        node.start();
        listener().until("each is answered", () -> answers.size() == 301);
        node.requireCalm(CALM);
        outcome.measured("300 of 300 answered");
    }
}
