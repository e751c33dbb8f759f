// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.windhover.driver.Capabilities;
import io.windhover.junit.Simulated;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Window;
import io.windhover.models.synthetic.Activation;
import io.windhover.models.synthetic.NetworkBuilder;
import io.windhover.runtime.compiler.Compiler;
import io.windhover.runtime.whm.CompiledFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * The pages of {@code profile --html} and {@code verify --html}. They are well-formed XML, so that they can be read.
 */
@Simulated("rtl:tiny")
class PageTest {
    private static final String DEVICE = "rtl:tiny";
    private static final String HOSTILE = "<script>alert('1')</script>\"&amp;\n<img src='http://example.invalid/x'>";
    /** As it is shown: on one line. */
    private static final String SHOWN = HOSTILE.replace("\n", "\\n");

    @TempDir
    Path folder;

    private Path page() {
        return folder.resolve("page.html");
    }

    /** The page that a command writes, whatever becomes of it. */
    private Document read(int exitCode, String... command) throws Exception {
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(List.of("--html", page().toString()));
        CommandLineRun run = CommandLineRun.of(all.toArray(String[]::new));
        assertEquals(exitCode, run.exitCode(), run.output() + run.errors());
        Document document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(page().toFile());
        assertNeedsNothing(document);
        return document;
    }

    /** No script, and nothing that is fetched from elsewhere. */
    private static void assertNeedsNothing(Document document) {
        NodeList all = document.getElementsByTagName("*");
        Set<String> tags = new TreeSet<>();
        for (int at = 0; at < all.getLength(); at++) {
            Element element = (Element) all.item(at);
            tags.add(element.getTagName());
            assertFalse(element.hasAttribute("src"), element::getTagName);
            String link = element.getAttribute("href");
            assertTrue(link.isEmpty() || link.startsWith("#"), link);
            assertFalse(element.getAttribute("style").contains("url"), element::getTagName);
        }
        tags.removeAll(Set.of(
                "html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "p", "a", "ul", "li", "span", "div",
                "i", "table", "tr", "th", "td"));
        assertEquals(Set.of(), tags);
    }

    private static List<Element> rows(Document document, String table) {
        NodeList tables = document.getElementsByTagName("table");
        List<Element> rows = new ArrayList<>();
        for (int at = 0; at < tables.getLength(); at++) {
            Element one = (Element) tables.item(at);
            NodeList all = one.getElementsByTagName("tr");
            for (int row = 1; row < all.getLength() && one.getAttribute("class").equals(table); row++) {
                rows.add((Element) all.item(row));
            }
        }
        return rows;
    }

    private static String cell(Element row, int column) {
        return row.getElementsByTagName("td").item(column).getTextContent();
    }

    /** The width of a bar's part in percent. */
    private static double width(Element row, String part) {
        NodeList parts = row.getElementsByTagName("i");
        for (int at = 0; at < parts.getLength(); at++) {
            Element one = (Element) parts.item(at);
            if (one.getAttribute("class").equals(part)) {
                return Double.parseDouble(one.getAttribute("style").replaceAll("[^0-9.]", ""));
            }
        }
        return -1;
    }

    private Path network(String layer) throws Exception {
        NetworkBuilder network = new NetworkBuilder(HOSTILE, 7);
        int input = network.input(8, 8, 4, 0.05f, 3);
        Graph graph =
                network.build(network.named(layer).convolution(input, 5, Window.square(1, 1, 0), Activation.RELU));
        Path file = folder.resolve("network.whm");
        new CompiledFile(graph, Compiler.compile(graph, Capabilities.named("tiny")), null).write(file);
        return file;
    }

    @Test
    void a_profile_shows_each_layer_by_its_name_with_bars() throws Exception {
        JsonObject profile = JsonParser.parseString(
                        CommandLineRun.of("profile", "zoo:lenet5", "--device", DEVICE, "--json")
                                .succeeded()
                                .output())
                .getAsJsonObject();
        List<Element> rows = rows(read(0, "profile", "zoo:lenet5", "--device", DEVICE), "layers");
        assertEquals(profile.getAsJsonArray("layers").size(), rows.size());
        long most = 0;
        for (JsonElement layer : profile.getAsJsonArray("layers")) {
            most = Math.max(most, layer.getAsJsonObject().get("cycles").getAsLong());
        }
        for (int at = 0; at < rows.size(); at++) {
            JsonObject layer = profile.getAsJsonArray("layers").get(at).getAsJsonObject();
            assertEquals(layer.get("name").getAsString(), cell(rows.get(at), 1));
            assertEquals(String.format("%,d", layer.get("cycles").getAsLong()), cell(rows.get(at), 5));
            assertEquals(100.0 * layer.get("cycles").getAsLong() / most, width(rows.get(at), "cycles"), 0.05);
            assertEquals(100.0 * layer.get("share_cycles").getAsLong() / most, width(rows.get(at), "share"), 0.05);
            double utilisation = 100 * layer.get("utilisation").getAsDouble();
            assertEquals(utilisation > 0 ? utilisation : -1, width(rows.get(at), "util"), 0.05);
        }
    }

    @Test
    void names_of_strangers_are_text() throws Exception {
        String model = network(HOSTILE).toString();
        assertEquals(
                SHOWN,
                cell(
                        rows(read(0, "profile", model, "--device", DEVICE), "layers")
                                .get(0),
                        1));
        Document verified = read(0, "verify", model, "--device", DEVICE, "--against", model);
        assertEquals(SHOWN, cell(rows(verified, "layers").get(0), 1));
        Document missing = read(1, "verify", "no" + HOSTILE.replace("/", ""), "--device", DEVICE);
        assertEquals("no" + SHOWN.replace("/", ""), cell(rows(missing, "models").get(0), 0));
    }

    @Test
    void a_layer_without_a_name_has_its_position() throws Exception {
        Document page = read(0, "profile", network(" ").toString(), "--device", DEVICE);
        assertEquals("layer 0", cell(rows(page, "layers").get(0), 1));
    }

    @Test
    void a_run_of_verify_is_one_page_of_all_its_models() throws Exception {
        Document page = read(
                1,
                "verify",
                "nowhere.tflite",
                "zoo:lenet5",
                "zoo:marker_xnor",
                "--device",
                DEVICE,
                "--budget",
                "62000");
        List<Element> models = rows(page, "models");
        assertEquals(3, models.size());
        assertEquals("1 of 1 failed", cell(models.get(0), 5));
        assertEquals("1 of 2 failed", cell(models.get(1), 5));
        assertEquals("2 passed", cell(models.get(2), 5));
        String text = page.getDocumentElement().getTextContent();
        assertTrue(text.contains("1 of 3 models passed."), text);
        assertTrue(text.contains("passed: is bit-exact: 1 frame has the reference's bytes."), text);
        assertTrue(text.contains("FAILED: keeps its budget: A frame takes "), text);
        assertTrue(text.contains("FAILED: runs: ") && text.contains("nowhere.tflite"), text);
        assertTrue(rows(page, "layers").size() > 10, text);
    }

    @Test
    void what_changed_since_the_baseline_is_shown_layer_by_layer() throws Exception {
        String[] command = {
            "verify",
            "zoo:lenet5",
            "--device",
            DEVICE,
            "--baseline",
            folder.resolve("baseline.json").toString()
        };
        CommandLineRun.of("verify", "zoo:lenet5", "--device", DEVICE, "--baseline", command[5], "--update")
                .succeeded();
        Document same = read(0, command);
        assertTrue(same.getDocumentElement().getTextContent().contains("Each layer takes the cycles that it took."));
        JsonObject baseline =
                JsonParser.parseString(Files.readString(Path.of(command[5]))).getAsJsonObject();
        JsonObject entry = baseline.getAsJsonObject("zoo:lenet5 on " + DEVICE);
        JsonObject layers = entry.getAsJsonObject("layers");
        List<String> names = List.copyOf(layers.keySet());
        entry.addProperty("cycles", entry.get("cycles").getAsLong() - 100);
        layers.addProperty(names.get(0), layers.get(names.get(0)).getAsLong() - 100);
        layers.addProperty("9 Convolution 'gone'", 7);
        layers.remove(names.get(1));
        Files.writeString(Path.of(command[5]), baseline.toString());
        List<Element> rows = rows(read(1, command), "baseline");
        assertEquals(List.of(names.get(0), names.get(1), "9 Convolution 'gone'", "the frame"), column(rows, 0));
        assertEquals("+100", cell(rows.get(0), 3));
        assertEquals("none", cell(rows.get(1), 1));
        assertEquals("none", cell(rows.get(2), 2));
        assertEquals("-7", cell(rows.get(2), 3));
        assertEquals("+100", cell(rows.get(3), 3));
    }

    private static List<String> column(List<Element> rows, int column) {
        return rows.stream().map(row -> cell(row, column)).toList();
    }

    @Test
    void what_changed_against_an_older_version_is_shown() throws Exception {
        Document page = read(0, "verify", "zoo:lenet5", "--device", DEVICE, "--against", "zoo:lenet5");
        assertEquals(List.of("the frame"), column(rows(page, "against"), 0));
        assertEquals("+0", cell(rows(page, "against").get(0), 2));
        String text = page.getDocumentElement().getTextContent();
        assertTrue(text.contains("Against zoo:lenet5") && text.contains("the same in all frames"), text);
    }

    @Test
    void a_page_is_not_written_where_it_cannot_be() throws Exception {
        Path model = network("a");
        byte[] before = Files.readAllBytes(model);
        String[] verify = {"verify", model.toString(), "--device", DEVICE, "--html"};
        CommandLineRun.of(verify[0], verify[1], verify[2], verify[3], verify[4], model.toString())
                .failed(1, "network.whm", "read for this");
        assertArrayEquals(before, Files.readAllBytes(model));
        CommandLineRun.of(
                        verify[0],
                        verify[1],
                        verify[2],
                        verify[3],
                        verify[4],
                        folder.resolve("no/x").toString())
                .failed(1, "there is no such folder");
        CommandLineRun.of(verify[0], verify[1], verify[2], verify[3], verify[4], folder.toString())
                .failed(1, folder.toString());
        Path both = folder.resolve("both");
        CommandLineRun.of(verify[0], verify[1], "--junit", both.toString(), verify[4], both.toString())
                .failed(2, "both", "--junit", "--html");
        assertFalse(Files.exists(both));
    }
}
