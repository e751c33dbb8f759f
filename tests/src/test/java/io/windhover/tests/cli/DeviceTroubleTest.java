// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import io.windhover.driver.Accelerator;
import io.windhover.junit.Simulated;
import io.windhover.runtime.mqtt.EmbeddedBroker;
import io.windhover.runtime.mqtt.Subscriber;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A device in trouble, as the command line tells it. */
class DeviceTroubleTest {
    @TempDir
    Path folder;

    private String raw;

    @BeforeEach
    void write_input() throws IOException {
        raw = Files.write(folder.resolve("in.bin"), new byte[784]).toString();
    }

    @Test
    @Simulated("functional:")
    void a_program_for_another_configuration() {
        String compiled = folder.resolve("tiny.whm").toString();
        CommandLineRun.of("compile", "zoo:lenet5", "-o", compiled, "--config", "tiny")
                .succeeded();
        CommandLineRun.of("run", compiled, "--raw", raw, "--device", "functional:tiny")
                .succeeded();
        CommandLineRun.of("run", compiled, "--raw", raw, "--device", "functional:")
                .failed(1, "tiny.whm", "--config zynq7020");
        CommandLineRun.of("profile", compiled, "--device", "functional:").failed(1, "tiny.whm", "--config zynq7020");
    }

    /** Verilator keeps a context for each thread, which outlived its model and brought the process down. */
    @Test
    @Simulated("rtl:tiny")
    void simulated_devices_close_in_any_order_and_on_any_thread() throws InterruptedException {
        Accelerator first = Accelerator.open("rtl:tiny");
        Accelerator second = Accelerator.open("rtl:tiny");
        Accelerator.open("rtl:tiny").close();
        assertEquals("tiny", first.capabilities().name());
        first.close();
        Thread other = new Thread(second::close);
        other.start();
        other.join();
        Accelerator.open("rtl:tiny").close();
    }

    @Test
    @Simulated("rtl:tiny")
    void a_memory_that_answers_with_an_error() {
        CommandLineRun.of("run", "zoo:lenet5", "--raw", raw, "--device", "rtl:tiny?read_error=20")
                .failed(1, "rtl:tiny", "READ_ERROR", "lenet5");
        CommandLineRun.of("run", "zoo:lenet5", "--raw", raw, "--device", "rtl:tiny?write_error=1")
                .failed(1, "rtl:tiny", "WRITE_ERROR", "lenet5");
    }

    @Test
    @Simulated("rtl:tiny")
    void json_keeps_what_was_finished_before() throws IOException {
        String photo = folder.resolve("photo.png").toString();
        ImageIO.write(
                new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY),
                "png",
                Path.of(photo).toFile());
        CommandLineRun failed = null;
        for (int reads = 100; reads < 100_000; reads *= 2) {
            failed = CommandLineRun.of(
                    "run",
                    "zoo:lenet5",
                    photo,
                    photo,
                    photo,
                    photo,
                    "--json",
                    "--device",
                    "rtl:tiny?read_error=" + reads);
            assertEquals(1, failed.exitCode(), "read error " + reads + ": " + failed);
            if (!failed.output().isEmpty()) {
                break;
            }
        }
        JsonArray finished = JsonParser.parseString(failed.output()).getAsJsonArray();
        assertTrue(finished.size() >= 1 && finished.size() < 4, failed.output());
        assertTrue(failed.errors().contains("READ_ERROR"), failed.errors());
    }

    @Test
    @Simulated("rtl:zynq7020")
    void a_frame_that_takes_too_long() {
        String large = folder.resolve("large.bin").toString();
        CommandLineRun.of(
                        "run",
                        "zoo:mobilenet_v2_1.0_224",
                        "--raw",
                        write(large, 224 * 224 * 3),
                        "--device",
                        "rtl:zynq7020",
                        "--timeout",
                        "1")
                .failed(1, "--timeout", "rtl:zynq7020");
    }

    private static String write(String file, int bytes) {
        try {
            return Files.write(Path.of(file), new byte[bytes]).toString();
        } catch (IOException problem) {
            throw new java.io.UncheckedIOException(problem);
        }
    }

    @Test
    @Simulated("rtl:tiny")
    void the_service_survives_a_fault_that_passes() {
        try (EmbeddedBroker broker = EmbeddedBroker.start();
                Subscriber subscriber = Subscriber.subscribe(
                        broker.address(), "watcher", "windhover/+/status/accelerator", Duration.ofSeconds(10))) {
            CommandLineRun run = CommandLineRun.of(
                    "demo",
                    "--device",
                    "rtl:tiny?read_error=20",
                    "--mqtt",
                    broker.address().toString());
            assertEquals(0, run.exitCode(), run.errors());
            assertTrue(run.output().contains("classifications arrived over MQTT"), run.output());
            List<String> states = new ArrayList<>();
            for (Subscriber.Received message = subscriber.take(Duration.ofSeconds(2));
                    message != null;
                    message = subscriber.take(Duration.ofSeconds(2))) {
                states.add(message.payload());
            }
            assertEquals(List.of("online", "disabled"), states);
        }
    }

    @Test
    @Simulated("rtl:tiny")
    void random_stalls_change_no_byte() throws IOException {
        Path plain = folder.resolve("plain");
        Path stalled = folder.resolve("stalled");
        CommandLineRun.of("run", "zoo:lenet5", "--raw", raw, "--dump", plain.toString(), "--device", "rtl:tiny")
                .succeeded();
        CommandLineRun.of(
                        "run",
                        "zoo:lenet5",
                        "--raw",
                        raw,
                        "--dump",
                        stalled.toString(),
                        "--device",
                        "rtl:tiny?stalls=7")
                .succeeded();
        try (var files = Files.list(plain)) {
            for (Path file : files.toList()) {
                assertEquals(-1, Files.mismatch(file, stalled.resolve(file.getFileName())));
            }
        }
    }
}
