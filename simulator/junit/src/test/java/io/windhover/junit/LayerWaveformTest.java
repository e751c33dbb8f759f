// SPDX-License-Identifier: Apache-2.0
package io.windhover.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.driver.Capabilities;
import io.windhover.models.graph.Graph;
import io.windhover.models.zoo.Zoo;
import io.windhover.runtime.Frame;
import io.windhover.runtime.Session;
import io.windhover.runtime.SessionOptions;
import io.windhover.runtime.compiler.Compiler;
import io.windhover.runtime.compiler.program.CompiledModel;
import io.windhover.runtime.verify.Exactness;
import io.windhover.runtime.verify.FrameInput;
import io.windhover.runtime.verify.LayerWaveform;
import io.windhover.runtime.whm.CompiledFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a frame that is not exact leaves: the commands of its layer, and their waveform. */
class LayerWaveformTest {
    private static final Pattern WAVEFORM =
            Pattern.compile("Waveform of cycles (\\d+) to (\\d+): (.*\\.fst); 'gtkwave (.*\\.gtkw)' shows it .*");

    @TempDir
    Path folder;

    private Path wrong;

    /** A program with other weights than its network. */
    @BeforeEach
    void makeWrongModel() throws IOException {
        Graph graph = Zoo.load("lenet_300_100");
        CompiledModel program = Compiler.compile(graph, Capabilities.named("tiny"));
        byte[] constants = program.jobs().get(0).constants();
        for (int at = 0; at < constants.length; at += 64) {
            constants[at] ^= 1;
        }
        wrong = folder.resolve("wrong.whm");
        new CompiledFile(graph, program, null).write(wrong);
    }

    private List<String> failure(String device) {
        try (ModelOnDevice model = ModelOnDevice.open(device, wrong.toString())) {
            FrameResult result = model.run(Inputs.random(9));
            return List.of(assertThrows(AssertionError.class, result::isBitExact)
                    .getMessage()
                    .split("\n", -1));
        }
    }

    private static void assertListed(String device, List<String> lines) {
        assertTrue(
                lines.get(0)
                        .matches("On the random frame of seed 9, layer \\d+, .*: \\d+ of \\d+ elements of '.*' differ, "
                                + "the first at .*: -?\\d+ instead of -?\\d+\\."),
                lines::toString);
        String layer = lines.get(0).replaceFirst(".* layer (\\d+), .*", "$1");
        assertTrue(lines.get(1).startsWith(device + " ran "), lines::toString);
        assertTrue(lines.get(1).contains(" commands of layer " + layer + " "), lines::toString);
        assertTrue(
                lines.stream()
                        .anyMatch(line -> line.matches(" +\\d+  int8    INT8_CONVOLUTION +layer " + layer + " .*")),
                lines::toString);
        assertTrue(lines.size() <= 23, lines::toString);
    }

    @Test
    void a_frame_that_is_not_exact_leaves_its_commands_and_their_waveform() throws IOException {
        Fst.requireTracingLibrary(folder);
        List<String> lines = failure("rtl:tiny?stalls=3");
        assertListed("rtl:tiny?stalls=3", lines);
        Matcher last = WAVEFORM.matcher(lines.get(lines.size() - 1));
        assertTrue(last.matches(), lines::toString);
        Path wave = Path.of(last.group(3));
        assertEquals(Path.of("target", "waves", "lenet_300_100.fst").toAbsolutePath(), wave);
        long from = Long.parseLong(last.group(1));
        assertEquals(2 * from, Fst.read(wave).firstTime());
        assertEquals(2 * Long.parseLong(last.group(2)) + 1, Fst.read(wave).lastTime());
        assertShows(Files.readAllLines(Path.of(last.group(4))), wave, from, lines);
        assertSurferShows(Files.readAllLines(Path.of(wave.toString().replace(".fst", ".sucl"))), wave, from);
    }

    /** Surfer names signals without their bits. */
    private static void assertSurferShows(List<String> commands, Path wave, long from) throws IOException {
        Set<String> shown = commands.stream()
                .filter(line -> line.startsWith("variable_add "))
                .map(line -> line.substring("variable_add ".length()))
                .collect(Collectors.toCollection(HashSet::new));
        assertTrue(shown.size() > 25, shown::toString);
        Fst.read(wave).signals().forEach(signal -> shown.remove(signal.replaceFirst("\\[.*", "")));
        assertEquals(Set.of(), shown);
        List<String> markers =
                commands.stream().filter(line -> line.startsWith("marker_set ")).toList();
        assertFalse(markers.isEmpty());
        for (String marker : markers) {
            Matcher parts = Pattern.compile("marker_set \"\\d+ [A-Z0-9_]+ layer \\d+ .*\" (\\d+)")
                    .matcher(marker);
            assertTrue(parts.matches(), marker);
            assertTrue(Long.parseLong(parts.group(1)) >= 2 * from, marker);
        }
    }

    /** A save file that shows only what there is, and marks where the first listed command of the layer begins. */
    private static void assertShows(List<String> save, Path wave, long from, List<String> listed) throws IOException {
        assertTrue(save.contains("[dumpfile] \"" + wave + "\""), save::toString);
        Set<String> shown = new HashSet<>();
        Matcher signal = Pattern.compile("TOP\\.\\S*").matcher(String.join("\n", save));
        while (signal.find()) {
            shown.add(signal.group());
        }
        assertTrue(shown.size() > 30, shown::toString);
        shown.removeAll(Fst.read(wave).signals());
        assertEquals(Set.of(), shown);
        String marker = save.stream()
                .filter(line -> line.startsWith("[markername] A"))
                .findFirst()
                .orElseThrow()
                .substring("[markername] A".length());
        String[] words = marker.split(" ", -1);
        assertTrue(
                listed.stream().anyMatch(line -> line.strip().startsWith(words[0] + " ") && line.contains(words[1])),
                marker);
        String[] times = save.stream()
                .filter(line -> line.startsWith("*"))
                .findFirst()
                .orElseThrow()
                .split(" ", -1);
        assertTrue(Long.parseLong(times[2]) >= 2 * from, () -> String.join(" ", times));
        assertEquals(2 + 26, times.length);
        String filter = save.stream()
                .filter(line -> line.startsWith("^1 "))
                .findFirst()
                .orElseThrow()
                .substring("^1 ".length());
        assertTrue(
                Files.readAllLines(Path.of(filter)).stream()
                        .anyMatch(line -> line.startsWith(words[0] + " " + marker + " layer ")),
                filter);
    }

    @Test
    void without_the_tracing_library_a_sentence_says_how_to_make_it() throws IOException {
        Path some = Files.createDirectory(folder.resolve("transports"));
        for (String library : List.of("libwindhover-rtl.so", "libwindhover-rtl-tiny.so")) {
            Files.copy(Path.of("..", "build", "lib", library), some.resolve(library));
        }
        String before = System.getProperty("windhover.transports");
        System.setProperty("windhover.transports", some.toString());
        try {
            List<String> lines = failure("rtl:tiny");
            assertListed("rtl:tiny", lines);
            assertEquals(
                    "No waveform is written without the tracing library: add windhover-natives with the classifier "
                            + "linux-x86_64-tiny-trace ('./windhover package --maven --all' makes it), or run 'make -C "
                            + "simulator trace CONFIG=tiny' in a checkout of Windhover.",
                    lines.get(lines.size() - 1));
        } finally {
            if (before == null) {
                System.clearProperty("windhover.transports");
            } else {
                System.setProperty("windhover.transports", before);
            }
        }
    }

    @Test
    void a_device_without_signals_leaves_its_commands() {
        List<String> lines = failure("functional:tiny");
        assertListed("functional:tiny", lines);
        assertTrue(lines.stream().noneMatch(line -> line.contains("aveform")), lines::toString);
    }

    @Test
    void a_frame_that_is_right_when_it_is_run_again_is_said_to_be() {
        try (ModelOnDevice model = ModelOnDevice.open("rtl:tiny", "zoo:lenet_300_100")) {
            FrameInput input = Inputs.random(4);
            Session session = model.session();
            Graph graph = session.model().graph();
            Frame frame = session.frame();
            input.fill(session, frame);
            byte[][] given = Exactness.given(graph, frame);
            session.submit(frame);
            session.await(frame);
            List<byte[]> outputs = Exactness.outputs(graph, frame);
            outputs.get(0)[0] ^= 1;
            Exactness found =
                    Exactness.ofRun(model.device(), model.model(), SessionOptions.DEFAULT, input, given, outputs);
            assertFalse(found.isExact());
            Path wave = folder.resolve("again.fst");
            assertEquals(
                    "The second run gave the reference's bytes, so no waveform is written.",
                    new LayerWaveform("rtl:tiny", model.model(), SessionOptions.DEFAULT, input).write(found, wave));
            for (String option : List.of("wave", "jobs", "timeline")) {
                assertEquals(
                        "No waveform is written of a device that writes the file of its option '" + option + "'.",
                        new LayerWaveform("rtl:tiny?" + option + "=x", model.model(), SessionOptions.DEFAULT, input)
                                .write(found, wave));
            }
            assertFalse(Files.exists(wave));
        }
    }
}
