// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.runtime.mqtt.BrokerAddress;
import io.windhover.runtime.mqtt.IncomingMessage;
import io.windhover.runtime.mqtt.Publisher;
import io.windhover.runtime.mqtt.PublisherSettings;
import io.windhover.runtime.mqtt.Subscription;
import io.windhover.runtime.mqtt.Topics;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.MqttClientException;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.MqttSubscription;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What others send to a node: nothing that it did not take is lost, and nothing that they send ends it. */
@Timeout(120)
class RequestTest {
    private static final Topics TOPICS = new Topics("windhover", "asked");
    private static final String REQUESTS = TOPICS.sharedInfer(AnsweringProgram.GROUP);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - end < 0, what);
            Thread.sleep(5);
        }
    }

    /** Sends requests, and collects which node answered which. */
    private static final class Client implements AutoCloseable {
        final Map<String, String> answers = new ConcurrentHashMap<>();
        private final MqttClient client;

        Client(Mosquitto broker) throws Exception {
            client = new MqttClient("tcp://127.0.0.1:" + broker.port(), "client", new MemoryPersistence());
            client.connect(new MqttConnectionOptions());
            client.subscribe(
                    new MqttSubscription[] {new MqttSubscription("client/answer", 1)},
                    new org.eclipse.paho.mqttv5.client.IMqttMessageListener[] {
                        (topic, message) -> answers.put(
                                new String(message.getProperties().getCorrelationData(), StandardCharsets.UTF_8),
                                new String(message.getPayload(), StandardCharsets.UTF_8))
                    });
        }

        void ask(String id) throws Exception {
            MqttProperties properties = new MqttProperties();
            properties.setResponseTopic("client/answer");
            properties.setCorrelationData(id.getBytes(StandardCharsets.UTF_8));
            MqttMessage message = new MqttMessage(new byte[100]);
            message.setQos(1);
            message.setProperties(properties);
            publish(REQUESTS, message);
        }

        private void publish(String topic, MqttMessage message) throws Exception {
            while (!sent(topic, message)) {
                Thread.sleep(1);
            }
        }

        /** Paho says that a message has arrived a moment before it has room for another one. */
        private boolean sent(String topic, MqttMessage message) throws MqttException {
            try {
                client.publish(topic, message);
                return true;
            } catch (MqttException problem) {
                if (problem.getReasonCode() == MqttClientException.REASON_CODE_MAX_INFLIGHT) {
                    return false;
                }
                throw problem;
            }
        }

        void send(String topic, byte[] payload, boolean retained) throws Exception {
            MqttMessage message = new MqttMessage(payload);
            message.setQos(1);
            message.setRetained(retained);
            publish(topic, message);
        }

        @Override
        public void close() throws MqttException {
            client.disconnect();
            client.close();
        }
    }

    private static PublisherSettings listening(int port, Consumer<IncomingMessage> handler) {
        return PublisherSettings.service(new BrokerAddress("127.0.0.1", port, false, null, null), TOPICS)
                .withTimes(Duration.ofSeconds(3), Duration.ofMillis(50))
                .withDelivery(Duration.ofSeconds(3))
                .withPayloadLimit(10_000)
                .withSubscriptions(List.of(new Subscription(TOPICS.set("camera"), 1, handler)));
    }

    private Process startNode(int port, String node) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AnsweringProgram.class.getName(),
                        Integer.toString(port),
                        node)
                .redirectOutput(folder.resolve(node + ".out").toFile())
                .redirectError(folder.resolve(node + ".err").toFile())
                .start();
    }

    @Test
    void three_nodes_share_the_requests_and_none_is_lost_when_one_is_killed() throws Exception {
        int requests = 600;
        List<Process> nodes = new ArrayList<>();
        try (Mosquitto broker = new Mosquitto(folder);
                Client client = new Client(broker)) {
            for (String node : List.of("one", "two", "three")) {
                nodes.add(startNode(broker.port(), node));
            }
            AtomicInteger probes = new AtomicInteger();
            await("three nodes answer", () -> {
                try {
                    client.ask("probe" + probes.getAndIncrement());
                } catch (Exception problem) {
                    throw new AssertionError(problem);
                }
                return new TreeSet<>(client.answers.values()).size() == 3;
            });
            for (int i = 0; i < requests; i++) {
                client.ask("request" + i);
                if (i == requests / 2) {
                    nodes.get(1).destroyForcibly().waitFor();
                }
            }
            nodes.add(startNode(broker.port(), "two"));
            await("all are answered", () -> count(client, "request") == requests);
            Map<String, Integer> shares = new TreeMap<>();
            client.answers.values().forEach(node -> shares.merge(node, 1, Integer::sum));
            System.out.println("# answered by " + shares);
            assertTrue(shares.values().stream().allMatch(share -> share > requests / 10), shares.toString());
        } finally {
            nodes.forEach(Process::destroyForcibly);
        }
    }

    private static long count(Client client, String kind) {
        return client.answers.keySet().stream()
                .filter(id -> id.startsWith(kind))
                .count();
    }

    @Test
    void what_was_not_taken_comes_again_and_what_was_taken_does_not() throws Exception {
        BlockingQueue<IncomingMessage> arrived = new LinkedBlockingQueue<>();
        try (Mosquitto broker = new Mosquitto(folder);
                FaultyProxy proxy = new FaultyProxy(broker.port());
                Client client = new Client(broker);
                Publisher node = Publisher.connect(listening(proxy.port(), arrived::add))) {
            for (String payload : List.of("a", "b", "c", "d")) {
                client.send(TOPICS.set("camera"), payload.getBytes(StandardCharsets.UTF_8), false);
            }
            take(arrived, "a").receipt().taken();
            IncomingMessage second = take(arrived, "b");
            take(arrived, "c").receipt().taken();
            IncomingMessage fourth = take(arrived, "d");
            Thread.sleep(100);
            proxy.cutAfter(0);
            node.publish("anything", new byte[1], false);
            await("lost", () -> !node.statistics().connected());
            proxy.cutAfter(Long.MAX_VALUE);
            second.receipt().lost();
            fourth.receipt().taken();
            take(arrived, "b").receipt().taken();
            assertEquals(null, arrived.poll(300, TimeUnit.MILLISECONDS));
        }
    }

    private static IncomingMessage take(BlockingQueue<IncomingMessage> arrived, String payload) throws Exception {
        IncomingMessage message = arrived.poll(20, TimeUnit.SECONDS);
        assertEquals(payload, message == null ? "nothing" : new String(message.payload(), StandardCharsets.UTF_8));
        return message;
    }

    @Test
    void retained_messages_are_flagged_and_too_large_ones_never_come() throws Exception {
        BlockingQueue<IncomingMessage> arrived = new LinkedBlockingQueue<>();
        try (Mosquitto broker = new Mosquitto(folder);
                Client client = new Client(broker)) {
            client.send(TOPICS.set("camera"), "old".getBytes(StandardCharsets.UTF_8), true);
            try (Publisher node = Publisher.connect(listening(broker.port(), arrived::add))) {
                IncomingMessage old = take(arrived, "old");
                assertTrue(old.retained());
                old.receipt().taken();
                client.send(TOPICS.set("camera"), new byte[300_000], false);
                client.send(TOPICS.set("camera"), "new".getBytes(StandardCharsets.UTF_8), false);
                IncomingMessage recent = take(arrived, "new");
                assertFalse(recent.retained());
                recent.receipt().taken();
                assertEquals(0, node.statistics().reconnects());
            }
        }
    }

    /** Paho itself writes more correlation data than it reads. */
    @Test
    void a_message_whose_properties_paho_cannot_read_costs_no_other() throws Exception {
        BlockingQueue<IncomingMessage> arrived = new LinkedBlockingQueue<>();
        try (Mosquitto broker = new Mosquitto(folder);
                Client client = new Client(broker);
                Publisher node = Publisher.connect(listening(broker.port(), arrived::add))) {
            for (int i = 0; i < 40; i++) {
                MqttProperties properties = new MqttProperties();
                properties.setCorrelationData(new byte[i % 4 == 3 ? 32_768 + i * 800 : 32_767]);
                MqttMessage message = new MqttMessage(new byte[] {(byte) i});
                message.setQos(1);
                message.setProperties(properties);
                client.publish(TOPICS.set("camera"), message);
            }
            for (int i = 0; i < 40; i++) {
                IncomingMessage message = arrived.poll(20, TimeUnit.SECONDS);
                assertNotNull(message, "of message " + i);
                assertEquals(i, message.payload()[0]);
                assertEquals(i % 4 != 3, message.readable());
                byte[] correlation = message.correlation();
                assertEquals(i % 4 == 3 ? 0 : 32_767, correlation == null ? 0 : correlation.length);
                message.receipt().taken();
            }
            assertEquals(0, node.statistics().reconnects());
        }
    }

    @Test
    void a_handler_that_throws_ends_nothing_and_its_message_does_not_come_again() throws Exception {
        BlockingQueue<IncomingMessage> arrived = new LinkedBlockingQueue<>();
        try (Mosquitto broker = new Mosquitto(folder);
                Client client = new Client(broker);
                Publisher node = Publisher.connect(listening(broker.port(), message -> {
                    arrived.add(message);
                    throw new IllegalStateException("staged");
                }))) {
            for (int i = 0; i < 100; i++) {
                client.send(TOPICS.set("camera"), new byte[i], false);
            }
            await("all arrive", () -> arrived.size() == 100);
            assertEquals(0, node.statistics().reconnects());
        }
    }

    @Test
    void a_node_that_ends_leaves_its_requests_to_others() throws Exception {
        try (Mosquitto broker = new Mosquitto(folder);
                Client client = new Client(broker)) {
            BlockingQueue<IncomingMessage> arrived = new LinkedBlockingQueue<>();
            Publisher.connect(listening(broker.port(), arrived::add)).close();
            client.send(TOPICS.set("camera"), "while away".getBytes(StandardCharsets.UTF_8), false);
            try (Publisher node = Publisher.connect(listening(broker.port(), arrived::add))) {
                client.send(TOPICS.set("camera"), "back".getBytes(StandardCharsets.UTF_8), false);
                take(arrived, "back").receipt().taken();
                assertTrue(node.statistics().connected());
            }
        }
    }

    /** The broker of this test sends a topic with a control character, at which Paho's receiver ends. */
    @Test
    void a_packet_that_cannot_be_read_costs_the_session_and_not_the_node() throws Exception {
        BlockingQueue<Integer> connects = new LinkedBlockingQueue<>();
        try (ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread broker = new Thread(() -> brokenBroker(listener, connects));
            broker.setDaemon(true);
            broker.start();
            try (Publisher node = Publisher.connect(
                    listening(listener.getLocalPort(), message -> {}).withDelivery(Duration.ofMillis(100)))) {
                assertEquals(0, connects.poll(10, TimeUnit.SECONDS), "the session is resumed at first");
                assertEquals(2, connects.poll(10, TimeUnit.SECONDS), "and begun anew after the packet");
                await("reconnected", () -> node.statistics().reconnects() == 1);
            }
        }
    }

    private static void brokenBroker(ServerSocket listener, BlockingQueue<Integer> connects) {
        try {
            while (true) {
                Socket socket = listener.accept();
                DataInputStream input = new DataInputStream(socket.getInputStream());
                byte[] connect = packet(input);
                connects.add(connect[7] & 2);
                socket.getOutputStream().write(new byte[] {0x20, 3, 0, 0, 0});
                byte[] subscribe = packet(input);
                socket.getOutputStream().write(new byte[] {(byte) 0x90, 4, subscribe[0], subscribe[1], 0, 1});
                socket.getOutputStream().write(new byte[] {0x32, 6, 0, 1, 1, 0, 1, 0});
            }
        } catch (IOException ended) {
            return;
        }
    }

    private static byte[] packet(DataInputStream input) throws IOException {
        input.readByte();
        int length = 0;
        int shift = 0;
        int part;
        do {
            part = input.readUnsignedByte();
            length |= (part & 0x7f) << shift;
            shift += 7;
        } while (part >= 0x80);
        return input.readNBytes(length);
    }
}
