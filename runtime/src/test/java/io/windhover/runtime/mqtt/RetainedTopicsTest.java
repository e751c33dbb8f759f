// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RetainedTopicsTest {
    private static final Topics TOPICS = new Topics("farm", "pad");
    private static final BrokerAddress HERE = BrokerAddress.parse("mqtt://here");
    private static final BrokerAddress THERE = BrokerAddress.parse("mqtt://there");

    private final FakeBroker broker = new FakeBroker();

    @TempDir
    Path folder;

    private Path file;
    private Publisher publisher;

    @BeforeEach
    void connect() {
        file = folder.resolve("state/retained");
        publisher = publisher();
    }

    private Publisher publisher() {
        return Publisher.start(
                PublisherSettings.service(HERE, TOPICS)
                        .withTimes(Duration.ofMillis(500), Duration.ofMillis(5))
                        .withDelivery(Duration.ofMillis(200)),
                broker,
                new Random(1));
    }

    @AfterEach
    void disconnect() {
        publisher.close();
    }

    private RetainedTopics node(BrokerAddress at, String... topics) {
        return new RetainedTopics(publisher, at, file, Set.of(topics), Runnable::run);
    }

    /** What this test had the broker keep, and it still does. */
    private Set<String> atBroker() {
        assertTrue(publisher.flush(Duration.ofSeconds(5)));
        Set<String> all = new TreeSet<>();
        for (String message : broker.taken()) {
            String topic = message.substring(0, message.indexOf('='));
            if (message.endsWith("=")) {
                all.remove(topic);
            } else if (topic.startsWith("own/")) {
                all.add(topic);
            }
        }
        return all;
    }

    private void publish(String... topics) {
        for (String topic : topics) {
            publisher.publish(topic, "1".getBytes(StandardCharsets.UTF_8), true);
        }
    }

    @Test
    void what_a_later_process_does_not_retain_is_removed() {
        node(HERE, "own/a", "own/b").close();
        publish("own/a", "own/b");
        assertEquals(Set.of("own/a", "own/b"), atBroker());
        RetainedTopics next = node(HERE, "own/b", "own/c");
        publish("own/c");
        assertEquals(Set.of("own/b", "own/c"), atBroker());
        next.leave();
        assertEquals(Set.of(), atBroker());
        next.close();
        assertFalse(Files.exists(file), "nothing is left to remember");
    }

    @Test
    void what_was_removed_is_forgotten_at_once() {
        node(HERE, "own/a").close();
        publish("own/a");
        RetainedTopics killed = node(HERE, "own/b");
        assertEquals(Set.of(), atBroker());
        assertTrue(isOnlyLine("mqtt://here:1883 own/b"));
        publish("own/a");
        RetainedTopics next = node(HERE, "own/b");
        assertEquals(Set.of("own/a"), atBroker(), "another node has that name now");
        next.close();
        killed.close();
    }

    @Test
    void what_leaves_while_the_broker_is_silent_is_removed_later() {
        RetainedTopics before = node(HERE, "own/a");
        publish("own/a");
        assertEquals(Set.of("own/a"), atBroker());
        broker.acknowledging = false;
        before.leave();
        publisher.close();
        before.close();
        broker.acknowledging = true;
        publisher = publisher();
        publish("own/a");
        RetainedTopics after = node(HERE, "own/b");
        assertEquals(Set.of(), atBroker());
        after.close();
        assertTrue(isOnlyLine("mqtt://here:1883 own/b"));
    }

    @Test
    void a_damaged_line_costs_no_other() throws IOException {
        Files.createDirectories(file.getParent());
        byte[] lines = "mqtt://there:1883 own/x\n\0\0 junk\nmqtt://here:1883 own/a\n".getBytes(StandardCharsets.UTF_8);
        lines[24] = (byte) 0xff;
        lines[25] = (byte) 0xfe;
        Files.write(file, lines);
        publish("own/a");
        assertEquals(Set.of("own/a"), atBroker());
        node(HERE, "own/b").close();
        assertEquals(Set.of(), atBroker());
        assertEquals(List.of("mqtt://here:1883 own/b", "mqtt://there:1883 own/x"), Files.readAllLines(file));
    }

    private boolean isOnlyLine(String line) {
        try {
            return Files.readAllLines(file).equals(List.of(line));
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    @Test
    void another_brokers_topics_wait_for_that_broker() {
        node(THERE, "own/a").close();
        publish("own/a");
        RetainedTopics here = node(HERE, "own/b");
        assertEquals(Set.of("own/a"), atBroker());
        here.leave();
        assertEquals(Set.of("own/a"), atBroker());
        here.close();
        assertTrue(isOnlyLine("mqtt://there:1883 own/a"));
        node(THERE, "own/c").close();
        assertEquals(Set.of(), atBroker());
    }

    @Test
    void what_comes_back_before_its_removal_is_sent_stays() throws InterruptedException {
        broker.acknowledging = false;
        node(HERE, "own/a").leave();
        RetainedTopics back = node(HERE, "own/a");
        publish("own/a");
        broker.acknowledgeWhenConnectedAgain();
        for (int i = 0; i < 500 && atBroker().isEmpty(); i++) {
            Thread.sleep(10);
        }
        assertEquals(Set.of("own/a"), atBroker());
        back.close();
    }

    @Test
    void what_was_removed_does_not_come_back_with_the_next_connection() throws InterruptedException {
        RetainedTopics node = node(HERE, "own/a");
        publish("own/a");
        node.leave();
        assertEquals(Set.of(), atBroker());
        broker.dropConnection();
        publisher.publish("a", new byte[] {'b'}, false);
        broker.awaitTaken("a=b");
        assertEquals(Set.of(), atBroker());
    }

    @Test
    void a_damaged_file_keeps_no_node_from_starting() throws IOException {
        Files.createDirectories(folder.resolve("state"));
        Files.write(file, new byte[] {(byte) 0xFF, '\n'});
        node(HERE, "own/a").close();
        assertTrue(isOnlyLine("mqtt://here:1883 own/a"));
        Files.write(file, List.of("mqtt://here:1883 own/+/b", "own/c", "", "mqtt://here:1883 " + "x".repeat(5_000)));
        publish("own/c");
        node(HERE, "own/d").close();
        assertEquals(Set.of("own/c"), atBroker());
    }

    /** Opening a pipe waits for somebody at its other end, and cannot be interrupted. */
    @Test
    void a_pipe_in_the_place_of_the_new_file_holds_nothing_up() throws Exception {
        Files.createDirectories(folder.resolve("state"));
        Path next = folder.resolve("state/retained.new");
        assertEquals(0, new ProcessBuilder("mkfifo", next.toString()).start().waitFor());
        RetainedTopics unused = CompletableFuture.supplyAsync(() -> node(HERE, "farm/pad/available"))
                .get(10, TimeUnit.SECONDS);
        assertEquals(List.of("mqtt://here:1883 farm/pad/available"), Files.readAllLines(file));
        assertFalse(Files.exists(next));
    }

    @Test
    void a_folder_in_the_place_of_the_new_file_is_left_alone() throws Exception {
        Path inner = Files.createDirectories(folder.resolve("state/retained.new/inner"));
        RetainedTopics topics = node(HERE, "farm/pad/available");
        assertFalse(Files.exists(file));
        Files.delete(inner);
        Files.delete(folder.resolve("state/retained.new"));
        topics.close();
        assertEquals(List.of("mqtt://here:1883 farm/pad/available"), Files.readAllLines(file));
    }
}
