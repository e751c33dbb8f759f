// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.windhover.driver.Capabilities;
import io.windhover.junit.Simulated;
import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.Graph;
import io.windhover.models.zoo.Zoo;
import io.windhover.runtime.compiler.Compiler;
import io.windhover.runtime.whm.CompiledFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** {@code verify}: what becomes worse is said and fails. */
@Simulated("rtl:tiny")
class VerifyTest {
    private static final String NETWORK = "zoo:lenet5";

    @TempDir
    Path folder;

    private static CommandLineRun verify(String... arguments) {
        List<String> all = new ArrayList<>(List.of("verify", "--device", "rtl:tiny"));
        all.addAll(List.of(arguments));
        return CommandLineRun.of(all.toArray(String[]::new));
    }

    private static void assertFails(CommandLineRun run, String... words) {
        assertEquals(1, run.exitCode(), run.output() + run.errors());
        for (String word : words) {
            assertTrue(run.output().contains(word), "'" + word + "' is not in: " + run.output());
        }
    }

    private JsonObject entry(Path baseline) throws IOException {
        return JsonParser.parseString(Files.readString(baseline))
                .getAsJsonObject()
                .getAsJsonObject(NETWORK + " on rtl:tiny");
    }

    @Test
    void a_layer_that_takes_more_cycles_than_in_the_baseline_is_named() throws IOException {
        Path baseline = folder.resolve("baseline.json");
        assertFails(verify(NETWORK, "--baseline", baseline.toString()), "is missing or empty; --update writes");
        verify(NETWORK, "--baseline", baseline.toString(), "--update").succeeded();
        assertFails(
                verify("zoo:marker_xnor", "--baseline", baseline.toString()),
                "knows nothing of zoo:marker_xnor on rtl:tiny");
        assertTrue(verify(NETWORK, "--baseline", baseline.toString())
                .succeeded()
                .output()
                .contains("as in the baseline"));

        JsonObject entry = entry(baseline);
        long cycles = entry.get("cycles").getAsLong();
        String layer = entry.getAsJsonObject("layers").keySet().iterator().next();
        long share = entry.getAsJsonObject("layers").get(layer).getAsLong();
        String text = Files.readString(baseline);
        Files.writeString(
                baseline,
                text.replace("\"cycles\": " + cycles, "\"cycles\": " + (cycles - 100))
                        .replace(layer + "\": " + share, layer + "\": " + (share - 100)));
        assertFails(
                verify(NETWORK, "--baseline", baseline.toString()),
                "100 more than in the baseline",
                "most of them in layer " + layer + " (+100)");
        Files.writeString(baseline, text.replace("\"cycles\": " + cycles, "\"cycles\": " + (cycles - 100)));
        assertFails(verify(NETWORK, "--baseline", baseline.toString()), "baseline (+", "%); if that is meant, update");
        Files.writeString(baseline, text.replace("\"cycles\": " + cycles, "\"cycles\": " + (cycles + 7)));
        assertTrue(verify(NETWORK, "--baseline", baseline.toString())
                .succeeded()
                .output()
                .contains("7 fewer than in the baseline"));
    }

    @Test
    void a_program_with_other_weights_than_its_network_is_not_exact() throws Exception {
        Path right = folder.resolve("right.whm");
        CommandLineRun.of("compile", NETWORK, "--config", "tiny", "-o", right.toString())
                .succeeded();
        CompiledFile file = CompiledFile.read(right, Files.readAllBytes(right));
        byte[] constants = file.compiled().jobs().get(0).constants();
        for (int at = 0; at < constants.length; at += 64) {
            constants[at] ^= 1;
        }
        Path wrong = folder.resolve("wrong.whm");
        file.write(wrong);
        Path junit = folder.resolve("verify.xml");
        CommandLineRun run = verify(wrong.toString(), right.toString(), "--junit", junit.toString());
        assertFails(
                run,
                "FAILED  is bit-exact: On the random frame of seed 1, layer ",
                " instead of ",
                "right.whm\n  passed");
        assertTrue(run.errors().contains("1 of 2 models failed: '" + wrong + "'"), run.errors());
        assertReport(junit);
        assertTrue(!run.output().contains("fields that are 0"), run.output());
        assertListed(wrong);
    }

    /** The commands of the layer that differs stand on the page and in JSON. */
    private void assertListed(Path wrong) throws IOException {
        Path page = folder.resolve("verify.html");
        CommandLineRun run = verify(wrong.toString(), "--json", "--html", page.toString());
        JsonObject exactness = JsonParser.parseString(run.output())
                .getAsJsonArray()
                .get(0)
                .getAsJsonObject()
                .getAsJsonObject("found")
                .getAsJsonObject("exactness");
        JsonArray listing = exactness.getAsJsonArray("listing");
        String layer =
                exactness.getAsJsonObject("difference").get("layer_number").getAsString();
        assertTrue(listing.get(0).getAsString().contains(" commands of layer " + layer + " "), listing::toString);
        assertTrue(listing.size() > 1, listing::toString);
        String text = Files.readString(page);
        assertTrue(text.contains("<pre>" + listing.get(0).getAsString().replace("'", "&#39;") + "\n"), text);
    }

    private static void assertReport(Path junit) throws Exception {
        Document report =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(junit.toFile());
        assertEquals(2, report.getElementsByTagName("testsuite").getLength());
        assertEquals(1, report.getElementsByTagName("failure").getLength());
        Element suite = (Element) report.getElementsByTagName("testsuite").item(0);
        assertEquals("1", suite.getAttribute("failures"));
        Element cycles = (Element) suite.getElementsByTagName("property").item(1);
        assertEquals("cycles", cycles.getAttribute("name"));
        assertTrue(Long.parseLong(cycles.getAttribute("value")) > 0);
    }

    @Test
    void a_budget_is_kept_or_not() {
        verify(NETWORK, "--budget", "100000000").succeeded();
        assertFails(verify(NETWORK, "--budget", "10"), "FAILED  keeps its budget: A frame takes ", "may take 10;");
    }

    @Test
    void a_model_that_cannot_be_run_fails_and_the_others_go_on() throws IOException {
        Path summary = folder.resolve("summary.md");
        CommandLineRun run = verify("no|where.tflite", NETWORK, "--json", "--markdown", summary.toString());
        assertEquals(1, run.exitCode(), run.errors());
        JsonArray reports = JsonParser.parseString(run.output()).getAsJsonArray();
        JsonObject missing = reports.get(0).getAsJsonObject();
        assertFalse(missing.has("found"), missing::toString);
        JsonObject check = missing.getAsJsonArray("checks").get(0).getAsJsonObject();
        assertTrue(check.get("sentence").getAsString().contains("no|where.tflite"), check::toString);
        assertTrue(reports.get(1)
                        .getAsJsonObject()
                        .getAsJsonObject("found")
                        .getAsJsonObject("exactness")
                        .get("frames")
                        .getAsInt()
                == 1);
        List<String> lines = Files.readAllLines(summary);
        assertTrue(lines.get(2).startsWith("| no\\|where.tflite | | | | | **1 of 1 failed** |"), lines::toString);
        assertTrue(lines.get(3).startsWith("| zoo:lenet5 | rtl:tiny | "), lines::toString);
    }

    @Test
    void what_makes_no_sense_is_refused() throws IOException {
        CommandLineRun.of("verify", NETWORK, "--device", "functional:", "--budget", "1")
                .failed(2, "counts no cycles for --budget");
        verify(NETWORK, "--update").failed(2, "--update needs --baseline");
        Path baseline = folder.resolve("baseline.json");
        for (String wrong : new String[] {
            "",
            "{",
            "[]",
            "{\"a\": 1}",
            "{\"a\": {\"cycles\": 1.5, \"layers\": {}}}",
            "{\"a\": {\"cycles\": 1}}",
            "{\"a\": {\"cycles\": 1, \"layers\": {\"b\": -1}}}",
            "{\"a\": {\"cycles\": 1, \"layers\": {}, \"top1\": \"x\"}}"
        }) {
            Files.writeString(baseline, wrong);
            verify(NETWORK, "--baseline", baseline.toString())
                    .failed(1, "baseline.json", "delete it and have it written anew");
            assertEquals(wrong, Files.readString(baseline));
        }
    }

    @Test
    void a_baseline_is_not_written_where_a_check_fails() {
        Path baseline = folder.resolve("baseline.json");
        CommandLineRun run = verify(NETWORK, "--baseline", baseline.toString(), "--update", "--budget", "10");
        assertFails(run, "FAILED  keeps its budget");
        assertTrue(run.errors().contains("the baseline stays as it was"), run.errors());
        assertFalse(Files.exists(baseline));
    }

    @Test
    void two_versions_are_compared_layer_by_layer() throws IOException {
        Graph graph = Zoo.load("lenet5");
        Convolution first = (Convolution) graph.operators().stream()
                .filter(Convolution.class::isInstance)
                .findFirst()
                .orElseThrow();
        byte[] weights = first.weights();
        for (int at = 0; at < weights.length; at += 3) {
            weights[at] ^= 16;
        }
        Path changed = folder.resolve("changed.whm");
        new CompiledFile(graph, Compiler.compile(graph, Capabilities.named("tiny")), null).write(changed);
        String text = verify(changed.toString(), "--against", NETWORK, "--frames", "2")
                .succeeded()
                .output();
        assertTrue(text.contains("': other in 2 of 2 frames, by "), text);
        assertTrue(text.contains("the frame"), text);
        assertTrue(verify(NETWORK, "--against", NETWORK).succeeded().output().contains("': the same in all frames"));
        String other = "zoo:marker_xnor";
        assertFails(verify(NETWORK, "--against", other), "cannot be compared; leave out --against");
        verify(NETWORK, NETWORK, "--against", NETWORK).failed(2, "--against needs one MODEL, not 2");
    }
}
