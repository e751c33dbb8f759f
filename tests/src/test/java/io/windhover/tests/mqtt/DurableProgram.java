// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.mqtt;

import io.windhover.runtime.mqtt.BrokerAddress;
import io.windhover.runtime.mqtt.Publisher;
import io.windhover.runtime.mqtt.PublisherSettings;
import io.windhover.runtime.mqtt.SpoolSettings;
import io.windhover.runtime.mqtt.Topics;
import io.windhover.runtime.queue.QueueLimits;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Publishes durable results from a process of its own, which a test ends as it likes: {@code SESSION SEQUENCE}. Says
 * each one that is safe on its output.
 */
final class DurableProgram {
    static final Topics TOPICS = new Topics("windhover", "durable");
    static final String RESULTS = TOPICS.classification("camera");

    private DurableProgram() {}

    static Publisher publisher(int port, Path folder, SpoolSettings.Sync sync, Duration delivery) {
        return Publisher.start(
                PublisherSettings.service(new BrokerAddress("127.0.0.1", port, false, null, null), TOPICS)
                        .withTimes(Duration.ofSeconds(3), Duration.ofMillis(100))
                        .withDelivery(delivery)
                        .withSpool(SpoolSettings.of(folder, QueueLimits.DEFAULT, sync, 1_000_000)));
    }

    /** PORT FOLDER SYNC SESSION COUNT, and a file that takes the disk's whole room for a third of the time. */
    public static void main(String... arguments) throws Exception {
        Path folder = Path.of(arguments[1]);
        String session = arguments[3];
        int count = Integer.parseInt(arguments[4]);
        AtomicInteger safe = new AtomicInteger();
        try (Publisher publisher = publisher(
                Integer.parseInt(arguments[0]),
                folder,
                SpoolSettings.Sync.valueOf(arguments[2]),
                Duration.ofSeconds(30))) {
            boolean sawFull = false;
            for (int i = 0; i < count; i++) {
                if (arguments.length > 5 && i % 100 == 0 && i > count / 3) {
                    sawFull |= !publisher.statistics().onDisk();
                    room(Path.of(arguments[5]), i > 2 * count / 3);
                }
                publisher.publishDurably(
                        RESULTS, result(session, i), false, 1, () -> say("safe " + safe.getAndIncrement()));
                if (i % 10 == 0) {
                    Thread.sleep(1);
                }
            }
            for (int i = count; !publisher.statistics().onDisk() && i < count + 50; i++) {
                publisher.publishDurably(RESULTS, result(session, i), false, 1, () -> {});
                Thread.sleep(100);
            }
            boolean delivered = publisher.flush(Duration.ofSeconds(30));
            say(String.format(Locale.ROOT, "end delivered=%b full=%b %s", delivered, sawFull, publisher.statistics()));
        }
    }

    /** As long as a real one. */
    static byte[] result(String session, int sequence) {
        return String.format(Locale.ROOT, "%s %d %0500d", session, sequence, 0).getBytes(StandardCharsets.UTF_8);
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    /** Leaves the disk all of its room, or none of it. */
    private static void room(Path filler, boolean all) throws IOException {
        if (all) {
            Files.deleteIfExists(filler);
            return;
        }
        try (OutputStream output =
                Files.newOutputStream(filler, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (true) {
                output.write(new byte[1 << 10]);
            }
        } catch (IOException full) {
            return;
        }
    }
}
