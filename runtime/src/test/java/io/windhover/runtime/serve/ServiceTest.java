// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.runtime.Classification;
import io.windhover.runtime.exception.InputException;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.image.Pixels;
import io.windhover.runtime.model.Model;
import io.windhover.runtime.mqtt.IncomingMessage;
import io.windhover.runtime.serve.configuration.ServiceConfiguration;
import io.windhover.runtime.serve.monitor.NodeState.Activity;
import io.windhover.runtime.serve.monitor.NodeState.StreamState;
import io.windhover.runtime.serve.yaml.YamlException;
import io.windhover.runtime.source.FrameSource;
import io.windhover.runtime.source.SourceFrame;
import io.windhover.runtime.source.SourceSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ServiceTest {
    private static final String ONE_STREAM = """
            node: pad-7
            device: "reference:"
            models:
              lenet: {file: "zoo:lenet5"}
              other: {file: "zoo:lenet5@reduced"}
            streams:
              camera: {model: lenet, source: {pattern: {width: 8, height: 8}}, frames: every}
            """;

    @TempDir
    private Path folder;

    private final Map<Integer, Feed> feeds = new ConcurrentHashMap<>();
    private final Recorder recorder = new Recorder();
    private @Nullable Service service;

    /** A source that a test feeds. */
    private static final class Feed implements FrameSource {
        final LinkedBlockingQueue<Object> frames = new LinkedBlockingQueue<>();
        volatile boolean closed;

        @Override
        public @Nullable SourceFrame next() throws InterruptedException {
            Object next = frames.take();
            if (next instanceof InputException bad) {
                throw bad;
            }
            return next instanceof SourceFrame frame ? frame : null;
        }

        @Override
        public Health health() {
            return Health.WELL;
        }

        @Override
        public void close() {
            closed = true;
            frames.add("end");
        }
    }

    private static final class Recorder implements NodeOutput {
        final Queue<String> results = new ConcurrentLinkedQueue<>();
        final Queue<String> health = new ConcurrentLinkedQueue<>();

        @Override
        public byte[] classification(
                String stream, Model model, String source, Classification result, boolean publish, Runnable safe) {
            safe.run();
            results.add(stream + " " + source + " " + model.name() + (publish ? "" : " kept"));
            return "{}".getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public void stream(String name, PartState state) {
            health.add(name + " " + state);
        }

        @Override
        public void accelerator(PartState state) {
            health.add("accelerator " + state);
        }
    }

    private static final class Counted implements SourceFrame.Outcome {
        final AtomicInteger done = new AtomicInteger();
        final AtomicInteger refused = new AtomicInteger();
        final AtomicInteger skipped = new AtomicInteger();

        @Override
        public void done(byte[] result) {
            done.incrementAndGet();
        }

        @Override
        public void refused(String reason) {
            refused.incrementAndGet();
        }

        @Override
        public void skipped() {
            skipped.incrementAndGet();
        }
    }

    private Service start(String yaml) {
        service = Service.start(configuration(yaml), this::feed, (of, unused) -> recorder, () -> false);
        return service;
    }

    private ServiceConfiguration configuration(String yaml) {
        return ServiceConfiguration.parse(yaml, "test.yaml", folder, Map.of());
    }

    /** A pattern's width names the feed. */
    private FrameSource feed(SourceSettings settings) {
        Feed feed = new Feed();
        feeds.put(((SourceSettings.Pattern) settings).width(), feed);
        return feed;
    }

    private Feed camera() {
        return java.util.Objects.requireNonNull(feeds.get(8));
    }

    private static SourceFrame frame(String name) {
        return SourceFrame.picture(name, new Pixels(28, 28, 1, new byte[28 * 28]), 0);
    }

    private static SourceFrame frame(String name, SourceFrame.Outcome outcome) {
        SourceFrame plain = frame(name);
        return new SourceFrame(name, plain.content(), 0, outcome);
    }

    private static void until(BooleanSupplier happened) throws InterruptedException {
        while (!happened.getAsBoolean()) {
            Thread.sleep(5);
        }
    }

    private static StreamState stream(Service of, String name) {
        return of.state().streams().stream()
                .filter(stream -> stream.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @AfterEach
    void close() {
        if (service != null) {
            service.close();
        }
    }

    @Test
    void every_frame_of_a_source_becomes_a_result_in_order() throws InterruptedException {
        Service running = start(ONE_STREAM);
        for (int i = 0; i < 20; i++) {
            camera().frames.add(frame("frame " + i));
        }
        until(() -> recorder.results.size() == 20);
        assertEquals("camera frame 0 lenet5", recorder.results.element());
        assertEquals("camera frame 19 lenet5", List.copyOf(recorder.results).get(19));
        until(() -> Objects.requireNonNull(stream(running, "camera").stages().get("total"))
                        .frames()
                == 20);
        StreamState state = stream(running, "camera");
        assertEquals(20, state.frames());
        assertEquals(20, state.published());
        assertEquals(5, state.top().size());
        assertNotNull(running.picture("camera"));
        assertTrue(running.state().ready() && running.isAlive());
        assertEquals(List.of("accelerator ONLINE", "camera ONLINE"), List.copyOf(recorder.health));
    }

    @Test
    void a_frame_that_cannot_be_used_is_counted_and_the_stream_goes_on() throws InterruptedException {
        Service running = start(ONE_STREAM);
        Counted outcome = new Counted();
        camera().frames.add(new InputException("Image 'a' is damaged."));
        camera().frames.add(new SourceFrame("short", new SourceFrame.Content.Tensor(new byte[3]), 0, outcome));
        camera().frames.add(frame("good"));
        until(() -> recorder.results.size() == 1);
        assertEquals(2, stream(running, "camera").refused());
        assertEquals(1, outcome.refused.get());
    }

    @Test
    void closing_runs_what_waits_and_says_so() throws InterruptedException {
        Service running = start(ONE_STREAM);
        Counted outcome = new Counted();
        for (int i = 0; i < 10; i++) {
            camera().frames.add(frame("frame " + i, outcome));
        }
        until(() -> !recorder.results.isEmpty());
        running.close();
        assertEquals(10, outcome.done.get() + outcome.skipped.get());
        assertEquals(outcome.done.get(), recorder.results.size());
        assertTrue(recorder.health.contains("camera DISABLED"));
        assertFalse(running.isAlive());
    }

    @Test
    void whoever_is_interrupted_starts_changes_and_ends_it_whole() throws InterruptedException {
        Thread.currentThread().interrupt();
        Service running = start(ONE_STREAM);
        assertTrue(Thread.interrupted());
        assertThrows(
                WindhoverException.class,
                () -> Service.start(configuration(ONE_STREAM), this::feed, (of, unused) -> recorder, () -> false));
        Thread.currentThread().interrupt();
        running.reload(
                configuration(ONE_STREAM.replace("lenet: ", "digits: ").replace("model: lenet", "model: digits")));
        assertTrue(Thread.interrupted());
        Thread.currentThread().interrupt();
        running.setRunning("camera", false);
        running.setRunning("camera", true);
        assertTrue(Thread.interrupted());
        Counted outcome = new Counted();
        for (int i = 0; i < 10; i++) {
            camera().frames.add(frame("frame " + i, outcome));
        }
        until(() -> !recorder.results.isEmpty());
        Thread.currentThread().interrupt();
        running.close();
        assertTrue(Thread.interrupted());
        assertEquals(10, outcome.done.get() + outcome.skipped.get());
        assertEquals(outcome.done.get(), recorder.results.size());
        assertThrows(WindhoverException.class, () -> running.setRunning("camera", true));
    }

    @Test
    void the_end_of_a_source_is_no_trouble() throws InterruptedException {
        Service running = start(ONE_STREAM);
        camera().frames.add(frame("only"));
        camera().frames.add("end");
        until(() -> stream(running, "camera").activity() == Activity.ENDED);
        until(() -> recorder.results.size() == 1);
        assertTrue(running.state().ready());
    }

    @Test
    void a_stream_is_stopped_started_and_given_another_model() throws InterruptedException {
        Service running = start(ONE_STREAM);
        running.setRunning("camera", false);
        assertEquals(Activity.STOPPED, stream(running, "camera").activity());
        assertTrue(camera().closed);
        running.setModel("camera", "other");
        running.setRunning("camera", true);
        camera().frames.add(frame("later"));
        until(() -> recorder.results.size() == 1);
        assertEquals("other", stream(running, "camera").model());
        assertThrows(WindhoverException.class, () -> running.setModel("camera", "none"));
        assertThrows(WindhoverException.class, () -> running.setRunning("none", true));
    }

    @Test
    void a_reload_keeps_streams_that_stay_the_same_and_their_counters() throws InterruptedException {
        Service running = start(ONE_STREAM);
        Feed before = camera();
        before.frames.add(frame("before"));
        until(() -> recorder.results.size() == 1);
        running.reload(configuration(
                ONE_STREAM.replace("zoo:lenet5}", "zoo:lenet5@reduced}").replace("zoo:lenet5\"", "zoo:lenet5@reduced\"")
                        + "  second: {model: other, source: {pattern: {width: 9, height: 8}}}\n"));
        assertFalse(before.closed);
        before.frames.add(frame("after"));
        java.util.Objects.requireNonNull(feeds.get(9)).frames.add(frame("also"));
        until(() -> recorder.results.size() == 3);
        assertEquals(2, stream(running, "camera").frames());
        assertEquals(1, running.state().reloads());
        running.reload(configuration(ONE_STREAM.replace("frames: every", "frames: every, priority: 2")));
        assertTrue(before.closed);
        assertEquals(2, stream(running, "camera").frames());
        assertEquals(1, running.state().streams().size());
        camera().frames.add(frame("last"));
        until(() -> recorder.results.size() == 4);
    }

    /** The large picture takes some fifty times as long to fit as the small one to run. */
    @Test
    void a_stream_of_large_pictures_leaves_others_their_share_of_the_time() throws InterruptedException {
        Service running = start(ONE_STREAM + "  large: {model: lenet, source: {pattern: {width: 9}}, frames: every}\n");
        Pixels large = new Pixels(6000, 4000, 1, new byte[6000 * 4000]);
        for (int i = 0; i < 2000; i++) {
            Objects.requireNonNull(feeds.get(9)).frames.add(SourceFrame.picture("large", large, 0));
            camera().frames.add(frame("small"));
        }
        until(() -> stream(running, "large").frames() >= 3);
        long before = stream(running, "camera").frames();
        until(() -> stream(running, "large").frames() >= 13);
        long small = stream(running, "camera").frames() - before;
        assertTrue(small >= 30, small + " small ones beside 10 large ones");
        feeds.values().forEach(feed -> feed.frames.clear());
    }

    @Test
    void the_count_of_frames_is_that_of_the_device_that_ran_them() throws InterruptedException {
        Service running = start(ONE_STREAM);
        camera().frames.add(frame("before"));
        until(() -> running.state().device().frames() == 1);
        running.reload(configuration(ONE_STREAM.replace("reference:", "functional:tiny")));
        assertEquals(0, running.state().device().frames());
        camera().frames.add(frame("after"));
        until(() -> stream(running, "camera").frames() == 2);
        assertEquals(1, running.state().device().frames());
        assertEquals(2, running.frames());
    }

    @Test
    void a_bad_new_configuration_leaves_the_old_one_running() throws InterruptedException {
        Service running = start(ONE_STREAM);
        Feed before = camera();
        assertThrows(
                RuntimeException.class,
                () -> running.reload(configuration(ONE_STREAM.replace("zoo:lenet5@reduced", "missing.tflite"))));
        assertThrows(
                RuntimeException.class,
                () -> running.reload(configuration(ONE_STREAM.replace("\"reference:\"", "\"nothing:\""))));
        assertFalse(before.closed);
        before.frames.add(frame("after"));
        until(() -> recorder.results.size() == 1);
        assertEquals(0, running.state().reloads());
        until(() -> running.state().ready());
    }

    @Test
    void a_refused_reload_starts_no_stream_that_a_command_stopped() {
        Service running = start(ONE_STREAM);
        running.setRunning("camera", false);
        String bad = ONE_STREAM
                .replace("frames: every", "frames: every, priority: 2")
                .replace("zoo:lenet5@reduced", "missing.tflite");
        assertThrows(RuntimeException.class, () -> running.reload(configuration(bad)));
        assertEquals(Activity.STOPPED, stream(running, "camera").activity());
    }

    @Test
    void a_stream_that_ended_begins_again_when_it_is_started() throws InterruptedException {
        Service running = start(ONE_STREAM);
        camera().frames.add("end");
        until(() -> stream(running, "camera").activity() == Activity.ENDED);
        running.setRunning("camera", true);
        assertEquals(Activity.RUNNING, stream(running, "camera").activity());
        camera().frames.add(frame("again"));
        until(() -> recorder.results.size() == 1);
    }

    @Test
    void a_request_that_comes_before_its_stream_has_started_is_run() throws InterruptedException {
        AtomicInteger taken = new AtomicInteger();
        NodeOutput answering = new NodeOutput() {};
        service = Service.start(
                configuration(ONE_STREAM.replace("{pattern: {width: 8, height: 8}}, frames: every", "{requests: {}}")
                        + "mqtt: {url: 'mqtt://nowhere.invalid'}\n"),
                this::feed,
                (of, unused) -> {
                    of.request(
                            "camera",
                            new IncomingMessage(
                                    "infer", new byte[28 * 28], false, null, null, true, taken::incrementAndGet));
                    return answering;
                },
                () -> false);
        until(() -> taken.get() == 1);
        assertEquals(1, stream(service, "camera").frames());
    }

    @Test
    void a_check_says_every_model_and_device_that_cannot_be_used() throws IOException {
        Service.check(configuration(ONE_STREAM));
        assertFalse(Files.exists(folder.resolve("windhover-state")), "a check changes nothing");
        refusedByCheck("rtl:foo", ONE_STREAM.replace("reference:", "rtl:foo"));
        Files.writeString(folder.resolve("text.onnx"), "no model");
        String models = ONE_STREAM.replace("zoo:lenet5@reduced", "nowhere.onnx").replace("zoo:lenet5", "text.onnx");
        YamlException both = assertThrows(YamlException.class, () -> Service.check(configuration(models)));
        assertEquals(2, both.sentences().size());
        assertTrue(both.sentences().get(0).contains("line 4: models.lenet: "), both.getMessage());
        assertTrue(both.sentences().get(1).contains("line 5: models.other: "), both.getMessage());
        Path authorities = Files.writeString(folder.resolve("authorities.pem"), "no certificate");
        refusedByCheck(authorities.toString(), ONE_STREAM + """
                mqtt: {url: "mqtts://nowhere.invalid", tls: {authorities: authorities.pem}}
                """);
        refusedByCheck("'" + authorities + "' is no folder", ONE_STREAM + "state: authorities.pem\n");
        refusedByCheck("is no folder); give another 'state'", ONE_STREAM + "state: authorities.pem/x\n");
        refusedByCheck("takes no files", ONE_STREAM + "state: /proc/x\n");
        refusedByCheck("cannot listen at 192.0.2.1:8080", ONE_STREAM + "http: {listen: '192.0.2.1:8080'}\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"queue", "models", "retained", "service.lock", "queue/lock", "queue/settled"})
    void a_check_refuses_what_of_the_state_folder_a_start_warns_of(String part) throws IOException {
        Path file = folder.resolve("windhover-state").resolve(part);
        Path around = Files.createDirectories(Objects.requireNonNull(file.getParent()));
        boolean isFolder = part.equals("queue") || part.equals("models");
        Path unused = isFolder ? Files.createDirectory(file) : Files.createFile(file);
        Service.check(configuration(ONE_STREAM));
        Files.delete(file);
        unused = isFolder ? Files.createFile(file) : Files.createDirectory(file);
        refusedByCheck("'" + file + "' is no " + (isFolder ? "folder" : "file"), ONE_STREAM);
        try (Stream<Path> found = Files.list(around)) {
            assertEquals(List.of(file), found.toList(), "a check changes nothing");
        }
    }

    private void refusedByCheck(String expected, String text) {
        ServiceConfiguration wanted = configuration(text);
        String said = String.valueOf(assertThrows(RuntimeException.class, () -> Service.check(wanted))
                .getMessage());
        assertTrue(said.contains(expected), said);
    }

    @Test
    void no_frame_is_lost_over_reloads() throws InterruptedException {
        Service running = start(ONE_STREAM);
        Counted outcome = new Counted();
        for (int round = 0; round < 10; round++) {
            for (int i = 0; i < 5; i++) {
                camera().frames.add(frame("frame " + round + "." + i, outcome));
            }
            running.reload(configuration(ONE_STREAM.replace("frames: every", "frames: every, priority: " + round % 9)));
        }
        int given = 50;
        until(() -> outcome.done.get() + outcome.skipped.get() == given);
        assertEquals(0, outcome.skipped.get() + outcome.refused.get());
    }

    @Test
    void a_start_that_is_not_wanted_any_more_opens_no_source() {
        assertThrows(
                CancellationException.class,
                () -> Service.start(configuration(ONE_STREAM), this::feed, (of, unused) -> recorder, () -> true));
        assertTrue(feeds.isEmpty() && recorder.results.isEmpty() && recorder.health.isEmpty());
        start(ONE_STREAM);
    }

    @Test
    void a_state_folder_belongs_to_one_service() {
        Service first = start(ONE_STREAM);
        WindhoverException second = assertThrows(
                WindhoverException.class,
                () -> Service.start(configuration(ONE_STREAM), this::feed, (of, unused) -> recorder, () -> false));
        assertTrue(
                String.valueOf(second.getMessage())
                        .contains("(process " + ProcessHandle.current().pid() + ")"),
                second.getMessage());
        WindhoverException moved = assertThrows(
                WindhoverException.class, () -> first.reload(configuration(ONE_STREAM + "state: elsewhere\n")));
        assertTrue(String.valueOf(moved.getMessage()).contains("to change 'state', end it"), moved.getMessage());
        first.reload(configuration(ONE_STREAM + "state: ./x/../windhover-state\n"));
        first.close();
        Service.start(configuration(ONE_STREAM), this::feed, (of, unused) -> recorder, () -> false)
                .close();
    }
}
