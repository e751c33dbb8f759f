// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.windhover.tests.mqtt.FaultyProxy;
import io.windhover.tests.mqtt.Mosquitto;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A broker that is away, slow, strange or will not have us. */
class BrokerFaultsTest extends Bench {
    /** Attempts come at twice the distance each time, so the next one is no later than the outage was long. */
    private static long latest(long outageMillis) {
        return Math.min(30_000, 2 * outageMillis + 1000) + 5000;
    }

    @Test
    @Fault(value = "broker absent at start", must = "run, keep results, say it once, deliver all later in order")
    void absent_at_start(Outcome outcome) throws Exception {
        startBroker();
        broker().kill();
        Node node = start(camera(broker().port()));
        long start = System.nanoTime();
        node.untilFrames(150);
        assertTrue(Node.broker(node.state()).get("waiting").getAsLong() > 100);
        node.until("results grow old", state -> oldestSeconds(state) > 0);
        assertEquals(1, node.said("cannot be reached"));
        long outage = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        restartBroker();
        long millis = node.untilConnected();
        requireAllInOrder();
        node.until("no result is old", state -> oldestSeconds(state) == 0);
        assertTrue(millis < latest(outage), "connected after " + millis);
        assertEquals(1, node.said("is connected."), node.errors());
        node.requireCalm(CALM);
        outcome.measured(
                "connected %d ms after the broker came; %d results, none lost",
                millis, listener().results());
    }

    private static long oldestSeconds(JsonObject state) {
        return Node.broker(state).get("oldestSeconds").getAsLong();
    }

    private void killAndRestart(Outcome outcome) throws Exception {
        Node node = start(camera(broker().port()));
        listener().untilResults(50);
        broker().kill();
        long start = System.nanoTime();
        node.untilDisconnected();
        node.untilMoreFrames(50);
        long outage = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        int before = listener().history().size();
        restartBroker();
        long millis = node.untilConnected();
        assertTrue(millis < latest(outage), "connected after " + millis);
        requireAllInOrder();
        List<String> again =
                listener().history().subList(before, listener().history().size());
        assertTrue(
                again.containsAll(List.of("available online", "status/camera online", "status/accelerator online")),
                again.toString());
        assertEquals(1, node.said("is connected again"), node.errors());
        node.requireCalm(CALM);
        outcome.measured(
                "connected after %d ms; %d results, none lost, %d twice",
                millis, listener().results(), listener().duplicates());
    }

    @Test
    @Fault(
            value = "broker killed and restarted, its state lost",
            must = "reconnect, say availability and health again, lose nothing")
    void killed_without_state(Outcome outcome) throws Exception {
        startBroker();
        killAndRestart(outcome);
    }

    @Test
    @Fault(
            value = "broker killed and restarted with its persisted state",
            must = "reconnect, say availability and health again, lose nothing")
    void killed_with_state(Outcome outcome) throws Exception {
        Path state = Files.createDirectory(folder.resolve("persisted"));
        startBroker(
                "persistence true",
                "persistence_location " + state + "/",
                "autosave_on_changes true",
                "autosave_interval 1");
        killAndRestart(outcome);
    }

    @Test
    @Fault(value = "broker frozen for 2 s (SIGSTOP)", must = "run on, keep the connection, lose nothing")
    void frozen(Outcome outcome) throws Exception {
        startBroker();
        Node node = start(camera(broker().port()));
        listener().untilResults(20);
        broker().signal("STOP");
        node.untilMoreFrames(200);
        broker().signal("CONT");
        requireAllInOrder();
        assertEquals(0, Node.broker(node.state()).get("reconnects").getAsLong());
        node.requireCalm(CALM);
        outcome.measured("200 frames while it was frozen; none lost, no reconnect");
    }

    private void writePasswords(String nodesPassword) throws Exception {
        Path file = folder.resolve("passwords");
        Files.deleteIfExists(file);
        run("mosquitto_passwd", "-b", "-c", file.toString(), "listener", "listener");
        run("mosquitto_passwd", "-b", file.toString(), "pad", nodesPassword);
    }

    @Test
    @Fault(
            value = "broker refuses the password",
            must = "one sentence without the password, few attempts, all delivered once it is right")
    void bad_password(Outcome outcome) throws Exception {
        writePasswords("right-7731");
        startClosedBroker("allow_anonymous false", "password_file " + folder.resolve("passwords"));
        FaultyProxy proxy = proxy();
        Node node = start(camera(proxy.port(), ", user: pad, password: wrong-7731"));
        node.untilFrames(150);
        assertEquals(1, proxy.connections());
        assertEquals(1, node.said("refuse"), node.errors());
        long start = System.nanoTime();
        node.reload(camera(proxy.port(), ", user: pad, password: right-7731"));
        node.untilConnected();
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        requireAllInOrder();
        node.requireCalm(CALM, "wrong-7731", "right-7731");
        outcome.measured("one attempt in 1.5 s; delivered %d ms after the right password was configured", millis);
    }

    private void allowingTooLittle(String setting, String what, Outcome outcome) throws Exception {
        startBroker();
        Path place = Files.createDirectory(folder.resolve("limited"));
        Mosquitto limited = ended(new Mosquitto(place, setting));
        FaultyProxy proxy = ended(new FaultyProxy(limited.port()));
        Node node = start(camera(proxy.port()));
        node.untilFrames(150);
        assertEquals(1, proxy.connections());
        assertEquals(1, node.said("allows no " + what), node.errors());
        node.reload(camera(broker().port()));
        requireAllInOrder();
        node.requireCalm(CALM);
        outcome.measured("one attempt in 1.5 s; all delivered to another one");
    }

    @Test
    @Fault(value = "broker allows no QoS 1", must = "say so once, few attempts, deliver all to another one")
    void no_qos_1(Outcome outcome) throws Exception {
        allowingTooLittle("max_qos 0", "QoS 1", outcome);
    }

    @Test
    @Fault(value = "broker keeps no retained messages", must = "say so once, few attempts, deliver all to another one")
    void no_retained_messages(Outcome outcome) throws Exception {
        allowingTooLittle("retain_available false", "retained messages", outcome);
    }

    @Test
    @Fault(
            value = "broker does not let us publish (ACL)",
            must = "drop, count, say it once for each topic, go on; deliver once it may")
    void not_authorised(Outcome outcome) throws Exception {
        Path rights = Files.writeString(folder.resolve("rights"), "topic read #\n");
        startBroker("acl_file " + rights);
        Node node = start(camera(broker().port()));
        node.until(
                "refusals are counted",
                state -> Node.broker(state).get("dropped").getAsLong() > 300);
        long lines = node.errors().lines().count();
        Files.writeString(rights, "topic readwrite #\n");
        broker().signal("HUP");
        listener().untilResults(20);
        node.requireCalm(CALM);
        outcome.measured("300 messages dropped and counted, %d lines of log; delivers once it may", lines);
    }

    @Test
    @Fault(value = "slow link: 64 bytes every 5 ms", must = "run at full speed, keep what waits, deliver all later")
    void slow(Outcome outcome) throws Exception {
        startBroker();
        FaultyProxy proxy = proxy();
        proxy.slow(5);
        Node node = start(camera(proxy.port()));
        node.untilFrames(20);
        long millis = node.untilMoreFrames(100);
        long waiting = Node.broker(node.state()).get("waiting").getAsLong();
        assertTrue(waiting > 30, "waiting " + waiting);
        proxy.slow(0);
        requireAllInOrder();
        node.requireCalm(CALM);
        outcome.measured("100 frames of 100 a second in %d ms, %d messages waited; none lost", millis, waiting);
    }

    @Test
    @Fault(
            value = "broker takes packets of 300 bytes at most",
            must = "drop what is larger, count it, say it, send the rest")
    void packet_limit(Outcome outcome) throws Exception {
        startBroker("max_packet_size 300");
        Node node = start(camera(broker().port()));
        node.until(
                "results are dropped",
                state -> Node.broker(state).get("dropped").getAsLong() > 200);
        listener()
                .until("health arrives", () -> listener().last("status/camera").equals("online"));
        assertEquals(0, Node.broker(node.state()).get("reconnects").getAsLong());
        node.requireCalm(CALM);
        outcome.measured(
                "200 results dropped and counted, %d lines of log; health arrives",
                node.errors().lines().count());
    }

    @Test
    @Fault(value = "broker takes one message at a time", must = "deliver all in order")
    void one_in_flight(Outcome outcome) throws Exception {
        startBroker("max_inflight_messages 1");
        Node node = start(camera(broker().port()));
        node.untilFrames(150);
        requireAllInOrder();
        node.requireCalm(CALM);
        outcome.measured("%d results, none lost", listener().results());
    }

    @Test
    @Fault(
            value = "link cut inside a message, at a random byte",
            must = "reconnect, send that message again, lose nothing")
    void cut_inside_a_message(Outcome outcome) throws Exception {
        cutOften(2, outcome);
    }

    @Test
    @Tag("full")
    @Fault(value = "link cut 10 times inside a message, at random bytes", must = "reconnect, lose nothing")
    void cut_often(Outcome outcome) throws Exception {
        cutOften(10, outcome);
    }

    private void cutOften(int cuts, Outcome outcome) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        startBroker();
        FaultyProxy proxy = proxy();
        Node node = start(camera(proxy.port()));
        listener().untilResults(10);
        for (int cut = 1; cut <= cuts; cut++) {
            proxy.cutAfter(2000 + random.nextInt(20_000));
            int connections = proxy.connections();
            listener().until("a new connection, seed " + seed, () -> proxy.connections() > connections);
            proxy.cutAfter(Long.MAX_VALUE);
            listener().untilResults(listener().results() + 20);
            if (cut % 2 == 0 && cut < cuts) {
                // Connections that last longer than this are no quick losses.
                node.untilMoreFrames(6 * 100);
            }
        }
        requireAllInOrder();
        node.requireCalm(CALM + cuts);
        outcome.measured(
                "%d results, none lost, %d twice (seed %d)",
                listener().results(), listener().duplicates(), seed);
    }

    @Test
    @Tag("full")
    @Fault(
            value = "half-open TCP: nothing passes, either way",
            must = "notice within 32 s, reconnect within 5 s, lose nothing")
    void half_open(Outcome outcome) throws Exception {
        startBroker();
        FaultyProxy proxy = proxy();
        Node node = start(camera(proxy.port()));
        listener().untilResults(20);
        proxy.freeze();
        long start = System.nanoTime();
        node.untilDisconnected();
        long noticed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        listener().until("a new connection", () -> proxy.connections() > 1);
        long connected = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        assertTrue(noticed < 32_000, "noticed after " + noticed);
        assertTrue(connected - noticed < 5000, "connected after " + connected);
        requireAllInOrder();
        node.requireCalm(CALM);
        outcome.measured(
                "noticed after %.1f s, connected after %.1f s; none lost, %d twice",
                noticed / 1e3, connected / 1e3, listener().duplicates());
    }

    /** Takes the node's id whenever it is thrown out itself. */
    private MqttClient thief(String node, AtomicInteger thefts) throws Exception {
        MqttClient thief =
                new MqttClient("tcp://127.0.0.1:" + broker().port(), "windhover-" + node, new MemoryPersistence());
        thief.connect(new MqttConnectionOptions());
        thefts.incrementAndGet();
        return thief;
    }

    private long steal(Node node) throws Exception {
        String name = node.state().get("node").getAsString();
        AtomicInteger thefts = new AtomicInteger();
        MqttClient thief = thief(name, thefts);
        long start = System.nanoTime();
        while (node.said("is another client using the id") == 0) {
            assertTrue(System.nanoTime() - start < 60e9, node.errors());
            if (!thief.isConnected()) {
                thief.close(true);
                thief = thief(name, thefts);
            }
            Thread.sleep(5);
        }
        thief.disconnectForcibly(0, 500, true);
        thief.close(true);
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }

    @Test
    @Fault(value = "another client with our id", must = "run on, say so after three quick losses, ask less often")
    void duplicate_client_id(Outcome outcome) throws Exception {
        startBroker();
        Node node = start(camera(broker().port()));
        listener().untilResults(20);
        long millis = steal(node);
        long reconnects = Node.broker(node.state()).get("reconnects").getAsLong();
        node.untilMoreFrames(200);
        assertEquals(reconnects, Node.broker(node.state()).get("reconnects").getAsLong());
        node.requireCalm(CALM);
        outcome.measured("said after %.1f s and %d losses; then no attempt for 2 s", millis / 1e3, reconnects + 1);
    }

    @Test
    @Tag("full")
    @Fault(value = "another client with our id, then none", must = "deliver all, 30 s later at most")
    void duplicate_client_id_ends(Outcome outcome) throws Exception {
        startBroker();
        Node node = start(camera(broker().port()));
        listener().untilResults(20);
        steal(node);
        long millis = node.until(
                "connected",
                state -> Node.broker(state).get("connected").getAsBoolean(),
                java.time.Duration.ofSeconds(35));
        requireAllInOrder();
        node.requireCalm(CALM);
        outcome.measured("connected after %.1f s; none lost", millis / 1e3);
    }

    /** Something listens at a port that is no broker. */
    private int stranger(String greeting) throws Exception {
        ServerSocket server = ended(new ServerSocket(0, 10, InetAddress.getLoopbackAddress()));
        Thread thread = new Thread(() -> greet(server, greeting));
        thread.setDaemon(true);
        thread.start();
        return server.getLocalPort();
    }

    private static void greet(ServerSocket server, String greeting) {
        try {
            while (true) {
                Socket client = server.accept();
                InputStream input = client.getInputStream();
                if (!greeting.isEmpty() && input.read() >= 0) {
                    OutputStream output = client.getOutputStream();
                    output.write(greeting.getBytes(StandardCharsets.US_ASCII));
                    output.flush();
                    client.close();
                }
            }
        } catch (java.io.IOException closed) {
            return;
        }
    }

    @Test
    @Fault(
            value = "another service at the broker's port",
            must = "run on, say it briefly, deliver once the broker is right")
    void no_broker(Outcome outcome) throws Exception {
        startBroker();
        Node node = start(camera(stranger("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")));
        node.untilFrames(150);
        long lines = node.errors().lines().count();
        node.reload(camera(broker().port()));
        requireAllInOrder();
        node.requireCalm(CALM);
        outcome.measured("%d lines of log in 1.5 s; all delivered to the right one", lines);
    }

    @Test
    @Fault(value = "broker accepts connections and says nothing", must = "run on, end in order within 30 s")
    void silent_broker(Outcome outcome) throws Exception {
        Node node = start(camera(stranger("")));
        node.untilFrames(150);
        long start = System.nanoTime();
        assertEquals(0, node.terminate());
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        assertTrue(millis < 30_000, "after " + millis);
        node.requireCalm(CALM);
        outcome.measured("150 frames; ended %.1f s after SIGTERM", millis / 1e3);
    }
}
