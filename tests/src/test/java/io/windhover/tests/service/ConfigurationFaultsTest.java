// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.windhover.runtime.model.ModelLoader;
import io.windhover.runtime.mqtt.BrokerAddress;
import io.windhover.runtime.mqtt.Subscriber;
import io.windhover.runtime.whm.CompiledFile;
import io.windhover.tests.mqtt.FaultyProxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Configurations and models that are wrong, at the start and under a running service. */
class ConfigurationFaultsTest extends Bench {
    private static final String SECRET = "pa55-in-a-file";

    private Node startCamera() throws Exception {
        startBroker();
        Node node = start(camera(broker().port()));
        listener().untilResults(10);
        return node;
    }

    private void requireUndisturbed() throws Exception {
        node().untilMoreFrames(25);
        assertEquals(0, node().state().get("reloads").getAsLong());
        requireAllInOrder();
        assertEquals(1, listener().ends().size(), "one session");
        node().requireCalm(CALM);
    }

    static long refusals(JsonObject state) {
        JsonElement refusals = state.getAsJsonObject("refusals").get("configurations");
        return refusals == null ? 0 : refusals.getAsLong();
    }

    @Test
    @Fault(value = "configuration with four mistakes at start", must = "say each with its line, end with exit code 1")
    void bad_at_start(Outcome outcome) throws Exception {
        Node node = start("""
                device: "functional:"
                models: {lenet: {file: "zoo:lenet5", timeout: soon}}
                streams:
                  camera: {model: other, source: {pattern: {}}}
                mqtt: {url: "mqtt://user:secret-4711@host"}
                colour: red
                """);
        assertEquals(1, node.await());
        for (String word : List.of("timeout", "other", "url", "colour")) {
            assertTrue(node.errors().contains(word), word + " in " + node.errors());
        }
        node.requireCalm(10, "secret-4711");
        outcome.measured("%d lines, exit code 1", node.errors().lines().count());
    }

    @Test
    @Fault(
            value = "configuration that is no YAML, empty, binary or missing at start",
            must = "one sentence, exit code 1")
    void no_yaml_at_start(Outcome outcome) throws Exception {
        for (String text : List.of("{{{", "", "\u0000\u0001\u0002", "- a\n- b\n", "a: &x [*x]\n")) {
            Path other = Files.createTempDirectory(folder, "bad");
            Path file = Files.writeString(other.resolve("bad.yaml"), text);
            Node node = ended(Node.of(other, file));
            assertEquals(1, node.await(), text);
            assertTrue(node.errors().startsWith("windhover: "), node.errors());
            node.requireCalm(8);
        }
        Node missing = ended(Node.of(folder, folder.resolve("missing.yaml")));
        assertEquals(1, missing.await());
        missing.requireCalm(1);
        outcome.measured("6 of them, exit code 1 each");
    }

    @Test
    @Fault(value = "bad configuration at SIGHUP", must = "say it, count it, go on as before")
    void bad_at_hangup(Outcome outcome) throws Exception {
        Node node = startCamera();
        node.write(camera(broker().port()) + "colour: red\n");
        node.signal("HUP");
        node.untilSaid("The service goes on as before");
        assertTrue(node.errors().contains("colour"), node.errors());
        node.until("it is counted", state -> refusals(state) > 0);
        requireUndisturbed();
        outcome.measured("said, counted, no frame lost");
    }

    @Test
    @Fault(value = "bad configuration written to the file", must = "say it once, go on; take the next good one")
    void bad_at_change(Outcome outcome) throws Exception {
        Node node = startCamera();
        node.write("nonsense: [");
        long millis = node.untilSaid("The service goes on as before");
        node.untilMoreFrames(250);
        assertEquals(1, node.said("The service goes on as before"), node.errors());
        node.write(camera(broker().port()).replace("frames_per_second: 100", "frames_per_second: 40"));
        long taken = node.until(
                "the good one is taken", state -> state.get("reloads").getAsLong() == 1);
        requireAllInOrder();
        node.requireCalm(CALM);
        outcome.measured("said after %d ms; the good one taken after %d ms, none lost", millis, taken);
    }

    @Test
    @Fault(value = "configuration deleted while running", must = "say it once, go on; take it when it is back")
    void deleted(Outcome outcome) throws Exception {
        Node node = startCamera();
        Files.delete(node.configuration());
        node.untilSaid("The service goes on as before");
        node.untilMoreFrames(250);
        assertEquals(1, node.said("The service goes on as before"), node.errors());
        node.write(camera(broker().port()).replace("frames_per_second: 100", "frames_per_second: 40"));
        node.until("it is taken", state -> state.get("reloads").getAsLong() == 1);
        requireAllInOrder();
        node.requireCalm(CALM);
        outcome.measured("said once; taken when it was back, none lost");
    }

    @Test
    @Fault(value = "a file that holds a secret is gone at a reload", must = "say which, without the secret, go on")
    void secret_gone(Outcome outcome) throws Exception {
        Files.writeString(folder.resolve("password"), SECRET + "\n");
        startBroker();
        Node node = start(camera(broker().port(), ", user: pad, password: \"${file:password}\""));
        listener().untilResults(10);
        Files.delete(folder.resolve("password"));
        node.signal("HUP");
        node.untilSaid("The service goes on as before");
        assertTrue(node.errors().contains("password"), node.errors());
        requireUndisturbed();
        node.requireCalm(CALM, SECRET);
        outcome.measured("said, no frame lost");
    }

    private Path modelFile(String name) throws Exception {
        Path model = folder.resolve(name);
        new CompiledFile(new ModelLoader(1 << 22).load("zoo:lenet5").graph(), null).write(model);
        return model;
    }

    private String withModel(Path model) {
        return camera(broker().port()).replace("zoo:lenet5", model.toString());
    }

    @Test
    @Fault(value = "corrupt, cut or empty model at start", must = "one sentence that names it, exit code 1")
    void corrupt_model_at_start(Outcome outcome) throws Exception {
        startBroker();
        byte[] good = Files.readAllBytes(modelFile("good.whm"));
        byte[] flipped = good.clone();
        flipped[good.length / 2] ^= 1;
        int kinds = 0;
        for (byte[] bad :
                List.of(flipped, java.util.Arrays.copyOf(good, good.length / 2), new byte[0], new byte[1000])) {
            Path other = Files.createTempDirectory(folder, "bad");
            Path model = Files.write(other.resolve("bad.whm"), bad);
            Node node = ended(Node.start(other, withModel(model)));
            assertEquals(1, node.await());
            assertTrue(node.errors().contains("models.lenet: "), node.errors());
            node.requireCalm(1);
            kinds++;
        }
        outcome.measured("%d kinds, one sentence and exit code 1 each", kinds);
    }

    @Test
    @Fault(
            value = "model file overwritten with garbage while it is served",
            must = "say it, keep the old model; take a good one")
    void corrupt_model_at_change(Outcome outcome) throws Exception {
        startBroker();
        Path model = modelFile("model.whm");
        byte[] good = Files.readAllBytes(model);
        Node node = start(withModel(model));
        listener().untilResults(10);
        Files.write(model, new byte[5000]);
        node.untilSaid("The service goes on as before");
        node.untilMoreFrames(250);
        assertEquals(1, node.said("The service goes on as before"), node.errors());
        Files.write(model, good);
        node.until("it is taken", state -> state.get("reloads").getAsLong() == 1);
        requireAllInOrder();
        node.requireCalm(CALM);
        outcome.measured("old model went on, good one taken; none lost");
    }

    @Test
    @Fault(value = "a model is written slowly into its place", must = "take it when it is whole, no earlier")
    void slow_copy(Outcome outcome) throws Exception {
        startBroker();
        Path model = modelFile("model.whm");
        byte[] good = Files.readAllBytes(model);
        Node node = start(withModel(model));
        listener().untilResults(10);
        Files.write(model, new byte[0]);
        int pieces = 40;
        for (int piece = 0; piece < pieces; piece++) {
            int from = good.length * piece / pieces;
            int to = good.length * (piece + 1) / pieces;
            Files.write(model, java.util.Arrays.copyOfRange(good, from, to), java.nio.file.StandardOpenOption.APPEND);
            node.untilMoreFrames(6);
        }
        node.until("it is taken", state -> state.get("reloads").getAsLong() == 1);
        assertEquals(0, refusals(node.state()), node.errors());
        requireAllInOrder();
        node.requireCalm(CALM);
        outcome.measured("no half model was tried; none lost");
    }

    @Test
    @Fault(
            value = "8 reloads in a row, each with other streams, in full flow",
            must = "take the last, lose no image and no result")
    void many_reloads(Outcome outcome) throws Exception {
        startBroker();
        Path images = Files.createDirectory(folder.resolve("images"));
        String yaml = LENET
                + streams(
                        CAMERA,
                        "files: {model: lenet, source: {folder: {path: images, pattern: \"*.png\", delete: true}}}",
                        "more: {model: lenet, source: {pattern: {frames_per_second: RATE}}}")
                + mqtt(broker().port(), "");
        Node node = start(yaml.replace("RATE", "30"));
        listener().untilResults(10);
        AtomicInteger made = new AtomicInteger();
        for (int reload = 0; reload < 8; reload++) {
            for (int i = 0; i < 5; i++) {
                image(images.resolve(String.format("%04d.png", made.getAndIncrement())), reload);
            }
            long before = node.state().get("reloads").getAsLong();
            node.write(yaml.replace("RATE", Integer.toString(1 + reload)));
            node.signal("HUP");
            node.until("the reload is done", state -> state.get("reloads").getAsLong() > before);
        }
        listener()
                .until(
                        "all images have results",
                        () -> listener().sources().stream()
                                        .filter(source -> source.endsWith(".png"))
                                        .count()
                                == made.get());
        long all = node.stop("camera", "files", "more");
        node.until(
                "all is delivered", state -> Node.broker(state).get("waiting").getAsLong() == 0);
        listener().untilResults(all);
        assertEquals(all, listener().results());
        assertEquals(List.of(), listener().gaps());
        assertFalse(listener().history().contains("available offline"), "each connection ended in order");
        node.requireCalm(60);
        outcome.measured("%d results and %d images, none lost", all, made.get());
    }

    @Test
    @Fault(
            value = "the state folder is another one at a reload",
            must = "refuse it with what to do, go on with the old one; nothing is left behind")
    void other_state(Outcome outcome) throws Exception {
        Node node = startCamera();
        node.write(camera(broker().port()) + "state: elsewhere\n");
        node.untilSaid("to change 'state', end it, move what is in that folder to '");
        node.until("it is counted", state -> refusals(state) == 1);
        assertFalse(Files.exists(folder.resolve("elsewhere")));
        requireUndisturbed();
        outcome.measured("refused; %d results, none lost", listener().results());
    }

    /** What the broker has retained under these filters. */
    private List<String> retained(String... filters) {
        List<String> all = new ArrayList<>();
        for (String filter : filters) {
            BrokerAddress address = BrokerAddress.parse("mqtt://127.0.0.1:" + broker().port());
            try (Subscriber late = Subscriber.subscribe(address, "late", filter, Duration.ofSeconds(10))) {
                Subscriber.@Nullable Received next = late.take(Duration.ofSeconds(1));
                while (next != null) {
                    all.add(next.topic().replaceAll("_[0-9a-f]{8}", "") + "=" + next.payload());
                    next = late.take(Duration.ofMillis(200));
                }
            }
        }
        return all;
    }

    @Test
    @Fault(
            value = "the node is renamed while its broker is away, and it is killed before the broker is back",
            must = "remove what the old name had retained once the broker is back")
    void renamed_while_away(Outcome outcome) throws Exception {
        startBroker();
        FaultyProxy proxy = proxy();
        String before = "node: old\n" + camera(proxy.port(), ", discovery: true");
        Node node = start(before);
        listener().untilResults(20);
        int kept = retained("windhover/old/status/#", "homeassistant/#").size();
        proxy.cutAfter(0);
        node.untilDisconnected();
        node.reload(before.replace("node: old", "node: new"));
        node.kill();
        proxy.cutAfter(Long.MAX_VALUE);
        node.start();
        node.untilConnected();
        node.setRunning("camera", false);
        node.until(
                "all is delivered", state -> Node.broker(state).get("waiting").getAsLong() == 0);
        assertEquals(List.of("windhover/old/available=offline"), retained("windhover/old/#"));
        assertFalse(retained("homeassistant/#").toString().contains("windhover_old"));
        assertFalse(retained("homeassistant/#").isEmpty());
        node.requireCalm(CALM);
        outcome.measured("of %d retained topics only 'available' is left, and says 'offline'", kept);
    }

    @Test
    @Fault(
            value = "another broker after a reload, the old one away meanwhile, and the old one again",
            must = "leave nothing at the one that is not used, but that it stopped or is offline")
    void other_broker(Outcome outcome) throws Exception {
        startBroker();
        FaultyProxy proxy = proxy();
        Node node = start("node: pad\n" + camera(broker().port(), ", discovery: true"));
        listener().untilResults(20);
        assertEquals(3, retained("homeassistant/#").size());
        int elsewhere = Node.freePort();
        node.reload("node: pad\n" + camera(elsewhere, ", discovery: true"));
        assertEquals(List.of("windhover/pad/available=stopped"), retained("windhover/#", "homeassistant/#"));
        node.reload("node: pad\n" + camera(proxy.port(), ", discovery: true"));
        node.untilConnected();
        listener().untilResults(40);
        assertEquals(3, retained("homeassistant/#").size());
        proxy.cutAfter(0);
        node.untilDisconnected();
        node.reload("node: pad\n" + camera(elsewhere, ", discovery: true"));
        assertEquals(3, retained("homeassistant/#").size(), "it could not be reached");
        proxy.cutAfter(Long.MAX_VALUE);
        node.reload("node: pad\n" + camera(proxy.port(), ""));
        node.untilConnected();
        requireAllInOrder();
        assertEquals(List.of(), retained("homeassistant/#"));
        node.requireCalm(CALM);
        outcome.measured("removed at once from the one that is there, later from the one that was away");
    }

    @Test
    @Fault(value = "the configuration is replaced by a link to nowhere, then by a folder", must = "say it, go on")
    void strange_file(Outcome outcome) throws Exception {
        Node node = startCamera();
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("nowhere"));
        Files.move(link, node.configuration(), StandardCopyOption.REPLACE_EXISTING);
        node.untilSaid("The service goes on as before");
        Files.delete(node.configuration());
        Files.createDirectory(node.configuration());
        node.signal("HUP");
        node.until("both are refused", state -> refusals(state) >= 2);
        requireUndisturbed();
        outcome.measured("said, no frame lost");
    }
}
