// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.windhover.junit.Simulated;
import io.windhover.tests.cli.CommandLineRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An accelerator that hangs, fails, is slow or is another one. */
class DeviceFaultsTest extends Bench {
    private static final int IMAGES = 12;

    /** A device with a folder of images; each image whose result is safe is deleted. */
    private String images(String device, String timeout) throws Exception {
        Path images = Files.createDirectory(folder.resolve("images"));
        for (int i = 0; i < IMAGES; i++) {
            image(images.resolve(String.format("%03d.png", i)), i);
        }
        return "device: \"" + device + "\"\n"
                + "models: {lenet: {file: \"zoo:lenet5\", timeout: " + timeout + "}}\n"
                + streams("camera: {model: lenet, source: {folder: {path: images, delete: true}}}")
                + mqtt(broker().port(), "");
    }

    private static String trouble(JsonObject state) {
        return state.getAsJsonObject("device").get("trouble").isJsonNull()
                ? ""
                : state.getAsJsonObject("device").get("trouble").getAsString();
    }

    private static long resets(JsonObject state) {
        return state.getAsJsonObject("device").get("resets").getAsLong();
    }

    /** Reads of one frame, so that faults can be put into the middle of the work. */
    private static String fault(String device, String option, int frames) {
        return device + "?" + option + "=" + frames;
    }

    private void requireAllImages() throws Exception {
        listener().untilResults(IMAGES);
        assertEquals(IMAGES, listener().results());
        assertEquals(List.of(), listener().gaps());
        assertEquals(IMAGES, listener().sources().size());
        listener().until("all images are deleted", () -> {
            String[] left = folder.resolve("images").toFile().list();
            return left != null && left.length == 0;
        });
    }

    @Test
    @Simulated("rtl:tiny")
    @Fault(value = "device answers one read with an error", must = "reset it, run the frame once more, lose nothing")
    void fails_once(Outcome outcome) throws Exception {
        startBroker();
        Node node = start(images(fault("rtl:tiny", "read_error", 300), "10s"));
        requireAllImages();
        assertEquals(1, resets(node.state()), node.errors());
        assertEquals("", trouble(node.state()));
        node.requireCalm(CALM);
        outcome.measured("1 reset, %d of %d results", IMAGES, IMAGES);
    }

    @Test
    @Simulated("rtl:tiny")
    @Fault(
            value = "device falls silent again and again after it was opened",
            must = "time out, reset, open it anew, run each frame, say offline and online")
    void hangs(Outcome outcome) throws Exception {
        startBroker();
        Node node = start(images(fault("rtl:tiny", "silent_reads", 20_000), "1s"));
        requireAllImages();
        assertTrue(resets(node.state()) > 0, node.errors());
        List<String> said = listener().history();
        assertTrue(
                said.contains("status/accelerator offline")
                        && said.lastIndexOf("status/accelerator online") > said.indexOf("status/accelerator offline"),
                said.toString());
        node.requireCalm(4 * CALM);
        outcome.measured("%d resets, %d of %d results", resets(node.state()), IMAGES, IMAGES);
    }

    @Test
    @Simulated("rtl:tiny")
    @Fault(
            value = "device that never answers, from the first read on",
            must = "say offline once, keep frames, live, ask it ever less often, log little, end in order")
    void dead(Outcome outcome) throws Exception {
        startBroker();
        Node node = start(images("rtl:tiny?silent_reads=1", "100ms"));
        node.until("offline", state -> !trouble(state).isEmpty());
        node.until("6 s passed", state -> state.get("uptimeSeconds").getAsLong() >= 6);
        assertEquals(200, node.get("/healthz").statusCode());
        assertEquals(503, node.get("/readyz").statusCode());
        assertEquals("offline", listener().last("status/accelerator"));
        assertEquals(
                List.of("status/accelerator online", "status/accelerator offline"),
                listener().history().stream()
                        .filter(said -> said.startsWith("status/accelerator"))
                        .toList());
        assertEquals(0, node.terminate());
        try (var files = Files.list(folder.resolve("images"))) {
            assertEquals(IMAGES, files.count());
        }
        node.requireCalm(CALM);
        outcome.measured(
                "said offline once, %d lines of log in 6 s, no image lost",
                node.errors().lines().count());
    }

    @Test
    @Simulated("rtl:tiny")
    @Fault(value = "device that answers late, but in time", must = "wait, lose nothing, no reset")
    void late(Outcome outcome) throws Exception {
        startBroker();
        Node node = start(images("rtl:tiny?silent_reads=2000&silent_cycles=100000&stalls=7", "20s"));
        requireAllImages();
        assertEquals(0, resets(node.state()));
        node.requireCalm(CALM);
        outcome.measured("%d of %d results, no reset", IMAGES, IMAGES);
    }

    private String compiled(String configuration) {
        String file = folder.resolve(configuration + ".whm").toString();
        CommandLineRun.of("compile", "zoo:lenet5", "-o", file, "--config", configuration)
                .succeeded();
        return file;
    }

    @Test
    @Fault(value = "model compiled for another accelerator, at start", must = "end with one sentence and exit code 1")
    void other_configuration_at_start(Outcome outcome) throws Exception {
        startBroker();
        Node node = start(camera(broker().port()).replace("zoo:lenet5", compiled("tiny")));
        assertEquals(1, node.await());
        assertEquals(1, node.errors().lines().count(), node.errors());
        assertTrue(node.errors().contains("tiny"), node.errors());
        node.requireCalm(CALM);
        outcome.measured("exit code 1: %s", node.errors().strip().replaceAll("/[^ ]*/", ""));
    }

    @Test
    @Fault(value = "model compiled for another accelerator, at a reload", must = "say it, go on with the old one")
    void other_configuration_at_reload(Outcome outcome) throws Exception {
        startBroker();
        Node node = start(camera(broker().port()));
        node.untilFrames(10);
        node.write(camera(broker().port()).replace("zoo:lenet5", compiled("tiny")));
        node.signal("HUP");
        node.untilSaid("The service goes on as before");
        node.untilMoreFrames(50);
        requireAllInOrder();
        node.requireCalm(CALM);
        outcome.measured("said; old one goes on, none lost");
    }

    @Test
    @Fault(value = "device that does not exist, at start and at a reload", must = "exit code 1; at a reload go on")
    void no_device(Outcome outcome) throws Exception {
        startBroker();
        Node node = start(camera(broker().port()));
        node.untilFrames(10);
        for (String device : new ArrayList<>(List.of("rtl:nothing", "nothing:", "/dev/nothing"))) {
            String yaml = camera(broker().port()).replace("functional:", device);
            node.write(yaml);
            node.signal("HUP");
            node.until(
                    "refused",
                    state -> state.getAsJsonObject("refusals").has("configurations")
                            && state.getAsJsonObject("refusals")
                                            .get("configurations")
                                            .getAsLong()
                                    > 0);
            Path other = Files.createDirectory(folder.resolve("other" + device.hashCode()));
            Node ends = ended(Node.start(other, yaml));
            assertEquals(1, ends.await());
            assertEquals(1, ends.errors().lines().count(), ends.errors());
        }
        node.untilMoreFrames(50);
        requireAllInOrder();
        node.requireCalm(CALM);
        outcome.measured("3 of them: exit code 1 each; at reloads the old one goes on, none lost");
    }

    @Test
    @Simulated("rtl:tiny")
    @Fault(
            value = "one model of two takes longer than its timeout, on every frame",
            must = "refuse its frames with a reason, run the other one's, say which is in trouble")
    void one_model_is_too_slow(Outcome outcome) throws Exception {
        startBroker();
        String pattern = "source: {pattern: {width: 28, height: 28, frames_per_second: 2}}";
        Node node = start("device: \"rtl:tiny\"\n"
                + "models: {slow: {file: \"zoo:lenet5\", timeout: 10ms}, lenet: {file: \"zoo:lenet5@reduced\"}}\n"
                + streams("hasty: {model: slow, " + pattern + "}", "camera: {model: lenet, " + pattern + "}")
                + mqtt(broker().port(), ""));
        node.until(
                "it is found out",
                state -> stream(state, "hasty").get("refused").getAsLong() > 0);
        long before = stream(node.state(), "camera").get("frames").getAsLong();
        node.until(
                "the other one runs on",
                state -> stream(state, "camera").get("frames").getAsLong() >= before + 20);
        JsonObject state = node.state();
        assertTrue(stream(state, "hasty").get("trouble").getAsString().contains("not for 'slow'"), state.toString());
        assertTrue(stream(state, "camera").get("trouble").isJsonNull(), state.toString());
        assertEquals("", trouble(state));
        assertFalse(state.get("ready").getAsBoolean());
        node.requireCalm(CALM);
        outcome.measured("%d frames of the slow one refused, the other one ran", refused(state));
    }

    private static JsonObject stream(JsonObject state, String name) {
        for (JsonElement one : state.getAsJsonArray("streams")) {
            if (one.getAsJsonObject().get("name").getAsString().equals(name)) {
                return one.getAsJsonObject();
            }
        }
        throw new AssertionError("no stream " + name);
    }

    private static long refused(JsonObject state) {
        return stream(state, "hasty").get("refused").getAsLong();
    }
}
