// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.runtime.mqtt.Publisher;
import io.windhover.runtime.mqtt.SpoolSettings;
import io.windhover.runtime.mqtt.Subscriber;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the queue on disk took reaches a real broker, in order, whatever ends in between. */
@Timeout(180)
class StoreAndForwardTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int KILLS = 8;

    @TempDir
    Path folder;

    /** Sequence numbers of each session, in the order of their first arrival. */
    private final Map<String, Set<Integer>> arrived = new LinkedHashMap<>();

    private Process start(int port, SpoolSettings.Sync sync, String session, int count, String... before)
            throws Exception {
        List<String> command = new ArrayList<>(List.of(before));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                DurableProgram.class.getName(),
                Integer.toString(port),
                folder.resolve("queue").toString(),
                sync.name(),
                session,
                Integer.toString(count)));
        if (before.length > 0) {
            command.add(folder.resolve("queue/filler").toString());
        }
        return new ProcessBuilder(command)
                .redirectOutput(output(session).toFile())
                .redirectError(new File(output(session) + ".err"))
                .start();
    }

    private Path output(String session) {
        return folder.resolve(session + ".out");
    }

    private int safe(String session) throws Exception {
        return (int) Files.readAllLines(output(session)).stream()
                .filter(line -> line.matches("safe [0-9]+"))
                .count();
    }

    private static String lastLine(Path file) throws Exception {
        List<String> lines = Files.readAllLines(file);
        return lines.isEmpty() ? "" : lines.get(lines.size() - 1) + "\n";
    }

    private void receive(Subscriber subscriber, Duration patience) {
        for (Subscriber.Received message = subscriber.take(patience);
                message != null;
                message = subscriber.take(patience)) {
            String[] words = message.payload().split(" ", -1);
            arrived.computeIfAbsent(words[0], any -> new LinkedHashSet<>()).add(Integer.parseInt(words[1]));
        }
    }

    private void requireInOrder(String session, int count) {
        List<Integer> numbers = List.copyOf(arrived.getOrDefault(session, Set.of()));
        assertTrue(numbers.size() >= count, session + ": " + numbers.size() + " of " + count);
        assertEquals(IntStream.range(0, numbers.size()).boxed().toList(), numbers, "the first arrivals of " + session);
    }

    @Test
    void what_was_safe_arrives_although_the_process_is_killed_again_and_again() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Map<String, Integer> safe = new HashMap<>();
        try (Mosquitto broker = new Mosquitto(folder, "max_queued_messages 0");
                Subscriber subscriber =
                        Subscriber.subscribe(broker.address(), "watcher", DurableProgram.RESULTS, PATIENCE)) {
            for (int kill = 0; kill < KILLS; kill++) {
                String session = "session" + kill;
                int port = kill % 2 == 0 ? 1 : broker.port();
                SpoolSettings.Sync sync = SpoolSettings.Sync.values()[kill % 3];
                Process process = start(port, sync, session, 1_000_000);
                long end = System.nanoTime() + PATIENCE.toNanos();
                while (Files.size(output(session)) == 0 && System.nanoTime() - end < 0) {
                    receive(subscriber, Duration.ofMillis(10));
                }
                long runUntil = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextInt(400));
                while (System.nanoTime() - runUntil < 0) {
                    receive(subscriber, Duration.ofMillis(10));
                }
                process.destroyForcibly().waitFor();
                safe.put(session, safe(session));
                assertTrue(safe(session) > 0, Files.readString(Path.of(output(session) + ".err")));
            }
            try (Publisher last = DurableProgram.publisher(
                    broker.port(), folder.resolve("queue"), SpoolSettings.Sync.SECOND, PATIENCE)) {
                receive(subscriber, Duration.ofSeconds(1));
                assertTrue(last.flush(PATIENCE), "seed " + seed);
                assertEquals(0, last.statistics().dropped(), "seed " + seed);
            }
            receive(subscriber, Duration.ofSeconds(1));
        }
        safe.forEach(this::requireInOrder);
    }

    @Test
    void a_disk_that_is_full_for_a_while_loses_nothing() throws Exception {
        Files.createDirectories(folder.resolve("queue"));
        List<String> inItsOwnFileSystem = OwnMounts.before("mount -t tmpfs -o size=4m none " + folder.resolve("queue"));
        try (Mosquitto broker = new Mosquitto(folder, "max_queued_messages 0");
                Subscriber subscriber =
                        Subscriber.subscribe(broker.address(), "watcher", DurableProgram.RESULTS, PATIENCE)) {
            Process process = start(
                    broker.port(), SpoolSettings.Sync.SECOND, "full", 9000, inItsOwnFileSystem.toArray(String[]::new));
            while (process.isAlive()) {
                receive(subscriber, Duration.ofMillis(50));
            }
            receive(subscriber, Duration.ofMillis(500));
            String said = lastLine(output("full")) + Files.readString(Path.of(output("full") + ".err"));
            assertTrue(said.contains("end delivered=true full=true"), said);
            assertTrue(said.contains("onDisk=true"), said);
            requireInOrder("full", 9000);
        }
    }

    @Test
    void a_broker_that_is_killed_and_comes_back_gets_everything_in_order() throws Exception {
        int results = 300;
        try (Mosquitto broker = new Mosquitto(folder, "max_queued_messages 0");
                Publisher publisher = DurableProgram.publisher(
                        broker.port(), folder.resolve("queue"), SpoolSettings.Sync.SECOND, PATIENCE)) {
            publish(publisher, 0, results);
            assertTrue(publisher.flush(PATIENCE));
            broker.kill();
            publish(publisher, results, 2 * results);
            broker.start();
            try (Subscriber subscriber =
                    Subscriber.subscribe(broker.address(), "watcher", DurableProgram.RESULTS, PATIENCE)) {
                publish(publisher, 2 * results, 3 * results);
                assertTrue(publisher.flush(PATIENCE));
                receive(subscriber, Duration.ofMillis(500));
            }
            assertEquals(1, publisher.statistics().reconnects());
            assertEquals(0, publisher.statistics().waiting());
        }
        List<Integer> numbers = List.copyOf(arrived.get("here"));
        assertEquals(IntStream.range(numbers.get(0), 3 * results).boxed().toList(), numbers);
        assertTrue(numbers.size() >= results, "at least those after the subscription");
    }

    @Test
    void two_thousand_results_a_second_pass_through_the_disk() throws Exception {
        int results = 10_000;
        try (Mosquitto broker = new Mosquitto(folder);
                Publisher publisher = DurableProgram.publisher(
                        broker.port(), folder.resolve("queue"), SpoolSettings.Sync.SECOND, PATIENCE)) {
            publish(publisher, 0, results / 10);
            assertTrue(publisher.flush(PATIENCE));
            long start = System.nanoTime();
            publish(publisher, 0, results);
            assertTrue(publisher.flush(PATIENCE));
            double rate = results / ((System.nanoTime() - start) / 1e9);
            System.out.printf("# %.0f results/s at QoS 1 through the queue on disk%n", rate);
            assertTrue(rate >= 2000, rate + " results/s");
            assertEquals(0, publisher.statistics().dropped());
        }
    }

    private static void publish(Publisher publisher, int from, int to) {
        for (int i = from; i < to; i++) {
            publisher.publishDurably(DurableProgram.RESULTS, DurableProgram.result("here", i), false, 1, () -> {});
        }
    }
}
