// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.zoo.Zoo;
import io.windhover.runtime.whm.CompiledFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ConfigurationFileTest {
    private static final String GOOD = """
            node: pad-7
            device: "reference:"
            models:
              pads: {file: model.whm}
            streams:
              drawing: {model: pads, source: {pattern: {width: 8, height: 8}}}
            """;

    @TempDir
    private Path folder;

    private Path file;
    private Service service;
    private ConfigurationFile watched;

    @BeforeEach
    void start() throws IOException {
        file = folder.resolve("node.yaml");
        Files.writeString(file, GOOD);
        write("lenet5@reduced");
        watched = ConfigurationFile.read(file, Map.of(), Duration.ofMillis(20));
        service = Service.start(watched.configuration());
        watched.watch(service);
    }

    @AfterEach
    void stop() {
        watched.close();
        service.close();
    }

    private void write(String network) throws IOException {
        new CompiledFile(Zoo.load(network), null).write(folder.resolve("model.whm"));
    }

    private static void until(BooleanSupplier happened) throws InterruptedException {
        while (!happened.getAsBoolean()) {
            Thread.sleep(5);
        }
    }

    @Test
    void a_change_of_the_file_is_followed() throws IOException, InterruptedException {
        Files.writeString(file, GOOD.replace("drawing", "other"));
        until(() -> service.state().reloads() == 1);
        assertEquals("other", service.state().streams().get(0).name());
    }

    @Test
    void a_change_of_a_model_is_followed() throws IOException, InterruptedException {
        String before = service.state().models().get(0).sha256();
        write("lenet_300_100@reduced");
        until(() -> !service.state().models().get(0).sha256().equals(before));
    }

    @Test
    void a_change_of_a_file_that_a_value_names_is_followed() throws IOException, InterruptedException {
        Path secret = folder.resolve("name");
        Files.writeString(file, GOOD.replace("pad-7", "${file:name}"));
        until(() -> service.state().refusals().getOrDefault("configurations", 0L) == 1);
        Files.writeString(secret, "pad-8\n");
        until(() -> service.state().node().equals("pad-8"));
        Files.writeString(secret, "pad-10\n");
        until(() -> service.state().node().equals("pad-10"));
        until(() -> service.state().reloads() == 2);
    }

    @Test
    void what_cannot_be_used_is_counted_and_changes_nothing() throws IOException, InterruptedException {
        Files.writeString(file, GOOD.replace("models", "modes"));
        until(() -> service.state().refusals().getOrDefault("configurations", 0L) == 1);
        Files.writeString(folder.resolve("model.whm"), "no model");
        Files.writeString(file, GOOD);
        until(() -> service.state().refusals().getOrDefault("configurations", 0L) >= 2);
        assertEquals(0, service.state().reloads());
        assertEquals("drawing", service.state().streams().get(0).name());
        write("lenet5@reduced");
        until(() -> service.state().reloads() == 1);
    }

    @Test
    void a_reload_can_be_asked_for() throws IOException, InterruptedException {
        Files.writeString(file, GOOD.replace("drawing", "other"));
        assertTrue(watched.reload());
        long reloads = service.state().reloads();
        Thread.sleep(200);
        assertEquals(reloads, service.state().reloads(), "the same change is not followed twice");
        Files.delete(file);
        assertFalse(watched.reload());
    }

    /** What a reload that is not followed says. */
    private String refusedReload() {
        return said(() -> assertFalse(watched.reload()));
    }

    private static String said(Runnable task) {
        PrintStream before = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            task.run();
        } finally {
            System.setErr(before);
        }
        return said.toString(StandardCharsets.UTF_8);
    }

    private void hangUp(int times) {
        ExecutorService handlers = Executors.newFixedThreadPool(times);
        try {
            CompletableFuture<?>[] signals = IntStream.range(0, times)
                    .mapToObj(signal -> CompletableFuture.runAsync(watched::reloadOnce, handlers))
                    .toArray(CompletableFuture<?>[]::new);
            CompletableFuture.allOf(signals).join();
        } finally {
            handlers.shutdown();
        }
    }

    private void write(String text, int signals) {
        try {
            Files.writeString(file, text);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
        hangUp(signals);
    }

    @Test
    void many_signals_say_one_line_for_each_change() throws IOException {
        watched.close();
        watched = ConfigurationFile.read(file, Map.of(), Duration.ofHours(1));
        watched.watch(service);
        String first = said(() -> hangUp(20));
        assertEquals(1, first.lines().count(), first);
        String changed = said(() -> write(GOOD.replace("drawing", "other"), 20));
        assertEquals(1, changed.lines().count(), changed);
        assertEquals("other", service.state().streams().get(0).name());
        String mistaken = said(() -> write(GOOD + "nodes: a\n", 20));
        assertEquals(1, mistaken.lines().count(), mistaken);
        String mended = said(() -> write(GOOD, 20));
        assertEquals(1, mended.lines().count(), mended);
        assertTrue(mended.endsWith(" was read again.\n"), mended);
    }

    @Test
    void signals_that_come_while_one_waits_are_followed_once() throws Exception {
        ConfigurationFile busy = watched;
        CompletableFuture<Void> all;
        synchronized (busy) {
            all = CompletableFuture.runAsync(() -> hangUp(30));
            Thread.sleep(500);
        }
        all.get(20, TimeUnit.SECONDS);
        assertTrue(service.state().reloads() <= 5, service.state().reloads() + " reloads");
    }

    @Test
    void each_mistake_stands_on_a_line_of_the_log() throws IOException {
        watched.close();
        watched = ConfigurationFile.read(file, Map.of(), Duration.ofHours(1));
        watched.watch(service);
        Files.writeString(file, GOOD + "nodes: a\nmqqt: b\n");
        List<String> lines = refusedReload().lines().toList();
        assertEquals(2, lines.size(), lines.toString());
        lines.forEach(line -> assertTrue(line.startsWith("ERROR "), line));
        assertTrue(lines.get(0).endsWith("did you mean 'node'?"), lines.get(0));
        assertTrue(lines.get(1).endsWith("did you mean 'mqtt'? The service goes on as before."), lines.get(1));
    }

    @Test
    void a_reload_of_a_service_that_is_stopping_is_no_mistake() {
        watched.close();
        service.close();
        String log = refusedReload();
        assertNull(service.state().refusals().get("configurations"));
        assertTrue(log.contains("the service is stopping") && !log.contains("as before"), log);
    }
}
