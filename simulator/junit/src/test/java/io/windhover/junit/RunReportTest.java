// SPDX-License-Identifier: Apache-2.0
package io.windhover.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.runtime.profile.Profile;
import io.windhover.runtime.report.Summary;
import io.windhover.runtime.verify.Check;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

/** Who adds to the files of a run, and what they keep. */
class RunReportTest {
    private static final String HOSTILE = "<script>alert('1')</script>|[x](http://example.invalid)\n*";

    @TempDir
    Path folder;

    private static Summary passing(String tests) {
        return new Summary(
                List.of(tests, "zoo:lenet5"), "rtl:tiny", List.of(new Check("a_test", true, "")), null, null);
    }

    private Document page() throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(folder.resolve("windhover.html").toFile());
    }

    private List<String> summary() throws IOException {
        return Files.readAllLines(folder.resolve("windhover.md"));
    }

    @Test
    void classes_of_all_processes_of_a_run_are_there() throws Exception {
        Summary failing = new Summary(
                List.of("b.Second", "model.onnx"),
                "functional:",
                List.of(new Check("one", true, ""), new Check("two", false, "It is 3.")),
                null,
                null);
        new RunReport(folder, "7 now").add(failing);
        new RunReport(folder, "7 now").add(passing("a.First"));
        assertEquals(
                List.of(
                        "| test class | model | device | cycles a frame | of the array | top-1 | checks |",
                        "|---|---|---|---:|---:|---:|---|",
                        "| a.First | zoo:lenet5 | rtl:tiny | | | | 1 passed |",
                        "| b.Second | model.onnx | functional: | | | | **1 of 2 failed** |",
                        "",
                        "**b.Second**, two: It is 3."),
                summary());
        String text = page().getDocumentElement().getTextContent();
        assertTrue(text.contains("1 of 2 test classes passed."), text);
        assertTrue(text.contains("a.First: zoo:lenet5 on rtl:tiny"), text);
        assertTrue(text.contains("FAILED: two: It is 3."), text);
        assertTrue(text.contains("No test asked for cycles"), text);
    }

    @Test
    void a_class_that_runs_again_replaces_what_it_said() throws IOException {
        RunReport report = new RunReport(folder, "7 now");
        report.add(new Summary(
                List.of("a.First", "x.onnx"), "rtl:tiny", List.of(new Check("one", false, "No.")), null, null));
        report.add(passing("a.First"));
        assertEquals(3, summary().size());
    }

    @Test
    void classes_of_an_earlier_run_are_dropped() throws IOException {
        new RunReport(folder, "7 then").add(passing("a.First"));
        new RunReport(folder, "7 now").add(passing("b.Second"));
        assertEquals(3, summary().size());
        assertTrue(summary().get(2).contains("b.Second"), summary()::toString);
        try (Stream<Path> parts = Files.list(folder.resolve("windhover-report"))) {
            assertEquals(2, parts.count());
        }
    }

    private static Summary hostile() {
        Profile.Layer layer = new Profile.Layer(HOSTILE, "Convolution", "INT8", 8, 4, 4, 2, 0.5, 1, 1, 0);
        Profile profile = new Profile(
                HOSTILE,
                "rtl:tiny",
                "tiny",
                false,
                null,
                4,
                1_000_000,
                0.1,
                2,
                8,
                0.5,
                1,
                1,
                List.of(layer),
                List.of());
        return new Summary(
                List.of("a.First", HOSTILE),
                "rtl:tiny?" + HOSTILE,
                List.of(new Check(HOSTILE, false, HOSTILE)),
                profile,
                null);
    }

    @Test
    void names_of_others_are_text() throws Exception {
        new RunReport(folder, "7 now").add(hostile());
        Document page = page();
        assertEquals(0, page.getElementsByTagName("script").getLength());
        String text = page.getDocumentElement().getTextContent();
        String shown = HOSTILE.replace("\n", "\\n");
        assertTrue(text.contains("a.First: " + shown + " on rtl:tiny?" + shown), text);
        assertTrue(text.contains("FAILED: " + shown + ": " + shown), text);
        assertTrue(text.contains(shown + "Convolution"), text);
        String escaped = "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;\\|\\[x\\](http://example.invalid)\\\\n\\*";
        assertEquals(
                List.of(
                        "| a.First | " + escaped + " | rtl:tiny?" + escaped + " | 4 | 50 % | | **1 of 1 failed** |",
                        "",
                        "**a.First**, " + escaped + ": " + escaped),
                summary().subList(2, 5));
    }

    @Test
    void a_folder_that_cannot_be_written_is_said_once() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        PrintStream before = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        String property = System.getProperty(RunReport.FOLDER);
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        System.setProperty(RunReport.FOLDER, file.toString());
        try {
            RunReport.write(passing("a.First"));
            RunReport.write(passing("b.Second"));
        } finally {
            System.setErr(before);
            if (property == null) {
                System.clearProperty(RunReport.FOLDER);
            } else {
                System.setProperty(RunReport.FOLDER, property);
            }
        }
        assertEquals(
                "The report of the tests is not written to '" + file
                        + "' (Not a directory); -Dwindhover.report names another folder."
                        + System.lineSeparator(),
                said.toString(StandardCharsets.UTF_8));
    }

    @Test
    void a_run_is_the_same_for_all_who_ask() {
        assertEquals(TestRun.identity(), TestRun.identity());
        assertFalse(TestRun.identity().isBlank());
    }
}
