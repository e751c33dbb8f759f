// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.mqtt.Subscriber;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code run --mqtt} beside other programs, and at brokers that do not take what it has. */
@Timeout(120)
class GuestTest {
    @TempDir
    Path folder;

    private Path raw;

    @BeforeEach
    void write_input() throws IOException {
        raw = Files.write(folder.resolve("in.bin"), new byte[784]);
    }

    private Cli run(int port, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "run",
                "zoo:lenet5",
                "--raw",
                raw.toString(),
                "--device",
                "reference:",
                "--mqtt",
                "mqtt://127.0.0.1:" + port,
                "--mqtt-node",
                "shared"));
        arguments.addAll(List.of(more));
        return Cli.start(folder, arguments);
    }

    private static List<Subscriber.Received> received(Subscriber subscriber) {
        List<Subscriber.Received> all = new ArrayList<>();
        for (Subscriber.Received next = subscriber.take(Duration.ofSeconds(2));
                next != null;
                next = subscriber.take(Duration.ofSeconds(2))) {
            all.add(next);
        }
        return all;
    }

    @Test
    void two_runs_at_once_both_deliver_and_say_nothing_about_the_node() throws Exception {
        try (Mosquitto broker = new Mosquitto(folder);
                Subscriber subscriber =
                        Subscriber.subscribe(broker.address(), "watcher", "#", Duration.ofSeconds(10))) {
            Cli one = run(broker.port());
            Cli two = run(broker.port());
            assertEquals(0, one.await(), one.errors());
            assertEquals(0, two.await(), two.errors());
            TreeSet<String> sessions = new TreeSet<>();
            TreeSet<String> topics = new TreeSet<>();
            for (Subscriber.Received message : received(subscriber)) {
                topics.add(message.topic());
                sessions.add(JsonParser.parseString(message.payload())
                        .getAsJsonObject()
                        .get("session")
                        .getAsString());
            }
            assertEquals(2, sessions.size());
            assertEquals(
                    new TreeSet<>(List.of("windhover/shared/images/classification", "windhover/shared/images/state")),
                    topics);
            assertEquals("", one.errors() + two.errors());
        }
    }

    @Test
    void a_broker_that_takes_no_results_is_said_and_is_a_failure() throws Exception {
        try (Mosquitto broker = new Mosquitto(folder, "max_packet_size 200")) {
            Cli run = run(broker.port(), "--mqtt-wait", "1");
            assertEquals(1, run.await(), run.errors());
            assertTrue(
                    run.errors().contains("1 of 1 results were not delivered to mqtt://127.0.0.1:" + broker.port()),
                    run.errors());
            assertTrue(run.output().contains("%"), "the result itself is shown");
        }
    }

    @ParameterizedTest
    @CsvSource({"max_qos 0, QoS 1", "retain_available false, retained messages"})
    void a_broker_that_allows_too_little_is_refused(String setting, String what) throws Exception {
        try (Mosquitto broker = new Mosquitto(folder, setting)) {
            Cli run = run(broker.port());
            assertEquals(1, run.await(), run.errors());
            String why = "mqtt://127.0.0.1:" + broker.port() + " allows no " + what;
            assertTrue(run.errors().contains(why), run.errors());
            String listening = assertThrows(
                            WindhoverException.class,
                            () -> Subscriber.subscribe(broker.address(), "watcher", "#", Duration.ofSeconds(10)))
                    .getMessage();
            assertTrue(listening.contains(why), listening);
        }
    }

    @Test
    void an_acknowledgement_that_refuses_is_no_delivery() throws Exception {
        Path rights = Files.writeString(folder.resolve("acl"), "topic read #\n");
        try (Mosquitto broker = new Mosquitto(folder, "acl_file " + rights)) {
            Cli run = run(broker.port(), "--mqtt-wait", "1");
            assertEquals(1, run.await(), run.errors());
            assertTrue(
                    run.errors().contains("1 of 1 results were not delivered")
                            && run.errors().contains("not authorised"),
                    run.errors());
        }
    }

    @Test
    void a_stalled_broker_is_waited_for_as_long_as_was_asked() throws Exception {
        try (Mosquitto broker = new Mosquitto(folder);
                FaultyProxy proxy = new FaultyProxy(broker.port())) {
            proxy.stallAfter(200);
            long start = System.nanoTime();
            Cli run = run(proxy.port(), "--mqtt-wait", "1");
            assertEquals(1, run.await(), run.errors());
            assertTrue(run.errors().contains("1 of 1 results were not delivered"), run.errors());
            assertTrue(System.nanoTime() - start < 60_000_000_000L);
        }
    }

    @Test
    void the_retained_words_about_a_node_survive_a_run() throws Exception {
        try (Mosquitto broker = new Mosquitto(folder);
                Subscriber subscriber = Subscriber.subscribe(
                        broker.address(), "watcher", "windhover/shared/available", Duration.ofSeconds(10))) {
            Cli run = run(broker.port());
            assertEquals(0, run.await(), run.errors());
            assertNull(subscriber.take(Duration.ofSeconds(1)));
        }
    }
}
