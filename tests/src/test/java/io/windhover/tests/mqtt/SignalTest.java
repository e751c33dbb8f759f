// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.junit.Simulated;
import io.windhover.runtime.mqtt.Subscriber;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM and SIGINT in the middle of work. */
@Timeout(120)
class SignalTest {
    private static final int MANY = 20_000;

    @TempDir
    Path folder;

    private String image;

    @BeforeEach
    void write_image() throws IOException {
        Path file = folder.resolve("image.png");
        ImageIO.write(new BufferedImage(28, 28, BufferedImage.TYPE_INT_RGB), "png", file.toFile());
        image = file.toString();
    }

    private Cli runMany(String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("run", "zoo:mobilenet_v1_0.25_96", "--device", "reference:"));
        arguments.addAll(List.of(more));
        arguments.addAll(Collections.nCopies(MANY, image));
        return Cli.start(folder, arguments);
    }

    private static void awaitOutput(Cli run) throws Exception {
        while (run.output().isEmpty() && run.isAlive()) {
            Thread.sleep(50);
        }
    }

    @Test
    void run_finishes_what_is_in_flight_and_delivers_its_results() throws Exception {
        try (Mosquitto broker = new Mosquitto(folder);
                Subscriber subscriber = Subscriber.subscribe(
                        broker.address(), "watcher", "windhover/+/images/classification", Duration.ofSeconds(10))) {
            Cli run = runMany("--mqtt", "mqtt://127.0.0.1:" + broker.port());
            awaitOutput(run);
            run.signal("TERM");
            assertEquals(143, run.await(), run.errors());
            long shown = run.output().lines().filter(line -> line.equals(image)).count();
            long arrived = 0;
            while (subscriber.take(Duration.ofSeconds(1)) != null) {
                arrived++;
            }
            assertTrue(shown > 0 && shown < MANY, "shown " + shown);
            assertEquals(shown, arrived);
            assertTrue(
                    run.errors().contains("A signal ended this after " + shown + " of " + MANY + " images"),
                    run.errors());
        }
    }

    @Test
    void a_second_signal_ends_at_once() throws Exception {
        try (Mosquitto broker = new Mosquitto(folder);
                FaultyProxy proxy = new FaultyProxy(broker.port())) {
            proxy.stallAfter(2000);
            Cli run = runMany("--mqtt", "mqtt://127.0.0.1:" + proxy.port(), "--mqtt-wait", "25");
            awaitOutput(run);
            Thread.sleep(1000);
            run.signal("INT");
            Thread.sleep(500);
            assertTrue(run.isAlive(), "it waits for the broker");
            run.signal("INT");
            long start = System.nanoTime();
            assertEquals(130, run.await(), run.errors());
            assertTrue(System.nanoTime() - start < 10_000_000_000L);
        }
    }

    @Test
    void the_demo_says_that_it_stopped() throws Exception {
        try (Mosquitto broker = new Mosquitto(folder);
                Subscriber subscriber =
                        Subscriber.subscribe(broker.address(), "watcher", "windhover/#", Duration.ofSeconds(10))) {
            Cli demo = Cli.start(
                    folder, List.of("demo", "--device", "reference:", "--mqtt", "mqtt://127.0.0.1:" + broker.port()));
            Subscriber.Received first = subscriber.take(Duration.ofSeconds(60));
            assertNotNull(first, demo.errors());
            demo.signal("TERM");
            assertEquals(143, demo.await(), demo.errors());
            List<String> said = new ArrayList<>();
            for (Subscriber.Received next = subscriber.take(Duration.ofSeconds(1));
                    next != null;
                    next = subscriber.take(Duration.ofSeconds(1))) {
                said.add(next.topic().replaceFirst("windhover/[^/]+/", "") + " " + next.payload());
            }
            assertTrue(
                    said.contains("available stopped")
                            && said.contains("status/pads disabled")
                            && said.contains("status/accelerator disabled"),
                    said.toString());
            assertFalse(said.contains("available offline"), said.toString());
        }
    }

    @Test
    @Simulated("rtl:tiny")
    void other_verbs_end_promptly_and_leave_nothing_half_written() throws Exception {
        Path photos = Files.createDirectories(folder.resolve("photos/only"));
        for (int i = 0; i < 200; i++) {
            Files.copy(Path.of(image), photos.resolve(i + ".png"));
        }
        Path output = folder.resolve("out.whm");
        for (List<String> arguments : List.of(
                List.of(
                        "evaluate",
                        "zoo:mobilenet_v1_0.25_96",
                        "--device",
                        "reference:",
                        "--dataset",
                        "folder:" + photos.getParent()),
                List.of("compile", "zoo:mobilenet_v2_1.0_224", "-o", output.toString()),
                List.of("profile", "zoo:mobilenet_v1_0.25_96", "--device", "rtl:tiny", "--frames", "100000"))) {
            Cli verb = Cli.start(folder, arguments);
            Thread.sleep(1500);
            verb.signal("INT");
            long start = System.nanoTime();
            int code = verb.await();
            assertTrue(
                    code == 130 || (arguments.get(0).equals("compile") && code == 0),
                    arguments + " ended with " + code + ": " + verb.errors());
            assertTrue(System.nanoTime() - start < 20_000_000_000L, arguments.toString());
        }
        try (var files = Files.walk(folder)) {
            assertTrue(files.noneMatch(path -> path.toString().endsWith(".part")));
        }
    }
}
